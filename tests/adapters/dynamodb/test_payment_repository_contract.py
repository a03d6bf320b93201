"""The payment and suspense repositories, run against the in-memory fakes and DynamoDB."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from recovery.adapters.dynamodb.loan_repository import DynamoDbLoanRepository
from recovery.adapters.dynamodb.payment_repository import DynamoDbPaymentRepository
from recovery.adapters.dynamodb.suspense_repository import DynamoDbSuspenseRepository
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.payment import PaymentLinks, PaymentRef
from recovery.domain.intake.person_payment import SplitPayment
from recovery.domain.intake.suspense import Release, Suspended
from recovery.domain.outbox import DomainEvent, Outbox, outbox_id
from recovery.ports.accounting import LoanChange, PaymentExistsError, StoredLoan
from recovery.ports.payments import SuspenseChange
from recovery.ports.shared import StaleWriteError
from tests import fakes
from tests.builders import FIRST_DUE, a_loan, a_payment, a_state, posts

MARCH = date(2026, 3, 9)
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
DAY = timedelta(days=1)
EVERY_LINK = PaymentLinks(
    PaymentRef("L-2", "P-1.moved"), PaymentRef("L-3", "P-0"), "X", "S-1", "P-1.rest", 700, "P-9"
)


@pytest.fixture(params=["fake", "dynamodb"])
def stored(request: pytest.FixtureRequest) -> SimpleNamespace:
    if request.param == "fake":
        loans = fakes.FakeLoanRepository()
        return SimpleNamespace(
            loans=loans,
            payments=fakes.FakePaymentRepository(loans),
            suspense=fakes.FakeSuspenseRepository(loans),
        )
    request.getfixturevalue("table")
    return SimpleNamespace(
        loans=DynamoDbLoanRepository("umoja", 1),
        payments=DynamoDbPaymentRepository("umoja"),
        suspense=DynamoDbSuspenseRepository("umoja"),
    )


def outbox(number: int = 1, on: date = MARCH) -> Outbox:
    detail = {"payment_id": f"S-{number}", "amount": "1.00", "currency": "EUR"}
    event = DomainEvent("SuspenseRefunded", {**detail, "value_date": str(FIRST_DUE)})
    return Outbox(outbox_id(number), on, events=(event,))


def money(payment_id: str = "S-1", value_date: date = FIRST_DUE, **changes) -> Suspended:
    suspended = Suspended(
        payment_id=payment_id,
        currency="EUR",
        amount_minor=10_000,
        value_date=value_date,
        why="surplus",
        suspended_by="bank",
        suspended_at=NOON,
        fingerprint="f",
        receipt={"payment_id": payment_id, "shares": [{"a": 1}]},
        loan_id="L-1",
        borrower_id="B-1",
        part_of="P-1",
        reference="bank 17",
        payer_kind="guarantor",
        payer_id="G-1",
        possible_duplicate_of="P-9",
    )
    return replace(suspended, **changes)


def suspend(stored, *found: Suspended, number: int = 1) -> None:
    stored.loans.commit(suspense=[SuspenseChange(each, outbox(number)) for each in found])


def release(amount_minor: int = 10_000, **changes) -> Release:
    made = Release(
        how="refunded", amount_minor=amount_minor, on=MARCH, reason="asked", by="ana", at=NOON
    )
    return replace(made, **changes)


def lend(stored, loan_id: str = "L-1") -> StoredLoan:
    loan = a_loan(loan_id)
    added = StoredLoan(loan, a_state(loan))
    stored.loans.add_loan(added, [])
    return added


def test_a_payment_is_found_with_all_its_links(stored) -> None:
    loan = lend(stored)
    paid = a_payment(links=EVERY_LINK, posted_at=NOON, posted_by="bank")
    stored.loans.commit(posts(paid, loan.state, outbox(2), loan.loan))
    assert stored.payments.find("P-1") == stored.loans.find_payment("P-1") == paid
    assert stored.payments.find("P-404") is None


def test_a_split_payment_is_found_by_its_own_id_and_by_its_shares(stored) -> None:
    loan = lend(stored)
    share = a_payment("X.1", links=PaymentLinks(part_of="X"))
    split = SplitPayment(
        payment=Payment("X", FIRST_DUE, 21_500, payer_kind="relative"),
        borrower_id="B-1",
        currency="EUR",
        fingerprint="f",
        receipt={"rules": ["r"], "shares": [{"amount": "115.00"}]},
        posted_by="bank",
        posted_at=NOON,
        designation=("L-1", "L-2"),
        reference="bank 17",
        shares=(PaymentRef("L-1", "X.1"),),
        rest_id="X.rest",
    )
    rest = money("X.rest", part_of="X")
    change = LoanChange(loan.loan, loan.loan, loan.state, outbox(2), payments=(share,))
    together = {"split": split, "suspense": [SuspenseChange(rest, outbox())]}
    stored.loans.commit(change, **together)
    assert stored.payments.find("X") == split
    assert stored.payments.find("X.1") == share
    assert stored.payments.find("X.rest") == replace(rest, version=1)
    assert stored.loans.find_payment("X") is None
    again = replace(loan.state, version=loan.state.version + 1)
    with pytest.raises(PaymentExistsError, match="payment X is on record"):
        stored.loans.commit(
            LoanChange(loan.loan, loan.loan, again, outbox(3)),
            split=split,
        )


def test_money_in_suspense_is_found_as_it_came(stored) -> None:
    suspend(stored, money())
    expected = replace(money(), version=1)
    assert stored.payments.find("S-1") == stored.suspense.find("S-1") == expected
    assert stored.suspense.open_items() == [expected]
    assert stored.suspense.find("S-404") is None


def test_an_id_is_unique_over_loans_splits_and_suspense(stored) -> None:
    loan = lend(stored)
    suspend(stored, money("P-1"))
    with pytest.raises(PaymentExistsError):
        stored.loans.commit(posts(a_payment("P-1"), loan.state, outbox(2), loan.loan))
    assert stored.loans.recorded("L-1").payments == ()
    stored.loans.commit(posts(a_payment("P-2"), loan.state, outbox(2), loan.loan))
    with pytest.raises(PaymentExistsError):
        suspend(stored, money("P-2"))
    assert stored.suspense.find("P-2") is None


def test_what_left_is_on_record_and_off_the_list(stored) -> None:
    suspend(stored, money(), money("S-2", FIRST_DUE - DAY))
    first = stored.suspense.find("S-1")
    part = first.released(release(3_000, how="matched", posted_as=PaymentRef("L-1", "S-1.match-1")))
    suspend(stored, part, number=2)
    assert [each.payment_id for each in stored.suspense.open_items()] == ["S-2", "S-1"]
    assert stored.suspense.find("S-1") == replace(part, version=2)
    done = stored.suspense.find("S-1").released(release(7_000))
    suspend(stored, done, number=3)
    assert [each.payment_id for each in stored.suspense.open_items()] == ["S-2"]
    assert stored.payments.find("S-1").state == "refunded"


def test_a_decision_on_what_another_has_changed_is_refused(stored) -> None:
    loan = lend(stored)
    suspend(stored, money())
    found = stored.suspense.find("S-1")
    suspend(stored, found.released(release(1)), number=2)
    change = SuspenseChange(found.released(release()), outbox(2))
    with pytest.raises(StaleWriteError):
        stored.loans.commit(posts(a_payment(), loan.state, outbox(2), loan.loan), suspense=[change])
    assert stored.suspense.find("S-1").open_minor == 9_999
    assert stored.payments.find("P-1") is None


def test_what_is_to_be_announced_waits_until_acknowledged(stored) -> None:
    suspend(stored, money())
    suspend(stored, stored.suspense.find("S-1").released(release(1)), number=2)
    assert stored.suspense.outboxes("S-1") == [outbox(1), outbox(2)]
    assert stored.suspense.waiting_ids(MARCH) == []
    assert stored.suspense.waiting_ids(MARCH + DAY) == ["S-1"]
    stored.suspense.send_again("S-1")
    for _ in range(2):
        stored.suspense.acknowledge("S-1", [outbox_id(1)])
    assert stored.suspense.outboxes("S-1") == [outbox(2)]
    stored.suspense.acknowledge("S-1", [outbox_id(2)])
    assert stored.suspense.waiting_ids(MARCH + DAY) == []
    assert stored.suspense.outboxes("S-404") == []


def test_money_that_left_stays_listed_until_that_is_announced(stored) -> None:
    suspend(stored, money())
    stored.suspense.acknowledge("S-1", [outbox_id(1)])
    suspend(stored, stored.suspense.find("S-1").released(release()), number=2)
    assert stored.suspense.waiting_ids(MARCH + DAY) == ["S-1"]
    stored.suspense.acknowledge("S-1", [outbox_id(2)])
    assert stored.suspense.waiting_ids(MARCH + DAY) == []
    stored.suspense.send_again("S-1")  # too late, and harmless
    assert stored.suspense.find("S-1").state == "refunded"


def test_money_that_is_open_stays_listed_when_everything_is_announced(stored) -> None:
    suspend(stored, money())
    stored.suspense.acknowledge("S-1", [outbox_id(1)])
    stored.suspense.acknowledge("S-1", [])
    assert [each.payment_id for each in stored.suspense.open_items()] == ["S-1"]


def test_the_payments_of_a_value_date_are_listed_by_id(stored) -> None:
    loan = lend(stored)
    history = [a_payment(f"H-{number:03}", loan_id="L-2") for number in range(120)]
    other = a_loan("L-2")
    stored.loans.add_loan(StoredLoan(other, a_state(other, history)), history)
    state = loan.state
    for number, (payment_id, on) in enumerate(
        [("P-1", FIRST_DUE), ("P-2", FIRST_DUE + DAY), ("A-1", FIRST_DUE)]
    ):
        paid = a_payment(payment_id, value_date=on)
        stored.loans.commit(posts(paid, state, outbox(number + 2), loan.loan))
        state = replace(state, version=state.version + 1)
    suspend(stored, money("M-1"), money("S-1", FIRST_DUE + DAY))

    def listed(on: date, after: str | None = None) -> list[str]:
        found = stored.payments.of_day(on, after)
        return [getattr(each, "payment", each).payment_id for each in found]

    day = ["A-1", *(each.payment.payment_id for each in history), "M-1", "P-1"]
    assert listed(FIRST_DUE) == day
    assert listed(FIRST_DUE, "H-118") == ["H-119", "M-1", "P-1"]
    assert listed(FIRST_DUE + DAY) == ["P-2", "S-1"]
    assert listed(MARCH) == []


def test_a_reversed_payment_stays_on_the_list_of_its_day(stored) -> None:
    loan = lend(stored)
    stored.loans.commit(posts(a_payment(), loan.state, outbox(2), loan.loan))
    gone = a_payment(reversed_on=MARCH, reversal_reason="bounced")
    again = replace(loan.state, version=loan.state.version + 1)
    stored.loans.commit(
        LoanChange(loan.loan, loan.loan, again, outbox(3), reversed_payments=(gone,))
    )
    assert list(stored.payments.of_day(FIRST_DUE)) == [gone]

"""Posting: repeats, duplicates, surplus, and ids that were used before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.payment import PaymentRequest
from recovery.domain.shared.errors import ConflictError, PaymentReversedError, RefusedError
from recovery.ports.accounting import StoredLoan
from recovery.ports.institutions import InstitutionDay
from recovery.use_cases.accounting.move_payment import MoveRequest, move_payment
from recovery.use_cases.accounting.reverse_payment import reverse_payment
from recovery.use_cases.accounting.take_payment import take_payment
from recovery.use_cases.intake.suspense import match_suspended, refund_suspended
from tests.builders import FIRST_DUE, a_loan, a_policy, a_state, an_actor

NOW = datetime(2026, 2, 2, 9, tzinfo=UTC)
BANK = an_actor("bank")
OWED = 12 * 11_500


@pytest.fixture
def lender(wiring):
    wiring.institutions.days["umoja"] = InstitutionDay(NOW.date(), NOW.date())
    for loan_id in ("L-1", "L-2"):
        loan = a_loan(loan_id)
        wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    return wiring


@pytest.fixture
def strict(lender):
    """A lender who keeps no surplus."""
    lender.institutions.save_policy("umoja", a_policy(version=2, surplus="suspense"))
    return lender


def pay(wiring, payment_id="P-1", amount_minor=11_500, *, loan_id="L-1", now=NOW, **changes):
    payment = Payment(payment_id, FIRST_DUE, amount_minor, **changes)
    return take_payment(PaymentRequest(payment, loan_id, "EUR", "bank 17"), BANK, now, wiring)


def reverse(wiring, payment_id="P-1") -> dict[str, object]:
    return reverse_payment("umoja", payment_id, "bounced", BANK, NOW, wiring).document()


def test_the_same_id_and_body_is_a_repeat_and_another_id_is_marked(lender) -> None:
    first = pay(lender)
    again = pay(lender)
    assert (again.receipt, again.posted) == (first.receipt, False)
    other = pay(lender, "P-2", now=NOW + timedelta(hours=3))
    assert (other.posted, other.receipt["possible_duplicate_of"]) == (True, "P-1")
    outbox = lender.loans.outboxes("L-1")[-1]
    assert [each.name for each in outbox.events] == ["PaymentPosted", "PossibleDuplicatePayment"]
    assert outbox.timeline[1].text == "may be payment P-1 once more: both count"
    assert len(lender.loans.recorded("L-1").payments) == 2
    assert "possible_duplicate_of" not in pay(lender, "P-3", now=NOW + timedelta(days=2)).receipt


def test_an_id_that_was_reversed_says_when_and_why(lender) -> None:
    pay(lender)
    reverse(lender)
    with pytest.raises(PaymentReversedError, match="reversed on 2026-02-02 because: bounced") as e:
        pay(lender)
    assert e.value.is_repeat
    with pytest.raises(PaymentReversedError) as e:
        pay(lender, amount_minor=7)
    assert not e.value.is_repeat
    assert pay(lender, "P-2").posted


def test_an_id_that_was_moved_says_where_to(lender) -> None:
    pay(lender)
    request = MoveRequest(payment_id="P-1", to_loan_id="L-2", reason="wrong loan")
    lender.borrowers.loans["B-1"] = ["L-1", "L-2"]
    move_payment(request, BANK, NOW, lender)
    with pytest.raises(PaymentReversedError, match=r"moved to loan L-2 as P-1\.moved"):
        pay(lender)
    with pytest.raises(RefusedError, match=r"Reverse P-1\.moved first"):
        reverse(lender)
    reverse(lender, "P-1.moved")
    assert reverse(lender)["reason"] == "wrong loan"


def test_money_before_the_disbursement_is_refused(lender) -> None:
    payment = Payment("P-1", date(2026, 1, 1), 100)
    with pytest.raises(RefusedError, match="before the loan was disbursed on 2026-01-02"):
        take_payment(PaymentRequest(payment, "L-1", "EUR"), BANK, NOW, lender)


def test_a_surplus_is_credit_by_default(lender) -> None:
    receipt = pay(lender, amount_minor=OWED + 500).receipt
    assert (receipt["to_credit"], receipt.get("to_suspense")) == ("5.00", None)


def test_where_no_surplus_is_kept_it_goes_to_suspense_in_the_same_transaction(strict) -> None:
    receipt = pay(strict, amount_minor=OWED + 500).receipt
    assert (receipt["amount"], receipt["to_credit"]) == ("1385.00", "0.00")
    assert (receipt["to_suspense"], receipt["suspense_id"]) == ("5.00", "P-1.rest")
    [rest] = strict.suspense.open_items()
    assert (rest.amount_minor, rest.why, rest.part_of) == (500, "surplus", "P-1")
    assert (rest.loan_id, rest.reference) == ("L-1", "bank 17")
    assert strict.loans.find_payment("P-1").payment.amount_minor == OWED
    assert strict.suspense.outboxes("P-1.rest")[0].events[0].name == "PaymentSuspended"
    assert pay(strict, amount_minor=OWED + 500).receipt == receipt


def test_a_payment_of_which_nothing_is_owed_is_in_suspense_as_a_whole(strict) -> None:
    pay(strict, amount_minor=OWED)
    receipt = pay(strict, "P-2", OWED).receipt
    assert (receipt["suspense_id"], receipt["possible_duplicate_of"]) == ("P-2", "P-1")
    assert len(strict.loans.recorded("L-1").payments) == 1
    assert pay(strict, "P-2", OWED).receipt == receipt
    detail = strict.suspense.outboxes("P-2")[0].events[0].detail
    assert detail["possible_duplicate_of"] == "P-1"


def test_the_rest_is_reversed_with_its_payment(strict) -> None:
    pay(strict, amount_minor=OWED + 500)
    assert reverse(strict)["amount"] == "1385.00"
    assert reverse(strict)["amount"] == "1385.00"
    assert strict.suspense.open_items() == []
    names = [each.events[0].name for each in strict.suspense.outboxes("P-1.rest")]
    assert names == ["PaymentSuspended", "SuspenseReversed"]


def test_a_rest_that_was_matched_has_to_be_reversed_first(strict) -> None:
    pay(strict, amount_minor=OWED + 500)
    match_suspended("P-1.rest", "L-2", an_actor(), "same person", NOW, strict)
    with pytest.raises(RefusedError, match=r"Reverse P-1\.rest\.match-1 first"):
        reverse(strict)
    reverse(strict, "P-1.rest.match-1")
    assert reverse(strict)["amount"] == "1380.00"


def test_a_rest_that_was_refunded_does_not_keep_the_payment_from_being_reversed(strict) -> None:
    pay(strict, amount_minor=OWED + 500)
    refund_suspended("umoja", "P-1.rest", an_actor(), "asked for it", NOW, strict)
    assert reverse(strict)["amount"] == "1380.00"


def test_money_in_suspense_is_reversed_too_and_its_id_says_so(strict) -> None:
    pay(strict, amount_minor=OWED)
    pay(strict, "P-2", OWED)
    assert reverse(strict, "P-2")["amount"] == "1380.00"
    with pytest.raises(PaymentReversedError, match="P-2 was reversed"):
        pay(strict, "P-2", OWED)


def test_what_was_refunded_cannot_be_reversed(strict) -> None:
    pay(strict, amount_minor=OWED)
    pay(strict, "P-2", OWED)
    refund_suspended("umoja", "P-2", an_actor(), "asked for it", NOW, strict)
    with pytest.raises(RefusedError, match="was refunded"):
        reverse(strict, "P-2")


def test_the_id_of_a_rest_is_taken(strict) -> None:
    pay(strict, amount_minor=OWED + 500)
    with pytest.raises(ConflictError, match="different body"):
        pay(strict, "P-1.rest", 500)


def test_a_long_id_has_room_for_its_rest(strict) -> None:
    payment_id = "x" * 64
    rest_id = str(pay(strict, payment_id, OWED + 500).receipt["suspense_id"])
    assert len(rest_id) <= 64 and rest_id.endswith(".rest")

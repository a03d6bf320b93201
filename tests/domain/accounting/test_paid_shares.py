"""Each instalment divided over the persons, and every payment put to somebody's share."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.accounting.allocation import allocate
from recovery.domain.accounting.fact import FactRecord, Recorded, Undo
from recovery.domain.accounting.history import Chargeback
from recovery.domain.accounting.loan import Components, Payment
from recovery.domain.accounting.paid_shares import (
    Account,
    Due,
    PaidShare,
    PartyPayment,
    account_of,
    dues_of,
    paid_shares,
)
from recovery.domain.accounting.party import Party
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.accounting.position import unpaid_position
from recovery.domain.accounting.write_off import Loss
from tests.builders import FIRST_DUE, a_payment, a_schedule, months_after

SIGNED = date(2026, 1, 2)
FEBRUARY, MARCH, APRIL = (months_after(FIRST_DUE, each) for each in range(3))
WHOLE = "joint_and_several"


def two(liability: str | None = None) -> tuple[Party, Party]:
    return (
        Party(person_id="A", role="borrower", from_on=SIGNED, liability=liability),
        Party(person_id="B", role="co_borrower", from_on=SIGNED, liability=liability),
    )


def paid(payment_id: str, payer_id: str | None, minor: int, on: date, **changes) -> PartyPayment:
    return PartyPayment(
        payment_id=payment_id, payer_id=payer_id, amount_minor=minor, value_date=on, **changes
    )


def unpaid(shares: tuple[PaidShare, ...]) -> dict[tuple[str, date], int]:
    return {(each.person_id, each.due_date): each.unpaid_minor for each in shares}


def account(*payments: PartyPayment, dues: tuple[int, ...] = (300, 300, 300)) -> Account:
    """The ledger is not asked for what is paid here, only for what is due."""
    each = (Due(months_after(FIRST_DUE, at), minor) for at, minor in enumerate(dues))
    return Account("A", tuple(each), payments)


def test_a_separate_debt_is_paid_by_its_debtor_first() -> None:
    shares = paid_shares(two(), account(paid("P", "A", 300, MARCH)))
    assert unpaid(shares) == {
        ("A", FEBRUARY): 0,
        ("A", MARCH): 0,
        ("A", APRIL): 150,
        ("B", FEBRUARY): 150,
        ("B", MARCH): 150,
        ("B", APRIL): 150,
    }


def test_what_is_above_it_pays_for_the_other_what_is_due_before_what_is_to_come() -> None:
    shares = paid_shares(two(), account(paid("P", "A", 500, MARCH)))
    assert unpaid(shares)["B", FEBRUARY] == 0
    assert unpaid(shares)["B", MARCH] == 100
    assert unpaid(shares)["A", APRIL] == 150


def test_paid_in_advance_an_instalment_is_finished_before_the_next() -> None:
    shares = paid_shares(two(), account(paid("P", "A", 350, SIGNED)))
    assert unpaid(shares) == {
        ("A", FEBRUARY): 0,
        ("B", FEBRUARY): 0,
        ("A", MARCH): 100,
        ("B", MARCH): 150,
        ("A", APRIL): 150,
        ("B", APRIL): 150,
    }


def test_who_owes_the_whole_pays_the_oldest_instalment_her_own_share_of_it_first() -> None:
    shares = paid_shares(two(WHOLE), account(paid("P", "A", 200, MARCH)))
    assert unpaid(shares)["A", FEBRUARY] == 0
    assert unpaid(shares)["B", FEBRUARY] == 100
    assert unpaid(shares)["A", MARCH] == 150


def test_a_third_person_pays_for_both_in_proportion() -> None:
    shares = paid_shares(two(), account(paid("P", "R", 101, MARCH, payer_kind="relative")))
    assert unpaid(shares)["A", FEBRUARY] == 99
    assert unpaid(shares)["B", FEBRUARY] == 100


def test_the_borrower_need_not_be_named_as_payer() -> None:
    named = account(paid("P", "A", 300, MARCH))
    assert paid_shares(two(), account(paid("P", None, 300, MARCH))) == paid_shares(two(), named)


def test_an_unknown_relative_is_not_taken_for_the_borrower() -> None:
    shares = paid_shares(two(), account(paid("P", None, 300, MARCH, payer_kind="relative")))
    assert unpaid(shares)["A", MARCH] == 150


def test_a_reversed_payment_pays_nothing() -> None:
    assert paid_shares(two(), account(paid("P", "A", 300, MARCH, reversed=True))) == paid_shares(
        two(), account()
    )


def test_the_credit_is_what_came_last() -> None:
    first, last = paid("P-1", "A", 200, FEBRUARY), paid("P-2", "G", 200, MARCH)
    counted = Account("A", (), (last, first), credit_minor=250).counted()
    assert [each.amount_minor for each in counted] == [150, 0]


def test_odd_units_go_round() -> None:
    shares = paid_shares(two(), account(dues=(101, 101)))
    assert [each.unpaid_minor for each in shares] == [51, 50, 50, 51]


def test_the_debt_before_a_date_is_what_is_due_earlier() -> None:
    partly = Account("A", (Due(FEBRUARY, 300, 100), Due(MARCH, 300)))
    assert partly.debt_minor(MARCH) == 200
    assert partly.debt_minor() == 500
    assert not partly.is_paid_off
    assert Account("A", (Due(FEBRUARY, 300, 300),)).is_paid_off


def test_what_was_written_off_stays_due() -> None:
    schedule = a_schedule(2, Components(100))
    position = unpaid_position(schedule)
    last = schedule[-1].due_date
    whole = Loss(MARCH, Components(200), Components(50))
    assert dues_of(schedule, position, whole)[-1] == Due(MARCH, 200, 50)
    part = Loss(None, Components(80))
    assert dues_of(schedule, position, part)[-1] == Due(last, 80, 0)
    assert len(dues_of(schedule, position)) == 2


def test_what_a_bank_took_back_was_not_paid() -> None:
    def record(number: int, fact: Chargeback | Undo) -> FactRecord:
        return FactRecord(
            fact_id=f"F-{number}",
            loan_id="L-1",
            fact=fact,
            known_on=MARCH,
            fingerprint="",
            reason="returned",
            recorded_by="ana",
            recorded_at=datetime(2026, 3, number, tzinfo=UTC),
        )

    paid_by_her = a_payment(payment=Payment("P-1", FEBRUARY, 100, None, "guarantor", "G-1"))
    undone = a_payment("P-2", reversed_on=MARCH, reversal_reason="a mistake")
    facts = (
        record(1, Chargeback("P-1", MARCH, 60)),
        record(2, Chargeback("P-1", MARCH, 40)),
        record(3, Undo("F-2", MARCH)),
    )
    loan = account_of("B-1", (), 7, Recorded((paid_by_her, undone), facts))
    assert loan == Account(
        "B-1", (), (paid("P-1", "G-1", 40, FEBRUARY, payer_kind="guarantor"),), 7
    )


people = st.lists(st.sampled_from(["A", "B", "C", "R", None]), max_size=8)
liabilities = st.sampled_from([None, "share", WHOLE])


@given(
    people, st.lists(st.integers(1, 40_000), min_size=8, max_size=8), st.data(), st.integers(2, 6)
)
def test_every_unit_that_the_ledger_paid_is_somebodys_share_and_of_some_payment(
    payers, amounts, data, instalments
) -> None:
    parties = [
        Party(person_id=each, role="co_borrower", from_on=SIGNED, liability=data.draw(liabilities))
        for each in "ABC"
    ]
    parties[0] = Party(
        person_id="A", role="borrower", from_on=SIGNED, liability="share", share_pct=Decimal(50)
    )
    payments = tuple(
        paid(f"P-{at}", payer, minor, SIGNED + timedelta(days=data.draw(st.integers(0, 200))))
        for at, (payer, minor) in enumerate(zip(payers, amounts, strict=False))
    )
    schedule = a_schedule(instalments)
    position = allocate(
        schedule,
        [Payment(each.payment_id, each.value_date, each.amount_minor) for each in payments],
        AllocationPolicy(),
    )
    loan = Account("A", dues_of(schedule, position), payments, position.credit_minor)
    shares = paid_shares(parties, loan)

    assert sum(each.unpaid_minor for each in shares) == loan.debt_minor()
    by_payment: Counter[str] = Counter()
    for each in shares:
        assert each.unpaid_minor >= 0
        by_payment.update(each.paid_by)
    assert sum(by_payment.values()) + position.credit_minor == sum(p.amount_minor for p in payments)
    assert by_payment == Counter({each.payment_id: each.amount_minor for each in loan.counted()})
    for due in loan.dues:
        of_due = [each for each in shares if each.due_date == due.due_date]
        minor = sum(each.unpaid_minor + sum(each.paid_by.values()) for each in of_due)
        assert minor == due.due_minor


@given(
    st.lists(st.tuples(st.sampled_from("AB"), st.integers(1, 20_000)), max_size=6),
    st.integers(1, 150),
)
def test_what_is_overdue_is_the_ledgers_as_payments_go_to_what_is_due_first(rows, days) -> None:
    payments = tuple(
        paid(f"P-{at}", payer, minor, SIGNED + timedelta(days=13 * at))
        for at, (payer, minor) in enumerate(rows)
    )
    schedule = a_schedule(4)
    position = allocate(
        schedule,
        [Payment(each.payment_id, each.value_date, each.amount_minor) for each in payments],
        AllocationPolicy(),
    )
    loan = Account("A", dues_of(schedule, position), payments, position.credit_minor)
    as_of = max((each.value_date for each in payments), default=SIGNED) + timedelta(days=days)
    overdue = [each.unpaid_minor for each in paid_shares(two(), loan) if each.due_date < as_of]
    assert sum(overdue) == loan.debt_minor(as_of)

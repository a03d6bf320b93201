"""Parts, promises, silence and other loans."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.domain.monitoring.pattern import Contacts, OwnPayment
from recovery.domain.monitoring.pattern import PatternKind as Kind
from tests.builders import FIRST_DUE, months_after
from tests.payers import DUE_MINOR, a_line, a_payer, found, kinds, one

AS_OF = date(2026, 5, 20)


def paid(*amounts: int) -> tuple[OwnPayment, ...]:
    return tuple(OwnPayment(months_after(FIRST_DUE, n), each) for n, each in enumerate(amounts))


def owing(*amounts: int):
    lines = (a_line(1, 0), a_line(2, 0), a_line(3, None, paid_minor=1), a_line(4, None))
    return a_payer(lines=lines, payments=paid(*amounts), as_of=AS_OF)


def test_part_of_what_was_due_is_incomplete_and_nothing_paid_is_not() -> None:
    lines = (a_line(1, 0), a_line(2, None, paid_minor=4_000), a_line(3, None))
    payer = a_payer(lines=lines, as_of=months_after(FIRST_DUE, 1) + timedelta(days=3))
    incomplete = one(found(payer), Kind.INCOMPLETE_PAYMENTS)
    assert [(row.number, row.paid_minor) for row in incomplete.evidence] == [(2, 4_000)]
    unpaid = replace(payer, lines=(a_line(1, 0), a_line(2, None), a_line(3, None)))
    assert Kind.INCOMPLETE_PAYMENTS not in kinds(unpaid)


@pytest.mark.parametrize(
    ("amounts", "shrink"),
    [
        ((10_000, 8_000, 6_000, 4_000), True),
        ((10_000, 10_000, 8_000, 6_000), True),
        ((10_000, 8_000, 9_000, 7_000), False),
        ((10_000, 9_900, 9_800, 9_700), False),  # by a little only
        ((30_000, 25_000, 20_000), False),  # more than what is due
        ((8_000, 4_000), False),
        ((), False),
    ],
)
def test_shrinking_payments_need_a_row_of_them(amounts, shrink: bool) -> None:
    assert (Kind.SHRINKING_PAYMENTS in kinds(owing(*amounts))) is shrink


def test_whoever_owes_nothing_overdue_may_pay_less_and_less() -> None:
    payer = a_payer(0, 0, 0, payments=paid(10_000, 8_000, 6_000))
    assert Kind.SHRINKING_PAYMENTS not in kinds(payer)


def test_payments_of_one_day_are_one_in_any_order() -> None:
    day = FIRST_DUE
    one_day = (OwnPayment(day, 6_000), OwnPayment(day, 4_000), *paid(0, 8_000, 6_000)[1:])
    assert Kind.SHRINKING_PAYMENTS in kinds(replace(owing(), payments=one_day))
    assert Kind.SHRINKING_PAYMENTS in kinds(replace(owing(), payments=one_day[::-1]))


@pytest.mark.parametrize(
    ("promises", "is_one"), [((0, 2), True), ((2, 2), False), ((0, 1), False), ((1, 4), True)]
)
def test_promises_are_broken_when_more_were_missed_than_kept(promises, is_one: bool) -> None:
    assert (Kind.BROKEN_PROMISES in kinds(a_payer(0, promises=promises))) is is_one


def test_only_contact_that_arrived_can_be_met_with_silence() -> None:
    assert Kind.SILENCE_AFTER_CONTACT in kinds(a_payer(0, contacts=Contacts(arrived=3)))
    ours = Contacts(arrived=2, not_delivered=9, no_language=9, stopped=9)
    assert Kind.SILENCE_AFTER_CONTACT not in kinds(a_payer(0, contacts=ours))


def test_rolled_risk_grows_when_it_happens_again() -> None:
    assert Kind.ROLLED_RISK not in kinds(a_payer(0))
    once, again = (one(found(a_payer(0, rolled=n)), Kind.ROLLED_RISK) for n in (1, 2))
    assert again.level > once.level


def test_several_loans_overdue_are_one_strain() -> None:
    overdue = a_line(3, None, loan_id="L-2")
    lines = (a_line(1, 0), a_line(2, None), a_line(5, None))
    payer = a_payer(lines=lines, elsewhere=(overdue,), as_of=date(2026, 4, 20))
    strain = one(found(payer), Kind.SEVERAL_LOANS_ONE_STRAIN)
    assert strain.count == 2 and {row.loan_id for row in strain.evidence} == {"L-1", "L-2"}
    alone = replace(payer, elsewhere=(a_line(3, 0, loan_id="L-2"),))
    assert Kind.SEVERAL_LOANS_ONE_STRAIN not in kinds(alone)


def test_part_of_the_coming_instalment_reassures_by_its_share() -> None:
    def ahead(paid_minor: int):
        lines = (a_line(1, 0), a_line(2, None, paid_minor=paid_minor))
        return found(a_payer(lines=lines, as_of=lines[1].due_date - timedelta(days=7)))

    little, half = (one(ahead(each), Kind.PARTLY_AHEAD).level for each in (100, DUE_MINOR // 2))
    assert little < half
    assert Kind.PARTLY_AHEAD not in {each.kind for each in ahead(0)}

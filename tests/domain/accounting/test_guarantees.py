"""Limits used and recourse, from the payments alone."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.accounting.allocation import allocate
from recovery.domain.accounting.guarantees import (
    GuaranteeUse,
    Recourse,
    guarantee_use,
    recourses,
)
from recovery.domain.accounting.loan import Components, Payment
from recovery.domain.accounting.paid_shares import Account, PartyPayment, dues_of
from recovery.domain.accounting.party import Party
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.monitoring.delinquency import standing_at
from recovery.domain.monitoring.policy import MonitoringPolicy
from tests.builders import FIRST_DUE, a_schedule, months_after

SIGNED = date(2026, 1, 2)
APRIL = date(2026, 4, 20)
GUARANTOR = Party(
    person_id="G", role="guarantor", from_on=SIGNED, limit_minor=50_000, subsidiary=True
)


def paid(payment_id: str, payer_id: str | None, minor: int, on: date, **changes) -> PartyPayment:
    row = {"payment_id": payment_id, "payer_id": payer_id, "amount_minor": minor, "value_date": on}
    return PartyPayment(**{**row, **changes})


def account(instalments: int, each_minor: int, *payments: PartyPayment) -> Account:
    """A loan of B's with monthly instalments from FIRST_DUE."""
    schedule = a_schedule(instalments, Components(each_minor))
    counting = [
        Payment(each.payment_id, each.value_date, each.amount_minor)
        for each in payments
        if not each.reversed
    ]
    position = allocate(schedule, counting, AllocationPolicy())
    return Account("B", dues_of(schedule, position), payments, position.credit_minor)


FROM_HER_ACCOUNT = paid("P-1", "G", 20_000, APRIL, payer_kind="guarantor")
A_WEEK_LATER = APRIL + timedelta(days=7)
HIS_OWN = paid("P-2", None, 20_000, A_WEEK_LATER)


def test_s04_the_guarantor_pays() -> None:
    """Three instalments of 100 overdue, a fourth to come; limit 500."""
    before = account(4, 10_000)
    assert before.debt_minor(APRIL) == 30_000

    loan = account(4, 10_000, FROM_HER_ACCOUNT)
    assert loan.debt_minor(APRIL) == 10_000
    assert guarantee_use(GUARANTOR, loan) == GuaranteeUse("G", 20_000, 30_000)
    assert recourses([GUARANTOR], loan, APRIL) == (
        Recourse("G", "B", 20_000, "guarantor", subrogated=True, after_institution=True),
    )


def test_s04_the_borrower_pays_a_week_later() -> None:
    """100 clears the arrears, 100 goes on, and the guarantor's recourse stays as it is."""
    loan = account(4, 10_000, FROM_HER_ACCOUNT, HIS_OWN)
    assert loan.debt_minor(A_WEEK_LATER) == 0
    assert [each.paid_minor for each in loan.dues] == [10_000] * 4
    three = account(3, 10_000, FROM_HER_ACCOUNT, HIS_OWN)
    assert three.credit_minor == 10_000
    for each in (loan, three):
        assert guarantee_use(GUARANTOR, each) == GuaranteeUse("G", 20_000, 30_000)
        assert recourses([GUARANTOR], each, A_WEEK_LATER) == (
            Recourse("G", "B", 20_000, "guarantor", subrogated=True, after_institution=False),
        )


def test_s04_reversing_the_first_payment_restores_limit_arrears_and_recourse() -> None:
    """The borrower's own 200 remains: 100 of the first three are open again."""
    reversed_one = replace(FROM_HER_ACCOUNT, reversed=True)
    loan = account(4, 10_000, reversed_one, HIS_OWN)
    assert loan.debt_minor(A_WEEK_LATER) == 10_000
    assert guarantee_use(GUARANTOR, loan) == GuaranteeUse("G", 0, 50_000)
    assert recourses([GUARANTOR], loan, A_WEEK_LATER) == ()
    assert recourses([GUARANTOR], account(4, 10_000, reversed_one), APRIL) == ()


def test_the_standing_agrees_on_the_arrears() -> None:
    schedule = a_schedule(4, Components(10_000))
    position = allocate(schedule, [Payment("P-1", APRIL, 20_000)], AllocationPolicy())
    standing = standing_at(schedule, position, MonitoringPolicy(), APRIL)
    loan = account(4, 10_000, FROM_HER_ACCOUNT)
    assert standing.overdue.total == loan.debt_minor(APRIL)


def test_what_a_guarantor_pays_above_her_limit_uses_no_more_of_it_but_may_be_reclaimed() -> None:
    loan = account(8, 10_000, paid("P", "G", 60_000, APRIL))
    assert guarantee_use(GUARANTOR, loan) == GuaranteeUse("G", 50_000, 0, beyond_minor=10_000)
    [recourse] = recourses([GUARANTOR], loan, APRIL)
    assert recourse.amount_minor == 60_000


def test_money_that_lies_as_credit_used_no_limit_and_gives_no_recourse() -> None:
    loan = account(1, 10_000, paid("P", "G", 15_000, APRIL))
    assert guarantee_use(GUARANTOR, loan).used_minor == 10_000
    assert [each.amount_minor for each in recourses([GUARANTOR], loan, APRIL)] == [10_000]


def test_a_guarantee_without_limit_has_nothing_to_run_out_of() -> None:
    unlimited = replace(GUARANTOR, limit_minor=None)
    assert guarantee_use(unlimited, account(4, 100, FROM_HER_ACCOUNT)) == GuaranteeUse(
        "G", 400, None
    )


def test_a_guarantor_of_two_debtors_reclaims_from_each_what_was_his() -> None:
    co_borrower = Party(person_id="C", role="co_borrower", from_on=SIGNED)
    found = recourses([GUARANTOR, co_borrower], account(2, 10_000, FROM_HER_ACCOUNT), APRIL)
    assert [(each.against_id, each.amount_minor) for each in found] == [
        ("B", 10_000),
        ("C", 10_000),
    ]


def test_who_paid_after_her_guarantee_ended_paid_as_a_third_person() -> None:
    ended = replace(GUARANTOR, until=date(2026, 3, 1))
    [recourse] = recourses([ended], account(4, 10_000, FROM_HER_ACCOUNT), APRIL)
    assert (recourse.basis, recourse.subrogated) == ("third_party", False)


@pytest.mark.parametrize(
    ("kind", "basis"),
    [("relative", "third_party"), ("other", "third_party"), ("group_member", "peer")],
)
def test_others_who_paid_may_reclaim_it_without_the_institutions_rights(kind, basis) -> None:
    loan = account(1, 10_000, paid("P", "R", 6_000, APRIL, payer_kind=kind))
    assert recourses([], loan, APRIL) == (Recourse("R", "B", 6_000, basis, False, False),)


@pytest.mark.parametrize("kind", ["insurer", "court"])
def test_an_insurer_or_court_reclaims_nothing(kind) -> None:
    loan = account(1, 10_000, paid("P", "X", 6_000, APRIL, payer_kind=kind))
    assert recourses([], loan, APRIL) == ()


def test_nobody_reclaims_for_a_payer_who_is_not_known() -> None:
    loan = account(1, 10_000, paid("P", None, 6_000, APRIL, payer_kind="relative"))
    assert recourses([], loan, APRIL) == ()


def two(liability: str | None) -> list[Party]:
    return [
        Party(person_id="B", role="borrower", from_on=SIGNED, liability=liability),
        Party(person_id="C", role="co_borrower", from_on=SIGNED, liability=liability),
    ]


def test_s21_solidary_what_one_paid_above_her_share_of_an_instalment_is_her_recourse() -> None:
    """600 overdue in six instalments of 100: 300 pays three of them, half of each for the other."""
    loan = account(6, 10_000, paid("P", "C", 30_000, date(2026, 8, 1)))
    assert recourses(two("joint_and_several"), loan, date(2026, 8, 1)) == (
        Recourse("C", "B", 15_000, "co_debtor", False, False),
    )


def test_s21_solidary_when_the_other_pays_too_nothing_is_left_to_reclaim() -> None:
    both = (
        paid("P-1", "C", 30_000, date(2026, 8, 1)),
        paid("P-2", "B", 30_000, date(2026, 9, 1)),
    )
    assert recourses(two("joint_and_several"), account(6, 10_000, *both), date(2026, 9, 1)) == ()


def test_s21_solidary_an_insolvent_co_debtors_part_is_the_others_recourse() -> None:
    loan = account(6, 10_000, paid("P", "C", 60_000, date(2026, 8, 1)))
    [recourse] = recourses(two("joint_and_several"), loan, date(2026, 8, 1))
    assert (recourse.against_id, recourse.amount_minor) == ("B", 30_000)


def test_s21_silent_her_own_share_is_no_recourse_and_more_than_that_is() -> None:
    own = account(6, 10_000, paid("P", "C", 30_000, date(2026, 8, 1)))
    assert recourses(two(None), own, date(2026, 8, 1)) == ()
    more = account(6, 10_000, paid("P", "C", 45_000, date(2026, 8, 1)))
    [recourse] = recourses(two(None), more, date(2026, 8, 1))
    assert (recourse.holder_id, recourse.against_id, recourse.amount_minor) == ("C", "B", 15_000)


def test_unequal_shares_set_what_may_be_reclaimed() -> None:
    uneven = [
        replace(each, liability="joint_and_several", share_pct=Decimal(pct))
        for each, pct in zip(two(None), (70, 30), strict=True)
    ]
    [recourse] = recourses(uneven, account(1, 10_000, paid("P", "C", 10_000, APRIL)), APRIL)
    assert (recourse.holder_id, recourse.amount_minor) == ("C", 7_000)


payments = st.lists(
    st.tuples(
        st.sampled_from(["B", "C", "G", "R", None]), st.integers(1, 40_000), st.integers(0, 99)
    ),
    max_size=8,
)


@given(payments, st.sampled_from([None, "share", "joint_and_several"]), st.data())
def test_nobody_reclaims_more_than_she_paid_and_a_reversal_takes_it_back(
    rows, liability, data
) -> None:
    parties = [*two(liability), GUARANTOR]
    made = [
        paid(f"P-{at}", payer, minor, FIRST_DUE + timedelta(days=day))
        for at, (payer, minor, day) in enumerate(rows)
    ]
    as_of = months_after(FIRST_DUE, 5)
    loan = account(4, 10_001, *made)
    found = recourses(parties, loan, as_of)
    paid_minor = {
        each: sum(p.amount_minor for p in loan.counted() if p.payer_id == each) for each in "BCGR"
    }
    for who, minor in paid_minor.items():
        reclaimed = sum(each.amount_minor for each in found if each.holder_id == who)
        assert reclaimed <= minor
        if who in "GR":
            assert reclaimed == minor
    use = guarantee_use(GUARANTOR, loan)
    assert use.used_minor + use.beyond_minor == paid_minor["G"]
    assert use.used_minor + (use.remaining_minor or 0) == GUARANTOR.limit_minor

    undone = data.draw(st.integers(0, len(made)))
    reversed_ones = [
        replace(each, reversed=True) if at == undone else each for at, each in enumerate(made)
    ]
    without = [each for at, each in enumerate(made) if at != undone]
    one, other = account(4, 10_001, *reversed_ones), account(4, 10_001, *without)
    assert recourses(parties, one, as_of) == recourses(parties, other, as_of)
    assert guarantee_use(GUARANTOR, one) == guarantee_use(GUARANTOR, other)

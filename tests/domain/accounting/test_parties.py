"""What may be asked of whom: shares where the contract is silent, the whole where it says so."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.accounting.allocation import allocate
from recovery.domain.accounting.loan import Components, Payment
from recovery.domain.accounting.paid_shares import Account, Due, PartyPayment, dues_of
from recovery.domain.accounting.parties import PartyDebt, owed_by
from recovery.domain.accounting.party import Party
from recovery.domain.accounting.policy import AllocationPolicy
from tests.builders import FIRST_DUE, a_schedule, months_after

SIGNED = date(2026, 1, 2)
JUNE = date(2026, 6, 15)
WHOLE = "joint_and_several"


def party(person_id: str, role: str = "co_borrower", **changes) -> Party:
    return Party(**{"person_id": person_id, "role": role, "from_on": SIGNED, **changes})


def account(
    instalments: int,
    each_minor: int,
    *payments: tuple[str, int, int],
    policy: AllocationPolicy = AllocationPolicy(),  # noqa: B008  an immutable value
) -> Account:
    """A loan of A's: monthly instalments from FIRST_DUE; payments are (payer, amount, day)."""
    schedule = a_schedule(instalments, Components(each_minor))
    made = tuple(
        PartyPayment(
            payment_id=f"P-{at}",
            payer_id=payer,
            amount_minor=minor,
            value_date=FIRST_DUE + timedelta(days=day),
        )
        for at, (payer, minor, day) in enumerate(payments)
    )
    position = allocate(
        schedule,
        [Payment(each.payment_id, each.value_date, each.amount_minor) for each in made],
        policy,
    )
    return Account("A", dues_of(schedule, position), made, position.credit_minor)


def asked(debts: tuple[PartyDebt, ...]) -> dict[str, int]:
    return {each.person_id: each.overdue_minor for each in debts}


@pytest.mark.parametrize("instalments", [1, 2, 3, 6])
def test_s21_a_silent_contract_each_owes_300_and_ones_payment_settles_her_part(instalments) -> None:
    both = (party("A", "borrower"), party("B"))
    overdue = account(instalments, 600 // instalments)
    assert asked(owed_by(both, overdue, JUNE + timedelta(days=200))) == {"A": 300, "B": 300}
    kept = account(instalments, 600 // instalments, ("A", 300, 180))
    debts = owed_by(both, kept, JUNE + timedelta(days=200))
    assert asked(debts) == {"A": 0, "B": 300}
    assert [each.paid_minor for each in debts] == [300, 0]
    assert not any(each.whole for each in debts)


@pytest.mark.parametrize("instalments", [1, 2, 3, 6])
def test_s21_a_solidary_contract_either_may_be_asked_for_what_is_left(instalments) -> None:
    both = (party("A", "borrower", liability=WHOLE), party("B", liability=WHOLE))
    overdue = account(instalments, 600 // instalments)
    later = JUNE + timedelta(days=200)
    assert asked(owed_by(both, overdue, later)) == {"A": 600, "B": 600}
    kept = account(instalments, 600 // instalments, ("A", 300, 180))
    debts = owed_by(both, kept, later)
    assert asked(debts) == {"A": 300, "B": 300}
    assert all(each.whole for each in debts)


def test_a_co_borrower_who_is_not_said_to_be_solidary_owes_a_share_beside_one_who_is() -> None:
    both = (party("A", "borrower", liability=WHOLE), party("B"))
    assert asked(owed_by(both, account(1, 600), JUNE)) == {"A": 600, "B": 300}


def test_stated_shares_are_taken_as_stated() -> None:
    both = (party("B", liability="share", share_pct=Decimal("33.3")),)
    assert asked(owed_by(both, account(1, 1000), JUNE)) == {"A": 667, "B": 333}


def test_who_paid_earlier_instalments_alone_still_owes_her_share_of_the_later_ones() -> None:
    """She paid them for the other, who owes it to her; the institution's claims stay apart."""
    loan = account(3, 200, ("A", 200, 0))
    assert asked(owed_by((party("B"),), loan, JUNE)) == {"A": 200, "B": 200}


def test_what_a_debtor_pays_above_her_share_lowers_the_others() -> None:
    loan = account(1, 600, ("A", 400, 9))
    assert asked(owed_by((party("B"),), loan, JUNE)) == {"A": 0, "B": 200}


def test_overdue_and_outstanding_are_two_figures() -> None:
    debts = owed_by((party("B"),), account(6, 100), date(2026, 3, 2))
    assert [(each.overdue_minor, each.outstanding_minor) for each in debts] == [
        (100, 300),
        (100, 300),
    ]


def test_a_borrower_alone_owes_everything() -> None:
    [debt] = owed_by((), account(2, 100, ("A", 50, 0)), JUNE)
    assert debt == PartyDebt("A", "borrower", True, False, 150, 150, 50)


def test_a_guarantor_is_asked_up_to_what_is_left_of_her_limit() -> None:
    guarantor = party("G", "guarantor", limit_minor=500)
    loan = account(3, 300, ("G", 200, 90))
    borrower, debt = owed_by((guarantor,), loan, JUNE)
    assert (borrower.overdue_minor, debt.overdue_minor, debt.paid_minor) == (700, 300, 200)
    assert debt.after_debtors


def test_several_guarantors_divide_unless_the_contract_says_otherwise() -> None:
    """CC 1837; what one of them paid is hers, and not asked of her again."""
    two = (party("G", "guarantor"), party("H", "guarantor"))
    assert asked(owed_by(two, account(1, 600), JUNE)) == {"A": 600, "G": 300, "H": 300}
    loan = account(1, 600, ("G", 300, 9), ("A", 100, 9))
    assert asked(owed_by(two, loan, JUNE)) == {"A": 200, "G": 0, "H": 200}
    solidary = [replace(each, liability=WHOLE) for each in two]
    assert asked(owed_by(solidary, account(1, 600), JUNE)) == {"A": 600, "G": 600, "H": 600}


def test_peers_answer_for_a_member_only_with_an_express_clause() -> None:
    peer = party("P", "group_member")
    assert asked(owed_by((peer,), account(1, 100), JUNE)) == {"A": 100}
    solidary = replace(peer, liability=WHOLE)
    assert asked(owed_by((solidary,), account(1, 100), JUNE)) == {"A": 100, "P": 100}


def test_who_is_no_longer_a_party_is_asked_for_nothing() -> None:
    ended = party("G", "guarantor", until=date(2026, 3, 1))
    assert asked(owed_by((ended,), account(1, 600), JUNE)) == {"A": 600}


def test_where_the_policy_sends_money_elsewhere_the_ledger_decides_the_total() -> None:
    """Paid in advance for the last instalment, the first is owed whole when it is due."""
    policy = AllocationPolicy(prepayment="last_instalment")
    loan = account(2, 200, ("A", 200, -10), policy=policy)
    assert loan.dues == (Due(FIRST_DUE, 200, 0), Due(months_after(FIRST_DUE, 1), 200, 200))
    debts = owed_by((party("B"),), loan, JUNE)
    assert sum(asked(debts).values()) == 200


rows = st.lists(
    st.tuples(st.sampled_from("ABCGX"), st.integers(1, 700), st.integers(-20, 100)), max_size=8
)
liabilities = st.sampled_from([None, "share", WHOLE])


@given(rows, liabilities, liabilities, st.integers(0, 700), st.sampled_from([1, 2, 5]))
def test_shares_add_up_to_the_debt_and_nobody_is_asked_for_more(
    payments, of_b, of_c, limit_minor, instalments
) -> None:
    parties = (
        party("A", "borrower"),
        party("B", liability=of_b),
        party("C", liability=of_c),
        party("G", "guarantor", limit_minor=limit_minor or None),
    )
    loan = account(instalments, 601, *payments)
    for as_of in (JUNE, date(2026, 3, 2)):
        debts = owed_by(parties, loan, as_of)
        for which, debt_minor in (
            ("overdue_minor", loan.debt_minor(as_of)),
            ("outstanding_minor", loan.debt_minor()),
        ):
            amounts = {each.person_id: getattr(each, which) for each in debts}
            assert all(0 <= minor <= debt_minor for minor in amounts.values())
            assert amounts["G"] <= (limit_minor or debt_minor)
            if WHOLE not in (of_b, of_c):
                assert amounts["A"] + amounts["B"] + amounts["C"] == debt_minor
        paid = sum(each.paid_minor for each in debts)
        by_parties = [minor for payer, minor, _ in payments if payer != "X"]
        assert sum(by_parties) - loan.credit_minor <= paid <= sum(by_parties)


dues = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=6
).map(
    lambda found: tuple(
        Due(months_after(FIRST_DUE, month), paid + unpaid, paid) for month, unpaid, paid in found
    )
)


@given(dues, rows, liabilities)
def test_shares_add_up_to_the_debt_however_the_ledger_came_to_it(
    ledger, payments, liability
) -> None:
    """Waivers, chargebacks and new schedules make a ledger that the payments alone do not."""
    made = tuple(
        PartyPayment(
            payment_id=f"P-{at}",
            payer_id=payer,
            amount_minor=minor,
            value_date=FIRST_DUE + timedelta(days=day),
        )
        for at, (payer, minor, day) in enumerate(payments)
    )
    loan = Account("A", ledger, made)
    parties = (party("A", "borrower"), party("B", liability=liability))
    debts = owed_by(parties, loan, JUNE)
    for debt in debts:
        assert 0 <= debt.overdue_minor <= debt.outstanding_minor <= loan.debt_minor()
        assert debt.overdue_minor <= loan.debt_minor(JUNE)
    if liability != WHOLE:
        assert sum(each.overdue_minor for each in debts) == loan.debt_minor(JUNE)
        assert sum(each.outstanding_minor for each in debts) == loan.debt_minor()

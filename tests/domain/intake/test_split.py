"""One payment over several loans: complete, lawful, the same in whatever order the loans come."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.documents.packs.reading import lending_pack
from recovery.domain.accounting.lending import DebtOrderRule, debt_order
from recovery.domain.intake.split import Debt, split_payment
from recovery.domain.shared.errors import RefusedError

ON = date(2026, 11, 27)
SPAIN, NETHERLANDS, CAREFUL = (debt_order(lending_pack(each), ON) for each in ("ES", "NL", "KE"))

A = Debt(
    loan_id="A",
    due_minor=10_000,
    not_due_minor=40_000,
    oldest_due_on=date(2026, 9, 1),
    disbursed_on=date(2025, 1, 1),
    annual_rate_pct=Decimal(20),
)
B = replace(A, loan_id="B", due_minor=20_000)
DEARER = replace(B, loan_id="D", annual_rate_pct=Decimal("20.5"))
SECURED = replace(B, loan_id="S", secured=True)
OLDER = replace(B, loan_id="O", oldest_due_on=date(2026, 8, 1))


def split(amount_minor: int, *debts: Debt, by: DebtOrderRule = SPAIN, named: str = ""):
    found = split_payment(amount_minor, debts, by, named.split())
    assert found.rule_id == by.id
    return dict(found.shares), found.left_minor


@pytest.mark.parametrize("by", [SPAIN, NETHERLANDS, CAREFUL])
def test_the_most_burdensome_due_debt_is_paid_first(by) -> None:
    assert split(25_000, A, DEARER, by=by) == ({"D": 20_000, "A": 5_000}, 0)
    assert split(25_000, A, SECURED, by=by) == ({"S": 20_000, "A": 5_000}, 0)


def test_the_higher_rate_weighs_more_than_security() -> None:
    assert split(20_000, SECURED, DEARER) == ({"D": 20_000}, 0)


def test_an_unknown_rate_leaves_the_rates_out() -> None:
    unknown = replace(A, annual_rate_pct=None)
    assert split(6_000, unknown, DEARER) == ({"A": 2_000, "D": 4_000}, 0)
    settled = replace(unknown, loan_id="Z", due_minor=0, not_due_minor=0)
    assert split(20_000, A, DEARER, settled) == ({"D": 20_000}, 0)


def test_equal_debts_share_in_proportion_in_spain_whatever_their_age() -> None:
    assert split(6_000, A, OLDER) == ({"A": 2_000, "O": 4_000}, 0)


@pytest.mark.parametrize("by", [NETHERLANDS, CAREFUL])
def test_elsewhere_the_older_comes_first_and_then_the_earlier_contract(by) -> None:
    assert split(25_000, A, OLDER, by=by) == ({"O": 20_000, "A": 5_000}, 0)
    earlier = replace(B, loan_id="E", disbursed_on=date(2024, 1, 1))
    assert split(20_000, A, earlier, by=by) == ({"E": 20_000}, 0)
    assert split(6_000, A, B, by=by) == ({"A": 2_000, "B": 4_000}, 0)


def test_what_is_not_due_comes_last_in_the_netherlands_and_is_left_in_spain() -> None:
    assert split(50_000, A, DEARER, by=NETHERLANDS) == ({"D": 40_000, "A": 10_000}, 0)
    assert split(50_000, A, DEARER) == ({"D": 20_000, "A": 10_000}, 20_000)
    nothing_due = replace(A, due_minor=0)
    assert split(500, nothing_due) == ({}, 500)
    assert split(500, nothing_due, by=NETHERLANDS) == ({"A": 500}, 0)


@pytest.mark.parametrize("by", [SPAIN, NETHERLANDS, CAREFUL])
def test_the_payer_s_word_comes_first_up_to_all_that_is_owed_there(by) -> None:
    assert split(15_000, A, DEARER, by=by, named="A") == ({"A": 15_000}, 0)
    assert split(65_000, A, DEARER, by=by, named="A") == ({"A": 50_000, "D": 15_000}, 0)


@pytest.mark.parametrize("by", [SPAIN, NETHERLANDS, CAREFUL])
def test_several_loans_are_paid_in_the_order_in_which_the_payer_named_them(by) -> None:
    assert split(55_000, A, B, DEARER, by=by, named="B A") == ({"B": 55_000}, 0)
    assert split(65_000, A, B, DEARER, by=by, named="A B") == ({"A": 50_000, "B": 15_000}, 0)


def test_a_law_may_not_obey_the_payer() -> None:
    deaf = replace(SPAIN, designation=False)
    assert split(20_000, A, DEARER, by=deaf, named="A") == ({"D": 20_000}, 0)
    assert split(40_000, A, DEARER, by=deaf, named="A") == ({"D": 20_000, "A": 10_000}, 10_000)


def test_a_cent_that_cannot_be_divided_goes_to_the_largest_remainder() -> None:
    owed = {"X": 1, "Y": 1, "Z": 2}
    three = [replace(A, loan_id=name, due_minor=minor) for name, minor in owed.items()]
    assert split(1, *three) == ({"Z": 1}, 0)
    equal = [replace(A, loan_id=name, due_minor=100) for name in "XYZ"]
    assert split(100, *equal) == ({"X": 34, "Y": 33, "Z": 33}, 0)


def test_the_surplus_is_left() -> None:
    assert split(30_001, A, B) == ({"A": 10_000, "B": 20_000}, 1)
    assert split(700) == ({}, 700)


@pytest.mark.parametrize(
    ("amount_minor", "named", "field"),
    [(0, "", "amount_minor"), (-5, "", "amount_minor"), (5, "A C", "designated")],
)
def test_what_cannot_be_split_is_refused(amount_minor, named, field) -> None:
    with pytest.raises(RefusedError) as refused:
        split_payment(amount_minor, [A, B], SPAIN, named.split())
    assert [problem.field for problem in refused.value.problems] == [field]


some_debts = st.lists(
    st.builds(
        Debt,
        loan_id=st.sampled_from("ABCDEFGH"),
        due_minor=st.integers(0, 50),
        not_due_minor=st.integers(0, 50),
        oldest_due_on=st.dates(date(2026, 1, 1), date(2026, 1, 3)),
        disbursed_on=st.dates(date(2025, 1, 1), date(2025, 1, 2)),
        annual_rate_pct=st.sampled_from([None, Decimal(10), Decimal(20), Decimal("20.0")]),
        secured=st.booleans(),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda debt: debt.loan_id,
)
steps = st.permutations(["most_burdensome", "oldest"]).flatmap(
    lambda order: st.integers(0, 2).map(lambda count: order[:count])
)
rules = st.builds(
    lambda due, order, obeys: replace(SPAIN, by=(*due, *order, "pro_rata"), designation=obeys),
    st.sampled_from([(), ("due_only",), ("due_first",)]),
    steps,
    st.booleans(),
)


@given(st.integers(1, 700), some_debts, rules, st.data())
def test_nothing_is_lost_and_no_loan_gets_more_than_it_is_owed(amount, debts, rule, data) -> None:
    named = data.draw(st.lists(st.sampled_from([debt.loan_id for debt in debts]), unique=True))
    found = split_payment(amount, debts, rule, named)
    shares = dict(found.shares)
    assert len(shares) == len(found.shares)
    assert sum(shares.values()) + found.left_minor == amount
    assert found.left_minor >= 0
    payable = 0
    for debt in debts:
        obeyed = rule.designation and debt.loan_id in named
        early = obeyed or "due_only" not in rule.by
        most = debt.due_minor + (debt.not_due_minor if early else 0)
        assert 0 <= shares.get(debt.loan_id, 0) <= most
        if obeyed and debt.loan_id == named[0]:
            assert shares.get(debt.loan_id, 0) >= min(amount, most)
        payable += most
    assert found.left_minor == max(0, amount - payable)
    assert all(shares.values())
    assert split_payment(amount, data.draw(st.permutations(debts)), rule, named) == found

"""One payment for a person: by law where there is one, else by what the payer says."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.documents.packs.reading import careful_lending_pack, lending_pack
from recovery.domain.accounting.lending import debt_order
from recovery.domain.accounting.loan import Payment
from recovery.domain.intake.person_payment import PersonPayment, SharedOut, share_out
from recovery.domain.intake.split import Debt

ON = date(2026, 11, 27)
A = Debt(
    loan_id="A",
    due_minor=10_000,
    not_due_minor=40_000,
    oldest_due_on=date(2026, 9, 1),
    disbursed_on=date(2025, 1, 1),
    annual_rate_pct=Decimal(20),
)
B = replace(A, loan_id="B", due_minor=20_000)
N = replace(A, loan_id="N", due_minor=5_000, not_due_minor=0)


Law = str | None


def rule_of(law: Law):
    return debt_order(lending_pack(law) if law else careful_lending_pack(), ON)


def shared(amount_minor: int, debts: dict[Law, list[Debt]], *designation: str) -> SharedOut:
    return share_out(amount_minor, debts, rule_of, designation)


def test_under_one_law_its_rule_decides_and_is_named() -> None:
    found = shared(15_000, {"ES": [A, B]})
    assert dict(found.shares) == {"A": 5_000, "B": 10_000}
    assert found.rule_ids == ("es.lending.debt_order",)
    assert (found.left_minor, found.why_left) == (0, None)


def test_where_nobody_said_which_law_it_is_the_careful_rule_decides() -> None:
    found = shared(15_000, {None: [A, B]})
    assert found.rule_ids == ("careful.lending.debt_order",)
    assert sum(minor for _, minor in found.shares) == 15_000


def test_what_is_not_due_waits_for_the_payer_in_spain_and_is_paid_in_the_netherlands() -> None:
    spain = shared(35_000, {"ES": [A, B]})
    assert (spain.left_minor, spain.why_left, spain.may_be_kept) == (5_000, "not_due", False)
    assert shared(35_000, {"NL": [A, B]}).left_minor == 0


def test_a_surplus_may_be_kept_only_where_the_law_looks_beyond_what_is_due() -> None:
    found = shared(111_000, {"NL": [A, B]})
    assert (found.left_minor, found.why_left, found.may_be_kept) == (1_000, "surplus", True)
    careful = replace(A, not_due_minor=0), replace(B, not_due_minor=0)
    found = shared(31_000, {"ES": [*careful]})
    assert (found.left_minor, found.why_left, found.may_be_kept) == (1_000, "surplus", False)


def test_under_not_ranked_the_payer_has_to_say_which_loan_it_is_for() -> None:
    found = shared(9_000, {"ES": [A, B], "NL": [N]})
    assert found == SharedOut((), 9_000, (), "not_ranked")


def test_the_payer_s_word_serves_that_loan_and_its_law_and_what_is_left_waits() -> None:
    found = shared(9_000, {"ES": [A, B], "NL": [N]}, "N")
    assert dict(found.shares) == {"N": 5_000}
    assert found.rule_ids == ("nl.lending.debt_order",)
    assert (found.left_minor, found.why_left) == (4_000, "not_ranked")
    both = shared(9_000, {"ES": [A, B], "NL": [N]}, "N", "A")
    assert dict(both.shares) == {"N": 5_000, "A": 4_000}
    assert both.rule_ids == ("nl.lending.debt_order", "es.lending.debt_order")


def test_a_law_under_which_nothing_is_owed_is_in_nobody_s_way() -> None:
    settled = replace(N, due_minor=0)
    assert dict(shared(9_000, {"ES": [A, B], "NL": [settled]}).shares)
    named = shared(9_000, {"ES": [A, B], "NL": [settled]}, "N")
    assert sum(minor for _, minor in named.shares) == 9_000


def test_the_only_loan_that_owes_anything_is_paid_early_too() -> None:
    settled = replace(B, due_minor=0, not_due_minor=0)
    found = shared(45_000, {"ES": [A, settled]})
    assert (dict(found.shares), found.left_minor) == ({"A": 45_000}, 0)


def test_whoever_owes_nothing_gets_everything_into_suspense() -> None:
    settled = replace(A, due_minor=0, not_due_minor=0)
    assert shared(700, {"ES": [settled]}) == SharedOut((), 700, (), "nothing_owed")


def test_a_request_is_told_by_person_designation_and_payment() -> None:
    payment = Payment("X", ON, 700)
    first = PersonPayment(payment=payment, borrower_id="B-1", currency="EUR")
    others = (
        replace(first, borrower_id="B-2"),
        replace(first, designation=("A",)),
        replace(first, designation=("A", "B")),
        replace(first, currency="KES"),
        replace(first, payment=replace(payment, amount_minor=701)),
    )
    assert len({each.fingerprint for each in (first, *others)}) == len(others) + 1
    assert first.fingerprint == replace(first).fingerprint


LAWS = st.sampled_from(["ES", "NL", None])
some_debts = st.lists(
    st.tuples(
        LAWS,
        st.builds(
            Debt,
            loan_id=st.sampled_from("ABCDEFGH"),
            due_minor=st.integers(0, 50),
            not_due_minor=st.integers(0, 50),
            oldest_due_on=st.dates(date(2026, 1, 1), date(2026, 1, 3)),
            disbursed_on=st.just(date(2025, 1, 1)),
            annual_rate_pct=st.sampled_from([None, Decimal(10), Decimal(20)]),
        ),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda each: each[1].loan_id,
)


@pytest.mark.parametrize("naming", [True, False])
@given(st.integers(1, 700), some_debts, st.data())
def test_nothing_is_lost_over_all_laws(naming, amount, found_debts, data) -> None:
    debts: dict[Law, list[Debt]] = {}
    for law, debt in found_debts:
        debts.setdefault(law, []).append(debt)
    ids = [debt.loan_id for _, debt in found_debts]
    named = data.draw(st.lists(st.sampled_from(ids), unique=True)) if naming else []
    found = share_out(amount, debts, rule_of, named)
    paid = dict(found.shares)
    assert len(paid) == len(found.shares)
    assert sum(paid.values()) + found.left_minor == amount
    for _, debt in found_debts:
        assert 0 <= paid.get(debt.loan_id, 0) <= debt.due_minor + debt.not_due_minor
    assert (found.why_left is None) == (found.left_minor == 0)

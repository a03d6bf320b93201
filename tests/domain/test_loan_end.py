"""A loan has ended once nothing of it stands, and not before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recovery.domain.accounting.fact import FactRecord, Recorded
from recovery.domain.accounting.history import WriteOff
from recovery.domain.accounting.loan import Components
from recovery.domain.agreements.restraints import Kind, Restraint
from recovery.domain.cases.stage import CaseState, Stage
from recovery.domain.loan_end import has_ended, last_entry
from recovery.domain.loan_state import LoanState
from recovery.domain.policy import DEFAULT_POLICY
from recovery.domain.review import review
from tests.builders import a_loan, a_payment, a_state

LOAN = a_loan(instalments=1)
PAID_ON = date(2026, 2, 1)
TODAY = PAID_ON + timedelta(days=3)


def paid(**changes: object) -> LoanState:
    """The loan, paid in full and reviewed."""
    state = a_state(LOAN, [a_payment(value_date=PAID_ON, amount_minor=11_500)])
    reviewed = review(LOAN, state, DEFAULT_POLICY, TODAY).state
    return replace(reviewed, **changes)  # type: ignore[arg-type]


def held(kind: Kind, until: date | None, *, of_person: bool = False) -> tuple[Restraint, ...]:
    blocks = frozenset({"calls"})
    return (Restraint(kind, PAID_ON, until, blocks, "terms", of_person=of_person),)


def test_a_loan_that_was_paid_has_ended() -> None:
    assert has_ended(paid(), TODAY)


def test_one_that_owes_or_was_never_reviewed_stands() -> None:
    state = a_state(LOAN)
    assert not has_ended(state, TODAY)
    assert not has_ended(review(LOAN, state, DEFAULT_POLICY, TODAY).state, TODAY)


@pytest.mark.parametrize(
    "changes",
    [
        {"case": CaseState("L-1-C1", TODAY, Stage.FILING, TODAY, signals=1)},
        {"restraints": held(Kind.DISPUTE, None)},
        {"restraints": held(Kind.FRAUD_CLAIM, TODAY)},
        {"restraints": held(Kind.COMPLAINT, None, of_person=True)},
    ],
)
def test_proceedings_disputes_and_complaints_keep_it(changes: dict[str, object]) -> None:
    assert not has_ended(paid(**changes), TODAY)


def test_what_is_answered_or_about_the_person_alone_keeps_it_no_longer() -> None:
    answered = held(Kind.DISPUTE, TODAY - timedelta(days=1))
    assert has_ended(paid(restraints=(*answered, *held(Kind.DEATH, None, of_person=True))), TODAY)


def test_money_left_over_keeps_it_as_somebody_gets_it_back() -> None:
    state = paid()
    assert not has_ended(replace(state, position=replace(state.position, credit_minor=1)), TODAY)


def test_a_loss_keeps_it_until_all_of_it_is_recovered_or_settled() -> None:
    state = paid(closed="written_off")
    assert state.standing is not None
    lost = replace(state, standing=replace(state.standing, loss=Components(principal=5_000)))
    assert not has_ended(lost, TODAY)
    assert has_ended(state, TODAY)
    assert has_ended(replace(lost, closed="settled"), TODAY)


def test_it_is_kept_from_the_last_entry_on_not_from_the_last_payment() -> None:
    payment = a_payment(value_date=PAID_ON)
    assert last_entry(LOAN, Recorded()) == LOAN.disbursed_on
    assert last_entry(LOAN, Recorded((payment,))) == PAID_ON
    reversed_on = PAID_ON + timedelta(days=30)
    taken_back = replace(payment, reversed_on=reversed_on)
    assert last_entry(LOAN, Recorded((taken_back,))) == reversed_on
    fact = FactRecord(
        fact_id="W-1",
        loan_id="L-1",
        fact=WriteOff(PAID_ON),
        known_on=date(2027, 1, 5),
        fingerprint="f",
        reason="lost",
        recorded_by="ana",
        recorded_at=datetime(2027, 1, 5, tzinfo=UTC),
    )
    assert last_entry(LOAN, Recorded((taken_back,), (fact,))) == date(2027, 1, 5)

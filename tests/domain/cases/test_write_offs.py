"""When a write-off is proposed, how long it waits, and when it is pointless."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recovery.domain.accounting.loan import NOTHING, Components
from recovery.domain.accounting.ownership import Silence, SilentPeriod
from recovery.domain.agreements.restraints import EVERYTHING, Kind, Restraint
from recovery.domain.cases.approval import DAILY_REVIEW, DecisionKind
from recovery.domain.cases.policy import CasePolicy
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import Stage
from recovery.domain.cases.write_offs import (
    Proposal,
    Withdrawal,
    answered,
    fact_id,
    loan_of,
    next_proposal,
    proposal_id,
)
from recovery.domain.monitoring.delinquency import Standing

TODAY = date(2026, 6, 1)
POLICY = CasePolicy(write_off_from_days=365)
CASE = CaseState("L-1-C1", TODAY - timedelta(days=99), Stage.JUDICIAL_RECOVERY, TODAY)
OPEN = Proposal("L-1-W3", 365)


def standing(days_past_due: int, outstanding: int = 500) -> Standing:
    late = Components(outstanding) if days_past_due else NOTHING
    oldest = TODAY - timedelta(days=days_past_due) if days_past_due else None
    return Standing(
        TODAY, days_past_due, 0, None, late, Components(outstanding), 0, oldest, None, None, NOTHING
    )


def after(days, last=None, *, policy=POLICY, case=CASE, outstanding=500, **more):
    said = standing(days, outstanding)
    return next_proposal(policy, said, case, last, decision_id="L-1-W9", **more)


def test_the_daily_review_asks_from_the_policys_days_on() -> None:
    assert after(364) == (None, None, None)
    proposal, asks, withdraws = after(365)
    assert (proposal, withdraws) == (Proposal("L-1-W9", 365), None)
    assert (asks.decision_id, asks.kind, asks.loan_id, asks.case_id) == (
        "L-1-W9", DecisionKind.WRITE_OFF, "L-1", "L-1-C1",
    )  # fmt: skip
    assert (asks.asked_by, asks.asked_at) == (DAILY_REVIEW, datetime(2026, 6, 1, tzinfo=UTC))
    assert asks.reason == "365 days past due, proposed from 365"
    assert (asks.is_pending, asks.amount_minor) == (True, None)


def test_nothing_is_proposed_without_policy_or_case_or_while_a_claim_is_filed() -> None:
    for changes in (
        {"policy": CasePolicy()},
        {"case": None},
        {"case": replace(CASE, target_stage=Stage.FILING)},
        {"closed": "settled"},
    ):
        assert after(400, **changes) == (None, None, None)


@pytest.mark.parametrize(
    ("kind", "waits"),
    [
        (Kind.PROMISE, True),
        (Kind.AGREEMENT, True),
        (Kind.MORATORIUM, True),
        (Kind.DISPUTE, True),
        (Kind.COMPLAINT, True),
        ("a kind of tomorrow", True),
        (Kind.HARDSHIP, False),
        (Kind.INSOLVENCY, False),
        (Kind.DEATH, False),
        (Kind.TIME_BARRED, False),
        (Kind.REPRESENTATIVE, False),
        (Kind.STOP, False),
    ],
)
def test_a_proposal_waits_only_while_something_is_open(kind, waits) -> None:
    held = Restraint(kind, TODAY - timedelta(days=5), TODAY, EVERYTHING, "form 7")
    assert (after(400, restraints=(held,))[1] is None) == waits
    ended = replace(held, until=TODAY - timedelta(days=1))
    assert after(400, restraints=(ended,))[1]


def test_a_proposal_is_made_once_and_stands_while_the_loan_is_that_late() -> None:
    for last in (OPEN, Proposal("L-1-W3")):
        assert after(400, last) == (last, None, None)
    held = Restraint(Kind.PROMISE, TODAY, None, EVERYTHING, "form 7")
    assert after(400, OPEN, restraints=(held,)) == (OPEN, None, None)


def test_what_people_answered_is_not_asked_again_until_the_loan_was_less_late() -> None:
    assert after(400, answered(OPEN)) == (answered(OPEN), None, None)
    assert after(364, answered(OPEN)) == (None, None, None)
    assert after(400, answered(OPEN), policy=CasePolicy()) == (None, None, None)


@pytest.mark.parametrize(
    ("days_past_due", "changes", "why"),
    [
        (364, {}, "364 days past due, no longer 365"),
        (0, {"outstanding": 0}, "nothing is owed any more"),
        (400, {"closed": "settled"}, "recovery of this loan has ended"),
    ],
)
def test_a_proposal_that_became_pointless_is_withdrawn(days_past_due, changes, why) -> None:
    assert after(days_past_due, OPEN, **changes) == (None, None, Withdrawal("L-1-W3", why))


def test_a_silent_loan_is_not_proposed_and_one_sold_is_taken_off_the_list() -> None:
    placed = SilentPeriod(TODAY, None, Silence.PLACED)
    assert after(400, silent=placed) == (None, None, None)
    assert after(400, OPEN, silent=placed) == (OPEN, None, None)
    sold = SilentPeriod(TODAY, None, Silence.OUTSIDE)
    gone = Withdrawal("L-1-W3", "the loan has an owner outside")
    assert after(400, OPEN, silent=sold) == (None, None, gone)


def test_a_persons_proposal_stands_however_late_the_loan_is() -> None:
    persons = Proposal("L-1-W3")
    assert after(0, persons) == (persons, None, None)
    assert after(0, persons, outstanding=0)[2]


def test_a_proposals_days_are_those_of_the_policy_it_was_made_under() -> None:
    assert after(370, OPEN, policy=CasePolicy(write_off_from_days=400)) == (OPEN, None, None)
    lower = after(350, OPEN, policy=CasePolicy(write_off_from_days=300))
    assert lower[0] == Proposal("L-1-W9", 300)
    assert lower[1] and lower[2]


def test_a_proposals_id_names_the_loan_and_the_fact() -> None:
    decision_id = proposal_id("A-W2", 12)
    assert (decision_id, loan_of(decision_id)) == ("A-W2-W12", "A-W2")
    assert fact_id(decision_id) == "write-off-12"
    for wrong in ("L-1", "L-1-Wx", "-W1", "L-1-C1#4-write_off", "L-1-W\u0663"):
        assert loan_of(wrong) is None

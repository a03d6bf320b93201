"""A claim goes on record as ours once people approved it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recovery.domain.accounting.acts import Suit
from recovery.domain.accounting.fact import Recorded, Undo
from recovery.domain.cases.approval import DAILY_REVIEW, DecisionKind, PendingDecision
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import Stage
from recovery.domain.judicial.filing import filed_problems
from tests.builders import fields
from tests.domain.judicial.test_proceedings import on_record

OPENED = date(2026, 2, 3)
SUIT = Suit(on=OPENED + timedelta(days=120), persons=("B-1",), procedure="ES_MONITORIO")
NOTHING = Recorded()
UNAPPROVED = [each for each in Stage if each not in (Stage.FILING,)]


def problems(suit=SUIT, stage=Stage.PRE_ACTION, decisions=(), recorded=NOTHING, case=True):
    state = CaseState("L-1-C1", OPENED, stage, OPENED) if case else None
    return fields(filed_problems(suit, recorded, state, decisions))


def approval(outcome: str | None, *, second: str = "", **changes) -> PendingDecision:
    asked = PendingDecision(
        decision_id=f"L-1-C1#4-judicial_approval{second}",
        kind=DecisionKind.JUDICIAL_APPROVAL,
        loan_id="L-1",
        case_id="L-1-C1",
        asked_by=DAILY_REVIEW,
        asked_at=datetime(2026, 6, 1, tzinfo=UTC),
        reason="the dossier is ready",
        outcome=outcome,
    )
    return replace(asked, **changes)


@pytest.mark.parametrize("stage", UNAPPROVED)
def test_without_an_approval_nothing_was_filed_from_here(stage: Stage) -> None:
    assert problems(stage=stage) == {"kind"}


def test_what_waits_to_be_filed_was_approved() -> None:
    assert problems(stage=Stage.FILING) == set()


def test_what_was_filed_before_the_case_or_elsewhere_was_not_filed_from_here() -> None:
    assert problems(replace(SUIT, on=OPENED - timedelta(days=1))) == set()
    assert problems(replace(SUIT, on=OPENED)) == {"kind"}
    assert problems(case=False) == set()
    assert problems(replace(SUIT, told_by="the former owner")) == set()


@pytest.mark.parametrize(
    ("decisions", "approved"),
    [
        ([approval("approved")], True),
        ([approval("approved"), approval("approved", second="-2")], True),
        ([approval("approved"), approval(None, second="-2")], False),
        ([approval("approved"), approval("declined", second="-2")], False),
        ([approval("declined")], False),
        ([approval("approved", second="-2")], False),
        ([approval("approved", case_id="L-1-C0")], False),
        ([approval("approved", kind=DecisionKind.ENFORCEMENT)], False),
    ],
)
def test_proceedings_that_follow_from_an_approval_go_on(decisions, approved: bool) -> None:
    """An order for payment that is opposed goes on as another claim."""
    wrong = set() if approved else {"kind"}
    assert problems(stage=Stage.IN_PROCEEDINGS, decisions=decisions) == wrong
    assert problems(stage=Stage.JUDICIAL_RECOVERY, decisions=decisions) == {"kind"}  # withdrawn


def test_a_claim_recorded_wrong_is_put_right() -> None:
    wrong = replace(SUIT, court="Madrid 4")
    undone = on_record(Undo(fact_id="S-1", on=SUIT.on), "U-1")
    assert problems(recorded=Recorded((), (on_record(wrong, "S-1"), undone))) == set()
    assert problems(recorded=Recorded((), (on_record(wrong, "S-1"),))) == {"kind"}
    elsewhere = on_record(replace(wrong, told_by="the former owner"), "S-1")
    assert problems(recorded=Recorded((), (elsewhere, undone))) == {"kind"}

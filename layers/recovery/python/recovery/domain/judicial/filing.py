"""Whether a claim may go on record as filed: by us once people approved it, or by somebody else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from recovery.domain.accounting.acts import Suit
from recovery.domain.accounting.fact import Recorded
from recovery.domain.cases.approval import DecisionKind, PendingDecision, first_id, is_approved
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import IN_COURT, Stage
from recovery.domain.shared.errors import Problem


def filed_problems(
    suit: Suit,
    recorded: Recorded,
    case: CaseState | None,
    decisions: Iterable[PendingDecision],
) -> Iterator[Problem]:
    """Yield why a claim filed while its case is open here may not go on record as ours.

    It waits to be filed, or the proceedings that follow from an approval go on; or it puts right
    what was recorded wrong. What was filed before the case opened was not filed from here.
    """
    if suit.told_by or case is None or suit.on < case.opened_on:
        return
    if case.target_stage is Stage.FILING or _rights(suit, recorded):
        return
    if case.target_stage in IN_COURT and _was_approved(case, decisions):
        return
    yield Problem(
        "kind",
        f"a claim filed on {suit.on} was not approved here",
        "Have its dossier approved first; where it was filed elsewhere, say who says so with"
        " `told_by`, and a supervisor looks into it",
        "conflict",
    )


def _was_approved(case: CaseState, decisions: Iterable[PendingDecision]) -> bool:
    known = tuple(
        each
        for each in decisions
        if each.kind == DecisionKind.JUDICIAL_APPROVAL and each.case_id == case.case_id
    )
    return any(is_approved(known, first_id(each.decision_id)) for each in known)


def _rights(suit: Suit, recorded: Recorded) -> bool:
    """Whether it takes the place of the same claim of ours, undone as it was recorded wrong."""
    counting = {each.fact_id for each in recorded.counting()}
    return any(
        isinstance(each.fact, Suit)
        and each.fact_id not in counting
        and (each.fact.on, each.fact.procedure) == (suit.on, suit.procedure)
        and not each.fact.told_by
        for each in recorded.facts
    )

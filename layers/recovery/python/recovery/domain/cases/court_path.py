"""The way of a case to court, and back: what keeps it there, and what renews its dossier."""

from __future__ import annotations

from datetime import date, timedelta

from recovery.domain.agreements.restraints import Block, Restraint, blocks
from recovery.domain.cases.stages import FOR_APPROVAL, IN_COURT, Stage

LOOKS_EVERY_DAYS = 7  # whether what comes before court holds by now: letters arrive, terms end


def on_court_path(
    stage: Stage,
    target: Stage,
    reason: str,
    court: str,
    restraints: tuple[Restraint, ...],
    as_of: date,
) -> tuple[Stage, str]:
    """Return where a case in ``stage`` goes that should go to ``target``.

    ``court`` is "pending" while a claim is with the court, "title" once it was decided for the
    creditor, "" without either. While it is not "", the case is in proceedings, or in enforcement
    once people decided on that, until nothing is overdue any more; after it, friendly ways come
    first again. A dossier that waits for people, or to be filed, goes back to pre-action while
    something bars judicial steps: after it, another one is made and approved.
    """
    if target is Stage.PREVENTION:
        return target, reason
    if court:
        to = stage if stage in IN_COURT else Stage.IN_PROCEEDINGS
        return to, "the proceedings go on" if stage in IN_COURT else "a claim is with the court"
    if stage in IN_COURT:
        return Stage.INTERMEDIATE_RECOVERY, "the proceedings ended; amicable recovery comes first"
    if stage in FOR_APPROVAL and target is Stage.JUDICIAL_RECOVERY:
        bar = blocks(restraints, Block.JUDICIAL, as_of)
        bar = bar or blocks(restraints, Block.ESCALATION, as_of)
        if bar:  # the reason travels far, so it names no kind
            named = bar.fact_id or bar.reason_code
            return Stage.PRE_ACTION, f"judicial steps are held by {named}; the dossier is withdrawn"
    return target, reason


def renews(at: Stage, target: Stage) -> bool:
    """Whether a case that is here already would go to its approval again."""
    return at in FOR_APPROVAL and target is Stage.JUDICIAL_RECOVERY


def next_look(since: date, as_of: date) -> date:
    """Return the next day after ``as_of`` on which a case in pre-action is looked at."""
    weeks = (as_of - since).days // LOOKS_EVERY_DAYS + 1
    return since + timedelta(days=weeks * LOOKS_EVERY_DAYS)

"""The names of the stages of recovery, of how a case ends, and what each state machine knows."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Stage(StrEnum):
    """The stages, lightest first, judicial recovery step by step.

    In ``pre_action`` the last letters are out and their clocks run. In ``judicial_recovery`` the
    dossier waits for people to decide; once they approved it, ``filing`` waits for a person to file
    it. On hold and keep agreement are no stages of their own: a case waits there while a restraint
    that lasts bars what would follow, or a payment plan is in force.
    """

    PREVENTION = "prevention"
    EARLY_MANAGEMENT = "early_management"
    INTERMEDIATE_RECOVERY = "intermediate_recovery"
    PRE_ACTION = "pre_action"
    JUDICIAL_RECOVERY = "judicial_recovery"
    FILING = "filing"
    IN_PROCEEDINGS = "in_proceedings"
    ENFORCEMENT = "enforcement"
    ON_HOLD = "on_hold"
    KEEP_AGREEMENT = "keep_agreement"


class Outcome(StrEnum):
    """How a case ends."""

    CURED = "cured"
    PAID_OFF = "paid_off"
    SETTLED = "settled"
    WRITTEN_OFF = "written_off"


CONTINUE_AS_NEW = "continue_as_new"

IN_COURT = (Stage.IN_PROCEEDINGS, Stage.ENFORCEMENT)
FOR_APPROVAL = (Stage.JUDICIAL_RECOVERY, Stage.FILING)  # what was approved is not filed yet
BEFORE_COURT_ON = (Stage.PRE_ACTION, *FOR_APPROVAL, *IN_COURT)
FILED = (Stage.FILING, *IN_COURT)  # approved by people, and perhaps with the court
WAITING = (Stage.ON_HOLD, Stage.KEEP_AGREEMENT)
CLOSING = (Outcome.SETTLED, Outcome.WRITTEN_OFF)  # after these no new case is opened
DEFINITION = 4  # of the state machine
# Since which definition there is a state for it; in older ones judicial recovery had no dossier.
_SINCE: Mapping[str, int] = {
    Stage.ON_HOLD: 2,
    Stage.KEEP_AGREEMENT: 3,
    Stage.PRE_ACTION: 4,
    Stage.JUDICIAL_RECOVERY: 4,
    Stage.IN_PROCEEDINGS: 4,
    Stage.ENFORCEMENT: 4,
}


def in_words(name: str) -> str:
    """Return a stage or outcome in words: ``early_management`` is "early management"."""
    return name.replace("_", " ")


def lacks(definition: int, to: str) -> bool:
    """Whether an execution of this definition has no state to go to."""
    return definition < _SINCE.get(to, 1)

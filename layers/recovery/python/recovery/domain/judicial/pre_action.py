"""Whether a case in pre-action may go on to approval: by what the procedure needs first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

# Where no rule is known, or none that somebody verified, a person who knows the law may say that
# what comes before court was done. No other stop is a person's to lift.
_FOR_PEOPLE = frozenset({"LAW_UNKNOWN", "RULE_NOT_RELIABLE"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """``waits_for`` are the codes of what is missing, ``stopped_by`` of what forbids the step;
    ``confirmed`` of what a person said was done, with a reference to its proof."""

    procedure: str
    waits_for: tuple[str, ...] = ()
    stopped_by: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    question: str = ""

    @property
    def reason(self) -> str:
        """Say why the case may go on; "" if it may not."""
        if self.waits_for or self.stopped_by or self.question:
            return ""
        said = f", {' and '.join(self.confirmed)} by a person" if self.confirmed else ""
        return f"what comes before {self.procedure} is proven{said}"


def readiness(
    decision: Mapping[str, Any], confirmed: Iterable[str], question: str = ""
) -> Readiness:
    """Weigh the answer to which procedure is open, and what a person confirmed by code.

    ``question`` is one that an approver sent the dossier back with, and nobody answered yet. With
    READY, ``blocking`` has only other routes that are closed.
    """
    said = frozenset(confirmed)
    status, missing = decision["status"], tuple(decision["missing"])
    stops = tuple(decision["blocking"]) if status == "BLOCKED" else ()
    taken = tuple(each for each in missing if each in said)
    lifted = tuple(each for each in stops if each in said & _FOR_PEOPLE)
    return Readiness(
        procedure=decision["procedure"],
        waits_for=tuple(each for each in missing if each not in said),
        stopped_by=tuple(each for each in stops if each not in lifted),
        confirmed=(*taken, *lifted),
        question=question,
    )

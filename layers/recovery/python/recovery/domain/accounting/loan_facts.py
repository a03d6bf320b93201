"""What a review needs of a loan's facts besides its position."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TypedDict

from recovery.domain.accounting.agreed import PlanState
from recovery.domain.accounting.allocation import Owed
from recovery.domain.accounting.history import History
from recovery.domain.accounting.late_charges import Accrued
from recovery.domain.accounting.pauses import Pause
from recovery.domain.accounting.position import paid_off_by_others
from recovery.domain.accounting.refinancing import Carried
from recovery.domain.accounting.said import PromiseState, Written
from recovery.domain.accounting.write_off import Loss

FROM_CORE = "from_core"


class KnownOfBehaviour(TypedDict):
    """What third parties paid off, and how often arrears went into a new schedule."""

    paid_by_others: tuple[int, ...]
    rolled: int


@dataclass(frozen=True, slots=True)
class LoanFacts:
    """Kept with the state, so that a review reads no facts.

    ``has_news``: a fact came since the last review. ``told_minor`` is the total of late charges
    last announced. ``restructured_on`` and ``frozen_days_past_due`` are those of the last
    restructuring; a schedule that only the core changed is none. ``carried`` is what the loan took
    over from those it repaid. ``promises`` and ``plans`` are those that a review still looks at,
    ``answers`` what was decided on disputes and complaints lately and is told in writing.
    ``unbooked_since`` is when the schedule in force was made here, until a core confirms it.
    ``paid_by_others`` are the numbers of the instalments that nobody but third parties paid off.
    """

    has_news: bool = False
    pauses: tuple[Pause, ...] = ()
    loss: Loss | None = None
    accrued: Accrued | None = None
    told_minor: int = 0
    restructured_on: date | None = None
    frozen_days_past_due: int = 0
    carried: Carried | None = None
    promises: tuple[PromiseState, ...] = ()
    answers: tuple[Written, ...] = ()
    plans: tuple[PlanState, ...] = ()
    unbooked_since: date | None = None
    paid_by_others: tuple[int, ...] = ()

    def behaviour(self) -> KnownOfBehaviour:
        """Return what patterns need beside the position."""
        rolled = self.restructured_on is not None and self.frozen_days_past_due > 0
        return KnownOfBehaviour(paid_by_others=self.paid_by_others, rolled=int(rolled))


NO_FACTS = LoanFacts()


def with_history(facts: LoanFacts, history: History, owed: Owed) -> LoanFacts:
    """Return what follows from all facts, for a review to take up."""
    restructurings = [each for each in history.versions if each.kind != FROM_CORE]
    last = max(restructurings, key=lambda each: (each.on, each.version), default=None)
    return replace(
        facts,
        has_news=True,
        pauses=history.pauses,
        loss=owed.loss,
        accrued=owed.accrued,
        restructured_on=last.on if last else None,
        frozen_days_past_due=last.days_past_due if last else 0,
        paid_by_others=tuple(
            sorted(paid_off_by_others(owed.schedule, owed.position, history.payments))
        ),
    )

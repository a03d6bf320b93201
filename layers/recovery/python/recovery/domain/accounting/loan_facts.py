"""What a review needs of a loan's facts besides its position."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from recovery.domain.accounting.acts import Listed
from recovery.domain.accounting.agreed import Forborne, PlanState
from recovery.domain.accounting.allocation import Owed
from recovery.domain.accounting.history import History
from recovery.domain.accounting.late_charges import Accrued
from recovery.domain.accounting.pauses import Pause
from recovery.domain.accounting.position import paid_off_by_others
from recovery.domain.accounting.refinancing import Carried
from recovery.domain.accounting.said import PromiseState, Written
from recovery.domain.accounting.write_off import Loss

FROM_CORE = "from_core"
COLLECTIVE_RELIEF = "collective_relief"
_LEAST_FALLING, _MOST_FALLING = 3, 4
_FALLS_TO_PERCENT = 95  # instalments on a declining balance fall by less, and mean nothing


@dataclass(frozen=True, slots=True)
class Judged:
    """How many promises were kept, and how many were not."""

    kept: int = 0
    missed: int = 0


@dataclass(frozen=True, slots=True)
class PaidOn:
    """What the borrower paid on one day, in minor units."""

    on: date
    minor: int


@dataclass(frozen=True, slots=True)
class LoanFacts:
    """Kept with the state, so that a review reads no facts.

    ``has_news``: a fact came since the last review. ``told_minor`` is the total of late charges
    last announced. ``restructured_on`` and ``frozen_days_past_due`` are those of the last
    restructuring; a schedule that only the core changed is none. ``carried`` is what the loan took
    over from those it repaid. ``promises`` and ``plans`` are those that a review still looks at,
    ``answers`` what was decided on disputes and complaints lately and is told in writing.
    ``forborne`` is the mark of the concessions made.
    ``unbooked_since`` is when the schedule in force was made here, until a core confirms it.
    ``paid_by_others`` are the numbers of the instalments that nobody but third parties paid off.
    ``clocks_on`` is the next day on which the limitation clocks are read, None if nothing is late;
    ``listed`` are its entries in registers of unpaid debts.
    ``promised`` counts what became of the promises that a review looks at no more; ``falling`` are
    the borrower's last payments if each was clearly smaller than the one before, else none.
    ``learns`` is the borrower's mark (see Learning), "" if they said no yes to lessons.
    ``court`` is "pending" while a claim is with the court, "title" from when it is decided for the
    creditor and nobody can appeal that. ``rolls`` counts the restructurings in arrears that say
    something of the borrower, where the last one alone would say something else.
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
    forborne: Forborne | None = None
    paid_by_others: tuple[int, ...] = ()
    clocks_on: date | None = None
    listed: tuple[Listed, ...] = ()
    promised: Judged = Judged()
    falling: tuple[PaidOn, ...] = ()
    learns: str = ""
    court: str = ""
    rolls: int | None = None

    @property
    def rolled(self) -> int:
        """How often arrears went into a new schedule, or into this loan. A collective relief does
        not count: a flood says nothing of whom it hit."""
        rolls = self.frozen_days_past_due > 0 if self.rolls is None else self.rolls
        return rolls + (self.carried is not None and self.carried.is_forborne)


NO_FACTS = LoanFacts()


def with_history(facts: LoanFacts, history: History, owed: Owed) -> LoanFacts:
    """Return what follows from all facts, for a review to take up."""
    restructurings = [each for each in history.versions if each.kind != FROM_CORE]
    last = max(restructurings, key=lambda each: (each.on, each.version), default=None)
    own = (each for each in restructurings if each.kind != COLLECTIVE_RELIEF)
    rolls = sum(each.days_past_due > 0 for each in own)
    by_the_last = last is not None and last.days_past_due > 0
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
        falling=_falling(history),
        rolls=None if rolls == by_the_last else rolls,
    )


def _falling(history: History) -> tuple[PaidOn, ...]:
    """Return the borrower's last payments by day, each clearly smaller than the one before; () if
    fewer than three. What a bank took back was not paid."""
    by_day: Counter[date] = Counter()
    days = {e.payment_id: e.value_date for e in history.payments if e.payer_kind == "borrower"}
    for payment in history.payments:
        if payment.payment_id in days:
            by_day[payment.value_date] += payment.amount_minor
    for chargeback in history.chargebacks:
        if day := days.get(chargeback.payment_id):
            by_day[day] -= chargeback.amount_minor
    run: list[PaidOn] = []
    for day, minor in sorted(by_day.items(), reverse=True):
        if minor <= 0:
            continue
        if len(run) == _MOST_FALLING or (run and 100 * run[-1].minor > _FALLS_TO_PERCENT * minor):
            break
        run.append(PaidOn(day, minor))
    return tuple(reversed(run)) if len(run) >= _LEAST_FALLING else ()

"""Forbearance: the mark of a concession to a borrower in difficulty, its probation, and what came.

The mark begins with the first concession, a payment plan, a settlement or a new schedule, and keeps
the days past due of that day. Probation counts from the last of: the end of the plan, the first
instalment of the new schedule, and the day on which the last instalment that was more than 30 days
late was paid. The mark falls once probation is over and nothing is overdue. Probation is a year at
least (EBA/GL/2026/05; the 30 days are those of the NPE probation, which nobody verified).

A loan is cured on the first day from the concession on from which nothing is overdue. Trouble again
is an instalment more than 30 days late since then; it is reported within 3, 6 and 12 months.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from recovery.domain.accounting.agreed import Agreement, Forborne, Offer, PlanState
from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.history import ScheduleVersion
from recovery.domain.accounting.loan import Instalment
from recovery.domain.accounting.position import Position
from recovery.domain.agreements.core_booking import made_here
from recovery.domain.agreements.payment_plan import PlanStatus, plans_of
from recovery.domain.monitoring.tolerance import NO_TOLERANCE, Tolerance, late_since
from recovery.domain.schedules.due_dates import MONTHLY, step

REDEFAULT_MONTHS = (3, 6, 12)
_LATE_DAYS = 30
_DAY = timedelta(days=1)
_OVER = (PlanStatus.COMPLETED, PlanStatus.ENDED)


@dataclass(frozen=True, slots=True)
class Forbearance:
    """A loan's mark at a date. ``until`` is the first day without it, if all is paid when it falls
    due; None while something is overdue. ``cured_on`` and ``redefaulted_on`` are None before."""

    since: date
    days_past_due: int
    until: date | None
    cured_on: date | None
    redefaulted_on: date | None
    as_of: date

    @property
    def is_marked(self) -> bool:
        return self.until is None or self.as_of < self.until

    def was_watched(self, months: int) -> bool:
        """Whether the loan was cured so many months ago at least."""
        return self.cured_on is not None and step(self.cured_on, MONTHLY, months) <= self.as_of

    def redefaulted_within(self, months: int) -> bool:
        """Whether it was in trouble again so soon after the cure."""
        if self.cured_on is None or self.redefaulted_on is None:
            return False
        return self.redefaulted_on <= step(self.cured_on, MONTHLY, months)


def forborne_of(recorded: Recorded, probation_days: int) -> Forborne | None:
    """Return the mark that follows from the concessions on record; None without any.

    One made after the mark of those before had fallen, if all was paid since, begins a new one.
    """
    mark: Forborne | None = None
    for each in sorted(_concessions(recorded)):
        if mark is None or each.since >= mark.counts_from + probation_days * _DAY:
            mark = each
        else:
            mark = mark._replace(counts_from=max(mark.counts_from, each.counts_from))
    return mark


def forbearance_at(
    forborne: Forborne | None,
    schedule: Sequence[Instalment],
    position: Position,
    probation_days: int,
    as_of: date,
    tolerance: Tolerance = NO_TOLERANCE,
) -> Forbearance | None:
    """Return what became of the mark by ``as_of``; None if there never was one.

    What the tolerance allows to be missing is not late, here as in the days past due.
    """
    if forborne is None or forborne.since > as_of:
        return None
    late = list(_late(schedule, position, as_of, tolerance))
    cured_on = _cured_on(forborne, late)
    badly_late = [paid_on for due_date, paid_on in late if _is_bad(due_date, paid_on or as_of)]
    is_overdue = any(paid_on is None for _, paid_on in late)
    starts = max((forborne.counts_from, *filter(None, badly_late)))
    return Forbearance(
        since=forborne.since,
        days_past_due=forborne.days_past_due,
        until=None if is_overdue else starts + probation_days * _DAY,
        cured_on=cured_on,
        redefaulted_on=_redefaulted_on(cured_on, late, as_of),
        as_of=as_of,
    )


def _concessions(recorded: Recorded) -> Iterator[Forborne]:
    records = recorded.counting()
    offers = {each.fact_id: each.fact for each in records if isinstance(each.fact, Offer)}
    plans = {each.agreement_id: each for each in plans_of(recorded)}
    for each in records:
        fact = each.fact
        if isinstance(fact, Agreement) and (plan := plans.get(each.fact_id)):
            offer = offers.get(fact.offer_id)
            days_past_due = offer.days_past_due if offer else 0
            yield Forborne(fact.on, days_past_due, _ends_on(fact, plan))
    for _, version in made_here(records):
        yield Forborne(version.on, version.days_past_due, _first_due(version))


def _ends_on(agreed: Agreement, plan: PlanState) -> date:
    """Return the day on which a plan was over, or is to be."""
    over = [each.on for each in plan.turns if each.status in _OVER]
    return min(over, default=agreed.payments[-1].due_date)


def _first_due(version: ScheduleVersion) -> date:
    """Return when the new schedule first asks for something: until then nothing is tested."""
    dates = [e.due_date for e in version.instalments if e.due.total and e.due_date > version.on]
    return min(dates, default=version.on)


def _late(
    schedule: Sequence[Instalment], position: Position, as_of: date, tolerance: Tolerance
) -> Iterator[tuple[date, date | None]]:
    """Yield when each instalment was due that was not paid by then, and when it was paid off.

    One that lacks no more than the tolerance counts as paid in time: nobody knows when the rest
    of it came.
    """
    rows = zip(schedule, position.paid, position.paid_off_on, strict=True)
    due = [row for row in rows if row[0].due_date < as_of]
    short = [(e.due_date, e.due.total, e.due.less(p).total) for e, p, _ in due if p != e.due]
    late_from = late_since(short, sum(each.due.principal for each in schedule), tolerance)
    for instalment, paid, paid_off_on in due:
        if paid != instalment.due:
            if late_from and instalment.due_date >= late_from:
                yield instalment.due_date, None
        elif paid_off_on is not None and paid_off_on > instalment.due_date:
            yield instalment.due_date, paid_off_on


def _cured_on(forborne: Forborne, late: Iterable[tuple[date, date | None]]) -> date | None:
    """Return the end of the arrears that overlap the concession and one another."""
    cured_on = forborne.since
    for due_date, paid_on in sorted(late, key=lambda each: each[0]):
        if due_date > cured_on:
            break
        if paid_on is None:
            return None
        cured_on = max(cured_on, paid_on)
    return cured_on


def _redefaulted_on(
    cured_on: date | None, late: Iterable[tuple[date, date | None]], as_of: date
) -> date | None:
    """Return the day on which an instalment due since the cure was late for too long."""
    if cured_on is None:
        return None
    again = [
        due_date
        for due_date, paid_on in late
        if due_date >= cured_on and _is_bad(due_date, paid_on or as_of)
    ]
    return min(again) + (_LATE_DAYS + 1) * _DAY if again else None


def _is_bad(due_date: date, until: date) -> bool:
    return (until - due_date).days > _LATE_DAYS

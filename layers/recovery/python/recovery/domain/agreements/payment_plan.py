"""A payment plan: what is overdue in dated parts, while the schedule stays as it is.

What became of it follows from the ledger alone: from the days on which money counts, never from the
day on which anybody looked. All that is paid since the yes serves the dated payments in order, so
that what is missing of one is missing of the next.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate

from recovery.domain.accounting.agreed import Agreement, AgreementEnd, Part, PlanState, Turn
from recovery.domain.accounting.fact import FactRecord, Recorded
from recovery.domain.accounting.history import ScheduleVersion
from recovery.domain.agreements.policy import PlanPolicy
from recovery.domain.agreements.restraints import Block, Kind, Restraint
from recovery.domain.schedules.spreading import spread_equally

_DAY = timedelta(days=1)
_RESTS = frozenset({Block.REMINDERS, Block.ARREARS, Block.CALLS, Block.ESCALATION, Block.JUDICIAL})
_ONLY_CALLS = frozenset({Block.REMINDERS, Block.ARREARS})
_STAYS_IN_STAGE = frozenset({Block.ESCALATION, Block.JUDICIAL})
_REMEMBERED_DAYS = 60  # a payment that is posted later changes no judgement any more


def plan_parts(
    arrears_minor: int, dates: tuple[date, ...], multiple_minor: int = 1
) -> tuple[Part, ...]:
    """Spread the arrears over these dates: equal parts, the last takes the remainder.

    Parts of nothing are left out, so that the parts are the arrears to the minor unit.
    """
    shares = spread_equally(arrears_minor, len(dates), multiple_minor)
    rows = zip(dates, shares, strict=True)
    return tuple(Part(due_date, share) for due_date, share in rows if share)


class PlanStatus(StrEnum):
    """What the ledger says of a plan. ``late``: a day passed, and money may still come in time."""

    KEPT = "kept"
    LATE = "late"
    BREACHED = "breached"
    CURED = "cured"
    COMPLETED = "completed"
    ENDED = "ended"


IN_FORCE = (PlanStatus.KEPT, PlanStatus.LATE, PlanStatus.CURED)


@dataclass(frozen=True, slots=True)
class _Owed:
    """One dated payment with the day on which it and all before it were paid; date.max: never."""

    due_date: date
    last_value_date: date
    judged_on: date
    paid_on: date

    @property
    def is_missed(self) -> bool:
        return self.paid_on > self.last_value_date


def plan_turns(
    agreed: Agreement, receipts: Iterable[tuple[date, int]], ended_on: date | None = None
) -> tuple[Turn, ...]:
    """Return what the plan is from which day on, if nothing more is paid.

    ``receipts`` are value dates with what came, in minor units; ``ended_on`` is the day on which it
    was called off or another took its place.
    """
    owed = tuple(_owed(agreed, sorted(receipts)))
    days = {agreed.on}
    for each in owed:
        last_cure = each.judged_on + agreed.refit_days * _DAY
        days |= {each.due_date + _DAY, each.judged_on, last_cure + _DAY}
        if each.paid_on < date.max:
            days.add(each.paid_on)
    turns: list[Turn] = []
    for day in sorted(each for each in days if each >= agreed.on):
        if ended_on is not None and day >= ended_on:
            break
        status = _status(agreed, owed, day)
        if not turns or turns[-1].status != status:
            turns.append(Turn(day, status))
    is_over = turns and turns[-1].status == PlanStatus.COMPLETED
    if ended_on is not None and not is_over:
        turns.append(Turn(ended_on, PlanStatus.ENDED))
    return tuple(turns)


def _owed(agreed: Agreement, receipts: Sequence[tuple[date, int]]) -> Iterator[_Owed]:
    days = [day for day, _ in receipts]
    came = list(accumulate(amount_minor for _, amount_minor in receipts))
    needed_minor = 0
    for part in agreed.payments:
        needed_minor += part.amount_minor
        ends_debt = agreed.settles and part is agreed.payments[-1]
        enough_minor = needed_minor - (0 if ends_debt else agreed.tolerance_minor)
        first = bisect_left(came, enough_minor)
        paid_on = days[first] if first < len(days) else date.max
        if enough_minor <= 0:
            paid_on = agreed.on
        yield _Owed(part.due_date, agreed.last_value_date(part), agreed.judged_on(part), paid_on)


def _status(agreed: Agreement, owed: Sequence[_Owed], day: date) -> PlanStatus:
    missed = [each for each in owed if each.is_missed and each.judged_on <= day]
    refit = agreed.refit_days * _DAY
    if any(min(each.paid_on, day) > each.judged_on + refit for each in missed):
        return PlanStatus.BREACHED  # too late to be cured
    if all(each.paid_on <= day for each in owed):
        return PlanStatus.COMPLETED
    if any(each.paid_on > day for each in missed):
        return PlanStatus.BREACHED
    if any(each.due_date < day < each.paid_on for each in owed):
        return PlanStatus.LATE
    was_breached = any(each.paid_on > each.judged_on for each in missed)
    return PlanStatus.CURED if was_breached else PlanStatus.KEPT


def status_at(state: PlanState, as_of: date) -> PlanStatus:
    """Return what the plan is on a day."""
    past = [each for each in state.turns if each.on <= as_of]
    return PlanStatus((past or state.turns)[-1 if past else 0].status)


def agreements_of(recorded: Recorded) -> tuple[tuple[FactRecord, Agreement], ...]:
    """Return the agreements that count, in the order in which they were recorded."""
    return tuple((e, e.fact) for e in recorded.counting() if isinstance(e.fact, Agreement))


def plans_of(recorded: Recorded) -> tuple[PlanState, ...]:
    """Return every payment plan that counts, in the order of the yes, with its turns.

    A plan ends when it is called off, and by a new agreement or schedule: each takes its place.
    """
    records = recorded.counting()
    ended = {e.fact.agreement_id: e.fact.on for e in records if isinstance(e.fact, AgreementEnd)}
    states = []
    for record, agreed in agreements_of(recorded):
        if not agreed.payments:
            continue
        later = [
            each.fact.on
            for each in records
            if isinstance(each.fact, Agreement | ScheduleVersion)
            and (each.recorded_at, each.fact_id) > (record.recorded_at, record.fact_id)
        ]
        ends = [*later, *(on for key, on in ended.items() if key == record.fact_id)]
        turns = plan_turns(agreed, _receipts(record, agreed, recorded), min(ends, default=None))
        states.append(PlanState(record.fact_id, agreed.on, turns, settles=agreed.settles))
    return tuple(states)


def _receipts(
    record: FactRecord, agreed: Agreement, recorded: Recorded
) -> Iterator[tuple[date, int]]:
    """Yield what came since the yes, and what was taken back of it on the day it had come."""
    history = recorded.history()
    back: dict[str, int] = {}
    for each in history.chargebacks:
        back[each.payment_id] = back.get(each.payment_id, 0) + each.amount_minor
    posted = {each.payment.payment_id: each.posted_at for each in recorded.payments}
    for payment in history.payments:
        at = posted.get(payment.payment_id)
        is_before = at is not None and at < record.recorded_at
        if payment.value_date < agreed.on or (payment.value_date == agreed.on and is_before):
            continue
        yield payment.value_date, payment.amount_minor - back.get(payment.payment_id, 0)


def remembered(
    plans: Iterable[PlanState], before: Iterable[PlanState], today: date
) -> tuple[PlanState, ...]:
    """Return those that a review still looks at, without turns of long ago, with what was told."""
    told = {each.agreement_id: each.told for each in before}
    oldest = today - _REMEMBERED_DAYS * _DAY
    kept = []
    for each in plans:
        if each.turns[-1].on < oldest and each.turns[-1].status not in IN_FORCE:
            continue
        first = max((at for at, e in enumerate(each.turns) if e.on <= oldest), default=0)
        told_before = told.get(each.agreement_id, "")
        kept.append(replace(each, turns=each.turns[first:], told=told_before))
    return tuple(kept)


def restraints_by(plans: Iterable[PlanState], policy: PlanPolicy) -> Iterator[Restraint]:
    """Yield what each plan holds back: all that presses while it is kept; after a breach all but a
    person's call for a few days, and the next stage until it cannot be cured any more."""
    for plan in plans:
        spans = [(turn.on, turn.status in IN_FORCE, turn.status) for turn in plan.turns]
        changes = [
            each for at, each in enumerate(spans) if not at or not (each[1] and spans[at - 1][1])
        ]
        ends = [*(on - _DAY for on, *_ in changes[1:]), None]
        for (on, is_in_force, status), until in zip(changes, ends, strict=True):
            if is_in_force:
                yield _restraint(plan, on, until, _RESTS)
            elif status == PlanStatus.BREACHED:
                for days, held_back in (
                    (policy.call_days, _ONLY_CALLS),
                    (policy.refit_days, _STAYS_IN_STAGE),
                ):
                    last = on + (days - 1) * _DAY
                    if days:
                        yield _restraint(plan, on, min(last, until or last), held_back)


def _restraint(
    plan: PlanState, from_on: date, until: date | None, held_back: frozenset[Block]
) -> Restraint:
    names = frozenset(block.value for block in held_back)
    return Restraint(Kind.AGREEMENT, from_on, until, names, "plan", fact_id=plan.agreement_id)


def judged(
    plans: Sequence[PlanState], as_of: date
) -> tuple[tuple[PlanState, ...], tuple[tuple[PlanState, PlanStatus], ...]]:
    """Return the plans with their status at ``as_of`` as told, and those of which it is news.

    Being late is no news, nor is being kept unless a breach turned out to be none.
    """
    after, news = [], []
    for each in plans:
        status = status_at(each, as_of)
        quiet = status is PlanStatus.LATE or (status is PlanStatus.KEPT and not each.told)
        if not quiet and status != each.told:
            each = replace(each, told=status.value)
            news.append((each, status))
        after.append(each)
    return tuple(after), tuple(news)


def next_dates(plans: Iterable[PlanState], policy: PlanPolicy) -> Iterator[date]:
    """Yield the days on which something follows if nothing is paid; some may be past. Nothing
    follows from being late."""
    for plan in plans:
        for turn in plan.turns:
            if turn.status != PlanStatus.LATE:
                yield turn.on
            if turn.status == PlanStatus.BREACHED:
                yield turn.on + policy.call_days * _DAY
                yield turn.on + policy.refit_days * _DAY

"""How each option is tried on a loan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from recovery.domain.accounting.history import ComponentName
from recovery.domain.agreements.capacity import Payments
from recovery.domain.agreements.option_kinds import Kind
from recovery.domain.agreements.option_search import Candidate, Miss, Search, in_order
from recovery.domain.agreements.payment_plan import plan_parts
from recovery.domain.agreements.policy import SettlementTier
from recovery.domain.agreements.present_value import present_value
from recovery.domain.agreements.reage import Reage
from recovery.domain.agreements.reamortise import Reamortise
from recovery.domain.agreements.reschedule import PaymentHoliday, Reschedule
from recovery.domain.schedules.due_dates import due_dates, step

Result = Candidate | Miss
_ALL_PERCENT = 100
_LAST_SAFE_DAY = 28  # every month has it


def find(kind: Kind, search: Search) -> Result:
    """Return the mildest form of an option that fits, or why there is none."""
    if not search.open:
        return Miss(kind=kind, code="not_possible", detail="the loan owes nothing")
    return _WAYS[kind](search)


def _plan(search: Search) -> Result:
    kind = Kind.PLAN
    if not search.overdue_minor:
        return Miss(kind=kind, code="nothing_overdue")
    first = search.first_date()
    if first is None:
        return _nothing_free(kind, search)
    ahead = [(each.due_date, minor) for each, minor in search.open if each in search.ahead]

    def plan(count: int) -> Candidate:
        parts = plan_parts(search.overdue_minor, due_dates(first, search.frequency, count))
        dated = [(each.due_date, each.amount_minor) for each in parts]
        payments = in_order([*ahead, *dated], search.trouble.on)
        return Candidate(kind=kind, payments=payments, parts=parts)

    return search.mildest(kind, 1, search.trouble.policy.most_parts, plan)


def _shift(search: Search) -> Result:
    """Move the due dates: to the day that suits the income, or by whole periods."""
    start = _from(search)
    dates = list(_later_dates(search, start))

    def shifted(index: int) -> Candidate:
        action = Reschedule(from_date=start, new_due_date=dates[index])
        return search.try_action(Kind.SHIFT, action)

    return search.first_fit(Kind.SHIFT, range(len(dates)), shifted)


def _later_dates(search: Search, start: date) -> Iterator[date]:
    base, day = search.next_date, search.trouble.due_day
    for periods in range(search.trouble.policy.most_periods_off + 1):
        moved = step(base, search.frequency, periods)
        if day is not None and search.frequency.unit == "months":
            fitted = moved.replace(day=min(day, _LAST_SAFE_DAY))
            if fitted < moved:
                fitted = step(fitted, search.frequency, 1)
            moved = fitted
        if moved > start:
            yield moved


def _holiday(search: Search) -> Result:
    start = _from(search)
    late = len(search.open) - len(search.ahead)
    most = late + search.trouble.policy.most_periods_off

    def holiday(periods: int) -> Candidate:
        action = PaymentHoliday(from_date=start, instalments=periods)
        return search.try_action(Kind.HOLIDAY, action)

    return search.first_fit(Kind.HOLIDAY, range(max(late, 1), most + 1), holiday)


def _reamortise(search: Search) -> Result:
    return _single(search, Kind.REAMORTISE, Reamortise())


def _capitalise(search: Search) -> Result:
    return _single(search, Kind.CAPITALISE, Reamortise(capitalise=True, interest="recalculate"))


def _single(search: Search, kind: Kind, action: Reamortise) -> Result:
    if not search.overdue_minor:
        return Miss(kind=kind, code="nothing_overdue")
    if not search.ahead:
        return Miss(kind=kind, code="nothing_ahead")
    return search.first_fit(kind, (0,), lambda _: search.try_action(kind, action))


def _reage(search: Search) -> Result:
    """Spread all over as many instalments as are open, without more interest."""
    first = search.first_date()
    if first is None:
        return _nothing_free(Kind.REAGE, search)
    count = max(len(search.open), 1)
    action = Reage(start=first, frequency=search.frequency, instalments=count)
    return search.first_fit(Kind.REAGE, (0,), lambda _: search.try_action(Kind.REAGE, action))


def _lower(search: Search) -> Result:
    """Spread all over more instalments, with the contract's interest for the longer time."""
    first = search.first_date()
    if first is None:
        return _nothing_free(Kind.LOWER_INSTALMENT, search)

    def lower(count: int) -> Candidate:
        action = Reage(
            start=first, frequency=search.frequency, instalments=count, interest="recalculate"
        )
        return search.try_action(Kind.LOWER_INSTALMENT, action)

    count = len(search.open)
    most = count + search.trouble.policy.most_extra_instalments
    return search.mildest(Kind.LOWER_INSTALMENT, count + 1, most, lower)


def _extension(search: Search) -> Result:
    """Keep the schedule's own pattern over more instalments."""

    def extended(extra: int) -> Candidate:
        return search.try_action(Kind.EXTENSION, _extended(search, extra))

    most = search.trouble.policy.most_extra_instalments
    return search.mildest(Kind.EXTENSION, 1, most, extended)


def _extended(search: Search, extra: int, rate_pct: Decimal | None = None) -> Reschedule:
    start = _from(search)
    moved = search.next_date if start < search.trouble.on else None
    return Reschedule(from_date=start, new_due_date=moved, extra_terms=extra, new_rate_pct=rate_pct)


def _rate_cut(search: Search) -> Result:
    kind, now = Kind.RATE_CUT, search.contract.annual_rate_pct
    lower = sorted((e for e in search.trouble.policy.lower_rates_pct if e < now), reverse=True)
    if not lower:
        return Miss(kind=kind, code="no_lower_rate")
    miss: Result = Miss(kind=kind, code="no_lower_rate")
    for rate_pct in lower:

        def cut(extra: int, rate_pct: Decimal = rate_pct) -> Candidate:
            return search.try_action(kind, _extended(search, extra, rate_pct))

        most = search.trouble.policy.most_extra_instalments
        found = search.mildest(kind, 0, most, cut)
        if isinstance(found, Candidate):
            flows = present_value(found.payments, search.trouble.on, search.rate_fraction)
            given_up = max(search.value_minor - round(flows), 0)
            return _within_authority(search, replace(found, let_go_minor=given_up))
        miss = found
    return miss


def _waive_penalties(search: Search) -> Result:
    return _waived(search, Kind.WAIVE_PENALTIES, "penalty")


def _waive_interest(search: Search) -> Result:
    return _waived(search, Kind.WAIVE_INTEREST, "interest")


def _waived(search: Search, kind: Kind, component: ComponentName) -> Result:
    """Waive what is unpaid of a component, and spread the rest."""
    paid = zip(search.ledger.schedule, search.ledger.position.paid, strict=True)
    unpaid = sum(getattr(each.due, component) - getattr(part, component) for each, part in paid)
    if unpaid <= 0:
        return Miss(kind=kind, code="nothing_to_waive")
    if unpaid >= search.outstanding_minor:
        return Miss(kind=kind, code="not_possible", detail="nothing else is owed")
    first = search.first_date()
    if first is None:
        return _nothing_free(kind, search)

    def spread(count: int) -> Candidate:
        action = Reage(start=first, frequency=search.frequency, instalments=count)
        return search.try_action(kind, action, (component,))

    count = len(search.open)
    most = count + search.trouble.policy.most_extra_instalments
    found = search.mildest(kind, count, most, spread)
    return _within_authority(search, found) if isinstance(found, Candidate) else found


def _settlement(search: Search) -> Result:
    """End the debt for less: at once where there is money, the rest in parts that fit."""
    kind, tiers = Kind.SETTLEMENT, search.trouble.policy.tiers
    if not tiers:
        return Miss(kind=kind, code="no_authority")
    lump_minor, on = search.trouble.lump_sum_minor, search.trouble.on
    by = on + timedelta(days=search.trouble.policy.settlement_days)
    for tier in tiers:
        amount_minor = _least(search, tier)
        if lump_minor >= amount_minor:
            paid_minor = min(lump_minor, search.outstanding_minor)
            return _settled(search, ((by, paid_minor),))
    first = search.first_date()
    if first is None:
        return Miss(kind=kind, code="no_lump_sum")
    found: Result = Miss(kind=kind, code="no_lump_sum")
    for tier in tiers:
        rest_minor = _least(search, tier) - lump_minor
        at_once = [(by, lump_minor)] if lump_minor else []

        def in_parts(
            count: int, rest_minor: int = rest_minor, at_once: list[tuple[date, int]] = at_once
        ) -> Candidate:
            dates = due_dates(first, search.frequency, count)
            parts = [(e.due_date, e.amount_minor) for e in plan_parts(rest_minor, dates)]
            # What is paid at once comes from what there is, not from income.
            return Candidate(kind=kind, payments=tuple(parts))

        found = search.mildest(kind, 1, search.trouble.policy.most_parts, in_parts)
        if isinstance(found, Candidate):
            return _settled(search, in_order([*at_once, *found.payments], on))
    return found


def _settled(search: Search, payments: Payments) -> Result:
    paid_minor = sum(amount_minor for _, amount_minor in payments)
    let_go = search.outstanding_minor - paid_minor
    if not let_go:
        detail = "all that is owed can be paid"
        return Miss(kind=Kind.SETTLEMENT, code="not_possible", detail=detail)
    return Candidate(kind=Kind.SETTLEMENT, payments=payments, let_go_minor=let_go)


def _least(search: Search, tier: SettlementTier) -> int:
    """Return the least that this authority may take for all that is owed."""
    keeps = _ALL_PERCENT - tier.most_percent
    return -(-search.outstanding_minor * keeps // _ALL_PERCENT)


def _within_authority(search: Search, candidate: Candidate) -> Result:
    if authority(search, candidate.let_go_minor) is None:
        return Miss(kind=candidate.kind, code="no_authority")
    return candidate


def authority(search: Search, let_go_minor: int) -> SettlementTier | None:
    """Return the first tier that may let so much go; None: nobody may."""
    for tier in search.trouble.policy.tiers:
        if let_go_minor * _ALL_PERCENT <= tier.most_percent * search.outstanding_minor:
            return tier
    return None


def _from(search: Search) -> date:
    """The due date of the oldest open instalment: what is overdue moves too."""
    return search.open[0][0].due_date


def _nothing_free(kind: Kind, search: Search) -> Miss:
    return Miss(
        kind=kind,
        code="above_capacity",
        short=search.short(((search.next_date, search.outstanding_minor),)),
    )


_WAYS: Mapping[Kind, Callable[[Search], Result]] = {
    Kind.PLAN: _plan,
    Kind.SHIFT: _shift,
    Kind.HOLIDAY: _holiday,
    Kind.REAMORTISE: _reamortise,
    Kind.CAPITALISE: _capitalise,
    Kind.REAGE: _reage,
    Kind.EXTENSION: _extension,
    Kind.LOWER_INSTALMENT: _lower,
    Kind.WAIVE_PENALTIES: _waive_penalties,
    Kind.RATE_CUT: _rate_cut,
    Kind.WAIVE_INTEREST: _waive_interest,
    Kind.SETTLEMENT: _settlement,
}

"""Payment patterns that warn of trouble before anything is overdue."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from recovery.domain.accounting.loan import Instalment
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.accounting.position import Position
from recovery.domain.monitoring.early_warning import early_warning
from recovery.domain.monitoring.pattern import Behaviour, Pattern
from recovery.domain.monitoring.patterns import patterns_of
from recovery.domain.monitoring.payment_lines import PaymentLine, payment_lines
from recovery.domain.monitoring.policy import MonitoringPolicy
from recovery.domain.shared.in_words import days_in_words


@dataclass(frozen=True, slots=True)
class RiskSignal:
    """A named pattern with its evidence as text."""

    name: str
    evidence: str


def risk_signals(
    schedule: tuple[Instalment, ...],
    position: Position,
    policy: MonitoringPolicy,
    allocation: AllocationPolicy,
    as_of: date,
    *,
    paid_by_others: Collection[int] = (),
    rolled: int = 0,
) -> tuple[RiskSignal, ...]:
    """Find late or incomplete payments among the last instalments due, oldest first; then what an
    early warning rests on, once it is time for one.

    ``paid_by_others`` and ``rolled`` are as in LoanFacts and Behaviour. Anything within the
    tolerance is complete; partial payment of an instalment due today is not a signal where
    prepayments reduce every instalment.
    """
    risk = policy.risk
    lines = payment_lines(schedule, position, policy.tolerance, paid_by_others=paid_by_others)
    warned = _warned(lines, policy, as_of, rolled)
    if not risk.last_instalments:
        return warned
    due = [
        each
        for each in lines
        if each.due_date <= as_of and not (each.by_others and each.days_late(as_of) <= 0)
    ]
    signals = []
    for line in due[-risk.last_instalments :]:
        where = f"instalment {line.number}, due {line.due_date}"
        if line.paid_off_on is not None:
            days_late = line.days_late(as_of)
            if days_late >= risk.late_from_days:
                evidence = f"{where}, was paid {days_in_words(days_late)} late"
                signals.append(RiskSignal("late payment", evidence))
            continue
        spread = allocation.prepayment == "reduce_instalment" and line.due_date == as_of
        if line.paid_minor and not line.is_complete and not spread:
            signals.append(RiskSignal("incomplete payment", f"{where}, was paid in part"))
    return (*signals, *warned)


def warning_date(
    schedule: tuple[Instalment, ...],
    position: Position,
    policy: MonitoringPolicy,
    as_of: date,
    *,
    paid_by_others: Collection[int] = (),
    rolled: int = 0,
) -> date | None:
    """Return the day of the warning before the next unpaid due date, past or not; None if the
    policy has no treatment for its band, or if an instalment is overdue."""
    lines = payment_lines(schedule, position, policy.tolerance, paid_by_others=paid_by_others)
    coming = _coming(lines, as_of)
    if coming is None or not _weighed(lines, coming, policy, rolled):
        return None
    return coming.due_date - timedelta(days=policy.warning.days_before)


def _warned(
    lines: tuple[PaymentLine, ...], policy: MonitoringPolicy, as_of: date, rolled: int
) -> tuple[RiskSignal, ...]:
    """Return the patterns behind a warning from its day until the due date; empty without one."""
    coming = _coming(lines, as_of)
    if coming is None or as_of < coming.due_date - timedelta(days=policy.warning.days_before):
        return ()
    found = _weighed(lines, coming, policy, rolled)
    return tuple(
        RiskSignal(each.kind.replace("_", " "), _said(each, coming.due_date)) for each in found
    )


def _weighed(
    lines: tuple[PaymentLine, ...], coming: PaymentLine, policy: MonitoringPolicy, rolled: int
) -> tuple[Pattern, ...]:
    """Return the patterns that weigh most as they are on the day of the warning, whichever day it
    is today: the days until the due date change nothing. Empty if the band has no treatment."""
    if not policy.warning.treated:
        return ()
    on = coming.due_date - timedelta(days=policy.warning.days_before)
    found = patterns_of(Behaviour(as_of=on, lines=lines, rolled=rolled), policy.patterns)
    warning = early_warning(found, policy.warning, on)
    if warning.band not in policy.warning.treated:
        return ()
    return tuple(each for kind in warning.because for each in found if each.kind == kind)


def _coming(lines: tuple[PaymentLine, ...], as_of: date) -> PaymentLine | None:
    """Return the first instalment that is not complete; None if it is overdue, or all are."""
    open_line = next((each for each in lines if not each.is_complete), None)
    return open_line if open_line and open_line.due_date >= as_of else None


def _said(pattern: Pattern, due_date: date) -> str:
    numbers = ", ".join(str(each.number) for each in pattern.evidence)
    shown = f"instalments {numbers}; " if numbers else ""
    return f"{shown}{pattern.count} of {pattern.looked_at}, before the due date {due_date}"

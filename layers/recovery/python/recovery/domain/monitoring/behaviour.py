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
    warning = warned(
        schedule, position, policy, as_of, paid_by_others=paid_by_others, rolled=rolled
    )
    warns = warning.signals if warning and warning.on <= as_of else ()
    if not risk.last_instalments:
        return warns
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
    return (*signals, *warns)


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning that the instalment due on ``due_date`` may come late, given from ``on`` until
    then, with the patterns that weigh most."""

    on: date
    due_date: date
    signals: tuple[RiskSignal, ...]


def warned(
    schedule: tuple[Instalment, ...],
    position: Position,
    policy: MonitoringPolicy,
    as_of: date,
    *,
    paid_by_others: Collection[int] = (),
    rolled: int = 0,
) -> Warned | None:
    """Return the warning before the next unpaid due date, which may be one for a later day; None if
    the policy has no treatment for its band, or if an instalment is overdue.

    Patterns are taken as they are on the day of the warning, whichever day it is today: until the
    due date, time alone changes nothing.
    """
    if not policy.warning.treated:
        return None
    lines = payment_lines(schedule, position, policy.tolerance, paid_by_others=paid_by_others)
    coming = _coming(lines, as_of)
    if coming is None:
        return None
    on = coming.due_date - timedelta(days=policy.warning.days_before)
    found = patterns_of(Behaviour(as_of=on, lines=lines, rolled=rolled), policy.patterns)
    warning = early_warning(found, policy.warning, on)
    if warning.band not in policy.warning.treated:
        return None
    by_kind = {each.kind: each for each in found}
    signals = tuple(
        RiskSignal(kind.replace("_", " "), _said(by_kind[kind], coming.due_date))
        for kind in warning.because
    )
    return Warned(on, coming.due_date, signals)


def _coming(lines: tuple[PaymentLine, ...], as_of: date) -> PaymentLine | None:
    """Return the first instalment that is not complete; None if it is overdue, or all are."""
    open_line = next((each for each in lines if not each.is_complete), None)
    return open_line if open_line and open_line.due_date >= as_of else None


def _said(pattern: Pattern, due_date: date) -> str:
    numbers = ", ".join(str(each.number) for each in pattern.evidence)
    shown = f"instalments {numbers}; " if numbers else ""
    return f"{shown}{pattern.count} of {pattern.looked_at}, before the due date {due_date}"

"""Payment patterns that warn of trouble before anything is overdue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from recovery.domain.accounting.loan import Instalment
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.accounting.position import Position
from recovery.domain.monitoring.payment_lines import payment_lines
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
) -> tuple[RiskSignal, ...]:
    """Find late or incomplete payments among the last instalments due, oldest first.

    Anything within the tolerance is complete; partial payment of an instalment due today is not a
    signal where prepayments reduce every instalment.
    """
    risk = policy.risk
    if not risk.last_instalments:
        return ()
    due = [
        each
        for each in payment_lines(schedule, position, policy.tolerance)
        if each.due_date <= as_of
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
    return tuple(signals)

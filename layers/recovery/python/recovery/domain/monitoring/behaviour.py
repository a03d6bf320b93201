"""Payment patterns that warn of trouble before anything is overdue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from recovery.domain.accounting.loan import Instalment
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.accounting.position import Position
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
    principal_minor = sum(instalment.due.principal for instalment in schedule)
    indices = [index for index, instalment in enumerate(schedule) if instalment.due_date <= as_of]
    signals = []
    for index in indices[max(0, len(indices) - risk.last_instalments) :]:
        number, due_date, due = schedule[index]
        paid_off_on = position.paid_off_on[index]
        if paid_off_on is not None:
            days_late = (paid_off_on - due_date).days
            if days_late >= risk.late_from_days:
                evidence = (
                    f"instalment {number}, due {due_date}, was paid {days_in_words(days_late)} late"
                )
                signals.append(RiskSignal("late payment", evidence))
            continue
        paid_minor = position.paid[index].total
        tolerated_minor = policy.tolerance.allows_minor(due.total, principal_minor)
        spread = allocation.prepayment == "reduce_instalment" and due_date == as_of
        if paid_minor and due.total - paid_minor > tolerated_minor and not spread:
            evidence = f"instalment {number}, due {due_date}, was paid in part"
            signals.append(RiskSignal("incomplete payment", evidence))
    return tuple(signals)

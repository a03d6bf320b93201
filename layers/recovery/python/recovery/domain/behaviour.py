"""Patterns in how a loan is paid that tell of trouble before anything is overdue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from recovery.domain.loan import Instalment
from recovery.domain.policy import RiskPolicy
from recovery.domain.position import Position


@dataclass(frozen=True, slots=True)
class RiskSignal:
    """A named pattern with its evidence in words."""

    name: str
    evidence: str


def risk_signals(
    schedule: tuple[Instalment, ...], position: Position, policy: RiskPolicy, as_of: date
) -> tuple[RiskSignal, ...]:
    """A late or incomplete payment among the last instalments due, oldest first."""
    due = [index for index, instalment in enumerate(schedule) if instalment.due_date <= as_of]
    signals = []
    for index in due[max(0, len(due) - policy.last_instalments) :]:
        number, due_date, _ = schedule[index]
        paid_off_on = position.paid_off_on[index]
        if paid_off_on is not None:
            days_late = (paid_off_on - due_date).days
            if days_late >= policy.late_from_days:
                evidence = f"instalment {number}, due {due_date}, was paid {days_late} days late"
                signals.append(RiskSignal("late payment", evidence))
        elif position.paid[index].total:
            evidence = f"instalment {number}, due {due_date}, was paid in part"
            signals.append(RiskSignal("incomplete payment", evidence))
    return tuple(signals)

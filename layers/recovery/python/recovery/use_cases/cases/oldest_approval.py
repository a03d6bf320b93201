"""How long the oldest case has waited for people to approve judicial recovery."""

from __future__ import annotations

from datetime import date

from recovery.domain.cases.stages import Stage
from recovery.ports.needs import HasCases


def oldest_approval_days(as_of: date, ports: HasCases) -> int:
    """Return how many days the oldest has waited to be approved or declined; 0 if none does.

    The stage itself is the question: under one approval no other is on record until it is answered.
    """
    oldest = next(ports.cases.open_cases(Stage.JUDICIAL_RECOVERY), None)
    return (as_of - oldest.entered.on).days if oldest and oldest.entered else 0

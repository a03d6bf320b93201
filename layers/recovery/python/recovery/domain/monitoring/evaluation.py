"""Evaluate a loan at a date: its standing and the ledger behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from recovery.domain.accounting.history import History, ScheduleVersion
from recovery.domain.accounting.late_charges import ChargeRules, LateCharge
from recovery.domain.accounting.ledger import Ledger, PolicyOn, build_ledger
from recovery.domain.accounting.loan import Instalment
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.monitoring.ageing import AgedInstalment, aged_instalments
from recovery.domain.monitoring.delinquency import Standing, standing_at
from recovery.domain.monitoring.policy import MonitoringPolicy
from recovery.domain.shared.business_calendar import DayCounter, calendar_days


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationRules:
    """Rules for an evaluation.

    ``days_between`` counts days past due and paused days: calendar or business days.
    """

    allocation: PolicyOn = field(default_factory=AllocationPolicy)
    monitoring: MonitoringPolicy = field(default_factory=MonitoringPolicy)
    late_charges: ChargeRules | tuple[LateCharge, ...] = ()
    days_between: DayCounter = calendar_days


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A standing and its ledger; ``restructured`` is the version in force, if any."""

    standing: Standing
    ledger: Ledger
    instalments: tuple[AgedInstalment, ...]
    restructured: ScheduleVersion | None


def evaluate(
    schedule: tuple[Instalment, ...], history: History, rules: EvaluationRules, as_of: date
) -> Evaluation:
    """Evaluate the loan at ``as_of``, using only facts dated up to then.

    ``schedule`` is the first version; restructurings are facts in the history.
    """
    ledger = build_ledger(schedule, history, rules.allocation, rules.late_charges, as_of)
    how = rules.monitoring, as_of, history.pauses, rules.days_between
    standing = standing_at(ledger.schedule, ledger.position, *how)
    instalments = aged_instalments(
        ledger, standing, rules.monitoring, history.pauses, rules.days_between
    )
    versions = [each for each in history.versions if each.on <= as_of]
    return Evaluation(
        standing, ledger, instalments, max(versions, key=lambda v: (v.on, v.version), default=None)
    )

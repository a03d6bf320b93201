"""One question, one answer: what is owed on a loan at a date, since when, by which instalment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from recovery.domain.accounting.history import History, ScheduleVersion
from recovery.domain.accounting.late_charges import LateCharge
from recovery.domain.accounting.ledger import Ledger, build_ledger
from recovery.domain.accounting.loan import Instalment
from recovery.domain.monitoring.ageing import AgedInstalment, aged_instalments
from recovery.domain.monitoring.delinquency import DayCounter, Standing, calendar_days, standing_at
from recovery.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The standing with the ledger behind it; ``restructured`` is the version in force, if any."""

    standing: Standing
    ledger: Ledger
    instalments: tuple[AgedInstalment, ...]
    restructured: ScheduleVersion | None


def evaluate(
    schedule: tuple[Instalment, ...],
    history: History,
    policy: Policy,
    as_of: date,
    *,
    late_charges: tuple[LateCharge, ...] = (),
    days_between: DayCounter = calendar_days,
) -> Evaluation:
    """The evaluation at ``as_of`` from the facts up to that date, and from nothing else.

    ``schedule`` is the first version; restructurings are facts of the history. ``days_between``
    counts days past due and paused days: calendar days, or business days of a calendar.
    """
    ledger = build_ledger(schedule, history, policy.allocation, late_charges, as_of)
    standing = standing_at(
        ledger.schedule, ledger.position, policy, as_of, history.pauses, days_between
    )
    instalments = aged_instalments(ledger, standing, policy, history.pauses, days_between)
    versions = [each for each in history.versions if each.on <= as_of]
    return Evaluation(
        standing, ledger, instalments, max(versions, key=lambda v: (v.on, v.version), default=None)
    )

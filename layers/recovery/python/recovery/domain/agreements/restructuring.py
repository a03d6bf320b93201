"""Restructuring: a new schedule version for a borrower who cannot keep to the old one.

An action turns the day's ledger into new instalments. Payments stay where they were allocated; what
was unpaid is spread again. Penalties, fees or interest may be waived in the same step, even while
overdue, which is when a borrower needs it. The old version stays in the history, and days past due
are frozen beside the new one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from recovery.domain.accounting.history import ComponentName, History, ScheduleVersion, Waiver
from recovery.domain.accounting.ledger import Ledger, build_ledger
from recovery.domain.accounting.loan import Instalment, sum_components
from recovery.domain.agreements.present_value import PresentValueChange, present_value_change
from recovery.domain.agreements.reage import Reage, reaged
from recovery.domain.agreements.reamortise import Reamortise, reamortised
from recovery.domain.agreements.relief_schedule import CollectiveRelief, relieved
from recovery.domain.agreements.reschedule import (
    PaymentHoliday,
    Reschedule,
    on_holiday,
    rescheduled,
)
from recovery.domain.monitoring.evaluation import Evaluation, EvaluationRules, evaluate
from recovery.domain.schedules.contract import Contract, LoanAccount, contract_in_force
from recovery.domain.shared.errors import Problem, RefusedError

Action = CollectiveRelief | PaymentHoliday | Reage | Reamortise | Reschedule


@dataclass(frozen=True, slots=True)
class Restructuring:
    """A new version and its effect: the evaluations on its day without and with it."""

    version: ScheduleVersion
    before: Evaluation
    after: Evaluation
    present_value: PresentValueChange


def restructure(
    account: LoanAccount,
    action: Action,
    on: date,
    rules: EvaluationRules,
    *,
    waive: tuple[ComponentName, ...] = (),
    discount_rate_pct: Decimal | None = None,
) -> Restructuring:
    """Restructure a loan at the end of ``on``. Raises RefusedError if that makes no sense.

    ``waive`` names components whose unpaid amounts are waived first.
    """
    schedule, history = account.schedule, account.history
    before = evaluate(schedule, history, rules, on)
    contract_now = contract_in_force(account.contract, history.versions)
    _refuse(waive, action, contract_now, history, on)
    ledger = eased_ledger(account, rules, on, waive)
    version = ScheduleVersion(
        version=max((each.version for each in history.versions), default=1) + 1,
        on=on,
        kind=action.kind,
        instalments=new_instalments(ledger, contract_now, action, on),
        days_past_due=before.standing.days_past_due,
        due_before=sum_components(each.due for each in before.ledger.schedule),
        waived=ledger.waived.less(before.ledger.waived),
        annual_rate_pct=action.new_rate_pct if isinstance(action, Reschedule) else None,
    )
    restructured = replace(history, versions=(*history.versions, version))
    after = evaluate(schedule, restructured, rules, on)
    return Restructuring(
        version,
        before,
        after,
        present_value_change(
            schedule, account.contract, before.ledger, after.ledger, on, discount_rate_pct
        ),
    )


def _refuse(
    waive: tuple[ComponentName, ...], action: Action, contract: Contract, history: History, on: date
) -> None:
    if waive and any(each.on == on for each in history.versions):
        raise RefusedError(
            Problem(
                "action.waive",
                f"comes too late: the loan was already restructured on {on}",
                "Waive on a later day, or in that restructuring",
            ),
        )
    if "interest" in waive and action.interest == "recalculate" and contract.annual_rate_pct:
        raise RefusedError(
            Problem(
                "action.waive",
                "would waive interest that is then recalculated",
                'Use interest "keep", or do not waive interest',
            ),
        )


def eased_ledger(
    account: LoanAccount, rules: EvaluationRules, on: date, waive: tuple[ComponentName, ...]
) -> Ledger:
    """Return the ledger at the end of ``on``, once what is unpaid of these components is waived."""
    waivers = tuple(Waiver(on, component) for component in waive)
    eased = replace(account.history, waivers=account.history.waivers + waivers)
    return build_ledger(account.schedule, eased, rules.allocation, rules.late_charges, on)


def new_instalments(
    ledger: Ledger, contract: Contract, action: Action, on: date
) -> tuple[Instalment, ...]:
    """Return the instalments that an action makes of this ledger. Raises RefusedError."""
    match action:
        case Reage():
            return reaged(ledger, contract, action, on)
        case Reamortise():
            return reamortised(ledger, contract, action, on)
        case Reschedule():
            return rescheduled(ledger, contract, action, on)
        case CollectiveRelief():
            return relieved(ledger, contract, action, on)
        case PaymentHoliday():
            return on_holiday(ledger, contract, action, on)

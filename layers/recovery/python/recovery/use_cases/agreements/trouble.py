"""A loan whose borrower cannot pay as agreed, as options are searched on it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple, Protocol

from recovery.domain.accounting.fact import Recorded
from recovery.domain.agreements.assessment_record import CapacityInForce
from recovery.domain.agreements.household import month_by_month
from recovery.domain.agreements.option_kinds import Difficulty
from recovery.domain.agreements.option_search import Trouble
from recovery.domain.monitoring.evaluation import EvaluationRules, evaluate
from recovery.domain.schedules.contract import LoanAccount, contract_of
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.ports.accounting import StoredLoan
from recovery.ports.needs import HasPeople
from recovery.use_cases.agreements.own_books import OwnBookPorts, own_books
from recovery.use_cases.shared.rules import Rules


class Wanted(NamedTuple):
    """Why help is looked for, and what suits the borrower."""

    difficulty: Difficulty
    lump_sum_minor: int = 0
    due_day: int | None = None
    starts_on: date | None = None


class TroublePorts(OwnBookPorts, HasPeople, Protocol):
    """Where the person's capacity and other loans are."""


def trouble_of(
    stored: StoredLoan,
    recorded: Recorded,
    rules: Rules,
    in_force: CapacityInForce,
    wanted: Wanted,
    ports: TroublePorts,
) -> Trouble:
    """Return the loan at the business date with the capacity that it is measured by."""
    loan = stored.loan
    others = own_books(loan.borrower_id, loan.currency, rules, ports, without=[loan.loan_id])
    return Trouble(
        account=_account(stored, recorded),
        rules=_evaluation(stored, rules),
        on=rules.as_of,
        reason=wanted.difficulty,
        capacity=in_force.capacity,
        policy=rules.policy.agreements.options,
        own=month_by_month(each.by_month for each in others.loans),
        due_day=wanted.due_day or in_force.due_day,
        lump_sum_minor=wanted.lump_sum_minor,
        starts_on=wanted.starts_on,
    )


def capacity_of(stored: StoredLoan, rules: Rules, ports: HasPeople) -> CapacityInForce:
    """Return the borrower's capacity that is in force. Raises RefusedError without one."""
    loan, today = stored.loan, rules.as_of
    known = ports.people.capacity(loan.borrower_id)
    if known and known.holds(today) and known.capacity.currency == loan.currency:
        return known
    reason = f"of person {loan.borrower_id} is not known on {today}"
    remedy = "Assess the household first: POST /persons/{person_id}/assessments, `recovery assess`"
    raise RefusedError(Problem("capacity", reason, remedy, "missing"))


def owed_on(stored: StoredLoan, recorded: Recorded, rules: Rules, on: date) -> tuple[int, int]:
    """Return what is overdue on a day, and all that is owed, as options are searched on it."""
    unpaid = unpaid_on(stored, recorded, rules, on)
    overdue_minor = sum(minor for due_date, minor in unpaid if due_date < on)
    return overdue_minor, sum(minor for _, minor in unpaid)


def unpaid_on(
    stored: StoredLoan, recorded: Recorded, rules: Rules, on: date
) -> list[tuple[date, int]]:
    """Return what each instalment still owes on a day, with its due date."""
    account = _account(stored, recorded)
    ledger = evaluate(account.schedule, account.history, _evaluation(stored, rules), on).ledger
    rows = zip(ledger.schedule, ledger.position.paid, strict=True)
    return [(each.due_date, each.due.total - paid.total) for each, paid in rows]


def _account(stored: StoredLoan, recorded: Recorded) -> LoanAccount:
    loan = stored.loan
    rate_pct = loan.annual_rate_pct or Decimal(0)
    contract = contract_of(loan.schedule_agreed, rate_pct, loan.disbursed_on)
    return LoanAccount(loan.currency, loan.schedule_agreed, recorded.history(), contract)


def _evaluation(stored: StoredLoan, rules: Rules) -> EvaluationRules:
    return EvaluationRules(
        allocation=rules.allocation,
        monitoring=rules.policy.monitoring,
        late_charges=rules.charges(stored.loan, stored.state),
    )

"""Work out a new schedule against the loan as it is."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from recovery.domain.accounting.fact import Recorded, RecordedFact
from recovery.domain.accounting.history import ScheduleVersion
from recovery.domain.accounting.loan import sum_components
from recovery.domain.accounting.loan_facts import FROM_CORE
from recovery.domain.agreements.fact_request import CoreSchedule, Restructure
from recovery.domain.agreements.restructuring import restructure
from recovery.domain.monitoring.evaluation import EvaluationRules
from recovery.domain.schedules.contract import LoanAccount, contract_of
from recovery.ports.accounting import StoredLoan
from recovery.use_cases.shared.rules import Rules


def worked_out(
    fact: RecordedFact | Restructure | CoreSchedule,
    stored: StoredLoan,
    recorded: Recorded,
    rules: Rules,
) -> RecordedFact:
    """Return the fact as it goes on record: a new schedule follows from the loan as it is."""
    loan, history = stored.loan, recorded.history()
    number = max((each.version for each in _all_versions(recorded)), default=1) + 1
    if isinstance(fact, Restructure):
        rate_pct = loan.annual_rate_pct or Decimal(0)
        contract = contract_of(loan.schedule_agreed, rate_pct, loan.disbursed_on)
        account = LoanAccount(loan.currency, loan.schedule_agreed, history, contract)
        evaluation = EvaluationRules(
            allocation=rules.allocation,
            monitoring=rules.policy.monitoring,
            late_charges=rules.charges(loan, stored.state),
        )
        done = restructure(account, fact.action, fact.on, evaluation, waive=fact.waive)
        return replace(done.version, version=number)
    if isinstance(fact, CoreSchedule):
        last = max(history.versions, key=lambda each: (each.on, each.version), default=None)
        agreed = last.instalments if last else loan.schedule_agreed
        standing = stored.state.standing
        return ScheduleVersion(
            version=number,
            on=fact.on,
            kind=FROM_CORE,
            instalments=fact.instalments,
            days_past_due=standing.days_past_due if standing else 0,
            # The core knows nothing of what was charged or waived here: that is carried over.
            due_before=sum_components(each.due for each in agreed),
            annual_rate_pct=fact.annual_rate_pct,
        )
    return fact


def _all_versions(recorded: Recorded) -> list[ScheduleVersion]:
    return [each.fact for each in recorded.facts if isinstance(each.fact, ScheduleVersion)]

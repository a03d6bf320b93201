"""Read a question's policy, completed from the default policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from recovery.documents.questions.loan_question import (
    BucketBody,
    HolidaysBody,
    LateChargeBody,
    PolicyBody,
)
from recovery.documents.questions.terms_reading import read_calendar
from recovery.documents.shared.problems import ProblemList
from recovery.domain.accounting.late_charges import LateCharge, late_charge_problems
from recovery.domain.accounting.policy import (
    AccountingPolicy,
    AllocationPolicy,
    accounting_problems,
)
from recovery.domain.monitoring.buckets import Bucket, bucket_problems
from recovery.domain.monitoring.evaluation import EvaluationRules
from recovery.domain.monitoring.policy import Contagion, MonitoringPolicy
from recovery.domain.monitoring.tolerance import Tolerance, tolerance_problems
from recovery.domain.shared.business_calendar import DayCounter, calendar_days
from recovery.domain.shared.errors import RefusedError


@dataclass(frozen=True, slots=True)
class QuestionPolicy:
    """The rules for evaluating a question's loans."""

    rules: EvaluationRules
    contagion: Contagion | None


def read_policy_body(
    body: PolicyBody | None, currency: str, first_year: int, as_of: date
) -> QuestionPolicy:
    """Read the policy for loans first due in ``first_year`` or later.

    Raises InvalidDocumentError.
    """
    body = body or PolicyBody()
    problems = ProblemList(currency)
    allocation = AllocationPolicy(
        by=body.allocation.by,
        order=tuple(body.allocation.order),
        prepayment=body.allocation.prepayment,
    )
    buckets = MonitoringPolicy().buckets if body.buckets is None else _buckets(body.buckets)
    tolerance = _tolerance(body, problems)
    late_charges = tuple(
        _late_charge(row, problems, f"policy.late_charges.{index}")
        for index, row in enumerate(body.late_charges)
    )
    for problem in (
        *accounting_problems(AccountingPolicy(allocation=allocation)),
        *bucket_problems(buckets),
        *tolerance_problems(tolerance),
        *late_charge_problems(late_charges),
    ):
        # Only the domain has minor units.
        field = problem.field.removesuffix("_minor")
        reason = problem.reason.replace("amount_minor", "amount")
        problems.add(f"policy.{field}", reason, problem.remedy, problem.code)
    days_between = _day_counter(body.business_days, first_year, as_of, problems)
    problems.raise_if_any()
    contagion = None
    if asked := body.contagion:
        contagion = Contagion(from_days=asked.from_days, over_percent=asked.over_percent)
    rules = EvaluationRules(
        allocation=allocation,
        monitoring=MonitoringPolicy(
            grace_days=body.grace_days, tolerance=tolerance, buckets=buckets
        ),
        late_charges=late_charges,
        days_between=days_between,
    )
    return QuestionPolicy(rules, contagion)


def _buckets(bodies: list[BucketBody]) -> tuple[Bucket, ...]:
    return tuple(
        Bucket(name=each.name, min_days=each.min_days, max_days=each.max_days) for each in bodies
    )


def _late_charge(row: LateChargeBody, problems: ProblemList, path: str) -> LateCharge:
    return LateCharge(
        component=row.component,
        per=row.per,
        amount_minor=problems.amount_minor(row.amount, f"{path}.amount"),
        percent=row.percent,
        of=tuple(row.of),
        from_days=row.from_days,
        cap_minor=None if row.cap is None else problems.amount_minor(row.cap, f"{path}.cap"),
        cap_percent=row.cap_percent,
    )


def _tolerance(body: PolicyBody, problems: ProblemList) -> Tolerance:
    if body.tolerance is None:
        return Tolerance()
    return Tolerance(
        amount_minor=problems.amount_minor(body.tolerance.amount, "policy.tolerance.amount"),
        percent_of_instalment=body.tolerance.percent_of_instalment,
        percent_of_principal=body.tolerance.percent_of_principal,
    )


def _day_counter(
    body: HolidaysBody | None, first_year: int, as_of: date, problems: ProblemList
) -> DayCounter:
    try:
        calendar = read_calendar(body, first_year, as_of.year)
    except RefusedError as error:
        problems.problems += (each.within("policy.business_days") for each in error.problems)
        calendar = None
    return calendar.business_days_between if calendar else calendar_days

"""The policy of a question asked by hand, completed from the default policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from recovery.documents.questions.loan_question import HolidaysBody, LateChargeBody, PolicyBody
from recovery.documents.questions.terms_reading import read_calendar
from recovery.documents.shared.mistakes import Mistakes
from recovery.domain.accounting.late_charges import LateCharge, late_charge_problems
from recovery.domain.accounting.loan import Components
from recovery.domain.monitoring.buckets import Bucket, bucket_problems
from recovery.domain.monitoring.contagion import Contagion
from recovery.domain.monitoring.delinquency import DayCounter, calendar_days
from recovery.domain.monitoring.tolerance import Tolerance, tolerance_problems
from recovery.domain.policy import DEFAULT_POLICY, AllocationPolicy, Policy
from recovery.domain.shared.errors import RefusedError


@dataclass(frozen=True, slots=True)
class EvaluationPolicy:
    """By which a loan is evaluated when a question is asked by hand."""

    policy: Policy
    late_charges: tuple[LateCharge, ...]
    days_between: DayCounter
    contagion: Contagion | None


def read_policy_body(
    body: PolicyBody | None, currency: str, first_year: int, as_of: date
) -> EvaluationPolicy:
    """The policy of a question about loans that were first due in ``first_year`` or later.

    Raises InvalidDocumentError.
    """
    body = body or PolicyBody()
    mistakes = Mistakes(currency)
    policy = Policy(
        allocation=AllocationPolicy(
            by=body.allocation.by,
            order=tuple(body.allocation.order),
            prepayment=body.allocation.prepayment,
        ),
        grace_days=body.grace_days,
        tolerance=_tolerance(body, mistakes),
        buckets=_buckets(body),
    )
    rules = tuple(
        _late_charge(row, mistakes, f"policy.late_charges.{index}")
        for index, row in enumerate(body.late_charges)
    )
    if sorted(policy.allocation.order) != sorted(Components._fields):
        reason = "does not name each of penalty, fee, interest and principal once"
        mistakes.wrong("policy.allocation.order", reason, "Name each of the four once")
    for field, reason in (
        *bucket_problems(policy.buckets),
        *tolerance_problems(policy.tolerance),
        *late_charge_problems(rules),
    ):
        # Amounts are minor units in the domain only.
        field, reason = field.removesuffix("_minor"), reason.replace("amount_minor", "amount")
        mistakes.wrong(f"policy.{field}", reason, "Change it, or leave it out for the default")
    days_between = _day_counter(body.business_days, first_year, as_of, mistakes)
    mistakes.finish()
    contagion = None
    if asked := body.contagion:
        contagion = Contagion(from_days=asked.from_days, over_percent=asked.over_percent)
    return EvaluationPolicy(policy, rules, days_between, contagion)


def _buckets(body: PolicyBody) -> tuple[Bucket, ...]:
    if body.buckets is None:
        return DEFAULT_POLICY.buckets
    return tuple(
        Bucket(name=each.name, min_days=each.min_days, max_days=each.max_days)
        for each in body.buckets
    )


def _late_charge(row: LateChargeBody, mistakes: Mistakes, at: str) -> LateCharge:
    return LateCharge(
        component=row.component,
        per=row.per,
        amount_minor=mistakes.amount(row.amount, f"{at}.amount"),
        percent=row.percent,
        of=tuple(row.of),
        from_days=row.from_days,
        cap_minor=None if row.cap is None else mistakes.amount(row.cap, f"{at}.cap"),
        cap_percent=row.cap_percent,
    )


def _tolerance(body: PolicyBody, mistakes: Mistakes) -> Tolerance:
    if body.tolerance is None:
        return Tolerance()
    return Tolerance(
        amount_minor=mistakes.amount(body.tolerance.amount, "policy.tolerance.amount"),
        percent_of_instalment=body.tolerance.percent_of_instalment,
        percent_of_principal=body.tolerance.percent_of_principal,
    )


def _day_counter(
    body: HolidaysBody | None, first_year: int, as_of: date, mistakes: Mistakes
) -> DayCounter:
    try:
        calendar = read_calendar(body, first_year, as_of.year)
    except RefusedError as error:
        mistakes.wrong(f"policy.business_days.{error.field}", error.reason, error.remedy)
        calendar = None
    return calendar.business_days_between if calendar else calendar_days

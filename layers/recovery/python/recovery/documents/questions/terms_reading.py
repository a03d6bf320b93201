"""Read a question's terms and build the schedule from them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from recovery.documents.questions.loan_question import HolidaysBody, LoanBody, TermsBody
from recovery.documents.shared.holiday_calendar import business_calendar
from recovery.documents.shared.problems import ProblemList
from recovery.domain.accounting.loan import Instalment
from recovery.domain.schedules.building import build_schedule
from recovery.domain.schedules.due_dates import Frequency
from recovery.domain.schedules.terms import Terms
from recovery.domain.shared.business_calendar import EVERY_DAY, WEEKDAYS, BusinessCalendar
from recovery.domain.shared.errors import RefusedError

_LAST_YEAR = 2100  # of any date in a document
# Question fields of domain fields that are not in the terms under the same name.
_FIELDS = {
    "annual_rate_pct": "annual_rate_pct",
    "multiple_minor": "terms.multiple_of",
    "frequency.every": "terms.every",
    **{
        name: f"terms.business_days.{name}"
        for name in ("country", "subdivision", "weekend", "holidays")
    },
}


def read_terms(
    body: LoanBody, principal_minor: int, rate_pct: Decimal, problems: ProblemList, path: str
) -> Terms | None:
    """Read a loan's terms, if it has any. Raises InvalidDocumentError."""
    if body.terms is None:
        return None
    for name in ("principal", "disbursed_on"):
        if getattr(body, name) is None:
            problems.add(
                f"{path}.{name}", "is missing", "Add it: the schedule is built from it", "missing"
            )
    problems.raise_if_any()
    assert body.disbursed_on is not None
    if not principal_minor:
        problems.add(f"{path}.principal", "must be above zero", "Send the amount lent")
    terms = _terms(
        body.terms, principal_minor, rate_pct, body.disbursed_on, problems, f"{path}.terms"
    )
    if terms.balloon_minor > principal_minor:
        problems.add(
            f"{path}.terms.balloon", "is more than the principal", "Send only the part due last"
        )
    problems.raise_if_any()
    return terms


def built_schedule(
    terms: Terms, body: TermsBody, problems: ProblemList, path: str
) -> tuple[Instalment, ...]:
    """Build the schedule from the terms; add a problem if there is none."""
    try:
        calendar = read_calendar(body.business_days, terms.disbursed_on.year, _LAST_YEAR)
        schedule = build_schedule(terms, calendar or EVERY_DAY)
    except RefusedError as error:
        for problem in error.problems:
            field = _FIELDS.get(problem.field, f"terms.{problem.field.removesuffix('_minor')}")
            problems.add(f"{path}.{field}", problem.reason, problem.remedy, problem.code)
        return ()
    if schedule[-1].due_date.year > _LAST_YEAR:
        reason = f"leads to {schedule[-1].due_date}, but no date may be after {_LAST_YEAR}"
        problems.add(f"{path}.terms.instalments", reason, "Use fewer, or a shorter frequency")
    return schedule


def read_frequency(unit: Literal["DAYS", "WEEKS", "MONTHS"], every: int) -> Frequency:
    """Convert a question's frequency."""
    units: dict[str, Literal["days", "weeks", "months"]]
    units = {"DAYS": "days", "WEEKS": "weeks", "MONTHS": "months"}
    return Frequency(every, units[unit])


def _terms(
    body: TermsBody,
    principal_minor: int,
    rate_pct: Decimal,
    disbursed_on: date,
    problems: ProblemList,
    path: str,
) -> Terms:
    multiple = body.multiple_of
    return Terms(
        principal_minor=principal_minor,
        annual_rate_pct=rate_pct,
        disbursed_on=disbursed_on,
        instalments=body.instalments,
        frequency=read_frequency(body.frequency, body.every),
        first_due_date=body.first_due_date,
        due_dates=tuple(body.due_dates) if body.due_dates is not None else None,
        end_of_month=body.end_of_month,
        roll=body.roll,
        interest_method=body.interest_method,
        amortisation=body.amortisation,
        balloon_minor=problems.amount_minor(body.balloon, f"{path}.balloon"),
        principal_shares=tuple(body.principal_shares)
        if body.principal_shares is not None
        else None,
        day_count=body.day_count,
        interest_period=body.interest_period,
        grace_principal=body.grace_principal,
        grace_interest=body.grace_interest,
        interest_free=body.interest_free,
        fee_minor=problems.amount_minor(body.fee, f"{path}.fee"),
        rounding=body.rounding,
        multiple_minor=problems.positive_minor(multiple, f"{path}.multiple_of") if multiple else 1,
    )


def read_calendar(
    body: HolidaysBody | None, first_year: int, last_year: int
) -> BusinessCalendar | None:
    """Read a question's business days, with public holidays of these years. Raises RefusedError."""
    if body is None:
        return None
    weekend = None
    if body.weekend is not None:
        weekend = tuple(WEEKDAYS.index(day) for day in body.weekend)
    return _calendar(
        body.country,
        body.subdivision,
        range(first_year, last_year + 1) if body.country else range(0),
        tuple(body.holidays),
        tuple(body.working_days),
        weekend,
    )


# Listing a country's holidays takes milliseconds a year; a file's loans share them.
_calendar = lru_cache(maxsize=64)(business_calendar)

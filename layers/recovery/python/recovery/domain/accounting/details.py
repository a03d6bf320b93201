"""What a core banking system says about a loan besides its money, and what of it changed when."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from recovery.domain.accounting.loan import Instalment, Loan, LoanProfile

OF_PROFILE = tuple(field.name for field in fields(LoanProfile))
OF_LOAN = ("portfolio", "advisor_name", "advisor_phone")


@dataclass(frozen=True, slots=True)
class DetailsChange:
    """From ``on``, the core has these ``details``, which replace the ``former`` ones.

    Both have the same names: those of ``OF_LOAN`` and ``OF_PROFILE``, and ``annual_rate_pct``,
    which is told only once: a later rate belongs to a schedule version.
    """

    on: date
    details: Mapping[str, str | None]
    former: Mapping[str, str | None]


def details_of(loan: Loan) -> dict[str, str | None]:
    """Return the loan's details by name."""
    rate = loan.annual_rate_pct
    return {
        **{name: getattr(loan, name) for name in OF_LOAN},
        **{name: getattr(loan.profile, name) for name in OF_PROFILE},
        "annual_rate_pct": None if rate is None else str(rate),
    }


def with_details(loan: Loan, details: Mapping[str, str | None]) -> Loan:
    """Return the loan with these details in place of its own."""
    of_loan: dict[str, Any] = {name: details[name] for name in OF_LOAN if name in details}
    of_profile: dict[str, Any] = {name: details[name] for name in OF_PROFILE if name in details}
    rate = details.get("annual_rate_pct")
    return replace(
        loan,
        **of_loan,
        profile=replace(loan.profile, **of_profile),
        annual_rate_pct=loan.annual_rate_pct if rate is None else Decimal(rate),
    )


def core_terms(schedule: Iterable[Instalment], annual_rate_pct: Decimal | None) -> str:
    """Return a text that is equal for equal schedules and rates: a hash and the rate."""
    rows = [[number, due_date.isoformat(), *due] for number, due_date, due in schedule]
    digest = hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:32]
    return f"{digest} {'' if annual_rate_pct is None else annual_rate_pct.normalize()}"


def has_new_terms(
    loan: Loan, schedule: Iterable[Instalment], annual_rate_pct: Decimal | None
) -> bool:
    """Whether the core has another schedule or rate than when it delivered the loan last.

    A rate that is not told is no other one, nor is the first that is told.
    """
    known = loan.core_terms or core_terms(loan.schedule_agreed, loan.annual_rate_pct)
    known_schedule, _, known_rate = known.partition(" ")
    digest, _, rate = core_terms(schedule, annual_rate_pct).partition(" ")
    return digest != known_schedule or bool(rate and known_rate and rate != known_rate)

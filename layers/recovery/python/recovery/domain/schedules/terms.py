"""The loan terms a schedule is built from, and their validation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Literal, get_args

from recovery.domain.schedules.day_count import DayCount
from recovery.domain.schedules.due_dates import MONTHLY, Frequency
from recovery.domain.shared.business_calendar import Roll
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import MAX_DAYS, MAX_MINOR, range_problems
from recovery.domain.shared.rounding import Rounding

InterestMethod = Literal["flat", "declining_balance"]
Amortisation = Literal["equal_instalment", "equal_principal", "interest_only"]
InterestPeriod = Literal["period", "daily"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The contract's terms. Amounts are in minor units of the loan's currency.

    annual_rate_pct: nominal, percent a year; interest never compounds.
    first_due_date: all dates count from it; None: from disbursement, the first one period later.
    due_dates: an explicit list replacing the frequency; interest is then by day count.
    interest_method: on the original principal throughout (flat), or on the declining balance.
    amortisation: interest_only leaves all principal to the last instalment.
    balloon_minor: principal due with the last instalment in addition to its share.
    principal_shares: weights of each instalment's principal, for seasonal income; zeros are
    allowed. Only with equal_principal.
    interest_period: a regular period counts as every/12, every/52 or every/365 of a year; daily
    uses the day count between rolled due dates. An irregular first period always uses day count.
    grace_principal: number of initial instalments without principal; the others carry all of it.
    grace_interest: number of initial instalments without interest, deferred to the next one.
    interest_free: number of initial instalments that accrue no interest.
    multiple_minor: instalments that carry principal are rounded to this, before the fee, as far as
    their principal allows; the last one absorbs the remainder.
    """

    principal_minor: int
    annual_rate_pct: Decimal
    disbursed_on: date
    instalments: int
    frequency: Frequency = MONTHLY
    first_due_date: date | None = None
    due_dates: tuple[date, ...] | None = None
    end_of_month: bool = False
    roll: Roll = "none"
    interest_method: InterestMethod
    amortisation: Amortisation
    balloon_minor: int = 0
    principal_shares: tuple[int, ...] | None = None
    day_count: DayCount = "30/360"
    interest_period: InterestPeriod = "period"
    grace_principal: int = 0
    grace_interest: int = 0
    interest_free: int = 0
    fee_minor: int = 0
    rounding: Rounding = "half_even"
    multiple_minor: int = 1


_MOST_INSTALMENTS = 1200  # a hundred years of months; keeps building under a second
_MOST_EVERY = {"days": MAX_DAYS, "weeks": 520, "months": 120}  # ten years
_MOST_RATE_PCT = 1000
_MOST_RATE_DIGITS = 10  # decimal places; bounds the exact arithmetic
_CHOICES = {
    "roll": get_args(Roll),
    "interest_method": get_args(InterestMethod),
    "amortisation": get_args(Amortisation),
    "day_count": get_args(DayCount),
    "interest_period": get_args(InterestPeriod),
    "rounding": get_args(Rounding),
}


def terms_problems(terms: Terms) -> Iterator[Problem]:
    """Yield every problem that prevents building a schedule."""
    for name, choices in _CHOICES.items():
        if getattr(terms, name) not in choices:
            yield Problem(name, f"must be one of {', '.join(choices)}", "Use one of these")
    yield from range_problems("principal_minor", terms.principal_minor, 1, MAX_MINOR)
    yield from range_problems("instalments", terms.instalments, 1, _MOST_INSTALMENTS)
    yield from _rate_problems(terms.annual_rate_pct)
    yield from range_problems("balloon_minor", terms.balloon_minor, 0, terms.principal_minor)
    yield from range_problems("grace_principal", terms.grace_principal, 0, terms.instalments - 1)
    yield from range_problems("grace_interest", terms.grace_interest, 0, terms.instalments - 1)
    yield from range_problems("interest_free", terms.interest_free, 0, terms.instalments)
    yield from range_problems("fee_minor", terms.fee_minor, 0, MAX_MINOR)
    yield from range_problems("multiple_minor", terms.multiple_minor, 1, MAX_MINOR)
    if terms.amortisation == "interest_only" and terms.balloon_minor:
        reason = "does not apply: the last instalment already carries all principal"
        yield Problem("balloon_minor", reason, "Leave it out")
    yield from _date_problems(terms)
    if terms.principal_shares is not None:
        yield from _share_problems(terms, terms.principal_shares)


def _rate_problems(rate_pct: Decimal) -> Iterator[Problem]:
    if not rate_pct.is_finite() or not 0 <= rate_pct <= _MOST_RATE_PCT:
        reason = f"must be between 0 and {_MOST_RATE_PCT}"
        yield Problem("annual_rate_pct", reason, "Use percent a year", "out_of_range")
    elif round(rate_pct, _MOST_RATE_DIGITS) != rate_pct:
        reason = f"must have {_MOST_RATE_DIGITS} decimal places or fewer"
        yield Problem("annual_rate_pct", reason, "Round it", "out_of_range")


def _date_problems(terms: Terms) -> Iterator[Problem]:
    frequency = terms.frequency
    if frequency.unit not in _MOST_EVERY:
        reason = f"must be one of {', '.join(_MOST_EVERY)}"
        yield Problem("frequency.unit", reason, "Use one of these")
    else:
        yield from range_problems(
            "frequency.every", frequency.every, 1, _MOST_EVERY[frequency.unit]
        )
    if terms.first_due_date is not None and terms.first_due_date <= terms.disbursed_on:
        reason = "must be after disbursed_on"
        yield Problem("first_due_date", reason, "Correct one of the two dates")
    if terms.due_dates is None:
        return
    if terms.first_due_date is not None:
        yield Problem("first_due_date", "is redundant with due_dates", "Leave it out")
    if len(terms.due_dates) != terms.instalments:
        reason = "must match the number of instalments"
        yield Problem("due_dates", reason, "Give one date per instalment")
    if any(after <= day for day, after in pairwise((terms.disbursed_on, *terms.due_dates))):
        reason = "must be in ascending order, all after disbursed_on"
        yield Problem("due_dates", reason, "List the dates in order")


def _share_problems(terms: Terms, shares: tuple[int, ...]) -> Iterator[Problem]:
    if terms.amortisation != "equal_principal":
        reason = "require equal_principal"
        yield Problem("principal_shares", reason, "Use amortisation equal_principal")
    if terms.grace_principal:
        reason = "does not apply with principal_shares"
        yield Problem("grace_principal", reason, "Leave it out and use zero shares")
    if len(shares) != terms.instalments:
        reason = "must match the number of instalments"
        yield Problem("principal_shares", reason, "Give one share per instalment")
    if not all(0 <= share <= MAX_MINOR for share in shares):
        reason = f"must each be between 0 and {MAX_MINOR}"
        yield Problem("principal_shares", reason, "Use small whole numbers", "out_of_range")
    elif shares and not any(shares):
        reason = "must not all be zero"
        yield Problem("principal_shares", reason, "Give at least one instalment a share")

"""The policy's agreements section: promises, repayment capacity, options, restraints that last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from recovery.domain.agreements.scorecard import NO_SCORECARD, Scorecard, scorecard_problems
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.free_text import free_text_problems
from recovery.domain.shared.limits import (
    MAX_DAYS,
    MAX_MINOR,
    range_problems,
    rule_count_problems,
)

_LONGEST_NAME = 80
_MOST_RATE_PCT = 1000
_POSTING_DAYS: Mapping[str, int] = {
    "cash": 1,
    "agent": 1,
    "mobile_money": 1,
    "card": 2,
    "bank_transfer": 2,
    "direct_debit": 3,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisePolicy:
    """How far a promise to pay may go, and when it counts as kept.

    most_days_ahead: the date promised is at most so many days away.
    most_in_arrears: promises while the same instalment is overdue; a supervisor may accept more.
    grace_days: a payment so many days late still keeps it.
    tolerance_percent: so much of the amount may be missing.
    posting_days: how long a payment takes to be posted, by the way it is paid; one that is not
    listed, or not known, takes as long as the slowest.
    call_days: after a broken promise only a person calls, for so many days.
    """

    most_days_ahead: int = 10
    most_in_arrears: int = 2
    grace_days: int = 1
    tolerance_percent: int = 5
    posting_days: Mapping[str, int] = field(default_factory=lambda: dict(_POSTING_DAYS))
    call_days: int = 2

    def posting_days_of(self, pay_by: str | None) -> int:
        """Return how long money takes that is paid this way."""
        slowest = max(self.posting_days.values(), default=0)
        return self.posting_days.get(pay_by, slowest) if pay_by else slowest


@dataclass(frozen=True, slots=True, kw_only=True)
class LivingFloor:
    """What a decent living costs a month in one currency, in minor units."""

    currency: str
    first_adult_minor: int
    other_adult_minor: int
    child_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityPolicy:
    """How repayment capacity is judged, where the institution is stricter than its pack.

    proven_evidence: what counts as proof of an income; the rest counts neither as zero nor as
    proven.
    living: what a decent living costs at least; a higher figure of the pack holds.
    margin_percent: kept back of a surplus for bad months.
    income_share_percent: the most of household income that all instalments together may take.
    valid_days: how long an assessment holds.
    longest_instalments: a longer term is proposed up to so many instalments.
    """

    proven_evidence: tuple[Literal["verified", "documented", "observed"], ...] = (
        "verified",
        "documented",
        "observed",
    )
    living: tuple[LivingFloor, ...] = ()
    margin_percent: int | None = None
    income_share_percent: int | None = None
    valid_days: int | None = None
    longest_instalments: int = 60
    scorecard: Scorecard = NO_SCORECARD


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementTier:
    """Who may let go up to ``most_percent`` of what is owed: waiver, lower rate or settlement."""

    role: Literal["advisor", "supervisor", "legal"]
    most_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionsPolicy:
    """How far help for a borrower in difficulty may go.

    most_parts: parts of a payment plan on the arrears.
    most_periods_off: how many periods due dates move, or nothing is due.
    most_extra_instalments: instalments added at the end.
    lower_rates_pct: annual rates that may take the place of the contract's, if lower.
    tiers: authority to let go, smallest first; none: nobody may.
    settlement_days: a lump sum comes within so many days.
    most_restructurings: within ``restructurings_within_days``; more need a supervisor.
    """

    most_parts: int = 12
    most_periods_off: int = 6
    most_extra_instalments: int = 24
    lower_rates_pct: tuple[Decimal, ...] = ()
    tiers: tuple[SettlementTier, ...] = ()
    settlement_days: int = 30
    most_restructurings: int = 1
    restructurings_within_days: int = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPolicy:
    """How a payment plan comes about, and when it counts as kept.

    offer_days: an offer can be accepted for so many days.
    grace_days, posting_days: a payment so many days late is in time, and has so many more to be
    posted.
    tolerance_percent: so much of the largest payment may be missing; it goes on to the next.
    call_days: after a breach only a person calls, for so many days.
    refit_days: so long after a breach the plan can be cured or refitted before the case moves on.
    most_plans: within ``plans_within_days``; a supervisor may agree to more.
    two_people_from: from so much in a currency, in minor units, a second person agrees too.
    """

    offer_days: int = 14
    grace_days: int = 3
    posting_days: int = 3
    tolerance_percent: int = 5
    call_days: int = 2
    refit_days: int = 14
    most_plans: int = 2
    plans_within_days: int = 365
    two_people_from: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementsPolicy:
    """hold_from_days: a restraint that bars later stages for at least so long puts the case on
    hold; a shorter one leaves it in its stage. complaints_to: who hears those whose complaint was
    not upheld, as the letter names them: an ombudsman with web address, or a court.
    core_books_within_days: a schedule made here that the core banking system has not confirmed so
    many days later is a task; None: no core has to. forbearance_probation_days: so long after a
    concession the loan has its mark (``forbearance``).
    """

    promises: PromisePolicy = field(default_factory=PromisePolicy)
    capacity: CapacityPolicy = field(default_factory=CapacityPolicy)
    options: OptionsPolicy = field(default_factory=OptionsPolicy)
    plans: PlanPolicy = field(default_factory=PlanPolicy)
    hold_from_days: int = 30
    complaints_to: str = ""
    core_books_within_days: int | None = 1
    forbearance_probation_days: int = 365


def agreements_problems(policy: AgreementsPolicy) -> Iterator[Problem]:
    """Yield everything wrong with this section; nothing if it is usable."""
    yield from range_problems("hold_from_days", policy.hold_from_days, 1, MAX_DAYS)
    if (days := policy.core_books_within_days) is not None:
        yield from range_problems("core_books_within_days", days, 1, 60)
    yield from range_problems(
        "forbearance_probation_days", policy.forbearance_probation_days, 365, 10 * 365
    )
    if policy.complaints_to:
        yield from free_text_problems("complaints_to", policy.complaints_to, _LONGEST_NAME)
    for problem in _promise_problems(policy.promises):
        yield problem.within("promises")
    for problem in _capacity_problems(policy.capacity):
        yield problem.within("capacity")
    for problem in _options_problems(policy.options):
        yield problem.within("options")
    for problem in _plan_problems(policy.plans):
        yield problem.within("plans")


def _promise_problems(policy: PromisePolicy) -> Iterator[Problem]:
    for name, least, most in (
        ("most_days_ahead", 1, 60),
        ("most_in_arrears", 1, 20),
        ("grace_days", 0, 10),
        ("tolerance_percent", 0, 50),
        ("call_days", 0, 10),
    ):
        yield from range_problems(name, getattr(policy, name), least, most)
    yield from rule_count_problems("posting_days", len(policy.posting_days))
    for pay_by, days in policy.posting_days.items():
        yield from range_problems(f"posting_days.{pay_by}", days, 0, 15)


def _capacity_problems(policy: CapacityPolicy) -> Iterator[Problem]:
    for name, least, most in (
        ("margin_percent", 0, 99),
        ("income_share_percent", 1, 100),
        ("valid_days", 1, MAX_DAYS),
        ("longest_instalments", 1, 600),
    ):
        if (value := getattr(policy, name)) is not None:
            yield from range_problems(name, value, least, most)
    yield from rule_count_problems("living", len(policy.living))
    for index, floor in enumerate(policy.living):
        for name in ("first_adult_minor", "other_adult_minor", "child_minor"):
            yield from range_problems(f"living.{index}.{name}", getattr(floor, name), 0, MAX_MINOR)
    for problem in scorecard_problems(policy.scorecard):
        yield problem.within("scorecard")


def _options_problems(policy: OptionsPolicy) -> Iterator[Problem]:
    for name, least, most in (
        ("most_parts", 1, 60),
        ("most_periods_off", 0, 60),
        ("most_extra_instalments", 0, 240),
        ("settlement_days", 1, 366),
        ("most_restructurings", 0, 20),
        ("restructurings_within_days", 1, MAX_DAYS),
    ):
        yield from range_problems(name, getattr(policy, name), least, most)
    yield from rule_count_problems("lower_rates_pct", len(policy.lower_rates_pct))
    for index, rate_pct in enumerate(policy.lower_rates_pct):
        if not rate_pct.is_finite() or not 0 <= rate_pct <= _MOST_RATE_PCT:
            reason = f"must be between 0 and {_MOST_RATE_PCT}"
            field_name = f"lower_rates_pct.{index}"
            yield Problem(field_name, reason, "Use percent a year", "out_of_range")
    yield from rule_count_problems("tiers", len(policy.tiers))
    for index, tier in enumerate(policy.tiers):
        yield from range_problems(f"tiers.{index}.most_percent", tier.most_percent, 0, 100)
    percents = [each.most_percent for each in policy.tiers]
    if percents != sorted(percents):
        yield Problem("tiers", "do not rise", "List the smallest authority first")


def _plan_problems(policy: PlanPolicy) -> Iterator[Problem]:
    for name, least, most in (
        ("offer_days", 1, 90),
        ("grace_days", 0, 15),
        ("posting_days", 0, 15),
        ("tolerance_percent", 0, 50),
        ("call_days", 0, 10),
        ("refit_days", 1, 60),  # never the legal stage at once
        ("most_plans", 1, 20),
        ("plans_within_days", 1, MAX_DAYS),
    ):
        yield from range_problems(name, getattr(policy, name), least, most)
    yield from rule_count_problems("two_people_from", len(policy.two_people_from))
    for currency, amount_minor in policy.two_people_from.items():
        yield from range_problems(f"two_people_from.{currency}", amount_minor, 1, MAX_MINOR)

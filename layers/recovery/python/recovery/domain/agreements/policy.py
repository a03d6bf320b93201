"""The policy's agreements section: promises to pay, and restraints that last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from recovery.domain.shared.errors import Problem
from recovery.domain.shared.free_text import free_text_problems
from recovery.domain.shared.limits import MAX_DAYS, range_problems, rule_count_problems

_LONGEST_NAME = 80
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
class AgreementsPolicy:
    """hold_from_days: a restraint that bars later stages for at least so long puts the case on
    hold; a shorter one leaves it in its stage. complaints_to: who hears those whose complaint was
    not upheld, as the letter names them: an ombudsman with web address, or a court.
    """

    promises: PromisePolicy = field(default_factory=PromisePolicy)
    hold_from_days: int = 30
    complaints_to: str = ""


def agreements_problems(policy: AgreementsPolicy) -> Iterator[Problem]:
    """Yield everything wrong with this section; nothing if it is usable."""
    yield from range_problems("hold_from_days", policy.hold_from_days, 1, MAX_DAYS)
    if policy.complaints_to:
        yield from free_text_problems("complaints_to", policy.complaints_to, _LONGEST_NAME)
    for problem in _promise_problems(policy.promises):
        yield problem.within("promises")


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

"""What secures a loan beside its parties: things, pledged savings, insurance of a life.

On record only: nothing here takes anything by itself. A death or disability opens the claim on
credit-life insurance before anybody is asked for money. Pledged savings are set off only where the
loan's law lets it, against what is due (CC 1196), and after notice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Literal, get_args

from recovery.domain.shared.errors import Problem, RefusedError
from recovery.domain.shared.limits import MAX_MINOR, range_problems

CollateralKind = Literal[
    "vehicle", "land", "equipment", "pledged_savings", "credit_life_insurance", "other"
]
LifeEventKind = Literal["death", "disability"]
COLLATERAL_KINDS: tuple[CollateralKind, ...] = get_args(CollateralKind)
LIFE_EVENTS: tuple[LifeEventKind, ...] = get_args(LifeEventKind)


@dataclass(frozen=True, slots=True)
class Valuation:
    """What it is worth from ``on``, in minor units; insurance: the sum insured."""

    on: date
    value_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Collateral:
    """One security, on both days and every day between; a new value is a further valuation.

    ``person_id`` is who owns it, or whose life is insured. ``covers`` says what an insurance pays
    for; empty for anything else. ``reference`` is the number of the policy, account, plate or
    register.
    """

    collateral_id: str
    kind: CollateralKind
    person_id: str
    from_on: date
    valuations: tuple[Valuation, ...]
    until: date | None = None
    covers: frozenset[LifeEventKind] = frozenset()
    description: str | None = None
    reference: str | None = None
    insurer: str | None = None

    def holds(self, on: date) -> bool:
        """Whether it secures the loan on this day."""
        return self.from_on <= on and (self.until is None or on <= self.until)

    def value_minor(self, as_of: date) -> int:
        """Return the last value known at ``as_of``; 0 before the first."""
        known = [each for each in self.valuations if each.on <= as_of]
        return max(known, key=lambda each: each.on).value_minor if known else 0


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """What happened to a person on a day; no medical detail belongs here."""

    kind: LifeEventKind
    person_id: str
    on: date


@dataclass(frozen=True, slots=True)
class InsuranceClaim:
    """A claim to make on an insurance: the debt on the day of the event, up to the sum insured."""

    claim_id: str
    collateral_id: str
    event: LifeEvent
    amount_minor: int


@dataclass(frozen=True, slots=True)
class OpenedClaim:
    """A claim on record; ``opened_by`` is the id of an actor."""

    claim: InsuranceClaim
    opened_on: date
    opened_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CollateralRecord:
    """One security of one loan, who recorded it, and the claims that were opened on it."""

    loan_id: str
    collateral: Collateral
    recorded_by: str
    recorded_at: datetime
    claims: tuple[OpenedClaim, ...] = ()


@dataclass(frozen=True, slots=True)
class SetOffRule:
    """What the law of the loan says on setting off pledged savings; careful unless known."""

    is_allowed: bool = False
    notice_days: int = 30


def claims_opened_by(
    event: LifeEvent, collateral: Iterable[Collateral], outstanding_minor: int
) -> tuple[InsuranceClaim, ...]:
    """Return the claims that the event opens on insurance in force that day.

    Together they claim no more than the debt. The same event opens the same claims.
    """
    left, claims = outstanding_minor, []
    for each in sorted(collateral, key=attrgetter("collateral_id")):
        insures = each.kind == "credit_life_insurance" and each.person_id == event.person_id
        if not insures or event.kind not in each.covers or not each.holds(event.on):
            continue
        amount_minor = min(left, each.value_minor(event.on))
        if amount_minor:
            left -= amount_minor
            claim_id = _claim_id(each, event)
            claims.append(InsuranceClaim(claim_id, each.collateral_id, event, amount_minor))
    return tuple(claims)


def set_off_minor(
    savings: Collateral,
    overdue_minor: int,
    rule: SetOffRule,
    noticed_on: date | None,
    as_of: date,
    used_minor: int = 0,
) -> int:
    """Return how much may be set off at ``as_of``: no more than what is overdue and not yet used.

    Raises RefusedError where the law does not let it, or before the notice has run.
    """
    problems = []
    if savings.kind != "pledged_savings" or not savings.holds(as_of):
        remedy = "Name pledged savings that secure the loan today"
        problems.append(Problem("collateral_id", "cannot be set off", remedy))
    if not rule.is_allowed:
        reason = "is not something that the law of the loan lets the institution do by itself"
        remedy = "Agree it with the owner in writing, or claim the debt"
        problems.append(Problem("set_off", reason, remedy, "conflict"))
    elif noticed_on is None:
        remedy = f"Give notice, and wait {rule.notice_days} days"
        problems.append(Problem("noticed_on", "is missing", remedy, "missing"))
    elif (may_on := noticed_on + timedelta(days=rule.notice_days)) > as_of:
        reason = f"{noticed_on} is less than {rule.notice_days} days ago"
        problems.append(Problem("noticed_on", reason, f"Wait until {may_on}", "out_of_range"))
    if problems:
        raise RefusedError(*problems)
    return max(0, min(overdue_minor, savings.value_minor(as_of) - used_minor))


def collateral_problems(collateral: Collateral) -> Iterator[Problem]:
    """Yield everything wrong with what is to be recorded."""
    if collateral.until is not None and collateral.until < collateral.from_on:
        yield Problem("until", "is before from_on", "Give a last day on or after the first")
    if not collateral.valuations:
        yield Problem("value", "is missing", "Give the value in the loan's currency", "missing")
    for each in collateral.valuations:
        yield from range_problems("value", each.value_minor, 1, MAX_MINOR)
    if collateral.kind == "credit_life_insurance" and not collateral.covers:
        remedy = f"Say what it pays for: {', '.join(LIFE_EVENTS)}"
        yield Problem("covers", "are missing", remedy, "missing")
    if collateral.kind != "credit_life_insurance" and collateral.covers:
        yield Problem("covers", "belong to credit-life insurance only", "Leave them out")


def _claim_id(collateral: Collateral, event: LifeEvent) -> str:
    same = "#".join((collateral.collateral_id, event.kind, event.person_id))
    return f"claim-{hashlib.sha256(same.encode()).hexdigest()[:24]}"

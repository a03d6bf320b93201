"""Collective relief as a dated rule: whom it is for, from when, and what it does.

A law may decree it after a flood, or the lender decides it for a place, a trade or an employer in
trouble. The rule is data, with its source; it makes nothing lawful that the contract forbids, it
only lets go or gives time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta

from recovery.domain.accounting.loan import Loan
from recovery.domain.agreements.restraints import EVERYTHING, Block
from recovery.domain.schedules.due_dates import MONTHLY, step
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.free_text import free_text_problems
from recovery.domain.shared.limits import MAX_MINOR, range_problems
from recovery.domain.shared.packs import LONGEST_SOURCE, Confidence

_DAY = timedelta(days=1)
_MOST_MONTHS = 60
RESTS = tuple(
    each.value
    for each in (
        *(Block.ARREARS, Block.NOTICES, Block.CALLS, Block.LATE_CHARGES),
        *(Block.ESCALATION, Block.JUDICIAL, Block.BUREAU),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """Which loans it is for: each name that is given must be the loan's; none: any.

    ``secured`` None: both; such as False: only loans without collateral.
    """

    places: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    employers: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    portfolios: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    secured: bool | None = None

    @property
    def names_any(self) -> bool:
        """Whether it leaves any loan out."""
        return any(getattr(self, name) for name in _OF_LOAN)

    def outside(self, loan: Loan) -> Iterator[tuple[str, str | None]]:
        """Yield each name that the loan does not have of those asked for, and its own."""
        for name, of_loan in _OF_LOAN.items():
            asked = {_same(each) for each in getattr(self, name)}
            own = getattr(loan if of_loan == "portfolio" else loan.profile, of_loan)
            if asked and (own is None or _same(own) not in asked):
                yield of_loan, own


_OF_LOAN = {
    "places": "place",
    "sectors": "sector",
    "employers": "employer",
    "branches": "branch",
    "portfolios": "portfolio",
    "products": "product",
    "purposes": "purpose",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliefRule:
    """A collective relief.

    ``source`` says who decided it, ``confidence`` how far that was read, as in a pack.
    ``valid_from`` and ``valid_to`` are the first and last day on which it may be asked for; then it
    goes on for those who have it. ``starts_on`` is the day from which it has its effect, None: the
    day on which each borrower asked. ``on_application``: only who asked for it gets it, with the
    reference of a proof if ``needs_proof``. ``by_law``: a guarantor stays bound without a consent;
    otherwise more time frees one who does not consent (CC 1851). ``largest_turnover_minor`` of
    ``currency`` is the most that a business may turn over in a year.

    For ``months`` nothing falls due, what was unpaid before included, and days do not count; no
    interest runs unless ``interest_runs``. Then for ``interest_only_months`` only interest falls
    due. All later dates move by the same time. ``moves_due_dates`` False leaves the schedule as it
    is: then days do not count, and no more. ``rests`` is what is held meanwhile.
    """

    relief_id: str
    source: str
    confidence: Confidence
    valid_from: date
    review_by: date
    valid_to: date | None = None
    whom: Whom = Whom()
    starts_on: date | None = None
    months: int
    interest_only_months: int = 0
    interest_runs: bool = False
    moves_due_dates: bool = True
    on_application: bool = False
    needs_proof: bool = False
    by_law: bool = False
    guarantors_second: bool = False
    largest_turnover_minor: int | None = None
    currency: str | None = None
    rests: tuple[str, ...] = RESTS

    def starts(self, asked_on: date | None) -> date:
        """Return the day from which it has its effect for who asked on this day."""
        return self.starts_on or asked_on or self.valid_from

    def until(self, start: date) -> date:
        """Return the last day on which nothing falls due for a loan that it begins for then."""
        return step(start, MONTHLY, self.months) - _DAY


def rule_problems(rule: ReliefRule) -> Iterator[Problem]:
    """Yield everything wrong with a rule to be put on record."""
    yield from free_text_problems("source", rule.source, LONGEST_SOURCE)
    yield from range_problems("months", rule.months, 1, _MOST_MONTHS)
    yield from range_problems("interest_only_months", rule.interest_only_months, 0, _MOST_MONTHS)
    if rule.largest_turnover_minor is not None:
        yield from range_problems("largest_turnover", rule.largest_turnover_minor, 1, MAX_MINOR)
    if rule.valid_to is not None and rule.valid_to < rule.valid_from:
        reason = f"is before valid_from, {rule.valid_from}"
        yield Problem("valid_to", reason, "Give the last day on which it may be asked for")
    if rule.review_by <= rule.valid_from:
        reason = f"is not after valid_from, {rule.valid_from}"
        yield Problem("review_by", reason, "Give the day by which to look again")
    if not rule.on_application and not rule.whom.names_any:
        reason = "names nobody, and nobody has to ask"
        remedy = "Name places, sectors, employers, branches, portfolios or products"
        yield Problem("whom", reason, remedy, "missing")
    if rule.on_application is False and rule.needs_proof:
        yield Problem("needs_proof", "means nothing where nobody asks", "Leave it out")
    if rule.interest_only_months and not rule.moves_due_dates:
        reason = "mean nothing where the due dates stay"
        yield Problem("interest_only_months", reason, "Leave them out, or move the due dates")
    if unknown := sorted(set(rule.rests) - EVERYTHING):
        reason = f"has unknown entries: {', '.join(unknown)}"
        yield Problem("rests", reason, f"Use some of: {', '.join(sorted(EVERYTHING))}")


def _same(name: str) -> str:
    return " ".join(name.split()).casefold()


assert {each.name for each in fields(Whom)} == {*_OF_LOAN, "secured"}

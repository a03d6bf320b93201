"""One part of a claim as days pass: what bears interest, what is owed, and a line for each stretch.

A line ends where its base or its rate changes, with the calendar year, and on the day asked for.
Its interest is rounded half up to whole minor units, so that the lines add up exactly.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from recovery.domain.judicial.claim_facts import ClaimFacts, ClaimPart, Year
from recovery.domain.judicial.claim_rules import ClaimPack
from recovery.domain.judicial.lawful_rates import LawfulRate, NoRate, last_days, ordinary_rate
from recovery.domain.shared.packs import Rule
from recovery.domain.shared.rounding import to_multiple

LineKind = Literal[
    "principal",
    "scheduled_interest",
    "ordinary_interest",
    "late_interest",
    "procedural_interest",
    "collection_costs",
    "vat",
    "awarded_costs",
    "payment",
]
_DAY = timedelta(days=1)


class Spread(NamedTuple):
    """What a payment paid, in minor units."""

    costs: int = 0
    interest: int = 0
    principal: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLine:
    """One line of the statement; the lines' amounts add up to the claim.

    Interest is ``base_minor`` x ``annual_pct`` / 100 x ``days`` / ``year_days``, from ``from_on``
    to ``to_on``, both counted. A payment's amount is below zero: what of it was needed, as
    ``spread``.
    """

    kind: LineKind
    amount_minor: int
    part: str | None = None
    from_on: date | None = None
    to_on: date | None = None
    base_minor: int | None = None
    annual_pct: Decimal | None = None
    days: int | None = None
    year_days: int | None = None
    because: str = ""
    rules: tuple[Rule, ...] = ()
    payment_id: str | None = None
    spread: Spread | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Days on which no interest was claimed, because no verified rule says which."""

    part: str
    from_on: date
    to_on: date
    why: NoRate


@dataclass(slots=True)
class Account:
    """What is owed on one part: ``late`` interest, and of it what is ``added`` and bears interest.

    ``since`` is the last day of the line before; ``rate`` runs from the day after it. ``lines`` and
    ``gaps`` are those not taken into the statement yet.
    """

    part: str
    due_on: date
    principal: int
    interest: int
    since: date
    rate: LawfulRate | NoRate | None = None
    kind: LineKind = "late_interest"
    late: int = 0
    added: int = 0
    lines: list[ClaimLine] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    @property
    def base(self) -> int:
        """What bears interest at the rate that runs."""
        compounds = isinstance(self.rate, LawfulRate) and self.rate.compounds
        if self.kind == "procedural_interest":
            return self.principal + self.interest + self.added
        return self.principal + (self.added if compounds else 0)

    def close(self, on: date, year: Year) -> None:
        """Write the line that ends on this day, if interest runs or should."""
        days = (on - self.since).days
        if days <= 0:
            return
        first, self.since = self.since + _DAY, on
        if self.rate is None or not self.base:
            return
        if not isinstance(self.rate, LawfulRate):
            self.gaps.append(Gap(part=self.part, from_on=first, to_on=on, why=self.rate))
            return
        line = interest_line(self.kind, self.part, self.base, self.rate, (first, on), year)
        self.late += line.amount_minor
        if line.amount_minor or line.annual_pct:
            self.lines.append(line)

    def add_interest_to_base(self) -> None:
        """Let the interest of the year that ended bear interest."""
        self.added, self.late = self.added + self.late, 0

    def pay_interest(self, amount_minor: int) -> int:
        """Pay interest, the oldest kind first. Returns what is left of the amount."""
        for name in ("interest", "added", "late"):
            paid = min(amount_minor, getattr(self, name))
            setattr(self, name, getattr(self, name) - paid)
            amount_minor -= paid
        return amount_minor

    def pay_principal(self, amount_minor: int) -> int:
        """Pay principal. Returns what is left of the amount."""
        paid = min(amount_minor, self.principal)
        self.principal -= paid
        return amount_minor - paid


def interest_line(
    kind: LineKind,
    part: str,
    base_minor: int,
    rate: LawfulRate,
    days: tuple[date, date],
    year: Year,
) -> ClaimLine:
    """Return the line for these days, both counted and in one calendar year."""
    first, last = days
    count = (last - first).days + 1
    year_days = int(year) if year != "calendar" else 366 if isleap(last.year) else 365
    exact = Fraction(base_minor) * Fraction(rate.annual_pct) / 100 * count / year_days
    return ClaimLine(
        kind=kind,
        amount_minor=to_multiple(exact, "half_up"),
        part=part,
        from_on=first,
        to_on=last,
        base_minor=base_minor,
        annual_pct=rate.annual_pct,
        days=count,
        year_days=year_days,
        because=rate.because,
        rules=rate.rules,
    )


def open_account(part: ClaimPart, facts: ClaimFacts, pack: ClaimPack) -> Account:
    """Return the account of a part on the day on which it falls due, with what ran before."""
    account = Account(
        part=part.part,
        due_on=part.due_on,
        principal=part.principal_minor,
        interest=part.interest_minor,
        since=part.due_on,
    )
    if part.principal_minor:
        account.lines.append(_due_line("principal", part.principal_minor, part))
    if part.interest_minor:
        account.lines.append(_due_line("scheduled_interest", part.interest_minor, part))
    _add_ordinary_interest(account, part, facts, pack)
    return account


def _due_line(kind: LineKind, amount_minor: int, part: ClaimPart) -> ClaimLine:
    return ClaimLine(kind=kind, amount_minor=amount_minor, part=part.part, to_on=part.due_on)


def _add_ordinary_interest(
    account: Account, part: ClaimPart, facts: ClaimFacts, pack: ClaimPack
) -> None:
    """Add the ordinary interest that ran until the part was due."""
    if part.ordinary_from is None or not part.principal_minor:
        return
    ends = {part.due_on, *last_days(pack)}
    ends |= {date(year, 12, 31) for year in range(part.ordinary_from.year, part.due_on.year)}
    first = part.ordinary_from + _DAY
    for last in sorted(each for each in ends if first <= each <= part.due_on):
        rate = ordinary_rate(facts.agreed, pack, first)
        if isinstance(rate, LawfulRate):
            base = part.principal_minor
            line = interest_line(
                "ordinary_interest", part.part, base, rate, (first, last), facts.year
            )
            account.interest += line.amount_minor
            account.lines.append(line)
        else:
            account.gaps.append(Gap(part=part.part, from_on=first, to_on=last, why=rate))
        first = last + _DAY


def joined(gaps: Iterable[Gap]) -> Iterator[Gap]:
    """Yield the gaps, joined where those of one part and one reason follow each other."""
    last: Gap | None = None
    for each in gaps:
        same = last and (last.part, last.why) == (each.part, each.why)
        if last and same and last.to_on + _DAY == each.from_on:
            last = replace(last, to_on=each.to_on)
            continue
        if last:
            yield last
        last = each
    if last:
        yield last

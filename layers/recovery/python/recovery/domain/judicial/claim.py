"""The amount of a claim at a date: a statement that a judge can check line by line.

Each part of the debt bears interest at the rate that the law lets run on each day; a payment goes
to what the payer named, then to costs, interest and principal as the law orders them, the oldest
part first. What is paid before anything is due is kept for what falls due next. A later day never
lowers a claim; only a payment does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from recovery.domain.accounting.lending import ComponentOrderRule
from recovery.domain.judicial.claim_account import (
    Account,
    ClaimLine,
    Gap,
    LineKind,
    Spread,
    joined,
    open_account,
)
from recovery.domain.judicial.claim_costs import CostsDue, costs_due
from recovery.domain.judicial.claim_facts import ClaimFacts, ClaimPart
from recovery.domain.judicial.claim_rules import ClaimPack
from recovery.domain.judicial.lawful_rates import LawfulRate, NoRate, RateTable
from recovery.domain.schedules.due_dates import MONTHLY, step
from recovery.domain.shared.packs import Rule

_DAY = timedelta(days=1)
_STEPS = ("interest", "principal", "costs")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotClaimed:
    """Something that was asked for or owed, and is not in the claim; ``why`` is a code."""

    why: str
    amount_minor: int
    part: str | None = None
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What can be claimed at ``as_of``; the lines add up to ``total_minor``.

    ``credit_minor`` was paid and is not needed for what is due. ``expired`` are rules that it rests
    on and that nobody vouches for any more: with one of them nobody files.
    """

    as_of: date
    lines: tuple[ClaimLine, ...]
    not_claimed: tuple[NotClaimed, ...]
    gaps: tuple[Gap, ...]
    principal_minor: int
    interest_minor: int
    costs_minor: int
    credit_minor: int
    expired: tuple[Rule, ...]
    order_known: bool

    @property
    def total_minor(self) -> int:
        return self.principal_minor + self.interest_minor + self.costs_minor

    @property
    def may_be_filed(self) -> bool:
        """Whether every rule that it rests on is known and vouched for."""
        return self.order_known and not self.expired


def calculate_claim(
    facts: ClaimFacts,
    pack: ClaimPack,
    order: ComponentOrderRule | None,
    as_of: date,
    holidays: frozenset[date] = frozenset(),
) -> Claim:
    """Return the claim; ``order`` is the law's order of costs, interest and principal.

    ``holidays`` are those of the place, for the post. The facts must have no ``claim_problems``.
    """
    statement = _Statement(facts, pack, order, as_of, holidays)
    statement.run()
    rules = dict.fromkeys(rule for line in statement.lines for rule in line.rules)
    if order is not None and facts.payments:
        rules[order] = None
    return Claim(
        as_of=as_of,
        lines=tuple(statement.lines),
        not_claimed=tuple(statement.not_claimed),
        gaps=tuple(joined(statement.gaps)),
        principal_minor=sum(each.principal for each in statement.accounts),
        interest_minor=sum(each.interest + each.late + each.added for each in statement.accounts),
        costs_minor=statement.costs,
        credit_minor=sum(statement.credit.values()),
        expired=tuple(each for each in rules if each.review_by < as_of),
        order_known=order is not None or not facts.payments,
    )


@dataclass(slots=True)
class _Statement:
    facts: ClaimFacts
    pack: ClaimPack
    order: ComponentOrderRule | None
    as_of: date
    holidays: frozenset[date]
    accounts: list[Account] = field(default_factory=list)
    lines: list[ClaimLine] = field(default_factory=list)
    not_claimed: list[NotClaimed] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    costs: int = 0
    credit: dict[str, int] = field(default_factory=dict)
    rates: RateTable = field(init=False)

    def __post_init__(self) -> None:
        self.rates = RateTable(self.facts.agreed, self.pack)

    def run(self) -> None:
        parts = sorted(self.facts.parts, key=lambda each: (each.due_on, each.part))
        claimed = [each for part in parts for each in self._claimed(part)]
        costs = costs_due(self.facts, self.pack, self.as_of, self.holidays)
        for on in self._days(claimed, costs):
            self._accrue(on)
            for part in claimed:
                if part.due_on == on:
                    self._take(open_account(part, self.facts, self.pack))
            self._pay(on)
            self._charge(on, costs)
            for each in self._bearing():
                each.rate, each.kind = self._rate(each, on + _DAY)
        lost_minor = costs.lost_minor(self.accounts) if costs.faults else 0
        for fault in costs.faults:
            left = NotClaimed(why=fault, amount_minor=lost_minor, rules=costs.rules)
            self.not_claimed.append(left)
        for each in self.accounts:
            self.gaps += each.gaps

    def _bearing(self) -> list[Account]:
        """Return the accounts on which interest can run."""
        return [each for each in self.accounts if each.principal or each.interest or each.added]

    def _take(self, account: Account) -> None:
        self.accounts.append(account)
        self.lines += account.lines
        account.lines.clear()

    def _claimed(self, part: ClaimPart) -> Iterator[ClaimPart]:
        """Yield the part less what is left out of it; nothing if nothing is left."""
        whole = part.principal_minor + part.interest_minor
        if part.left_out or part.due_on >= self.as_of:
            why = part.left_out or "not_due"
            self.not_claimed.append(NotClaimed(why=why, amount_minor=whole, part=part.part))
            return
        of_principal = min(part.disputed_minor, part.principal_minor)
        if part.disputed_minor:
            left = NotClaimed(why="disputed", amount_minor=part.disputed_minor, part=part.part)
            self.not_claimed.append(left)
        if whole > part.disputed_minor:
            yield replace(
                part,
                principal_minor=part.principal_minor - of_principal,
                interest_minor=part.interest_minor - (part.disputed_minor - of_principal),
            )

    def _days(self, parts: Iterable[ClaimPart], costs: CostsDue) -> list[date]:
        """Return every day after which something changes, up to ``as_of``, in order."""
        facts = self.facts
        days = {self.as_of, *self.rates.changes, *costs.days}
        days |= {day for day in (facts.demanded_on, facts.judged_on) if day is not None}
        days |= {each.on for each in facts.payments} | {each.on for each in facts.awarded}
        rules = () if self.pack.own is None else self.pack.own.rates
        compounds = any(each.compounds == "yearly" for each in rules)
        for part in parts:
            days.add(part.due_on)
            starts = {part.due_on, max(part.due_on, facts.demanded_on or part.due_on)}
            for year in range(part.due_on.year, self.as_of.year + 1):
                days.add(date(year, 12, 31))
                if compounds:
                    days |= {step(each, MONTHLY, 12 * (year - each.year)) for each in starts}
        return sorted(each for each in days if each <= self.as_of)

    def _accrue(self, on: date) -> None:
        """Close each line that ends on this day."""
        paid = any(each.on == on for each in self.facts.payments)
        year_ends = (on.month, on.day) == (12, 31)
        judged = on == self.facts.judged_on
        for each in self._bearing():
            changes = (each.rate, each.kind) != self._rate(each, on + _DAY)
            adds = self._ends_a_year(each, on)
            if paid or year_ends or judged or changes or adds or on == self.as_of:
                each.close(on, self.facts.year)
                self.lines += each.lines
                each.lines.clear()
            if adds or judged:
                each.add_interest_to_base()

    def _ends_a_year(self, account: Account, on: date) -> bool:
        """Whether a year of interest that compounds ends on this day."""
        rate = account.rate
        if not isinstance(rate, LawfulRate) or not rate.compounds:
            return False
        start = account.due_on
        if rate.from_demand:
            start = max(start, self.facts.demanded_on or start)
        return on > start and step(start, MONTHLY, 12 * (on.year - start.year)) == on

    def _rate(self, account: Account, on: date) -> tuple[LawfulRate | NoRate | None, LineKind]:
        """Return what runs on this day on what the account owes; None: nothing should."""
        judged_on, demanded_on = self.facts.judged_on, self.facts.demanded_on
        rate, procedural = self.rates.on(on)
        judged = judged_on is not None and account.due_on <= judged_on < on
        if judged and isinstance(procedural, LawfulRate):
            return procedural, "procedural_interest"
        if not isinstance(rate, LawfulRate):
            return rate, "late_interest"
        if rate.from_demand and demanded_on is None:
            return "no_demand", "late_interest"
        if rate.from_demand and demanded_on is not None and on <= demanded_on:
            return None, "late_interest"
        ordinary = rate.because in ("surcharge_falls_away", "ordinary_rate_continues")
        return rate, "ordinary_interest" if ordinary else "late_interest"

    def _pay(self, on: date) -> None:
        """Spread what was paid on this day, and what was paid before and not needed yet."""
        named: dict[str, str | None] = {}
        for each in self.facts.payments:
            if each.on == on:
                self.credit[each.payment_id] = each.amount_minor
                named[each.payment_id] = each.part
        for payment_id, amount in self.credit.items():
            if not amount:
                continue
            spread = self._spread(amount, named.get(payment_id))
            used = sum(spread)
            self.credit[payment_id] = amount - used
            if used:
                line = ClaimLine(
                    kind="payment",
                    amount_minor=-used,
                    to_on=on,
                    payment_id=payment_id,
                    rules=() if self.order is None else (self.order,),
                    spread=spread,
                )
                self.lines.append(line)

    def _spread(self, amount: int, part: str | None) -> Spread:
        """Pay what is owed, in the law's order, the part that the payer named first."""
        paid = dict.fromkeys(_STEPS, 0)
        named = [each for each in self.accounts if each.part == part]
        for accounts, of_all in ((named, False), (self.accounts, True)):
            for name in _steps(self.order):
                left = amount - sum(paid.values())
                if name == "costs" and of_all:
                    paid[name] += min(left, self.costs)
                    self.costs -= min(left, self.costs)
                    continue
                for each in accounts:
                    before = left
                    if name == "interest":
                        left = each.pay_interest(left)
                    elif name == "principal":
                        left = each.pay_principal(left)
                    paid[name] += before - left
        return Spread(**paid)

    def _charge(self, on: date, costs: CostsDue) -> None:
        """Take up the costs that begin to be owed on this day, after its payments."""
        for each in self.facts.awarded:
            if each.on == on:
                line = ClaimLine(
                    kind="awarded_costs",
                    amount_minor=each.amount_minor,
                    to_on=on,
                    because=each.basis,
                )
                self._add_costs(line)
        for line in costs.lines(on, self.accounts):
            self._add_costs(line)

    def _add_costs(self, line: ClaimLine) -> None:
        self.costs += line.amount_minor
        self.lines.append(line)


def _steps(order: ComponentOrderRule | None) -> tuple[str, ...]:
    """Return the order of costs, interest and principal; last what the law does not name."""
    found: list[str] = []
    for group in () if order is None else order.first_to_last:
        for name in ("costs" if each in ("fee", "penalty") else each for each in group):
            if name not in found:
                found.append(name)
    return (*found, *(each for each in _STEPS if each not in found))

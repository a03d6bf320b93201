"""The packs' section ``lending``: charges for late payment, and what a payment pays by law.

An institution's late charges (``late_charges.py``) are what its contracts say; a pack narrows them
to what the contract's law lets come by itself, and never widens them. No rule, no permission: where
nothing is known, nothing is charged.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from typing import Literal, TypeVar

from recovery.domain.accounting.history import ComponentName
from recovery.domain.accounting.late_charges import ChargeRules, LateCharge
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import MAX_MINOR, range_problems
from recovery.domain.shared.money import Money
from recovery.domain.shared.packs import Pack, Rule, may_permit, overlap_problems

# In which capacity the debtor borrowed. Who might be a consumer is protected as one.
DebtorCapacity = Literal["consumer", "business", "mixed", "unknown"]
Step = Literal["due_only", "due_first", "most_burdensome", "oldest", "pro_rata"]

_CHARGES = ("fee", "penalty")
_CURRENCY = re.compile(r"[A-Z]{3}")
Limit = TypeVar("Limit", int, Decimal)


@dataclass(frozen=True, slots=True, kw_only=True)
class LateChargeRule(Rule):
    """Whether late charges may come by themselves, and how high they may be.

    The caps limit what all of an institution's rules charge together on one instalment:
    ``cap_percent_of_instalment`` of its originally scheduled amount, ``cap_percent_of_unpaid`` of
    what is unpaid when it is charged (to the nearest minor unit), ``cap_amounts`` one for each
    currency; in a currency that is not listed nothing may be charged. ``once_only``: one charge an
    instalment, by the first of the institution's rules. ``no_compounding``: no charge on fees or
    penalties.
    """

    capacity: Literal["consumer", "business"]
    allowed: bool
    cap_percent_of_instalment: Decimal | None = None
    cap_percent_of_unpaid: Decimal | None = None
    cap_amounts: tuple[Money, ...] = ()
    once_only: bool = False
    no_compounding: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentOrderRule(Rule):
    """What a payment on one debt pays first by law, where the contract says nothing else.

    Components in one group rank alike. What a law calls costs are fees and penalties here. The law
    leaves open where the components come that it does not name.
    """

    first_to_last: tuple[tuple[ComponentName, ...], ...]

    def agrees_with(self, order: tuple[ComponentName, ...]) -> bool:
        """Whether an institution's order is the law's.

        Another one is no fault if it was agreed: one that pays principal earlier is kinder.
        """
        ranks = {name: rank for rank, names in enumerate(self.first_to_last) for name in names}
        found = [ranks[name] for name in order if name in ranks]
        return found == sorted(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtOrderRule(Rule):
    """Which of one person's loans a payment pays by law (``intake/split.py``).

    ``designation``: whether the payer's own word comes first. Then each step of ``by`` decides
    where those before it left debts equal: ``due_first``, what is due before what is not;
    ``due_only``, only what is due, the rest is for a person to decide; ``most_burdensome``;
    ``oldest``; last ``pro_rata``, each in proportion.
    """

    designation: bool
    by: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LendingRules:
    """What one country's file holds."""

    late_charges: tuple[LateChargeRule, ...] = ()
    component_order: tuple[ComponentOrderRule, ...] = ()
    debt_order: tuple[DebtOrderRule, ...] = ()


LendingPack = Pack[LendingRules]


def component_order(pack: LendingPack, on: date) -> ComponentOrderRule | None:
    """Return the law's order within one debt; None if nothing is known of it."""
    return next(iter(pack.in_force(lambda rules: rules.component_order, on)), None)


def debt_order(pack: LendingPack, on: date) -> DebtOrderRule:
    """Return the law's order over several debts, or the careful one."""
    return pack.in_force(lambda rules: rules.debt_order, on)[0]


def allowed_late_charges(
    charges: tuple[LateCharge, ...],
    pack: LendingPack,
    capacity: DebtorCapacity,
    currency: str,
    on: date,
) -> tuple[LateCharge, ...]:
    """Narrow an institution's late charges to what the law allows on this day.

    None, unless every rule in force for this capacity allows them and may permit an adverse step.
    Several caps all hold: a total is given to the charges in their order, and a charge for which
    nothing is left is dropped. ``currency`` is the loan's.
    """
    treated_as = "business" if capacity == "business" else "consumer"

    def for_capacity(rules: LendingRules) -> Iterator[LateChargeRule]:
        return (each for each in rules.late_charges if each.capacity == treated_as)

    by_law = pack.in_force(for_capacity, on)
    if not by_law or not all(rule.allowed and may_permit(rule, on) for rule in by_law):
        return ()
    for rule in by_law:
        charges = _within(rule, charges, currency)
    return charges


def lawful_charges(
    rules: ChargeRules, pack: LendingPack, capacity: DebtorCapacity, currency: str
) -> ChargeRules:
    """Narrow an institution's dated rules on each day to what the law of that day allows."""
    known = (*(pack.own.late_charges if pack.own else ()), *pack.careful.late_charges)
    starts = {start for start, _ in rules.spans} | {
        day for rule in known for day in (rule.valid_from, *_days_after(rule))
    }
    spans = (
        (day, allowed_late_charges(rules.on(day), pack, capacity, currency, day))
        for day in sorted(starts)
    )
    return replace(rules, spans=tuple(spans))


def _days_after(rule: Rule) -> Iterator[date]:
    """Yield the days from which a rule no longer holds, or no longer permits."""
    for last in (rule.valid_to, rule.review_by):
        if last is not None and last < date.max:
            yield last + timedelta(days=1)


def _within(
    rule: LateChargeRule, charges: tuple[LateCharge, ...], currency: str
) -> tuple[LateCharge, ...]:
    """Apply one rule's limits; the result never charges more than ``charges`` do."""
    if rule.no_compounding:
        charges = tuple(filter(lambda each: each.of, map(_on_the_debt_alone, charges)))
    if rule.once_only:
        charges = tuple(replace(each, per="instalment") for each in charges[:1])
    if (of_unpaid := rule.cap_percent_of_unpaid) is not None:
        shared = _share(of_unpaid, charges, lambda each: each.percent or None)
        charges = tuple(_of_unpaid(charge, percent) for charge, percent in shared)
    if (of_instalment := rule.cap_percent_of_instalment) is not None:
        shared = _share(of_instalment, charges, lambda each: each.cap_percent)
        charges = tuple(replace(charge, cap_percent=percent) for charge, percent in shared)
    if rule.cap_amounts:
        known = (each.amount_minor for each in rule.cap_amounts if each.currency == currency)
        totals = _share(next(known, 0), charges, _most_minor)
        charges = tuple(replace(charge, cap_minor=minor) for charge, minor in totals)
    return charges


def _share(
    left: Limit, charges: Iterable[LateCharge], most: Callable[[LateCharge], Limit | None]
) -> Iterator[tuple[LateCharge, Limit]]:
    """Give each charge its part of what is ``left``: its own limit, or all where it has none."""
    for charge in charges:
        own = most(charge)
        part = left if own is None else min(own, left)
        if part > 0:
            yield charge, part
            left -= part


def _on_the_debt_alone(charge: LateCharge) -> LateCharge:
    return replace(charge, of=tuple(name for name in charge.of if name not in _CHARGES))


def _of_unpaid(charge: LateCharge, percent: Decimal) -> LateCharge:
    """Charge once, at most this percentage of what is unpaid: a fixed amount becomes its cap."""
    cap_minor = _most_minor(replace(charge, per="instalment"))
    return replace(charge, per="instalment", percent=percent, amount_minor=0, cap_minor=cap_minor)


def _most_minor(charge: LateCharge) -> int | None:
    """Return the most that a charge takes of one instalment; None if that is not fixed."""
    fixed_minor = charge.amount_minor if charge.per == "instalment" else 0
    known = [each for each in (charge.cap_minor, fixed_minor or None) if each is not None]
    return min(known, default=None)


def lending_problems(rules: LendingRules) -> Iterator[Problem]:
    """Yield every problem with the values of a section's rules."""
    for index, charge in enumerate(rules.late_charges):
        yield from _cap_problems(f"late_charges.{index}", charge)
    for index, order in enumerate(rules.component_order):
        counts = Counter(chain.from_iterable(order.first_to_last))
        if len(order.first_to_last) < 2 or not all(order.first_to_last) or max(counts.values()) > 1:
            field = f"component_order.{index}.first_to_last"
            reason = "must be two groups or more, each component in one of them at most"
            yield Problem(field, reason, 'Write such as [["interest"], ["principal"]]')
    for index, debts in enumerate(rules.debt_order):
        known = set(debts.by)
        if (
            not debts.by
            or debts.by[-1] != "pro_rata"
            or len(known) < len(debts.by)
            or known >= {"due_only", "due_first"}
        ):
            reason = "must name each step once, one about what is due, and end with pro_rata"
            remedy = 'Write such as ["due_first", "most_burdensome", "pro_rata"]'
            yield Problem(f"debt_order.{index}.by", reason, remedy)
    for name in ("component_order", "debt_order"):
        found = ((f"{name}.{index}", each) for index, each in enumerate(getattr(rules, name)))
        yield from overlap_problems(found, lambda one, other: one.id != other.id, "another order")


def _cap_problems(path: str, rule: LateChargeRule) -> Iterator[Problem]:
    caps = (rule.cap_percent_of_instalment, rule.cap_percent_of_unpaid, *rule.cap_amounts)
    if not rule.allowed and (any(each is not None for each in caps) or rule.once_only):
        reason = "is false, so there is nothing to cap"
        yield Problem(f"{path}.allowed", reason, "Leave the caps out, or allow the charges")
    for name, most in (("cap_percent_of_instalment", 1000), ("cap_percent_of_unpaid", 100)):
        percent = getattr(rule, name)
        if percent is not None and not 0 <= percent <= most:
            reason = f"must be between 0 and {most}"
            yield Problem(f"{path}.{name}", reason, "Use a percentage", "out_of_range")
    currencies = [each.currency for each in rule.cap_amounts]
    if len(set(currencies)) < len(currencies) or not all(map(_CURRENCY.fullmatch, currencies)):
        reason = "must each have another ISO 4217 currency"
        yield Problem(f"{path}.cap_amounts", reason, "Write one amount a currency, such as EUR")
    for index, money in enumerate(rule.cap_amounts):
        field = f"{path}.cap_amounts.{index}.amount_minor"
        yield from range_problems(field, money.amount_minor, 0, MAX_MINOR)

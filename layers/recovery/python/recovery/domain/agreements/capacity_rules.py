"""The packs' section ``capacity``: what a decent living costs, how much of an income instalments
may take, the margin for bad months, how long income data hold, and duties to borrowers in
difficulty.

An institution may be stricter than its country's rules, never looser. A rule that nobody verified,
or whose review is past, only restrains here, so it counts beside the careful default, not instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeVar

from recovery.domain.agreements.policy import CapacityPolicy, LivingFloor
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import MAX_DAYS, MAX_MINOR, range_problems
from recovery.domain.shared.packs import Pack, Rule, in_force, may_permit, overlap_problems

Of = Literal["household_income", "net_disposable_income"]
Duty = Literal["consider_forbearance", "name_debt_advice"]
_ALL_PERCENT = 100
_CURRENCY = "the same currency"


@dataclass(frozen=True, slots=True, kw_only=True)
class LivingRule(Rule):
    """What a decent living costs a month, in minor units: the least that is left to a household."""

    currency: str
    first_adult_minor: int
    other_adult_minor: int
    child_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRule(Rule):
    """The most of a month's income that all instalments together may take, in percent.

    ``of`` net disposable income is what is left after living.
    """

    percent: int
    of: Of = "household_income"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginRule(Rule):
    """What is kept back of a surplus for bad months, in percent."""

    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidityRule(Rule):
    """For how many days an assessment holds."""

    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachableRule(Rule):
    """What a court would let be taken of a month's income: nothing up to ``free_minor``, then by
    steps as wide as that, the last without end.

    A sanity check: a plan above it asks for more than a court would. It warns, and never caps what
    a person wants to pay.
    """

    currency: str
    free_minor: int
    step_percents: tuple[int, ...]

    def attachable_minor(self, income_minor: int) -> int:
        """Return the part of a month's income that may be attached."""
        taken, last = Decimal(0), len(self.step_percents) - 1
        for index, percent in enumerate(self.step_percents):
            begins = self.free_minor * (index + 1)
            ends = income_minor if index == last else begins + self.free_minor
            taken += Decimal(max(min(income_minor, ends) - begins, 0) * percent) / _ALL_PERCENT
        return int(taken)


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRule(Rule):
    """What a creditor has to do before it enforces. ``status``: in force, or a target: a law that
    binds only once national law has it, kept to as product policy."""

    duty: Duty
    status: Literal["in_force", "target"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityRules:
    """What one country's file holds."""

    living: tuple[LivingRule, ...] = ()
    shares: tuple[ShareRule, ...] = ()
    margins: tuple[MarginRule, ...] = ()
    validity: tuple[ValidityRule, ...] = ()
    attachable: tuple[AttachableRule, ...] = ()
    duties: tuple[DutyRule, ...] = ()


CapacityPack = Pack[CapacityRules]
R = TypeVar("R", bound=Rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """The most that instalments may take, in percent; ``source`` is a rule's id or "policy"."""

    percent: int
    of: Of
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityTerms:
    """What holds for a household on one day, with the ids of the rules that it rests on.

    ``living_minor``: what a decent living costs a month; None: no figure is known, so the
    household's own expenses are asked. ``proven``: the evidence that counts as proof.
    """

    living_minor: int | None
    caps: tuple[Cap, ...]
    margin_percent: int
    valid_days: int
    proven: frozenset[str]
    attachable: AttachableRule | None
    rule_ids: tuple[str, ...]


def terms_of(
    pack: CapacityPack,
    policy: CapacityPolicy,
    *,
    currency: str,
    adults: int,
    children: int,
    on: date,
) -> CapacityTerms:
    """Return what holds for a household of this size on this day, the stricter of pack and policy.

    Figures in another currency than the household's are left out.
    """
    living = [e for e in _rules(pack, lambda rules: rules.living, on) if e.currency == currency]
    shares = _rules(pack, lambda rules: rules.shares, on)
    margins = _rules(pack, lambda rules: rules.margins, on)
    validity = _rules(pack, lambda rules: rules.validity, on)
    assert margins and validity, "the careful default has a rule for both"
    attachable = _rules(pack, lambda rules: rules.attachable, on)
    attachable = tuple(each for each in attachable if each.currency == currency)
    own_living = [each for each in policy.living if each.currency == currency]
    floors = [_living_minor(each, adults, children) for each in living]
    floors += [_living_minor(each, adults, children) for each in own_living]
    caps = [Cap(percent=each.percent, of=each.of, source=each.id) for each in shares]
    if policy.income_share_percent is not None:
        own = Cap(percent=policy.income_share_percent, of="household_income", source="policy")
        caps.append(own)
    used: tuple[Rule, ...] = (*living, *shares, *margins, *validity, *attachable)
    return CapacityTerms(
        living_minor=max(floors, default=None),
        caps=tuple(caps),
        margin_percent=max(policy.margin_percent or 0, *(each.percent for each in margins)),
        valid_days=min(policy.valid_days or MAX_DAYS, *(each.days for each in validity)),
        proven=frozenset(policy.proven_evidence),
        attachable=attachable[0] if attachable else None,
        rule_ids=tuple(each.id for each in used),
    )


def _living_minor(figures: LivingRule | LivingFloor, adults: int, children: int) -> int:
    others = (adults - 1) * figures.other_adult_minor
    return figures.first_adult_minor + others + children * figures.child_minor


def duties_of(pack: CapacityPack, on: date) -> tuple[DutyRule, ...]:
    """Return what a creditor has to do for borrowers in difficulty by the rules of this day."""
    return _rules(pack, lambda rules: rules.duties, on)


def _rules(
    pack: CapacityPack, of: Callable[[CapacityRules], Iterable[R]], on: date
) -> tuple[R, ...]:
    """Return the rules in force, with the careful ones where no adverse step may rest on them."""
    found = pack.in_force(of, on)
    if pack.own is not None and not all(may_permit(each, on) for each in found):
        careful = in_force(of(pack.careful), on)
        found += tuple(each for each in careful if each not in found)
    return found


def capacity_rule_problems(rules: CapacityRules) -> Iterator[Problem]:
    """Yield what is wrong with a file's rules besides their ids and dates (``rule_problems``)."""
    for path, living in _paths("living", rules.living):
        for name in ("first_adult_minor", "other_adult_minor", "child_minor"):
            yield from range_problems(f"{path}.{name}", getattr(living, name), 0, MAX_MINOR)
    for path, share in _paths("shares", rules.shares):
        yield from range_problems(f"{path}.percent", share.percent, 1, _ALL_PERCENT)
    for path, margin in _paths("margins", rules.margins):
        yield from range_problems(f"{path}.percent", margin.percent, 0, _ALL_PERCENT - 1)
    for path, valid in _paths("validity", rules.validity):
        yield from range_problems(f"{path}.days", valid.days, 1, MAX_DAYS)
    for path, rule in _paths("attachable", rules.attachable):
        yield from range_problems(f"{path}.free_minor", rule.free_minor, 1, MAX_MINOR)
        if not rule.step_percents:
            yield Problem(f"{path}.step_percents", "are missing", "Give at least one", "missing")
        for percent in rule.step_percents:
            yield from range_problems(f"{path}.step_percents", percent, 0, _ALL_PERCENT)
    yield from overlap_problems(
        _paths("living", rules.living), lambda one, other: one.currency == other.currency, _CURRENCY
    )
    yield from overlap_problems(
        _paths("attachable", rules.attachable),
        lambda one, other: one.currency == other.currency,
        _CURRENCY,
    )
    yield from overlap_problems(
        _paths("duties", rules.duties), lambda one, other: one.duty == other.duty, "the same duty"
    )


def _paths(name: str, rules: Iterable[R]) -> list[tuple[str, R]]:
    return [(f"{name}.{index}", each) for index, each in enumerate(rules)]

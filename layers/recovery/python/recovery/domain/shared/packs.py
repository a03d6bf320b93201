"""Packs: a country's dated rules as data, each with its source and how far it is to be trusted.

A pack has sections, such as ``lending``. A section is a dataclass whose fields are tuples of one
kind of rule each. Where a country's own rules say nothing on a day, the careful default holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from itertools import combinations
from typing import Any, Generic, Literal, TypeVar

from recovery.domain.shared.errors import Problem
from recovery.domain.shared.free_text import free_text_problems

Confidence = Literal["H", "M", "U"]

LONGEST_SOURCE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A dated rule; each kind adds its value in fields of its own.

    ``id`` is stable and dotted, such as es.lending.debt_order; a rule that changes keeps it and
    starts a new period. ``source`` names article or judgment. ``confidence``: H, the text of the
    law was read; M, only what others write about it; U, nobody verified it. Of two letters the
    lower one holds. ``valid_from`` and ``valid_to`` are the first and last day, None without end;
    a source that does not say when its rule began gives the first day it vouches for, and
    ``first_day_unverified`` where that day is only general knowledge. After ``review_by`` nobody
    vouches that it is still the law.
    """

    id: str
    source: str
    confidence: Confidence
    valid_from: date
    review_by: date
    valid_to: date | None = None
    first_day_unverified: bool = False

    def holds(self, on: date) -> bool:
        """Whether it is in force on this day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def overlaps(self, other: Rule) -> bool:
        """Whether both are in force on some day."""
        later = max(self.valid_from, other.valid_from)
        return self.holds(later) and other.holds(later)


R = TypeVar("R", bound=Rule)
S = TypeVar("S")


def in_force(rules: Iterable[R], on: date) -> tuple[R, ...]:
    """Return the rules in force on this day, in their order."""
    return tuple(each for each in rules if each.holds(on))


def may_permit(rule: Rule, on: date) -> bool:
    """Whether an adverse step may rest on this rule on this day.

    One that is unverified, over or past its review may warn and restrain, never permit.
    """
    return rule.holds(on) and rule.confidence != "U" and on <= rule.review_by


@dataclass(frozen=True, slots=True)
class Pack(Generic[S]):
    """One section of a country's rules (None: it has none), and the careful default behind it."""

    own: S | None
    careful: S

    def in_force(self, rules_of: Callable[[S], Iterable[R]], on: date) -> tuple[R, ...]:
        """Return the country's rules in force on this day, or else the careful ones.

        ``rules_of`` picks from a section the rules on one subject.
        """
        own = () if self.own is None else in_force(rules_of(self.own), on)
        return own or in_force(rules_of(self.careful), on)


def rules_of(section: Any) -> Iterator[tuple[str, Rule]]:
    """Yield each rule of a section with the path to it, such as ("late_charges.0", rule)."""
    for kind in fields(section):
        for index, rule in enumerate(getattr(section, kind.name)):
            yield f"{kind.name}.{index}", rule


def rule_problems(section: Any, prefix: str) -> Iterator[Problem]:
    """Yield what is wrong with the ids, sources and dates of a section's rules.

    ``prefix`` is what each id must start with, such as "es.lending".
    """
    form = re.compile(rf"{re.escape(prefix)}(\.[a-z0-9_]+)+")
    for path, rule in rules_of(section):
        if not form.fullmatch(rule.id):
            reason = f"is not {prefix} and words in lower case, joined by dots"
            yield Problem(f"{path}.id", reason, f"Write one such as {prefix}.subject")
        for problem in free_text_problems("source", rule.source, LONGEST_SOURCE):
            yield problem.within(path)
        if rule.valid_to is not None and rule.valid_to < rule.valid_from:
            reason = f"is before valid_from, {rule.valid_from}"
            yield Problem(f"{path}.valid_to", reason, "Give the last day on which it holds")
        if rule.review_by <= rule.valid_from:
            reason = f"is not after valid_from, {rule.valid_from}"
            yield Problem(f"{path}.review_by", reason, "Give the day by which to look again")
    yield from overlap_problems(
        list(rules_of(section)), lambda one, other: one.id == other.id, "the same id"
    )


def overlap_problems(
    found: Iterable[tuple[str, R]], alike: Callable[[R, R], bool], what: str
) -> Iterator[Problem]:
    """Yield a problem for each two rules that are ``alike`` in ``what`` and hold on one day."""
    for (_, first), (path, second) in combinations(found, 2):
        if alike(first, second) and first.overlaps(second):
            reason = f"begins while {first.id}, with {what}, still holds"
            yield Problem(f"{path}.valid_from", reason, "End one before the other", "duplicate")

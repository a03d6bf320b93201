"""Whether friendly ways are exhausted: a checklist, each item with the evidence that meets it.

Contact that never arrived does not count, except where the law says that it does. What is open, a
complaint or a dispute, keeps its item unmet until it is closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from recovery.domain.judicial.finding import Finding
from recovery.domain.judicial.law import Law
from recovery.domain.judicial.rules import JudicialRule, Point

Item = Literal[
    "contact",
    "options_offered",
    "hardship_considered",
    "forbearance_offered",
    "debt_advice_named",
    "complaint",
    "dispute",
]
Arrival = Literal["arrived", "uncollected", "refused", "failed", "unknown"]
ITEMS: tuple[Item, ...] = get_args(Item)

_OPEN_UNTIL_CLOSED: tuple[Item, ...] = ("complaint", "dispute")
_BY_LAW: dict[Arrival, Point] = {
    "uncollected": "delivery.uncollected",
    "refused": "delivery.refused",
}
_LEAST_CONTACTS = 2  # product policy: two that arrived, on different days


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Something on record: ``reference`` names the fact, ``arrival`` what became of a message.

    None: it had no need to arrive, such as a talk. ``closed_on`` is for complaints and disputes.
    """

    item: Item
    on: date
    reference: str
    arrival: Arrival | None = None
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """One item: whether it is met, by what, and what does not count with the reason."""

    item: Item
    met: bool
    counted: tuple[Evidence, ...]
    not_counted: tuple[tuple[Evidence, str], ...]
    rests_on: tuple[JudicialRule, ...]


def checklist(evidence: Iterable[Evidence], law: Law) -> tuple[Checked, ...]:
    """Return every item in its order; evidence of a later day than the law's is not there yet."""
    known = [each for each in evidence if each.on <= law.on]
    return tuple(
        _checked(item, [each for each in known if each.item == item], law) for item in ITEMS
    )


def exhausted(evidence: Iterable[Evidence], law: Law) -> Iterator[Finding]:
    """Yield that friendly ways are exhausted, or that they are not; and what law that rests on."""
    items = checklist(evidence, law)
    rule = law.point("amicable.exhausted")
    if not all(each.met for each in items):
        yield Finding(effect="needs", rule=rule, code=rule.code)
    for by_law in dict.fromkeys(rule for each in items for rule in each.rests_on):
        yield Finding(effect="permits", rule=by_law)


def _checked(item: Item, found: list[Evidence], law: Law) -> Checked:
    counted, not_counted, rests_on = [], [], []
    for each in sorted(found, key=lambda each: (each.on, each.reference)):
        why, rule = _why_not(each, law)
        if why:
            not_counted.append((each, why))
        else:
            counted.append(each)
            rests_on.extend([rule] if rule else [])
    return Checked(
        item,
        _is_met(item, counted, not_counted),
        tuple(counted),
        tuple(not_counted),
        tuple(rests_on),
    )


def _is_met(item: Item, counted: list[Evidence], not_counted: list[tuple[Evidence, str]]) -> bool:
    if item in _OPEN_UNTIL_CLOSED:
        return not not_counted
    if item == "contact":
        return len({each.on for each in counted}) >= _LEAST_CONTACTS
    return bool(counted)


def _why_not(each: Evidence, law: Law) -> tuple[str, JudicialRule | None]:
    """Return why it does not count, "" if it does; and the rule by which it does all the same."""
    if each.item in _OPEN_UNTIL_CLOSED:
        is_closed = each.closed_on is not None and each.closed_on <= law.on
        return ("" if is_closed else "is still open"), None
    if each.arrival in (None, "arrived"):
        return "", None
    point = _BY_LAW.get(each.arrival) if each.arrival else None
    rule = law.find_point(point) if point else None
    if rule is not None:
        return "", rule
    return f"did not arrive ({each.arrival}), and no law known here counts it", None

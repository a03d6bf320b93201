"""The packs' section ``people``: deadlines, effects of restraints, retention, who signs.

A country's rule that nobody verified, or whose review is past, may restrain more than the careful
default, never less: then the two are taken together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, TypeVar, get_args

from recovery.domain.agreements.restraints import EVERYTHING, Kind, Restraint, restraint_problems
from recovery.domain.agreements.signing_rules import SigningRule, signing_problems
from recovery.domain.shared.business_calendar import BusinessCalendar
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.domain.shared.limits import MAX_DAYS, range_problems
from recovery.domain.shared.packs import Pack, Rule, in_force, may_permit, overlap_problems

ALL_BLOCKS = "everything"

Subject = Literal[
    "acknowledgement",
    "dispute",
    "undue_charge",
    "complaint",
    "access",
    "correction",
    "erasure",
    "objection",
    "restriction",
    "hardship_review",
]
Item = Literal[
    "note",
    "assessment",
    "message",
    "timeline",
    "contact_change",
    "task",
    "evidence",
    "request",
    "loan",
]
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRule(Rule):
    """By when something that a person said must be answered, or looked at again.

    ``acknowledgement`` is the receipt of a complaint, ``undue_charge`` a dispute about a charge.
    The day on which it was said does not count. Working days are Monday to Friday without holidays.
    """

    subject: Subject
    days: int
    counted: Literal["calendar", "working"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RestraintRule(Rule):
    """What a kind of restraint holds, and for how long.

    ``blocks`` are values of ``Block``, or "everything" alone; ``part_blocks`` hold instead where a
    dispute is about a part of the debt, as the rest may be spoken of. Without an end of its own a
    restraint lasts ``days``; None: until a person ends it. None may last more than
    ``longest_days``. After a death the heirs are left alone for ``silence_heirs_days``, and
    relatives hear an amount only if ``relatives_told``.
    """

    kind: Kind
    blocks: tuple[str, ...]
    part_blocks: tuple[str, ...] = ()
    days: int | None = None
    longest_days: int | None = None
    silence_heirs_days: int = 0
    relatives_told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule(Rule):
    """After how many days an item is erased, counted from the day it was recorded or closed."""

    item: Item
    days: int
    counted_from: Literal["recorded", "closed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleRules:
    """What one country's file holds."""

    deadlines: tuple[DeadlineRule, ...] = ()
    restraints: tuple[RestraintRule, ...] = ()
    retention: tuple[RetentionRule, ...] = ()
    signing: tuple[SigningRule, ...] = ()


PeoplePack = Pack[PeopleRules]
R = TypeVar("R", DeadlineRule, RestraintRule, RetentionRule)


def answer_by(
    pack: PeoplePack, subject: str, from_on: date, holidays: frozenset[date] = frozenset()
) -> date:
    """Return the last day on which something said on ``from_on`` may be answered.

    Raises RefusedError for a subject that no rule knows.
    """

    def of_subject(rules: PeopleRules) -> Iterator[DeadlineRule]:
        return (each for each in rules.deadlines if each.subject == subject)

    found = pack.in_force(of_subject, from_on)
    if not found:
        reason = f"{subject[:40]!r} has no deadline on {from_on}"
        raise RefusedError(Problem("subject", reason, "Use a subject that the packs know"))
    if not may_permit(found[0], from_on):
        found += in_force(of_subject(pack.careful), from_on)
    return min(_last_day(each, from_on, holidays) for each in found)


def restraint_rule(pack: PeoplePack, kind: str, on: date) -> RestraintRule:
    """Return what this kind of restraint does on this day. Raises RefusedError if unknown."""

    def of_kind(rules: PeopleRules) -> Iterator[RestraintRule]:
        return (each for each in rules.restraints if each.kind == kind)

    found = pack.in_force(of_kind, on)
    if not found:
        known = ", ".join(sorted(each.kind for each in in_force(pack.careful.restraints, on)))
        reason = f"{kind[:40]!r} is unknown"
        raise RefusedError(Problem("kind", reason, f"Use one of: {known}"))
    [rule] = found
    if may_permit(rule, on):
        return rule
    for careful in in_force(of_kind(pack.careful), on):
        rule = _together(rule, careful)
    return replace(rule, longest_days=None)  # what nobody verified shortens no protection


def restraint_for(
    pack: PeoplePack,
    kind: str,
    from_on: date,
    until: date | None,
    reason_code: str,
    part: int | None = None,
    also: frozenset[str] = frozenset(),
) -> Restraint:
    """Return the restraint that a kind means by law, to be recorded.

    ``until`` None takes the rule's own length. ``part`` is the disputed part in minor units.
    ``also`` are blocks besides the rule's, such as what a complaint attacks. Raises RefusedError
    with every problem.
    """
    rule = restraint_rule(pack, kind, from_on)
    if until is None and rule.days is not None:
        until = from_on + (rule.days - 1) * _DAY
    named = rule.part_blocks if part is not None and rule.part_blocks else rule.blocks
    restraint = Restraint(kind, from_on, until, _all(named) | also, reason_code, part)
    problems = list(restraint_problems(restraint))
    if part is not None and kind != Kind.DISPUTE:
        remedy = "Leave it out, or record a dispute"
        problems.append(Problem("part", f"means nothing in a {kind}", remedy))
    if (longest := rule.longest_days) is not None:
        last = from_on + (longest - 1) * _DAY
        if until is not None and until > last:
            reason = f"is later than {last}: a {kind} lasts {longest} days at most ({rule.source})"
            problems.append(Problem("until", reason, f"Give {last} or before", "out_of_range"))
    if problems:
        raise RefusedError(*problems)
    return restraint


def heirs_left_alone_until(pack: PeoplePack, died_on: date) -> date:
    """Return the last day on which the heirs of who died on this day hear nothing of the debt."""
    return died_on + restraint_rule(pack, Kind.DEATH, died_on).silence_heirs_days * _DAY


def retention(pack: PeoplePack, item: str, on: date) -> RetentionRule | None:
    """Return how long an item is kept by the rules of this day; None: as long as the person is."""
    found = pack.in_force(lambda rules: (each for each in rules.retention if each.item == item), on)
    return min(found, key=lambda each: each.days, default=None)


def retention_days(pack: PeoplePack, item: str, on: date) -> int | None:
    """Return after how many days an item is erased; None: no rule says."""
    rule = retention(pack, item, on)
    return rule.days if rule else None


def days_kept(pack: PeoplePack, on: date) -> dict[str, int]:
    """Return after how many days each kind of item is erased, of those that a rule knows."""
    found = {item: retention_days(pack, item, on) for item in get_args(Item)}
    return {item: days for item, days in found.items() if days is not None}


def people_problems(rules: PeopleRules) -> Iterator[Problem]:
    """Yield what is wrong with a file's rules besides their ids and dates (``rule_problems``)."""
    for path, rule in _paths("deadlines", rules.deadlines):
        yield from range_problems(f"{path}.days", rule.days, 1, MAX_DAYS)
    for path, kept in _paths("retention", rules.retention):
        yield from range_problems(f"{path}.days", kept.days, 1, MAX_DAYS)
    for path, restraint in _paths("restraints", rules.restraints):
        for problem in _restraint_rule_problems(restraint):
            yield problem.within(path)
    yield from signing_problems(rules.signing)
    yield from overlap_problems(
        _paths("deadlines", rules.deadlines),
        lambda one, other: one.id != other.id and one.subject == other.subject,
        "the same subject",
    )
    yield from overlap_problems(
        _paths("restraints", rules.restraints),
        lambda one, other: one.id != other.id and one.kind == other.kind,
        "the same kind",
    )
    yield from overlap_problems(
        _paths("retention", rules.retention),
        lambda one, other: one.id != other.id and one.item == other.item,
        "the same item",
    )


def _restraint_rule_problems(rule: RestraintRule) -> Iterator[Problem]:
    if not rule.blocks:
        yield Problem("blocks", "are missing", "Say what the restraint holds", "missing")
    if rule.part_blocks and rule.kind != Kind.DISPUTE:
        yield Problem("part_blocks", f"mean nothing in a {rule.kind}", "Leave them out")
    if rule.silence_heirs_days and rule.kind != Kind.DEATH:
        yield Problem("silence_heirs_days", f"mean nothing in a {rule.kind}", "Leave them out")
    yield from range_problems("silence_heirs_days", rule.silence_heirs_days, 0, MAX_DAYS)
    for field in ("blocks", "part_blocks"):
        named = frozenset(getattr(rule, field))
        if named != {ALL_BLOCKS} and (unknown := sorted(named - EVERYTHING)):
            reason = f"have unknown entries: {', '.join(unknown)}"
            remedy = f'Use "{ALL_BLOCKS}" alone, or some of: {", ".join(sorted(EVERYTHING))}'
            yield Problem(field, reason, remedy)
    for field in ("days", "longest_days"):
        if (length := getattr(rule, field)) is not None:
            yield from range_problems(field, length, 1, MAX_DAYS)
    if rule.longest_days is not None and not (rule.days and rule.days <= rule.longest_days):
        reason = "must be given, and no more than longest_days"
        yield Problem("days", reason, "Say how long one without an end lasts")


def _last_day(rule: DeadlineRule, from_on: date, holidays: frozenset[date]) -> date:
    if rule.counted == "calendar":
        return from_on + rule.days * _DAY
    calendar = BusinessCalendar(holidays=holidays)
    day = from_on
    for _ in range(rule.days):
        day = calendar.roll(day + _DAY, "following")
    return day


def _together(one: RestraintRule, careful: RestraintRule) -> RestraintRule:
    """Return what holds where one rule or the other does; the id and source of the first."""
    return replace(
        one,
        blocks=tuple(sorted(_all(one.blocks) | _all(careful.blocks))),
        part_blocks=tuple(sorted(_all(one.part_blocks) | _all(careful.part_blocks))),
        days=max(one.days, careful.days) if one.days and careful.days else None,
        silence_heirs_days=max(one.silence_heirs_days, careful.silence_heirs_days),
        relatives_told=one.relatives_told and careful.relatives_told,
    )


def _all(blocks: tuple[str, ...]) -> frozenset[str]:
    return EVERYTHING if blocks == (ALL_BLOCKS,) else frozenset(blocks)


def _paths(name: str, rules: Iterable[R]) -> list[tuple[str, R]]:
    return [(f"{name}.{index}", each) for index, each in enumerate(rules)]

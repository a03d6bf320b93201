"""Restraints: what holds the system back for a person or a loan, from when until when.

Restraints add up: an act is held while any of them blocks it, and the end of one lifts nothing that
another still blocks. Whatever is unknown blocks: a stored kind or block that this version does not
know holds every act, so that neither an older nor a newer version lets through what a person meant
to stop.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from recovery.domain.accounting.pauses import Pause
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.free_text import free_text_problems

_DAY = timedelta(days=1)
LONGEST_REASON_CODE = 40


class Kind(StrEnum):
    """Why the system holds back."""

    PROMISE = "promise"
    AGREEMENT = "agreement"
    HARDSHIP = "hardship"
    DISPUTE = "dispute"
    COMPLAINT = "complaint"
    MORATORIUM = "moratorium"
    BREATHING_SPACE = "breathing_space"
    INSOLVENCY = "insolvency"
    DEATH = "death"
    REPRESENTATIVE = "representative"
    MINOR = "minor"
    IMPRISONMENT = "imprisonment"
    FRAUD_CLAIM = "fraud_claim"
    RESTRICTION = "restriction"
    OBJECTION = "objection"
    STOP = "stop"
    TIME_BARRED = "time_barred"


class Block(StrEnum):
    """What a restraint can hold. Messages are told apart by purpose: a notice is one that the law
    asks for, an answer one that the person asked for."""

    REMINDERS = "messages.reminder"
    ARREARS = "messages.arrears"
    THANKS = "messages.thanks"
    NOTICES = "messages.notice"
    EDUCATION = "messages.education"
    ANSWERS = "messages.answer"
    CALLS = "calls"
    LATE_CHARGES = "late_charges"
    ESCALATION = "escalation"
    JUDICIAL = "judicial"
    BUREAU = "bureau"


MESSAGES = frozenset(each for each in Block if each.startswith("messages."))
EVERYTHING = frozenset(Block)
_KINDS = frozenset(Kind)


@dataclass(frozen=True, slots=True)
class Restraint:
    """One reason to hold back, on both days and every day between; ``until`` None is open-ended.

    One that ends before it starts was called off and never holds. ``reason_code`` says which rule
    or form it came from, never what the person told. ``part`` is the disputed amount in minor
    units, None for the whole debt; the rest of the loan stays collectible (see ``dispute``).
    ``fact_id`` is the fact it follows from, ``of_person`` whether that is one of the person and
    not of a loan. Kind and blocks are plain text, so that unknown ones can be read.
    """

    kind: str
    from_on: date
    until: date | None
    blocks: frozenset[str]
    reason_code: str
    part: int | None = None
    fact_id: str = ""
    of_person: bool = False

    def holds(self, as_of: date) -> bool:
        """Whether it is in force at ``as_of``."""
        return self.from_on <= as_of and (self.until is None or as_of <= self.until)

    def blocked(self) -> frozenset[str]:
        """Return what it blocks: everything if its kind or one of its blocks is unknown."""
        known = self.kind in _KINDS and self.blocks <= EVERYTHING
        return self.blocks if known else EVERYTHING

    def in_words(self) -> str:
        """Return kind and dates, such as "promise from 2026-03-01 until 2026-03-15"."""
        ends = f"until {self.until}" if self.until else "until further notice"
        return f"{self.kind.replace('_', ' ')} from {self.from_on} {ends}"


def in_force(restraints: Iterable[Restraint], as_of: date) -> tuple[Restraint, ...]:
    """Return the restraints that hold at ``as_of``."""
    return tuple(each for each in restraints if each.holds(as_of))


def blocks(restraints: Iterable[Restraint], what: Block, as_of: date) -> Restraint | None:
    """Return the restraint to name as the reason why ``what`` is held; None if it may go on.

    Of several it is the one that holds longest, so that the day named is no day too early. An act
    that is none of the known blocks is held by whatever is in force.
    """
    known = what in EVERYTHING
    held = (each for each in in_force(restraints, as_of) if not known or what in each.blocked())
    return longest(held)


def rests(restraints: Iterable[Restraint], as_of: date) -> bool:
    """Whether all that is overdue rests: who pays meanwhile is thanked, and asked for nothing."""
    whole = (each for each in restraints if each.part is None)
    return blocks(whole, Block.ARREARS, as_of) is not None


def is_too_old(restraints: Iterable[Restraint], as_of: date) -> bool:
    """Whether nothing at all of the debt can be claimed any more: no message asks for any of it."""
    held = in_force(restraints, as_of)
    return any(each.kind == Kind.TIME_BARRED and each.part is None for each in held)


def longest(restraints: Iterable[Restraint]) -> Restraint | None:
    """Return the one that ends last; of these the one that began first, then by kind and code."""
    return min(
        restraints,
        key=lambda each: (
            each.until is not None,
            -each.until.toordinal() if each.until else 0,
            each.from_on,
            each.kind,
            each.reason_code,
        ),
        default=None,
    )


def held_days(restraints: Iterable[Restraint], what: Block) -> tuple[Pause, ...]:
    """Return the days on which ``what`` is held, as pauses."""
    return tuple(
        Pause(each.from_on - _DAY, each.until)
        for each in restraints
        if what in each.blocked() and (each.until is None or each.until >= each.from_on)
    )


def next_dates(restraints: Iterable[Restraint], as_of: date) -> Iterator[date]:
    """Yield each date after ``as_of`` from which a restraint holds, or holds no longer."""
    for each in restraints:
        if each.until is not None and each.until < each.from_on:
            continue
        if each.from_on > as_of:
            yield each.from_on
        if each.until is not None and as_of <= each.until < date.max:
            yield each.until + _DAY


def restraint_problems(restraint: Restraint) -> Iterator[Problem]:
    """Yield everything wrong with a restraint to be recorded: reading fails closed, writing says
    so."""
    if restraint.kind not in _KINDS:
        reason = f"{restraint.kind!r} is unknown"
        yield Problem("kind", reason, f"Use one of: {', '.join(sorted(_KINDS))}")
    if restraint.until is not None and restraint.until < restraint.from_on:
        yield Problem("until", "is before from_on", "Give a last day on or after the first")
    if not restraint.blocks:
        yield Problem("blocks", "are missing", "Say what the restraint holds", "missing")
    unknown = sorted(restraint.blocks - EVERYTHING)
    if unknown:
        reason = f"have unknown entries: {', '.join(unknown)}"
        yield Problem("blocks", reason, f"Use some of: {', '.join(sorted(EVERYTHING))}")
    yield from free_text_problems("reason_code", restraint.reason_code, LONGEST_REASON_CODE)
    if restraint.part is not None and restraint.part < 1:
        remedy = "Give the disputed amount in minor units, or leave it out for the whole debt"
        yield Problem("part", "must be more than nothing", remedy, "out_of_range")

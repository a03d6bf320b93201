"""What follows from a collective relief on record: what rests, the letter, and its undoing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from recovery.domain.accounting.fact import FactRecord, Recorded, Undo
from recovery.domain.accounting.history import ScheduleVersion
from recovery.domain.accounting.party import Party
from recovery.domain.accounting.relief import Relief
from recovery.domain.accounting.said import Written
from recovery.domain.agreements.restraints import Kind, Restraint
from recovery.domain.shared.errors import Problem

LETTER_WITHIN_DAYS = 30
GRANTED = "granted"
_PREFIX = "RE-"
SCHEDULE, PAUSE, CHARGE = "S", "P", "C"  # a relief's id is in lower case
_PART = re.compile(rf"[{SCHEDULE}{PAUSE}]|{CHARGE}[0-9]+")


def reliefs_of(recorded: Recorded) -> Iterator[tuple[FactRecord, Relief]]:
    """Yield each relief that counts, with its record."""
    for each in recorded.counting():
        if isinstance(each.fact, Relief):
            yield each, each.fact


def next_fact_id(recorded: Recorded, relief_id: str) -> str:
    """Return the id of the fact by which this relief is granted; one that was undone has its own,
    so that it can be granted anew."""
    before = sum(
        isinstance(each.fact, Relief) and each.fact.relief_id == relief_id
        for each in recorded.facts
    )
    return f"{_PREFIX}{relief_id}" + (f".R{before + 1}" if before else "")


def is_of(restraint: Restraint, relief_id: str) -> bool:
    """Whether this relief holds, or held, the loan: known without its facts."""
    return (
        not restraint.of_person
        and restraint.kind == Kind.MORATORIUM
        and restraint.reason_code == relief_id
    )


def restraints_by(recorded: Recorded) -> Iterator[Restraint]:
    """Yield what each relief holds back."""
    for record, each in reliefs_of(recorded):
        blocks = frozenset(each.blocks)
        yield Restraint(
            Kind.MORATORIUM, each.on, each.until, blocks, each.relief_id, fact_id=record.fact_id
        )


def written_letters(recorded: Recorded, today: date) -> tuple[Written, ...]:
    """Return the letters about reliefs granted lately."""
    oldest = today - timedelta(days=LETTER_WITHIN_DAYS)
    return tuple(
        Written("relief", record.fact_id, GRANTED, record.known_on)
        for record, _ in reliefs_of(recorded)
        if record.known_on >= oldest
    )


def guarantors_second(
    parties: Iterable[Party], recorded: Recorded, as_of: date
) -> tuple[Party, ...]:
    """Return the parties as they stand under a relief: who answers for the debtor may ask that the
    debtor's means are tried first."""
    holds = any(each.guarantors_second and each.on <= as_of for _, each in reliefs_of(recorded))
    return tuple(
        replace(each, subsidiary=True) if holds and each.is_surety else each for each in parties
    )


def parts_of(fact_id: str, recorded: Recorded) -> tuple[str, ...]:
    """Return the ids of the facts that came with a relief and still count: schedule, pause, and
    the undoing of charges; the last first."""
    undone = recorded.undone_ids
    found = (
        each.fact_id
        for each in recorded.facts
        if each.fact_id not in undone
        and each.fact_id.startswith(f"{fact_id}.")
        and _PART.fullmatch(each.fact_id.removeprefix(f"{fact_id}."))
    )
    return tuple(sorted(found, reverse=True))


def undoing(undo: Undo, recorded: Recorded) -> tuple[Undo, ...]:
    """Return what is undone with a relief, besides itself; nothing for another fact."""
    known = {record.fact_id for record, _ in reliefs_of(recorded)}
    if undo.fact_id not in known:
        return ()
    return tuple(Undo(each, undo.on) for each in parts_of(undo.fact_id, recorded))


def undo_problems(fact: object, recorded: Recorded) -> Iterator[Problem]:
    """Yield why what belongs to a relief cannot be undone by itself, or the relief no more."""
    if not isinstance(fact, Undo):
        return
    for record, _ in reliefs_of(recorded):
        parts = parts_of(record.fact_id, recorded)
        if fact.fact_id in parts:
            reason = f"{fact.fact_id} came with relief {record.fact_id}"
            yield Problem("undoes", reason, "Undo the relief", "conflict")
        if fact.fact_id != record.fact_id:
            continue
        versions = {
            e.fact_id: e.fact for e in recorded.counting() if isinstance(e.fact, ScheduleVersion)
        }
        own = [version.version for fact_id, version in versions.items() if fact_id in parts]
        later = [e.version for e in versions.values() if own and e.version > max(own)]
        if later:
            reason = f"{fact.fact_id} is the base of version {min(later)}"
            yield Problem("undoes", reason, "Undo the later version first", "conflict")

"""A schedule made here has to be booked in the core banking system, which confirms it as a fact."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from recovery.domain.accounting.agreed import Booked
from recovery.domain.accounting.fact import FactRecord, Recorded
from recovery.domain.accounting.history import ScheduleVersion
from recovery.domain.accounting.loan_facts import FROM_CORE
from recovery.domain.shared.errors import Problem


def unbooked_since(recorded: Recorded) -> date | None:
    """Return the day on which the schedule in force became known, if it was made here and the core
    has not confirmed it; None otherwise. An older version needs no booking any more."""
    last = _unbooked(recorded)
    return last.known_on if last else None


def unbooked_schedule(recorded: Recorded) -> str | None:
    """Return the fact that made it; None if the core knows the schedule in force."""
    last = _unbooked(recorded)
    return last.fact_id if last else None


def booking_due_on(since: date | None, within_days: int | None) -> date | None:
    """Return the day on which a person asks why it is not booked; None if nobody has to."""
    if since is None or within_days is None:
        return None
    return since + timedelta(days=within_days)


def booking_problems(fact: Booked, recorded: Recorded) -> Iterator[Problem]:
    """Yield every reason why a confirmation cannot go on record."""
    versions = dict(_versions(recorded))
    found = versions.get(fact.schedule_id)
    if found is None:
        reason = f"{fact.schedule_id} is no schedule that was made here and counts"
        remedy = "Give fact_id of the event ScheduleVersionMade"
        yield Problem("schedule_id", reason, remedy, "not_found")
        return
    if fact.on < found.on:
        reason = f"{fact.on} is before the schedule of {found.on}"
        yield Problem("on", reason, "Use the day on which it was booked", "out_of_range")
    if fact.schedule_id in _booked(recorded):
        reason = f"{fact.schedule_id} is confirmed already"
        yield Problem("schedule_id", reason, "Nothing is left to do", "conflict")


def made_here(records: tuple[FactRecord, ...]) -> Iterator[tuple[FactRecord, ScheduleVersion]]:
    """Yield the new schedules among these facts that no core sent."""
    for each in records:
        if isinstance(each.fact, ScheduleVersion) and each.fact.kind != FROM_CORE:
            yield each, each.fact


def _versions(recorded: Recorded) -> Iterator[tuple[str, ScheduleVersion]]:
    for record, version in made_here(recorded.counting()):
        yield record.fact_id, version


def _unbooked(recorded: Recorded) -> FactRecord | None:
    """Return the schedule in force, if it was made here and is not confirmed."""
    last: tuple[date, int, FactRecord] | None = None
    for each in recorded.counting():
        if isinstance(each.fact, ScheduleVersion):
            place = each.fact.on, each.fact.version
            if last is None or place > last[:2]:
                last = *place, each
    if last is None or last[2].fact_id in _booked(recorded):
        return None
    return next((record for record, _ in made_here((last[2],))), None)


def _booked(recorded: Recorded) -> frozenset[str]:
    facts = (each.fact for each in recorded.counting())
    return frozenset(each.schedule_id for each in facts if isinstance(each, Booked))

"""What limitation clocks ask of a review: when to look again, whom to warn, what to stop.

A look reads the record, so it is seldom: none before the first alarm that there can be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from recovery.domain.accounting.loan import Loan
from recovery.domain.agreements.people_rules import PeoplePack
from recovery.domain.agreements.restraints import Block, Kind, Restraint
from recovery.domain.cases.tasks import Task, TaskKind
from recovery.domain.judicial.claim_rules import ClaimPack
from recovery.domain.judicial.limitation import Clock
from recovery.domain.judicial.limitation_dates import (
    REASON,
    next_limitation_dates,
    time_barred_restraint,
)
from recovery.domain.judicial.limitation_periods import period_of
from recovery.domain.schedules.due_dates import MONTHLY, step
from recovery.domain.shared.actor import Role

# A rule may pass its review in the meantime, or a party leave.
LOOK_AGAIN_DAYS = 90
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """``persons`` can be sued until ``last_day``; that is within ``days_before`` days."""

    last_day: date
    days_before: int
    persons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the clocks say on a day. ``again_on`` None: nothing is overdue."""

    again_on: date | None
    restraint: Restraint | None = None
    alarms: tuple[Alarm, ...] = ()


def first_look(since: date, pack: ClaimPack, alarm_days: Sequence[int]) -> date:
    """Return the first day on which a clock may ask for attention: no act makes one run shorter.

    ``since`` is the due date of the oldest instalment that is not paid.
    """
    last_day = step(since, MONTHLY, 12 * period_of(pack, "contract", since).years)
    return last_day - max(alarm_days, default=0) * _DAY


def look(
    clocks: Sequence[Clock],
    loan: Loan,
    unpaid_minor: Mapping[str, int],
    people: PeoplePack,
    as_of: date,
    alarm_days: Sequence[int],
) -> Look:
    """Return what the clocks of the unpaid parts say; ``unpaid_minor`` is what each part lacks."""
    later = next_limitation_dates(clocks, as_of, alarm_days)
    again = min((each.on for each in later), default=date.max)
    return Look(
        again_on=min(again, as_of + LOOK_AGAIN_DAYS * _DAY),
        restraint=time_barred_restraint(clocks, loan.borrower_id, as_of, people)
        or _part_barred(clocks, loan.borrower_id, unpaid_minor),
        alarms=tuple(_alarms(clocks, as_of, alarm_days)),
    )


def restrained(restraints: Iterable[Restraint], found: Look) -> tuple[Restraint, ...]:
    """Return the restraints with the one that the clocks ask for; an earlier one gives way."""
    others = tuple(each for each in restraints if not is_by_clocks(each))
    return (*others, found.restraint) if found.restraint else others


def is_by_clocks(restraint: Restraint) -> bool:
    """Whether a review wrote it."""
    return restraint.kind == Kind.TIME_BARRED and restraint.reason_code == REASON


def limitation_tasks(found: Look | None, loan: Loan, as_of: date) -> Iterator[Task]:
    """Yield what somebody legal has to do before it is too late; the last day is the deadline."""
    for each in found.alarms if found else ():
        who = "the borrower" if loan.borrower_id in each.persons else "a party"
        several = len(each.persons) - 1
        also = f" and {several} more" if several else ""
        yield Task(
            task_id=f"{loan.loan_id}.limitation.{each.last_day}.{each.days_before}",
            kind=TaskKind.LIMITATION,
            person_id=loan.borrower_id,
            loan_id=loan.loan_id,
            role=Role.LEGAL,
            reason=f"what {who}{also} can be asked for gets too old after {each.last_day}:"
            " let it rest, settle, or keep the claim alive (recovery limitation --loan)",
            opened_on=as_of,
            do_by=each.last_day,
        )


def may_be_asked(clocks_on: date | None, as_of: date) -> bool:
    """Whether somebody may have been asked by the last look, after which the next is ``clocks_on``:
    before the first alarm there can be, looks are years apart."""
    return clocks_on is not None and clocks_on <= as_of + LOOK_AGAIN_DAYS * _DAY


def tasks_over(tasks: Iterable[Task], found: Look, loan_id: str, as_of: date) -> Iterator[str]:
    """Yield the open tasks whose last day is not near any more: the clock was renewed, or what it
    runs for was paid. One that was missed stays with who missed it."""
    days = {each.last_day for each in found.alarms}
    for each in tasks:
        is_ours = each.kind is TaskKind.LIMITATION and each.loan_id == loan_id and each.is_pending
        moved = each.do_by >= as_of and each.do_by not in days
        if is_ours and (moved or found.again_on is None):
            yield each.task_id


def _part_barred(
    clocks: Sequence[Clock], person_id: str, unpaid_minor: Mapping[str, int]
) -> Restraint | None:
    """Return what keeps a part from being asked for: it is too old, and the rest is not."""
    old = [each for each in clocks if each.person_id == person_id and each.is_barred]
    days = [each.prescribes_on for each in old if each.prescribes_on is not None]
    amount_minor = sum(unpaid_minor[part] for each in old for part in each.parts)
    if not days or not amount_minor:
        return None
    # The register's amount would not be what can be claimed; everything else goes on.
    return Restraint(
        kind=Kind.TIME_BARRED,
        from_on=max(days) + _DAY,
        until=None,
        blocks=frozenset({Block.BUREAU}),
        reason_code=REASON,
        part=amount_minor,
    )


def _alarms(clocks: Sequence[Clock], as_of: date, alarm_days: Sequence[int]) -> Iterator[Alarm]:
    """Yield the alarm of the earliest day of each person that is near; the others wait for it."""
    first: dict[str, date] = {}
    for each in clocks:
        last_day = each.prescribes_on
        if last_day is not None and as_of <= last_day and each.status != "not_due":
            first[each.person_id] = min(last_day, first.get(each.person_id, date.max))
    persons: dict[date, list[str]] = defaultdict(list)
    for person_id, last_day in first.items():
        persons[last_day].append(person_id)
    for last_day, whom in sorted(persons.items()):
        left = (last_day - as_of).days
        near = [each for each in alarm_days if left <= each]
        if near:
            yield Alarm(last_day=last_day, days_before=min(near), persons=tuple(whom))

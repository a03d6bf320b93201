"""What limitation clocks ask for: days on which to warn, and how to treat a debt that is barred."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from recovery.domain.agreements.people_rules import PeoplePack, restraint_for
from recovery.domain.agreements.restraints import Kind, Restraint
from recovery.domain.judicial.limitation import Clock
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import MAX_DAYS, rule_count_problems

# Long enough for a demand with proof, then for a claim, and then for whoever forgot both.
ALARM_DAYS = (365, 180, 90, 30, 7)
REASON = "limitation"  # of the restraint
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitationDate:
    """A day on which a person's clock asks for attention.

    An ``alarm`` comes ``days_before`` the last day; on ``time_barred`` it is too late.
    """

    on: date
    kind: Literal["alarm", "last_day", "time_barred"]
    days_before: int
    person_id: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """What may be done about a debt.

    Once barred nobody sues, threatens, or asks for a token payment, as that may revive it; a
    payment that comes unasked is taken once a person has confirmed that the payer was told, in
    neutral words, what it may mean (``tell``). ``ask_a_lawyer``: a fact or a rule is not sure.
    """

    sue: bool
    threaten: bool
    ask_for_payment: bool
    take_voluntary_payment: bool
    a_person_confirms: bool
    ask_a_lawyer: bool
    tell: Literal["nothing", "old_debt"]


def limitation_dates(
    clocks: Iterable[Clock], alarm_days: Sequence[int] = ALARM_DAYS
) -> tuple[LimitationDate, ...]:
    """Return every day on which the clocks ask for attention, past ones too, in order.

    Parts of one person that ask on the same day for the same are one. A pending clock asks for
    nothing.
    """
    parts: dict[tuple[date, int, str], list[str]] = defaultdict(list)
    for clock in clocks:
        if clock.prescribes_on is None:
            continue
        for days in {*alarm_days, 0, -1}:
            on = clock.prescribes_on - days * _DAY
            if on > clock.started_on:
                parts[on, days, clock.person_id] += clock.parts
    return tuple(
        LimitationDate(
            on=on,
            kind="alarm" if days > 0 else "last_day" if days == 0 else "time_barred",
            days_before=max(days, 0),
            person_id=person_id,
            parts=tuple(found),
        )
        for (on, days, person_id), found in sorted(parts.items(), key=lambda each: each[0])
    )


def next_limitation_dates(
    clocks: Iterable[Clock], as_of: date, alarm_days: Sequence[int] = ALARM_DAYS
) -> tuple[LimitationDate, ...]:
    """Return the days after ``as_of`` on which the clocks ask for attention, in order."""
    return tuple(each for each in limitation_dates(clocks, alarm_days) if each.on > as_of)


def conduct(clocks: Sequence[Clock]) -> Conduct:
    """Return what may be done about the parts and persons of these clocks, together.

    One barred clock is enough to keep silent about what they are for: ask about the parts and
    persons that you mean.
    """
    barred = any(each.is_barred for each in clocks)
    unsure = any(each.status in ("unsettled", "unverified") for each in clocks)
    may_sue = bool(clocks) and all(each.may_be_sued for each in clocks)
    return Conduct(
        sue=may_sue,
        threaten=may_sue,
        ask_for_payment=not barred,
        take_voluntary_payment=True,
        a_person_confirms=barred,
        ask_a_lawyer=unsure,
        tell="old_debt" if barred else "nothing",
    )


def barred_from(clocks: Iterable[Clock], person_id: str, as_of: date) -> date | None:
    """Return since when nothing at all may be claimed of this person; None: something may.

    From this day the loan has the restraint ``time_barred`` for the person.
    """
    own = [each for each in clocks if each.person_id == person_id]
    days = [each.prescribes_on for each in own if each.prescribes_on is not None]
    if not own or len(days) < len(own) or max(days) >= as_of:
        return None
    return max(days) + _DAY


def time_barred_restraint(
    clocks: Iterable[Clock], person_id: str, as_of: date, pack: PeoplePack
) -> Restraint | None:
    """Return what holds once nothing may be claimed of this person; None: something may.

    So every lower room hears of it, by what the law of the contract makes such a restraint hold.
    """
    since = barred_from(clocks, person_id, as_of)
    return None if since is None else restraint_for(pack, Kind.TIME_BARRED, since, None, REASON)


def alarm_problems(alarm_days: Sequence[int]) -> Iterator[Problem]:
    """Yield what is wrong with configured distances, as ``alarm_days...``."""
    yield from rule_count_problems("alarm_days", len(alarm_days))
    for index, days in enumerate(alarm_days):
        if not 1 <= days <= MAX_DAYS:
            remedy = f"Use whole days from 1 to {MAX_DAYS}"
            yield Problem(f"alarm_days.{index}", "is out of range", remedy, "out_of_range")

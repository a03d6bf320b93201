"""Conduct: when and how often people were contacted, by the packs' data and the policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from recovery.domain.cases.tasks import Task
from recovery.domain.contact.contact_rules import CapRule, HoursRule
from recovery.domain.portfolio.conduct import Details, Finding, Law, PersonConduct, Said
from recovery.domain.portfolio.conduct_kinds import ANSWER, NOTICE, purpose_of
from recovery.domain.shared.business_calendar import WEEKDAYS
from recovery.domain.shared.packs import Rule

R = TypeVar("R", bound=Rule)

_CALLING = ("call", "plan", "hardship", "missing_details")
_NOBODY = ("no_answer", "wrong_number", "moved_away", "visit_done", "done", "lapsed")
_SPOKE_NOT = ("wrong_number", "moved_away", "done", "lapsed")


@dataclass(frozen=True, slots=True)
class Event:
    """One contact that counts: ``what`` are the names under which caps count it."""

    on: date
    what: frozenset[str]
    ref: str
    loan_id: str = ""
    is_kind: bool = True  # no notice and no answer, which only the law's own caps bind
    at: datetime | None = None


def when_findings(record: PersonConduct) -> Iterator[Finding]:
    """Yield each contact at a wrong time, or once too often."""
    for said in record.said:
        for broken in _time_rules(said):
            yield Finding(broken, said.on, record.person_id, said.loan_id, said.message_id)
    for event in task_events(record.tasks):
        if event.at and (rule := _at_wrong_time(record.now, event, event.at)):
            yield Finding(rule, event.on, record.person_id, event.loan_id, event.ref)
    yield from _over_caps(record)


def task_events(tasks: Iterable[Task]) -> Iterator[Event]:
    """Yield each try to reach the person by telephone or visit, and each that succeeded.

    The moment of a try is what a person wrote down; that of a talk is not on record, only its day.
    """
    for task in tasks:
        is_visit, of = task.kind == "visit", task.loan_id or ""
        if not is_visit and task.kind not in _CALLING:
            continue
        way = "visits" if is_visit else "calls"
        for each in task.tries:
            yield Event(each.at.date(), frozenset({way}), task.task_id, of, at=each.at)
        outcome = task.result.code if task.result else "lapsed"
        if task.ended_on is None or (outcome in _SPOKE_NOT) or (outcome == "no_answer"):
            continue
        talked: frozenset[str] = frozenset(() if outcome in _NOBODY else ("conversations",))
        yield Event(task.ended_on, frozenset({way}) | talked, task.task_id, of)


def _time_rules(said: Said) -> Iterator[str]:
    if said.contact.at is None:
        return
    found = [_time_rule(each, said, said.contact.at) for each in said.details]
    if found and all(found):
        yield str(found[0])


def _time_rule(details: Details, said: Said, at: datetime) -> str | None:
    """Return the rule that the moment broke, None if it was right under these details."""
    if not details.places:
        return "unknown_place"
    own, policy = details.person.instructions, said.policy
    home = at.astimezone(details.places[0].zones[0])
    if own.from_time and own.until_time and not own.from_time <= home.time() < own.until_time:
        return "outside_hours"
    channel = said.contact.channel or "email"
    for place in details.places:
        for zone in place.zones:
            local = at.astimezone(zone)
            if WEEKDAYS[local.weekday()] not in policy.weekdays:
                return "outside_days"
            if rule := _unlawful(place, channel, local):
                return rule
            if not policy.from_time <= local.time() < policy.until_time:
                return "outside_hours"
    return None


def _at_wrong_time(details: Details, event: Event, at: datetime) -> str | None:
    """Judge a try by the law alone: the policy's hours are for messages."""
    channel = "visit" if "visits" in event.what else "call"
    for place in details.places:
        for zone in place.zones:
            if rule := _unlawful(place, channel, at.astimezone(zone)):
                return rule
    return None


def _unlawful(place: Law, channel: str, local: datetime) -> str | None:
    """Return the rule that this local moment breaks by the law of the place.

    A rule that nobody verified, or whose review is past, only narrows the careful default.
    """
    day, clock = local.date(), local.time()
    careful = [e for e in _holding(place.careful.hours, day) if channel in e.channels]
    own = [e for e in _holding(place.own.hours if place.own else (), day) if channel in e.channels]
    is_holiday = day in place.holidays
    usual_day = [e for e in careful if _on_day(e, day, is_holiday)]
    usual = [e for e in usual_day if e.from_time <= clock < e.until_time]
    if not own:
        return None if usual else "outside_hours" if usual_day else "outside_days"
    # Silent on weekdays: those of the careful default hold, whatever day is a holiday.
    weekday_is_usual = any(_on_day(each, day, is_holiday=False) for each in careful)
    days = [
        each
        for each in own
        if (_on_day(each, day, is_holiday) if each.weekdays else weekday_is_usual)
        and (each.holidays or not is_holiday)
    ]
    if not days or not (any(_is_vouched_for(each, day) for each in days) or usual_day):
        return "outside_days"
    for each in days:
        in_time = each.from_time <= clock < each.until_time
        if in_time and (_is_vouched_for(each, day) or usual):
            return None
    return "outside_hours"


def _on_day(rule: HoursRule, day: date, is_holiday: bool) -> bool:
    return WEEKDAYS[day.weekday()] in rule.weekdays and (rule.holidays or not is_holiday)


def _over_caps(record: PersonConduct) -> Iterator[Finding]:
    events = [
        Event(
            said.on,
            frozenset({"messages"}),
            said.message_id,
            said.loan_id,
            said.kind == "please_call" or purpose_of(said.kind) not in (NOTICE, ANSWER),
        )
        for said in record.said
    ]
    messages = {said.message_id: said for said in record.said}
    events += task_events(record.tasks)
    events.sort(key=lambda each: each.on)  # of one day, messages stay in the order they went
    for index, event in enumerate(events):
        said = messages.get(event.ref)
        versions = said.details if said else (record.now,)
        weekly = said.policy.max_messages_per_week if said and event.is_kind else None
        broken = [_broken_cap(each, events[: index + 1], weekly) for each in versions]
        if broken and all(broken):
            rule = f"too_many_{broken[0]}"
            yield Finding(rule, event.on, record.person_id, event.loan_id, event.ref)


def _broken_cap(details: Details, events: Sequence[Event], weekly: int | None) -> str | None:
    """Return what the last of these events is one too many of."""
    last = events[-1]
    if weekly is not None and _number(events, {"messages"}, 7) > weekly:
        return "messages"
    for place in details.places:
        for rule in _caps(place, last):
            if _number(events, set(rule.counted), rule.days) > rule.most:
                return next(each for each in rule.counted if each in last.what)
    return None


def _number(events: Sequence[Event], counted: set[str], days: int) -> int:
    since = events[-1].on - timedelta(days=days)
    return sum(bool(each.what & counted) for each in events if each.on > since)


def _caps(place: Law, event: Event) -> Iterator[CapRule]:
    own = _holding(place.own.caps if place.own else (), event.on)
    mine = [each for each in own if event.what & set(each.counted)]
    yield from mine
    for careful in _holding(place.careful.caps, event.on):
        stronger = (
            each.days >= careful.days
            and set(each.counted) & set(careful.counted)
            and _is_vouched_for(each, event.on)
            for each in mine
        )
        if event.is_kind and event.what & set(careful.counted) and not any(stronger):
            yield careful


def _holding(rules: Iterable[R], day: date) -> list[R]:
    return [
        each
        for each in rules
        if each.valid_from <= day and (each.valid_to is None or day <= each.valid_to)
    ]


def _is_vouched_for(rule: Rule, day: date) -> bool:
    return rule.confidence in ("H", "M") and day <= rule.review_by

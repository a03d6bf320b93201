"""The worked cases about contact are answered as a lawyer did, by the gate and the packs behind it.

The cases are not part of this repository: without them these tests are skipped.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, get_args

import pytest

from recovery.documents.packs.reading import careful_contact_pack, contact_pack, people_pack
from recovery.domain.agreements.people_rules import restraint_for
from recovery.domain.agreements.restraints import MESSAGES, Block, Kind, blocks
from recovery.domain.cases.tasks import TaskKind
from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.contact_rules import Channel, ContactPack, Counted, Written, caps, may
from recovery.domain.contact.gate import Send, check_contact, contact_hours
from recovery.domain.contact.policy import ContactPolicy
from recovery.use_cases.contact.limits import limits_for, zone_of
from tests.builders import a_borrower
from tests.documents.questions.test_procedure_worked_cases import CASES, needs_cases

ON = date(2026, 5, 15)  # a Friday
EVERY_DAY = ContactPolicy(  # as wide as a policy can be, so that the law alone decides
    weekdays=("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    from_time=datetime.min.time(),
    until_time=datetime.max.time().replace(second=0, microsecond=0),
    max_messages_per_week=100,
)
ZONES = {
    "NL": "Europe/Amsterdam",
    "ES": "Europe/Madrid",
    "US": "America/Chicago",
    "IN": "Asia/Kolkata",
    "GB": "Europe/London",
}
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})")
_TIME = re.compile(r"^\d{2}:\d{2}$")
_NTH = re.compile(r"(\d+)(?:st|nd|rd|th) call .*within (\d+) days")
_AFTER_TALK = re.compile(r"(\d+) days after a phone conversation")
_BREATHING = re.compile(r"breathing space day (\d+) of (\d+)")


def _contact_cases() -> list[Any]:
    found = [each for each in CASES if each["expected"]["procedure"] == "CONTACT"]
    return [pytest.param(each, id=each["id"]) for each in found]


def a_person(place: str, now: datetime) -> Borrower:
    """Somebody whose details are in order and who said yes to every channel."""
    country = place[:2]
    return replace(
        a_borrower(), country=country, time_zone=ZONES[country], phone=None, recent_contacts=(),
        email="ana@example.org", email_consent=True, contact_confirmed_on=now.date(),
    )  # fmt: skip


def is_open(place: str, channel: Channel, now: datetime) -> bool:
    """Whether this hour is one for contact; an e-mail passes the whole gate."""
    person = a_person(place, now)
    zone = zone_of(person)
    limits, local = limits_for(person, EVERY_DAY), now.replace(tzinfo=zone)
    if channel == "email":
        return isinstance(check_contact(limits, person, local), Send)
    hours = contact_hours(limits, person, now.date(), channel)
    return hours is not None and hours[0] <= local < hours[1]


def has_room(pack: ContactPack, counted: Counted, before: list[date], on: date) -> bool:
    """Whether one more is within every cap, after those of these days."""
    return all(
        sum(0 <= (on - each).days < cap.days for each in before) < cap.most
        for cap in caps(pack, counted, on)
    )


def allows(place: str, channel: str, situation: str) -> bool:
    """Answer one case by what its words say of day, hour and what came before."""
    moment, nth = _MOMENT.search(situation), _NTH.search(situation)
    talked, breathing = _AFTER_TALK.search(situation), _BREATHING.search(situation)
    if moment:
        return is_open(place, _channel(channel), datetime.fromisoformat(moment.group()))
    if _TIME.match(situation):
        return is_open(place, _channel(channel), datetime.fromisoformat(f"{ON}T{situation}"))
    if nth:
        made, within = int(nth[1]) - 1, int(nth[2])
        days = [ON - timedelta(days=n % within) for n in range(made)]
        return has_room(contact_pack(place), "calls", days, ON)
    if talked:
        before = [ON - timedelta(days=int(talked[1]))]
        return has_room(contact_pack(place), "conversations", before, ON)
    if breathing:
        day, of = int(breathing[1]), int(breathing[2])
        start = ON - timedelta(days=day - 1)
        until = start + timedelta(days=of - 1)
        held = restraint_for(people_pack(place), Kind.BREATHING_SPACE, start, until, "scheme")
        asks = (*(each for each in MESSAGES if "answer" not in each), Block.CALLS)
        return any(blocks([held], Block(each), ON) is None for each in asks)
    if "at work" in situation:
        packs = [careful_contact_pack(), *(contact_pack(each) for each in ZONES)]
        return any(may(each, "contact_at_work", ON) for each in packs)
    assert "voice agent" in situation, situation
    return "call" in get_args(Written)  # what the system itself may send: a call is a person's task


def _channel(name: str) -> Channel:
    [found] = [each for each in get_args(Channel) if each == name]
    return found


@needs_cases
@pytest.mark.parametrize("case", _contact_cases())
def test_a_worked_case_about_contact_is_denied_by_the_gate(case) -> None:
    facts, expected = case["facts"], case["expected"]["status"]
    allowed = allows(facts["place"], facts["channel"], case["as_of"])
    assert not allowed and expected.startswith(("DENY", "ROUTE TO HUMAN"))


@needs_cases
def test_contact_cases_there_are() -> None:
    assert len(_contact_cases()) >= 8


@pytest.mark.parametrize(
    ("place", "channel", "situation"),
    [
        ("NL", "email", "2026-05-16T11:00 (Sat)"),
        ("ES", "call", "2026-05-15T11:00 (Fri)"),
        ("US", "call", "3rd call to same person on same debt within 7 days"),
        ("US", "call", "7 days after a phone conversation on the debt"),
        ("IN microfinance", "call", "17:30"),
        ("GB", "any", "any, breathing space day 61 of 60"),
    ],
)
def test_on_the_other_side_of_each_limit_contact_is_allowed(place, channel, situation) -> None:
    assert allows(place, channel, situation)


def test_who_calls_is_a_person() -> None:
    assert TaskKind.CALL in set(TaskKind) and set(get_args(Written)) == {"email", "sms"}

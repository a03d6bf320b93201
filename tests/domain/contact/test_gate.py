from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.documents.packs.reading import contact_pack
from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.gate import (
    RetryOn,
    Send,
    WaitUntil,
    Withhold,
    channels,
    check_contact,
    what_to_respect,
)
from recovery.domain.contact.instructions import Instructions
from recovery.domain.contact.places import Limits, Place
from recovery.domain.contact.policy import ContactPolicy
from tests.builders import the_limits

LIMA = ZoneInfo("America/Lima")
LIMITS = the_limits(zone="America/Lima")
MONDAY = datetime(2026, 6, 1, 10, 0, tzinfo=LIMA)
ROSA = Borrower(
    "B1",
    "Rosa",
    "es-PE",
    "PE",
    "America/Lima",
    email="rosa@example.org",
    phone="+51900000001",
    email_consent=True,
    sms_consent=True,
)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["email", "sms"]),
        ({"preferred_channel": "sms"}, ["sms", "email"]),
        ({"email_consent": False}, ["sms"]),
        ({"email": None}, ["sms"]),
        ({"email": None, "sms_consent": False}, []),
        ({"email": None, "barred_phones": ("+51900000001",)}, []),
        ({"email": None, "barred_phones": ("+51900000002",)}, ["sms"]),
        ({"email": None, "preferred_channel": "email"}, ["sms"]),
        ({"preferred_channel": "sms", "phone_privacy": "shared"}, ["email", "sms"]),
        ({"email_privacy": "unsafe"}, ["sms", "email"]),
        ({"email_privacy": "unsafe", "phone_privacy": "shared"}, ["email", "sms"]),
        ({"instructions": Instructions(only_by="email")}, ["email"]),
        ({"instructions": Instructions(only_by="phone")}, ["sms"]),
        ({"instructions": Instructions(only_by="phone"), "sms_consent": False}, []),
        ({"instructions": Instructions(only_by="letter")}, []),
        ({"instructions": Instructions(only_by="visit")}, []),
    ],
)
def test_channels_need_an_address_and_consent(changes, expected) -> None:
    assert list(channels(LIMITS, replace(ROSA, **changes), MONDAY.date())) == expected


def test_without_a_channel_nothing_is_sent() -> None:
    silent = replace(ROSA, email=None, phone=None)
    assert isinstance(check_contact(LIMITS, silent, MONDAY), Withhold)
    by_letter = check_contact(LIMITS, told(only_by="letter"), MONDAY)
    assert isinstance(by_letter, Withhold) and "only by letter" in by_letter.reason


def told(**said) -> Borrower:
    return replace(ROSA, instructions=Instructions(**said))


@pytest.mark.parametrize(
    ("files", "said", "neutral"),
    [
        (None, None, False),
        ("private", None, False),
        ("shared", None, True),
        ("unsafe", None, True),
        ("unsafe", "private", False),
        ("private", "shared", True),
        (None, "unsafe", True),
    ],
)
def test_to_an_address_that_others_see_only_a_neutral_word_goes(files, said, neutral) -> None:
    by_email = replace(
        ROSA, phone=None, email_privacy=files, instructions=Instructions(email_privacy=said)
    )
    by_sms = replace(
        ROSA, email=None, phone_privacy=files, instructions=Instructions(phone_privacy=said)
    )
    assert check_contact(LIMITS, by_email, MONDAY) == Send("email", neutral)
    assert check_contact(LIMITS, by_sms, MONDAY) == Send("sms", neutral)


def test_a_neutral_word_is_no_notice_that_passes_the_cap() -> None:
    full = replace(ROSA, recent_contacts=(date(2026, 5, 27), date(2026, 5, 29)))
    assert check_contact(LIMITS, full, MONDAY, capped=False) == Send("email")
    seen = replace(full, email_privacy="shared", phone_privacy="shared")
    assert isinstance(check_contact(LIMITS, seen, MONDAY, capped=False), RetryOn)


def test_the_persons_own_hours_narrow_the_policys() -> None:
    evening = told(from_time=time(18), until_time=time(20))
    assert check_contact(LIMITS, evening, MONDAY) == WaitUntil(
        MONDAY.replace(hour=18), "quiet hours"
    )
    assert check_contact(LIMITS, evening, MONDAY.replace(hour=18, minute=59)) == Send("email")
    too_late = check_contact(LIMITS, evening, MONDAY.replace(hour=19))
    assert too_late == RetryOn(date(2026, 6, 2), "quiet hours")
    night = told(from_time=time(19), until_time=time(21))
    assert isinstance(check_contact(LIMITS, night, MONDAY), Withhold)


@pytest.mark.parametrize(
    ("hour", "minute", "verdict"),
    [
        (9, 0, Send("email")),
        (18, 59, Send("email")),
        (8, 59, WaitUntil(MONDAY.replace(hour=9), "quiet hours")),
        (19, 0, RetryOn(date(2026, 6, 2), "quiet hours")),
        (23, 30, RetryOn(date(2026, 6, 2), "quiet hours")),
    ],
)
def test_quiet_hours_use_the_borrowers_local_time(hour, minute, verdict) -> None:
    assert check_contact(LIMITS, ROSA, MONDAY.replace(hour=hour, minute=minute)) == verdict


@pytest.mark.parametrize("day", [6, 7])
def test_a_weekend_waits_for_monday(day: int) -> None:
    now = datetime(2026, 6, day, 11, 0, tzinfo=LIMA)
    assert check_contact(LIMITS, ROSA, now) == RetryOn(date(2026, 6, 8), "quiet hours")


def test_two_messages_in_seven_days_are_the_limit() -> None:
    twice = replace(ROSA, recent_contacts=(date(2026, 5, 27), date(2026, 5, 29)))
    verdict = check_contact(LIMITS, twice, MONDAY)
    assert verdict == RetryOn(date(2026, 6, 3), "2 messages already in the last seven days")
    old = replace(ROSA, recent_contacts=(date(2026, 5, 25), date(2026, 5, 29)))
    assert check_contact(LIMITS, old, MONDAY) == Send("email")


@given(
    st.lists(st.integers(0, 60), max_size=12),
    st.integers(0, 24 * 60 * 14),
    st.integers(1, 4),
    st.integers(0, 22),
    st.integers(1, 23),
)
def test_the_gate_never_exceeds_the_cap_or_sends_in_quiet_hours(ages, minute, cap, start, length):
    now = MONDAY + timedelta(minutes=minute)
    contacts = tuple(sorted(now.date() - timedelta(days=age) for age in ages))
    limits = the_limits(ContactPolicy(max_messages_per_week=cap), "America/Lima")
    end = min(start + length, 23)
    own = Instructions(from_time=time(start), until_time=time(end))
    person = replace(ROSA, recent_contacts=contacts, instructions=own)
    verdict = check_contact(limits, person, now)
    in_week = sum((now.date() - each).days < 7 for each in contacts)
    if isinstance(verdict, Send):
        assert in_week < min(cap, 2)
        assert now.weekday() < 5
        assert max(9, start) <= now.hour < min(19, end)
    elif isinstance(verdict, RetryOn):
        assert verdict.on > now.date()
        assert verdict.on.weekday() < 5


def test_what_nobody_asked_is_no_consent() -> None:
    unasked = replace(ROSA, email_consent=None, sms_consent=None)
    assert isinstance(check_contact(LIMITS, unasked, MONDAY), Withhold)
    union = the_limits(zone="America/Lima", pack=contact_pack("ES"))
    assert check_contact(union, unasked, MONDAY) == Send("email")
    refused = replace(unasked, email_consent=False, sms_consent=False)
    assert isinstance(check_contact(union, refused, MONDAY), Withhold)
    assert list(channels(union, unasked, MONDAY.date(), "lesson")) == []
    assert list(channels(union, ROSA, MONDAY.date(), "lesson")) == ["email", "sms"]


def test_where_the_person_is_must_be_known() -> None:
    verdict = check_contact(Limits(ContactPolicy(), ()), ROSA, MONDAY)
    assert isinstance(verdict, Withhold) and "not known" in verdict.reason


def test_a_holiday_waits_for_the_next_open_day() -> None:
    limits = the_limits(zone="America/Lima", holidays=[date(2026, 6, 1), date(2026, 6, 2)])
    assert check_contact(limits, ROSA, MONDAY) == RetryOn(date(2026, 6, 3), "quiet hours")


def test_a_cap_of_law_holds_for_notices_too() -> None:
    limits = the_limits(zone="America/Lima", pack=contact_pack("CO"))
    today = replace(ROSA, recent_contacts=(date(2026, 6, 1),))
    reason = "1 message already in the last day"
    for capped in (True, False):
        verdict = check_contact(limits, today, MONDAY, capped=capped)
        assert verdict == RetryOn(date(2026, 6, 2), reason)


def test_without_any_common_hour_a_person_decides() -> None:
    manila = Place(contact_pack("UG"), (ZoneInfo("Asia/Manila"),))
    verdict = check_contact(the_limits(ContactPolicy(), "America/Lima", manila), ROSA, MONDAY)
    assert isinstance(verdict, Withhold) and "no hour" in verdict.reason


def test_whoever_contacts_the_person_reads_what_to_respect() -> None:
    evening = {"from_time": time(18), "until_time": time(20)}
    asked = Instructions(
        phone_privacy="unsafe", only_by="phone", no_visits=True, text="Ask for Rosa.", **evening
    )
    assert [*what_to_respect(replace(ROSA, email_privacy="shared", instructions=asked))] == [
        "Their e-mail address is shared: say nothing of a debt there.",
        "Their phone is unsafe: say nothing of a debt there.",
        "Contact only by phone.",
        "Only from 18:00 to 20:00, their local time.",
        "No visits.",
        "Their instruction: Ask for Rosa.",
    ]
    private = Instructions(email_privacy="private")
    assert [*what_to_respect(ROSA)] == []
    assert [*what_to_respect(replace(ROSA, email_privacy="shared", instructions=private))] == []


@pytest.mark.parametrize(
    ("recent", "verdict"),
    [
        ((), Send("email")),
        ((date(2026, 5, 25),), Send("email")),  # long enough ago by then
        ((date(2026, 5, 29),), Withhold("the messages of that week are kept for what may follow")),
    ],
)
def test_a_reminder_leaves_room_for_the_first_day_late(recent, verdict) -> None:
    person = replace(ROSA, recent_contacts=recent)
    assert check_contact(LIMITS, person, MONDAY, room_on=date(2026, 6, 3)) == verdict


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"email": None, "phone": None}, "address"),
        ({"email": None, "barred_phones": (ROSA.phone,)}, "address"),
        ({"email_consent": None, "sms_consent": None}, "consent"),
        ({"email_consent": None, "sms_consent": False}, "consent"),
        ({"email_consent": False, "sms_consent": False}, None),  # they said no: nothing is missing
        ({"instructions": Instructions(only_by="letter")}, None),
    ],
)
def test_what_is_missing_for_a_channel_is_told_apart_from_what_was_refused(
    changes, missing
) -> None:
    verdict = check_contact(LIMITS, replace(ROSA, **changes), MONDAY)
    assert isinstance(verdict, Withhold) and verdict.missing == missing

"""Conduct finds what was said at a wrong time or once too often, and nothing else."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from recovery.documents.packs.reading import careful_contact_pack
from recovery.domain.cases.tasks import Result, TaskKind, Try
from recovery.domain.contact.contact_rules import CapRule, ContactRules
from recovery.domain.contact.instructions import Instructions
from recovery.domain.portfolio.conduct import Law
from tests.builders import a_borrower, a_policy, a_task, an_actor
from tests.domain.portfolio.conduct_builders import (
    DAY,
    MONDAY,
    NAIROBI,
    details,
    found,
    law,
    moment,
    said,
)

PERU = details(a_borrower(country="PE", time_zone="America/Lima"), law("PE", "America/Lima"))


def at(clock: time, on: date = MONDAY, zone: ZoneInfo = NAIROBI, **message):
    return said(on=on, at=moment(on, clock, zone), **message)


def test_a_message_at_a_usual_hour_is_right() -> None:
    assert found(at(time(10))) == []


@pytest.mark.parametrize("clock", [time(8, 59), time(19), time(23)])
def test_an_hour_before_nine_or_from_seven_on_is_found(clock) -> None:
    assert found(at(clock)) == ["outside_hours"]


def test_the_hour_counts_where_the_person_is_whatever_zone_the_sender_reckoned_with() -> None:
    assert found(at(time(10), versions=(PERU,))) == ["outside_hours"]  # two at night in Lima
    assert found(at(time(18), versions=(PERU,))) == []


@pytest.mark.parametrize("on", [date(2026, 3, 7), date(2026, 3, 8), date(2026, 5, 1)])
def test_weekends_and_public_holidays_are_found(on) -> None:
    assert found(at(time(10), on)) == ["outside_days"]


def test_the_policys_own_hours_and_the_persons_narrow_the_law() -> None:
    short = a_policy(until_time=time(12)).contact
    assert found(at(time(13), policy=short)) == ["outside_hours"]
    evening = Instructions(from_time=time(18), until_time=time(19))
    person = details(a_borrower(instructions=evening))
    assert found(at(time(10), versions=(person,))) == ["outside_hours"]
    assert found(at(time(18, 30), versions=(person,))) == []


def test_a_phone_of_another_country_makes_a_second_place_that_must_allow_it_too() -> None:
    both = details(a_borrower(), law(), law("PE", "America/Lima"))
    assert found(at(time(10), versions=(both,))) == ["outside_hours"]
    assert found(at(time(17), versions=(both,))) == []


def test_whose_place_is_not_known_hears_nothing() -> None:
    nowhere = details(a_borrower(time_zone=""))
    nowhere = type(nowhere)(nowhere.person, (), True)
    assert found(at(time(10), versions=(nowhere,))) == ["unknown_place"]


def test_details_changed_on_the_day_are_given_the_benefit_of_the_doubt() -> None:
    assert found(at(time(10), versions=(PERU, details()))) == []
    assert found(at(time(4), MONDAY + DAY, versions=(PERU, details()))) == ["outside_hours"]


def test_older_messages_without_a_moment_are_not_judged_by_hours() -> None:
    assert found(said(at=None, words=None, taken_at=None)) == []


def test_the_third_message_of_a_week_is_one_too_many() -> None:
    days = [said(on=MONDAY + n * DAY) for n in (0, 1, 4, 8)]
    assert found(*days[:2], days[3]) == []
    assert found(*days) == ["too_many_messages"]


def test_a_notice_and_an_answer_pass_the_careful_cap_and_still_count() -> None:
    first = [said(on=MONDAY), said(on=MONDAY + DAY)]
    notice = said("notice_before_judicial_recovery", on=MONDAY + 2 * DAY)
    assert found(*first, notice) == []
    assert found(first[0], notice, said(on=MONDAY + 3 * DAY)) == ["too_many_messages"]
    neutral = said("please_call", on=MONDAY + 2 * DAY, meant="notice_before_judicial_recovery")
    assert found(*first, neutral) == ["too_many_messages"]


def own_cap(*counted: str, most: int, days: int) -> Law:
    rule = CapRule(
        id="xx.contact.cap",
        source="a law",
        confidence="H",
        valid_from=date(2020, 1, 1),
        review_by=date(2030, 1, 1),
        counted=counted,
        most=most,
        days=days,
    )
    return Law(ContactRules(caps=(rule,)), careful_contact_pack().careful, (NAIROBI,))


def test_a_cap_of_the_law_binds_a_notice_too() -> None:
    strict = details(None, own_cap("messages", most=1, days=7))
    notice = said("notice_before_judicial_recovery", on=MONDAY + DAY, versions=(strict,))
    assert found(said(versions=(strict,)), notice) == ["too_many_messages"]


def test_a_cap_counts_all_that_it_names_together() -> None:
    together = details(None, own_cap("messages", "calls", most=1, days=7))
    called = a_task(ended_on=MONDAY, result=Result(code="reached"))
    message = said(on=MONDAY + DAY, versions=(together,))
    assert found(message, tasks=(called,), now=together) == ["too_many_messages"]


def test_calls_conversations_and_visits_have_caps_of_their_own() -> None:
    tries = tuple(Try(at=moment(MONDAY, time(9 + n)), by=an_actor()) for n in range(4))
    assert found(tasks=(a_task(tries=tries),)) == ["too_many_calls"]
    talks = tuple(
        a_task(f"T-{n}", ended_on=MONDAY + n * DAY, result=Result(code="promise")) for n in (0, 3)
    )
    assert found(tasks=talks) == ["too_many_conversations"]
    visits = tuple(
        a_task(
            f"V-{n}", kind=TaskKind.VISIT, ended_on=MONDAY + n * DAY,
            result=Result(code="visit_done"),
        )
        for n in (0, 6)
    )  # fmt: skip
    assert found(tasks=visits) == ["too_many_visits"]


@pytest.mark.parametrize("code", ["no_answer", "wrong_number", "lapsed", "done"])
def test_who_reached_nobody_held_no_conversation(code) -> None:
    ended = tuple(a_task(f"T-{n}", ended_on=MONDAY, result=Result(code=code)) for n in range(4))
    assert found(tasks=ended) == []


def test_a_call_at_night_is_found() -> None:
    late = Try(at=datetime.combine(MONDAY, time(21), NAIROBI), by=an_actor())
    assert found(tasks=(a_task(tries=(late,)),)) == ["outside_hours"]


def test_a_verified_law_may_be_wider_than_the_careful_default() -> None:
    wide = a_policy(
        from_time=time(7), until_time=time(20), weekdays=("mon", "sat"), max_messages_per_week=2
    ).contact
    dutch = details(
        a_borrower(country="NL", time_zone="Europe/Amsterdam"), law("NL", "Europe/Amsterdam")
    )
    amsterdam, saturday = ZoneInfo("Europe/Amsterdam"), date(2026, 3, 14)
    for clock, broken in ((time(7, 30), []), (time(20), ["outside_hours"])):
        message = at(clock, saturday, amsterdam, versions=(dutch,), policy=wide)
        assert found(message) == broken
    kenyan = at(time(10), saturday, policy=wide)
    assert found(kenyan) == ["outside_days"]  # nothing verified: the careful days hold

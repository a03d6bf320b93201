"""Contact is allowed only where every place in which a person may be allows it."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.documents.packs.reading import careful_contact_pack, contact_pack
from recovery.domain.contact.contact_rules import Hours, window
from recovery.domain.contact.places import Limits, Place
from recovery.domain.contact.policy import ContactPolicy
from tests.builders import the_limits

FRIDAY = date(2026, 11, 27)
DAY = timedelta(days=1)
LIMA, MADRID = ZoneInfo("America/Lima"), ZoneInfo("Europe/Madrid")
CAREFUL = careful_contact_pack()
WHOLE_WEEK = ContactPolicy(
    from_time=time(0),
    until_time=time(23, 59),
    weekdays=("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    max_messages_per_week=9,
)


def at(hour: int, zone=LIMA, day: date = FRIDAY) -> datetime:
    return datetime.combine(day, time(hour), zone)


def test_in_one_place_its_hours_hold() -> None:
    limits = the_limits(zone="America/Lima")
    assert limits.open_on("sms", FRIDAY) == (at(9), at(19))
    assert limits.open_on("sms", FRIDAY + DAY) is None
    assert limits.open_on("sms", FRIDAY, Hours(time(18), time(22))) == (at(18), at(19))
    assert limits.open_on("sms", FRIDAY, Hours(time(20), time(22))) is None


def test_a_holiday_of_a_place_is_left_alone() -> None:
    assert the_limits(holidays=[FRIDAY]).open_on("sms", FRIDAY) is None


def test_nobody_is_contacted_whose_place_is_not_known() -> None:
    assert Limits(ContactPolicy(), ()).open_on("sms", FRIDAY) is None


def test_of_two_places_both_must_allow() -> None:
    spain = Place(contact_pack("ES"), (MADRID,))
    limits = the_limits(ContactPolicy(), "America/Lima", spain)
    assert limits.open_on("sms", FRIDAY) == (at(9), at(13))  # 19:00 in Madrid
    free = Place(contact_pack("ES"), (MADRID,), frozenset({FRIDAY}))
    assert the_limits(ContactPolicy(), "America/Lima", free).open_on("sms", FRIDAY) is None


def test_places_on_opposite_sides_of_the_earth_leave_no_hour() -> None:
    manila = Place(CAREFUL, (ZoneInfo("Asia/Manila"),))
    assert the_limits(ContactPolicy(), "America/Lima", manila).open_on("sms", FRIDAY) is None


def test_a_country_of_many_zones_must_allow_in_each() -> None:
    many = Place(CAREFUL, (ZoneInfo("America/New_York"), ZoneInfo("America/Los_Angeles")))
    limits = the_limits(ContactPolicy(), "America/New_York", many)
    opens, closes = limits.open_on("sms", FRIDAY)
    assert (opens.hour, closes.hour) == (12, 19)


def test_a_basis_must_hold_in_each_place() -> None:
    spain = Place(contact_pack("ES"), (MADRID,))
    at_home = Limits(ContactPolicy(), (spain,))
    abroad = Limits(ContactPolicy(), (spain, Place(contact_pack("US"), (LIMA,))))
    assert at_home.may_rest_on("sms", "own_loan", None, FRIDAY)
    assert not abroad.may_rest_on("sms", "own_loan", None, FRIDAY)
    assert abroad.may_rest_on("sms", "own_loan", True, FRIDAY)
    assert not at_home.may_rest_on("sms", "lesson", None, FRIDAY)
    assert not at_home.may_rest_on("sms", "own_loan", False, FRIDAY)


def test_caps_of_policy_and_every_place_hold_and_for_notices_those_of_law() -> None:
    colombia = Place(contact_pack("CO"), (LIMA,))
    limits = the_limits(ContactPolicy(max_messages_per_week=5), "America/Lima", colombia)
    assert set(limits.message_caps(FRIDAY)) == {(5, 7), (2, 7), (1, 1)}
    assert set(limits.message_caps(FRIDAY, legal_only=True)) == {(1, 1)}


COUNTRIES = ("NL", "US", "CO", "PH", "KE", "MX", "IN")
ZONES = ("Europe/Amsterdam", "America/New_York", "Asia/Manila", "Asia/Kolkata", "Pacific/Auckland")
PLACES = st.lists(
    st.builds(
        lambda country, zone, off: Place(
            contact_pack(country), (ZoneInfo(zone),), frozenset({FRIDAY + off * DAY})
        ),
        st.sampled_from(COUNTRIES),
        st.sampled_from(ZONES),
        st.integers(0, 9),
    ),
    min_size=1,
    max_size=3,
)


@given(PLACES, st.integers(0, 9), st.integers(0, 999))
def test_whatever_moment_is_open_is_open_in_each_place(places, days, thousandths) -> None:
    span = Limits(WHOLE_WEEK, tuple(places)).open_on("call", FRIDAY + days * DAY)
    if span is None:
        return
    opens, closes = (each.astimezone(UTC) for each in span)
    moment = opens + (closes - opens) * thousandths / 1000
    for place in places:
        local = moment.astimezone(place.zones[0])
        lawful = window(place.pack, "call", local.date(), is_holiday=local.date() in place.holidays)
        assert lawful and lawful.start <= local.time() < lawful.end


@pytest.mark.parametrize("hour", range(24))
def test_no_hour_that_both_allow_is_lost(hour) -> None:
    tokyo = Place(CAREFUL, (ZoneInfo("Asia/Tokyo"),))
    delhi = Place(CAREFUL, (ZoneInfo("Asia/Kolkata"),))
    span = Limits(ContactPolicy(), (tokyo, delhi)).open_on("sms", FRIDAY)
    now = at(hour, ZoneInfo("Asia/Tokyo"))
    in_delhi = now.astimezone(ZoneInfo("Asia/Kolkata"))
    both = 9 <= hour < 19 and time(9) <= in_delhi.time() < time(19) and in_delhi.weekday() < 5
    assert (span is not None and span[0] <= now < span[1]) == both

"""Where a person may be follows from their country, their zone and their phone number."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from recovery.documents.packs.reading import contact_pack
from recovery.domain.contact.gate import Send, WaitUntil, Withhold, check_contact
from recovery.domain.contact.instructions import Instructions
from recovery.domain.contact.policy import ContactPolicy
from recovery.use_cases.contact.limits import limits_for, to_respect
from tests.builders import a_borrower

POLICY = ContactPolicy()
MADRID = ZoneInfo("Europe/Madrid")
FRIDAY = date(2026, 11, 27)


def at(hour: int, zone: ZoneInfo) -> datetime:
    return datetime(2026, 11, 27, hour, tzinfo=zone)


def test_a_person_is_in_one_place_if_the_number_is_of_their_country() -> None:
    [place] = limits_for(a_borrower(), POLICY).places
    assert place.pack == contact_pack("KE")
    assert place.zones == (ZoneInfo("Africa/Nairobi"),)
    assert date(2026, 12, 12) in place.holidays


@pytest.mark.parametrize(
    "unknown", [{"time_zone": ""}, {"time_zone": "Mars/Olympus"}, {"country": "XX"}]
)
def test_nothing_is_sent_to_who_is_nowhere_known(unknown) -> None:
    person = a_borrower(**unknown)
    limits = limits_for(person, POLICY)
    verdict = check_contact(limits, person, at(12, MADRID))
    assert isinstance(verdict, Withhold) and "not known" in verdict.reason


def test_with_a_number_of_another_country_both_places_must_allow() -> None:
    peru = {"country": "PE", "time_zone": "America/Lima", "email": None}
    person = a_borrower(**peru, phone="+34600000001")
    limits = limits_for(person, POLICY)
    assert [each.pack for each in limits.places] == [contact_pack("PE"), contact_pack("ES")]
    lima = ZoneInfo("America/Lima")
    assert check_contact(limits, person, at(12, lima)) == Send("sms")
    assert not isinstance(check_contact(limits, person, at(14, lima)), Send)  # 20:00 in Spain
    home = a_borrower(**peru, phone="+51900000001")
    assert check_contact(limits_for(home, POLICY), home, at(14, lima)) == Send("sms")


def test_an_empty_consent_is_enough_under_a_contract_in_the_union_alone() -> None:
    unasked = {"email_consent": None, "sms_consent": None}
    spain = a_borrower(country="ES", time_zone="Europe/Madrid", phone="+34600000001", **unasked)
    assert check_contact(limits_for(spain, POLICY), spain, at(12, MADRID)) == Send("email")
    france = a_borrower(country="FR", time_zone="Europe/Paris", phone=None, **unasked)
    assert check_contact(limits_for(france, POLICY), france, at(12, MADRID)) == Send("email")
    kenya = a_borrower(**unasked)
    verdict = check_contact(limits_for(kenya, POLICY), kenya, at(12, MADRID))
    assert isinstance(verdict, Withhold)


def test_a_text_to_a_us_number_needs_a_yes_wherever_the_person_lives() -> None:
    abroad = a_borrower(
        country="ES", time_zone="Europe/Madrid", email=None, phone="+12125550100", sms_consent=None
    )
    verdict = check_contact(limits_for(abroad, POLICY), abroad, at(18, MADRID))
    assert isinstance(verdict, Withhold) and "consent" in verdict.reason


def test_before_nine_it_waits() -> None:
    person = a_borrower(country="ES", time_zone="Europe/Madrid", phone="+34600000001")
    verdict = check_contact(limits_for(person, POLICY), person, at(7, MADRID))
    assert verdict == WaitUntil(at(9, MADRID), "quiet hours")


def test_an_advisor_reads_the_persons_words_and_then_the_law() -> None:
    asked = a_borrower(country="CO", instructions=Instructions(only_by="phone"))
    first, *law = to_respect(asked, FRIDAY)
    assert first == "Contact only by phone."
    assert law == [
        "Do not ask why it is unpaid: offer what can be done.",
        "No visits: the law asks for the person's express consent.",
    ]
    assert list(to_respect(a_borrower(country="XX"), FRIDAY)) == []

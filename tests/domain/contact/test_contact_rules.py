"""When, how often and on what basis the law lets a person be contacted."""

from dataclasses import replace
from datetime import UTC, date, time, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.documents.packs.reading import careful_contact_pack, contact_pack
from recovery.domain.contact.contact_rules import (
    BasisRule,
    CapRule,
    Channel,
    Conduct,
    ConductRule,
    ContactRules,
    Hours,
    HoursRule,
    SayRule,
    allowed,
    basis,
    caps,
    contact_rule_problems,
    legal_caps,
    may,
    must_say,
    narrowed,
    window,
)
from recovery.domain.contact.policy import ContactPolicy
from recovery.domain.shared.business_calendar import WEEKDAYS
from recovery.domain.shared.packs import Pack
from tests.builders import fields

FRIDAY = date(2026, 11, 27)
DAY = timedelta(days=1)
SATURDAY, SUNDAY = FRIDAY + DAY, FRIDAY + 2 * DAY
CAREFUL = careful_contact_pack()
USUAL = Hours(time(9), time(19))
BASE = {
    "id": "xx.contact.rule",
    "source": "An act",
    "confidence": "H",
    "valid_from": date(2020, 1, 1),
    "review_by": date(2027, 1, 1),
}
LONG = HoursRule(
    **BASE,
    channels=get_args(Channel),
    weekdays=("fri", "sat"),
    from_time=time(7),
    until_time=time(21),
    holidays=True,
)


def pack(**rules) -> Pack[ContactRules]:
    return Pack(ContactRules(**rules), CAREFUL.careful)


def hours(start: int, end: int) -> Hours:
    return Hours(time(start), time(end))


@pytest.mark.parametrize("channel", get_args(Channel))
def test_the_careful_hours_are_of_working_days(channel) -> None:
    assert window(CAREFUL, channel, FRIDAY) == USUAL
    assert window(CAREFUL, channel, FRIDAY, is_holiday=True) is None
    assert window(CAREFUL, channel, SATURDAY) is None


@pytest.mark.parametrize(
    ("country", "day", "expected"),
    [
        ("NL", FRIDAY, hours(7, 20)),
        ("NL", SATURDAY, hours(7, 20)),
        ("NL", SUNDAY, None),
        ("US", FRIDAY, hours(8, 21)),
        ("US", SATURDAY, None),  # of days nothing is known: the careful ones
        ("IN", FRIDAY, hours(9, 18)),
        ("IN", date(2026, 12, 31), hours(9, 18)),
        ("IN", date(2027, 1, 1), hours(8, 19)),
        ("PH", FRIDAY, hours(6, 22)),
        ("MX", FRIDAY, hours(7, 22)),
        ("MX", SATURDAY, None),
        ("CO", FRIDAY, hours(7, 19)),
        ("CO", SATURDAY, hours(8, 15)),
        ("CO", SUNDAY, None),
        ("PE", FRIDAY, USUAL),
        *((country, FRIDAY, USUAL) for country in ("ES", "GB", "KE", "UG", "CL", "FR")),
    ],
)
def test_the_hours_of_each_country(country, day, expected) -> None:
    assert window(contact_pack(country), "sms", day) == expected


def test_a_law_on_calls_says_nothing_of_messages() -> None:
    assert window(contact_pack("PE"), "call", FRIDAY) == hours(7, 20)
    assert window(contact_pack("PE"), "email", FRIDAY) == USUAL


@pytest.mark.parametrize("country", ["CO", "NL", "MX"])
def test_nobody_is_contacted_on_a_holiday(country) -> None:
    assert window(contact_pack(country), "call", FRIDAY, is_holiday=True) is None


def test_what_is_verified_may_widen_the_careful_default_and_nothing_else() -> None:
    assert window(pack(hours=(LONG,)), "sms", SATURDAY) == hours(7, 21)
    assert window(pack(hours=(LONG,)), "sms", SATURDAY, is_holiday=True) == hours(7, 21)
    for doubtful in (replace(LONG, confidence="U"), replace(LONG, review_by=FRIDAY - DAY)):
        rules = pack(hours=(doubtful,))
        assert window(rules, "sms", FRIDAY) == USUAL
        assert window(rules, "sms", FRIDAY, is_holiday=True) is None
        assert window(rules, "sms", SATURDAY) is None
        assert window(rules, "sms", FRIDAY - DAY) is None  # a Thursday: it narrows


HOURS_RULES = st.builds(
    lambda start, length, days, holidays, confidence, review_by: replace(
        LONG,
        from_time=time(start),
        until_time=time(min(start + length, 23)),
        weekdays=tuple(sorted(days)),
        holidays=holidays,
        confidence=confidence,
        review_by=review_by,
    ),
    st.integers(0, 22),
    st.integers(1, 23),
    st.sets(st.sampled_from(WEEKDAYS)),
    st.booleans(),
    st.sampled_from("HMU"),
    st.sampled_from([FRIDAY - DAY, date(2030, 1, 1)]),
)


@given(HOURS_RULES, st.integers(0, 13), st.booleans(), st.integers(0, 11), st.integers(12, 23))
def test_no_institution_widens_the_law_and_no_doubt_widens_the_default(
    rule, days, is_holiday, start, end
) -> None:
    rules, day = pack(hours=(rule,)), FRIDAY + days * DAY
    lawful = window(rules, "call", day, is_holiday=is_holiday)
    policy = ContactPolicy(from_time=time(start), until_time=time(end), weekdays=WEEKDAYS)
    held = narrowed(policy, rules, "call", day, is_holiday=is_holiday)
    if held:
        assert lawful and lawful.start <= held.start < held.end <= lawful.end
        assert time(start) <= held.start < held.end <= time(end)
    if lawful and (rule.confidence == "U" or rule.review_by < day):
        usual = window(CAREFUL, "call", day, is_holiday=is_holiday)
        assert usual and usual.start <= lawful.start and lawful.end <= usual.end


def test_an_institution_may_be_stricter() -> None:
    mondays = ContactPolicy(weekdays=("mon",))
    assert narrowed(mondays, CAREFUL, "sms", FRIDAY) is None
    late = ContactPolicy(from_time=time(19), until_time=time(21))
    assert narrowed(late, CAREFUL, "sms", FRIDAY) is None
    assert narrowed(late, contact_pack("NL"), "sms", FRIDAY) == hours(19, 20)


def most(found) -> set[tuple[int, int]]:
    return {(each.most, each.days) for each in found}


@pytest.mark.parametrize(
    ("country", "counted", "expected"),
    [
        ("KE", "messages", {(2, 7)}),
        ("KE", "calls", {(3, 7)}),
        ("KE", "conversations", {(1, 7)}),
        ("KE", "visits", {(1, 7)}),
        ("US", "calls", {(7, 7)}),
        ("CL", "calls", {(1, 7)}),
        ("CL", "visits", {(1, 7)}),
        ("CO", "messages", {(1, 1), (2, 7)}),
    ],
)
def test_the_caps_of_each_country(country, counted, expected) -> None:
    assert most(caps(contact_pack(country), counted, FRIDAY)) == expected


def test_a_cap_that_nobody_verified_holds_beside_the_careful_one() -> None:
    cap = CapRule(**BASE, counted=("calls",), most=9, days=7)
    assert most(caps(pack(caps=(cap,)), "calls", FRIDAY)) == {(9, 7)}
    unsure = replace(cap, confidence="U")
    assert most(caps(pack(caps=(unsure,)), "calls", FRIDAY)) == {(9, 7), (3, 7)}


def test_only_a_countrys_own_caps_hold_for_what_the_law_asks_to_be_told() -> None:
    assert legal_caps(contact_pack("KE"), "messages", FRIDAY) == ()
    assert most(legal_caps(contact_pack("CO"), "messages", FRIDAY)) == {(1, 1)}


@pytest.mark.parametrize(
    ("country", "purpose", "expected"),
    [
        ("ES", "own_loan", "contract"),
        ("NL", "own_loan", "contract"),
        ("FR", "own_loan", "contract"),
        ("ES", "lesson", "consent"),
        ("NL", "lesson", "consent"),
        ("FR", "lesson", "consent"),
        ("US", "own_loan", "consent"),
        ("GB", "own_loan", "consent"),
        ("KE", "own_loan", "consent"),
        ("UG", "lesson", "consent"),
    ],
)
@pytest.mark.parametrize("channel", ["email", "sms"])
def test_the_basis_in_each_country(country, channel, purpose, expected) -> None:
    assert basis(contact_pack(country), channel, purpose, FRIDAY) == expected


def test_a_contract_is_no_basis_under_a_rule_that_nobody_vouches_for() -> None:
    rule = BasisRule(**BASE, channels=("sms",), purposes=("own_loan",), basis="contract")
    assert basis(pack(basis=(rule,)), "sms", "own_loan", FRIDAY) == "contract"
    for doubtful in (replace(rule, confidence="U"), replace(rule, review_by=FRIDAY - DAY)):
        assert basis(pack(basis=(doubtful,)), "sms", "own_loan", FRIDAY) == "consent"
    never = replace(rule, id="xx.contact.never", basis="none", confidence="U")
    assert basis(pack(basis=(rule, never)), "sms", "own_loan", FRIDAY) == "none"
    assert basis(Pack(None, ContactRules()), "sms", "own_loan", FRIDAY) == "none"


@pytest.mark.parametrize(
    ("needed", "consent", "expected"),
    [
        ("contract", None, True),
        ("contract", True, True),
        ("contract", False, False),
        ("consent", None, False),
        ("consent", True, True),
        ("consent", False, False),
        ("none", True, False),
    ],
)
def test_what_is_not_known_is_no_yes_and_a_no_is_a_no(needed, consent, expected) -> None:
    assert allowed(needed, consent) is expected


@pytest.mark.parametrize(
    ("country", "conduct", "expected"),
    [
        ("KE", "ask_why_unpaid", True),
        ("CO", "ask_why_unpaid", False),
        ("CO", "visit", False),
        ("KE", "visit", True),
        ("IN", "speak_to_guarantors", False),
        *((each, "speak_to_others", False) for each in ("ES", "GB", "IN", "PH", "KE", "MX", "UG")),
    ],
)
def test_what_may_be_done(country, conduct, expected) -> None:
    assert may(contact_pack(country), conduct, FRIDAY) is expected


def test_guarantors_are_spoken_to_where_the_law_says_so_from_its_day() -> None:
    india = contact_pack("IN")
    assert may(india, "speak_to_guarantors", date(2027, 1, 1))
    assert not may(india, "speak_to_guarantors", date(2028, 1, 1))  # nobody reviewed it


@pytest.mark.parametrize("conduct", get_args(Conduct))
def test_a_doubtful_rule_allows_nothing_that_the_careful_default_forbids(conduct) -> None:
    rule = ConductRule(**BASE, conduct=(conduct,), allowed=True)
    assert may(pack(conduct=(rule,)), conduct, FRIDAY)
    doubtful = pack(conduct=(replace(rule, confidence="U"),))
    assert may(doubtful, conduct, FRIDAY) == may(CAREFUL, conduct, FRIDAY)
    assert not may(Pack(None, ContactRules()), conduct, FRIDAY)


def test_what_must_be_said() -> None:
    india = contact_pack("IN")
    assert must_say(india, "sms", FRIDAY) == frozenset()
    assert must_say(india, "sms", date(2027, 1, 1)) == {"grievance_officer"}
    assert must_say(india, "call", date(2027, 1, 1)) == {"call_is_recorded"}
    assert must_say(contact_pack("US"), "email", FRIDAY) == {"opt_out"}
    assert must_say(contact_pack("NL"), "email", FRIDAY) == {"registration_mark"}


def test_rules_that_cannot_be_are_refused() -> None:
    noon = time(12)
    wrong = ContactRules(
        hours=(
            replace(LONG, from_time=noon, until_time=noon),
            replace(LONG, id="xx.contact.other", weekdays=()),
            replace(LONG, id="xx.contact.zoned", from_time=time(7, tzinfo=UTC), channels=()),
        ),
        caps=(CapRule(**BASE, counted=("calls", "calls"), most=-1, days=15),),
        basis=(BasisRule(**BASE, channels=("sms",), purposes=(), basis="consent"),),
        conduct=(ConductRule(**BASE, conduct=(), allowed=False),),
        say=(SayRule(**BASE, channels=(), say=()),),
    )
    assert fields(contact_rule_problems(wrong)) == {
        "hours.0.from_time",
        "hours.1.valid_from",
        "hours.2.from_time",
        "hours.2.channels",
        "caps.0.counted",
        "caps.0.most",
        "caps.0.days",
        "basis.0.purposes",
        "conduct.0.conduct",
        "say.0.channels",
        "say.0.say",
    }

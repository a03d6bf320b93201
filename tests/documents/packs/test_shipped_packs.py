"""Every pack that ships is sound, and what runs reads it as it was checked."""

import subprocess
import sys
from datetime import date
from typing import get_args

import pytest

from recovery.documents.packs.checking import check_pack
from recovery.documents.packs.reading import (
    CAREFUL,
    EU,
    careful_contact_pack,
    careful_people_pack,
    claim_pack,
    contact_pack,
    eu_members,
    lending_pack,
    people_pack,
    shipped_files,
)
from recovery.documents.packs.sections import SECTIONS
from recovery.documents.shared.places import known_countries
from recovery.domain.accounting.late_charges import LateCharge
from recovery.domain.accounting.lending import allowed_late_charges, component_order, debt_order
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.agreements.people_rules import (
    Item,
    Subject,
    answer_by,
    restraint_for,
    retention_days,
)
from recovery.domain.agreements.restraints import EVERYTHING, Kind
from recovery.domain.contact.contact_rules import (
    Channel,
    Conduct,
    Counted,
    Written,
    basis,
    caps,
    window,
)
from recovery.domain.shared.errors import RefusedError
from recovery.domain.shared.packs import may_permit, rules_of

SHIPPED = {(place, name): text for place, name, text in shipped_files()}
ON = date(2026, 11, 27)
FEE = LateCharge(amount_minor=500)


@pytest.mark.parametrize(("place", "name"), SHIPPED)
def test_a_shipped_pack_is_sound_and_in_its_place(place, name) -> None:
    section = name.removesuffix(".toml")
    assert section in SECTIONS and name.endswith(".toml")
    assert place in (CAREFUL, EU) or (place.islower() and place.upper() in known_countries())
    rules = check_pack(SHIPPED[place, name], place, section)
    assert list(rules_of(rules)), "an empty pack"


@pytest.mark.parametrize("country", ["ES", "NL"])
@pytest.mark.parametrize(
    ("section", "read"),
    [
        ("lending", lending_pack),
        ("people", people_pack),
        ("contact", contact_pack),
        ("claim", claim_pack),
    ],
)
def test_the_pack_that_runs_is_the_one_that_was_checked(country, section, read) -> None:
    pack = read(country)
    for place, rules in ((country.lower(), pack.own), (CAREFUL, pack.careful)):
        assert check_pack(SHIPPED[place, f"{section}.toml"], place, section) == rules


def test_each_section_has_a_careful_default_that_permits_nothing_and_does_not_end() -> None:
    for section in SECTIONS:
        careful = check_pack(SHIPPED[CAREFUL, f"{section}.toml"], CAREFUL, section)
        for _, rule in rules_of(careful):
            assert rule.valid_to is None
            assert not may_permit(rule, ON)


def test_a_country_without_rules_has_the_careful_ones() -> None:
    pack = lending_pack("KE")
    assert pack.own is None
    assert debt_order(pack, ON).id == "careful.lending.debt_order"
    assert component_order(pack, ON) is None
    for capacity in ("consumer", "business"):
        assert allowed_late_charges((FEE,), pack, capacity, "KES", ON) == ()


def test_a_member_state_without_rules_for_contact_has_those_of_the_union() -> None:
    assert len(eu_members()) == 27 and eu_members() < known_countries()
    union = contact_pack("FR")
    assert union.own is not None and union.own == contact_pack("DE").own
    assert contact_pack("ES").own != union.own
    for outside in ("UG", "CH"):  # nothing is known of their laws
        assert contact_pack(outside) == careful_contact_pack()


@pytest.mark.parametrize("country", ["ES", "NL", "US", "CO", "FR", "UG", None])
def test_contact_has_a_rule_on_every_day(country) -> None:
    pack = contact_pack(country) if country else careful_contact_pack()
    for on in (date(1990, 1, 1), ON, date(2040, 1, 1)):
        week = [date.fromordinal(on.toordinal() + number) for number in range(7)]
        for channel in get_args(Channel):
            open_days = [window(pack, channel, day) for day in week]
            assert 5 <= sum(each is not None for each in open_days) <= 6
        for counted in get_args(Counted):
            assert caps(pack, counted, on)
        for channel in get_args(Written):
            assert basis(pack, channel, "lesson", on) == "consent"
    known = {each for rule in pack.careful.conduct for each in rule.conduct}
    assert known == set(get_args(Conduct))


@pytest.mark.parametrize("country", ["NL", "US", "CO", "IN", "PH", "MX", "PE", "ES"])
def test_once_nobody_has_reviewed_it_a_rule_widens_no_hours(country) -> None:
    monday = date(2040, 1, 2)
    for number in range(7):
        day = date.fromordinal(monday.toordinal() + number)
        for channel in get_args(Channel):
            careful = window(careful_contact_pack(), channel, day)
            lawful = window(contact_pack(country), channel, day)
            assert lawful is None or (careful and lawful.within(careful) == lawful)


@pytest.mark.parametrize("code", ["XX", "ke", "", "KEN", "../es", "careful"])
def test_an_unknown_country_is_refused(code) -> None:
    with pytest.raises(RefusedError, match="country"):
        lending_pack(code)


@pytest.mark.parametrize("country", ["ES", "NL"])
def test_late_charges_come_by_themselves_for_businesses_only(country) -> None:
    pack = lending_pack(country)
    assert allowed_late_charges((FEE,), pack, "business", "EUR", ON) == (FEE,)
    for capacity in ("consumer", "mixed", "unknown"):
        for on in (date(2015, 6, 1), ON, date(2040, 1, 1)):
            assert allowed_late_charges((FEE,), pack, capacity, "EUR", on) == ()


@pytest.mark.parametrize("country", ["ES", "NL"])
def test_once_nobody_has_reviewed_it_a_rule_permits_no_charge(country) -> None:
    pack = lending_pack(country)
    assert allowed_late_charges((FEE,), pack, "business", "EUR", date(2040, 1, 1)) == ()


@pytest.mark.parametrize("country", ["ES", "NL"])
def test_the_default_allocation_is_the_laws_order_within_a_debt(country) -> None:
    order = component_order(lending_pack(country), ON)
    assert order is not None
    assert order.agrees_with(AllocationPolicy().order)
    assert not order.agrees_with(("fee", "penalty", "principal", "interest"))


@pytest.mark.parametrize("country", ["ES", "NL", "KE", None])
def test_every_subject_restraint_and_item_has_a_rule_on_every_day(country) -> None:
    pack = people_pack(country) if country else careful_people_pack()
    for on in (date(1990, 1, 1), ON, date(2040, 1, 1)):
        for subject in get_args(Subject):
            assert on < answer_by(pack, subject, on) <= date.fromordinal(on.toordinal() + 31)
        for kind in Kind:
            assert restraint_for(pack, kind, on, None, "test").blocks
        for item in get_args(Item):
            assert retention_days(pack, item, on)


@pytest.mark.parametrize("country", ["ES", "NL", "KE"])
@pytest.mark.parametrize("kind", [Kind.DEATH, Kind.RESTRICTION, Kind.FRAUD_CLAIM])
def test_after_a_death_and_where_nothing_may_be_used_everything_stops(country, kind) -> None:
    assert restraint_for(people_pack(country), kind, ON, None, "test").blocks == EVERYTHING


def test_what_the_countries_laws_say_of_answers() -> None:
    spain, netherlands = people_pack("ES"), people_pack("NL")
    assert answer_by(spain, "undue_charge", ON) == date(2026, 12, 4)
    assert answer_by(spain, "complaint", ON) == date(2026, 12, 18)
    assert answer_by(netherlands, "acknowledgement", ON) == date(2026, 12, 1)
    for pack in (spain, netherlands):  # one month, whichever it is
        assert answer_by(pack, "access", date(2026, 2, 1)) == date(2026, 3, 1)
    cooling_off = restraint_for(netherlands, "moratorium", date(2026, 7, 1), None, "court")
    assert cooling_off.until == date(2026, 12, 31)


def test_reading_a_pack_loads_no_pydantic() -> None:
    """Functions that review loans have no layer with it (decision 0004)."""
    code = (
        "import sys; from recovery.documents.packs.reading import lending_pack;"
        " assert lending_pack('ES').own; assert 'pydantic' not in sys.modules"
    )
    environment = {"PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr

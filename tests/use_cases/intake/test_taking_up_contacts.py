"""Contact data from files: taken up with its history, held back when too much changes at once."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from recovery.documents.intake.files import stage_portfolio
from recovery.documents.intake.rows import BorrowerRow
from recovery.domain.contact.borrower import ContactChange
from recovery.domain.contact.instructions import Instructions
from recovery.domain.intake.held_contacts import ContactAnswer
from recovery.domain.shared.errors import RefusedError
from recovery.use_cases.intake.decide_contacts import decide_contacts
from recovery.use_cases.intake.take_up_contacts import delivered_person
from recovery.use_cases.people.instruct_contact import instruct_contact
from tests.builders import an_actor
from tests.core_system import Core, deliver, morning_of, ports_of

DAY = timedelta(days=1)
START = date(2026, 3, 2)
LATER = date(2026, 3, 20)
ANA = an_actor("Ana Torres")


@pytest.fixture
def core() -> Core:
    core = Core()
    for n in range(100):
        core.add_person(f"B-{n:02}")
    return core


@pytest.fixture
def ports(core: Core) -> SimpleNamespace:
    ports = ports_of()
    deliver(people(core), ports, START, as_of=START)
    return ports


def people(core: Core) -> dict[str, str]:
    rows = [*core.people.values()]
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    return {"borrowers": "\n".join(lines)}


def decide(
    core: Core, ports: SimpleNamespace, delivery_id: str, what: ContactAnswer, tmp_path: Path
) -> int:
    """Decide on the delivery, whose files are as the core has them now."""
    files = {"borrowers": io.BytesIO(people(core)["borrowers"].encode())}
    with stage_portfolio(files, workspace=tmp_path) as staged:
        held = ports.deliveries.held(delivery_id)
        now = morning_of(LATER + DAY)
        return decide_contacts(held, what, staged, "umoja", ANA, "Looked at it.", now, ports)


def give_new_phones(core: Core, count: int) -> None:
    for n in range(count):
        core.people[f"B-{n:02}"]["phone"] = f"+3161111{n:04}"
        core.people[f"B-{n:02}"]["name"] = f"Renamed {n}"


def test_a_change_is_kept_with_what_it_replaces(core, ports) -> None:
    core.people["B-01"] |= {"phone": "+31612345678", "name": "Person B-01 Jansen"}
    result = deliver(people(core), ports, LATER, delivery_id="D-7", as_of=LATER - DAY)
    assert (result.borrowers_saved, result.borrowers_unchanged) == (1, 99)
    former = {"name": "Person B-01", "phone": "+31600000001"}
    assert ports.borrowers.contact_changes("B-01") == [ContactChange(LATER - DAY, "D-7", former)]
    assert ports.borrowers.load("B-01").phone == "+31612345678"


def test_a_second_language_is_taken_up(core, ports) -> None:
    for each in core.people.values():
        each["second_language"] = ""
    core.people["B-01"] |= {"language": "lg", "second_language": "sw-UG"}
    deliver(people(core), ports, LATER)
    person = ports.borrowers.load("B-01")
    assert (person.language, person.second_language) == ("lg", "sw-UG")


def test_an_opt_out_and_a_barred_number_are_never_undone(core, ports) -> None:
    core.people["B-01"] |= {"sms_consent": "false", "barred": "true"}
    deliver(people(core), ports, LATER)
    core.people["B-01"] |= {"sms_consent": "true", "barred": "false"}
    result = deliver(people(core), ports, LATER + DAY)
    assert result.borrowers_saved == 0
    person = ports.borrowers.load("B-01")
    assert not person.sms_consent and person.barred_phones == ("+31600000001",)


def test_a_consent_that_a_file_leaves_empty_is_not_known(core, ports) -> None:
    core.people["B-01"] |= {"email_consent": "", "sms_consent": ""}
    core.people["B-02"] |= {"sms_consent": "false"}
    deliver(people(core), ports, LATER)
    person = ports.borrowers.load("B-01")
    assert (person.email_consent, person.sms_consent) == (None, None)
    core.people["B-01"] |= {"email_consent": "true"}
    core.people["B-02"] |= {"sms_consent": ""}
    deliver(people(core), ports, LATER + DAY)
    assert ports.borrowers.load("B-01").email_consent is True
    assert ports.borrowers.load("B-02").sms_consent is False


def test_who_comes_without_a_zone_is_where_their_country_is_or_nowhere_known(core, ports) -> None:
    core.people["B-01"]["country"] = "KE"  # the institution is elsewhere
    core.people["B-02"]["country"] = "MX"
    for person_id, zone in (("B-01", "Africa/Nairobi"), ("B-02", "")):
        row = BorrowerRow.model_validate(
            {name: value for name, value in core.people[person_id].items() if value}
        )
        assert delivered_person(row, "Europe/Amsterdam").time_zone == zone


def test_what_files_say_of_others_seeing_it_only_grows_more_careful(core, ports) -> None:
    row = core.people["B-01"]
    said = [
        ({"address_safe": "false"}, ("unsafe", "unsafe")),
        ({"address_safe": "true", "phone_privacy": ""}, ("unsafe", "unsafe")),
        ({"address_safe": "", "email_privacy": "private"}, ("unsafe", "unsafe")),
    ]
    for number, (columns, expected) in enumerate(said):
        for each in core.people.values():
            for name in ("address_safe", "email_privacy", "phone_privacy"):
                each[name] = ""
        row |= columns
        deliver(people(core), ports, LATER + number * DAY)
        person = ports.borrowers.load("B-01")
        assert (person.email_privacy, person.phone_privacy) == expected
    assert ports.borrowers.load("B-02").email_privacy is None


def test_a_column_of_its_own_goes_before_the_one_for_both_addresses(core, ports) -> None:
    for each in core.people.values():
        each |= {"address_safe": "true", "phone_privacy": "shared"}
    deliver(people(core), ports, LATER)
    person = ports.borrowers.load("B-01")
    assert (person.email_privacy, person.phone_privacy) == ("private", "shared")


def test_no_file_undoes_what_a_person_asked_for(core, ports) -> None:
    said = {"phone_privacy": "shared", "only_by": "phone", "text": "Ask for her."}
    instruct_contact("umoja", "B-01", said, ANA, morning_of(LATER), ports)
    for each in core.people.values():
        each |= {"phone_privacy": "private"}
    core.people["B-01"] |= {"name": "Renamed"}
    deliver(people(core), ports, LATER + DAY)
    person = ports.borrowers.load("B-01")
    assert person.name == "Renamed"
    assert person.instructions == Instructions(**said)


def test_too_many_new_numbers_wait_and_the_rest_is_taken_up(core, ports) -> None:
    give_new_phones(core, 25)
    core.add_person("B-new")
    result = deliver(people(core), ports, LATER, delivery_id="D-7", as_of=LATER)
    assert (result.contacts_waiting, result.borrowers_saved) == (25, 26)
    person = ports.borrowers.load("B-07")
    assert (person.name, person.phone) == ("Renamed 7", "+31600000007")
    assert ports.borrowers.load("B-new").phone
    [held] = ports.deliveries.all_held()
    assert held.is_pending and held.people == 25
    assert held.sample == tuple(f"B-{n:02}" for n in range(10))
    assert "25 of 100" in held.reasons[0]
    assert "+316" not in str(held) and "Renamed" not in str(held)
    again = deliver(people(core), ports, LATER, delivery_id="D-7", as_of=LATER)  # a retry
    assert (again.contacts_waiting, again.borrowers_saved) == (25, 0)
    assert ports.deliveries.all_held() == [held]


def test_one_new_number_for_many_waits_however_few_they_are(core, ports) -> None:
    for n in range(6):
        core.people[f"B-{n:02}"]["phone"] = "+31612345678"
    assert deliver(people(core), ports, LATER).contacts_waiting == 6
    for n in range(6):
        core.people[f"B-{n:02}"]["phone"] = f"+3160000{n:04}"
    core.people["B-00"]["phone"] = "+31600000001"  # a couple
    assert deliver(people(core), ports, LATER + DAY).contacts_waiting == 0
    assert ports.borrowers.load("B-00").phone == "+31600000001"


def test_no_number_at_all_is_none_that_people_share(core, ports) -> None:
    for n in range(8):
        core.people[f"B-{n:02}"]["phone"] = ""
    assert deliver(people(core), ports, LATER).contacts_waiting == 0
    assert ports.borrowers.load("B-07").phone is None


def test_what_waited_is_taken_up_once_accepted(core, ports, tmp_path: Path) -> None:
    give_new_phones(core, 25)
    core.people["B-03"]["sms_consent"] = "false"
    deliver(people(core), ports, LATER, delivery_id="D-7", as_of=LATER)
    assert decide(core, ports, "D-7", ContactAnswer.ACCEPT, tmp_path) == 25
    person = ports.borrowers.load("B-03")
    assert (person.phone, person.sms_consent) == ("+31611110003", False)
    held = ports.deliveries.held("D-7")
    assert held.accepted.by == ANA and not held.is_pending
    assert decide(core, ports, "D-7", ContactAnswer.ACCEPT, tmp_path) == 0
    after = deliver(people(core), ports, LATER + DAY)
    assert (after.contacts_waiting, after.borrowers_saved) == (0, 0)


def test_what_was_accepted_can_be_rolled_back_but_not_over_newer_numbers(
    core, ports, tmp_path: Path
) -> None:
    give_new_phones(core, 25)
    deliver(people(core), ports, LATER, delivery_id="D-7", as_of=LATER)
    decide(core, ports, "D-7", ContactAnswer.ACCEPT, tmp_path)
    core.people["B-01"]["phone"] = "+31612345678"
    deliver(people(core), ports, LATER + DAY, delivery_id="D-8", as_of=LATER + DAY)
    for _ in range(2):
        changed = decide(core, ports, "D-7", ContactAnswer.ROLL_BACK, tmp_path)
    assert changed == 0
    phones = [ports.borrowers.load(f"B-{n:02}").phone for n in range(3)]
    assert phones == ["+31600000000", "+31612345678", "+31600000002"]
    assert ports.borrowers.load("B-02").name == "Renamed 2"
    held = ports.deliveries.held("D-7")
    assert held.accepted and held.rolled_back


def test_what_waited_and_is_rolled_back_stays_away(core, ports, tmp_path: Path) -> None:
    give_new_phones(core, 25)
    deliver(people(core), ports, LATER, delivery_id="D-7", as_of=LATER)
    assert decide(core, ports, "D-7", ContactAnswer.ROLL_BACK, tmp_path) == 0
    assert ports.borrowers.load("B-07").phone == "+31600000007"
    with pytest.raises(RefusedError, match="rolled back"):
        decide(core, ports, "D-7", ContactAnswer.ACCEPT, tmp_path)
    assert deliver(people(core), ports, LATER, delivery_id="D-7", as_of=LATER).contacts_waiting
    asked_anew = deliver(people(core), ports, LATER + DAY, delivery_id="D-8", as_of=LATER + DAY)
    assert asked_anew.contacts_waiting == 25


def test_old_numbers_are_not_accepted_over_newer_ones(core, ports, tmp_path: Path) -> None:
    give_new_phones(core, 25)
    deliver(people(core), ports, LATER, delivery_id="D-7", as_of=LATER)
    deliver(people(core), ports, LATER + DAY, delivery_id="D-8", as_of=LATER + DAY)
    with pytest.raises(RefusedError, match="D-8"):
        decide(core, ports, "D-7", ContactAnswer.ACCEPT, tmp_path)
    assert decide(core, ports, "D-8", ContactAnswer.ACCEPT, tmp_path) == 25

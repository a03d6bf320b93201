"""A yes by a code, and the letters of what was agreed, driven by their events."""

from __future__ import annotations

import copy
import json
import logging
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from functions import agreements_api, write_letters
from recovery.adapters.pdf import TypstPdf
from recovery.domain.accounting.fact import Undo
from recovery.domain.contact.borrower import ContactChange
from recovery.domain.shared.actor import Role
from recovery.ports.accounting import StoredLoan
from tests.agreed import (
    AGREEMENT_ID,
    EXTENSION,
    OFFER_ID,
    ON,
    an_agreement,
    an_offer,
    put_on_record,
)
from tests.builders import a_borrower, a_loan, a_state, an_actor
from tests.conftest import Context

ANA = "arn:aws:iam::111122223333:user/ana.torres"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def lending(wiring):
    loan = a_loan()
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    put_on_record(wiring, **{OFFER_ID: an_offer()})
    wiring.institutions.save_actor("umoja", an_actor("Ana Torres", Role.ADVISOR, id=ANA))
    return wiring


@pytest.fixture
def call(lending, load_event):
    def call(name: str, body=None, **path: str):
        event = copy.deepcopy(load_event(name))
        if body is not None:
            event["body"] = json.dumps(json.loads(event["body"] or "{}") | body)
        for old, new in path.items():
            event["path"] = event["path"].replace(old.replace("_", "-"), new)
        answer = agreements_api.handler(event, Context(), lending)
        return answer["statusCode"], json.loads(answer["body"])

    return call


@pytest.fixture
def write(lending, load_event):
    return lambda: write_letters.handler(load_event("write_letters"), Context(), lending)


def sent_code(lending) -> str:
    """Return the code of the last message."""
    [code] = re.findall(r"\b\d{6}\b", lending.messenger.texts[-1][1])
    return code


def problem(answer) -> tuple[int, str]:
    code, body = answer
    return code, body["errors"][0]["field"]


def letter_of(lending, person_id: str = "B-1"):
    return {e.person_id: e for e in lending.letters.of_agreement("L-1", AGREEMENT_ID)}[person_id]


# --- the code -----------------------------------------------------------------------------------


def test_a_code_is_sent_typed_and_kept_as_a_yes(call, lending, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    code, sent = call("agreements_api.send_code")
    assert code == 201, sent
    [(phone, text)] = lending.messenger.texts
    assert phone == "+254711000001" and "150.00" in text and "500.00" in text
    typed = sent_code(lending)
    shown = json.dumps(sent) + caplog.text
    assert typed not in shown and phone not in shown
    code, said = call("agreements_api.answer_code", {"code": typed})
    assert code == 200, said
    assert (said["typed_by"], said["said_yes_at"]) == ("Ana Torres", "2026-02-02T07:00:00+00:00")
    again = call("agreements_api.answer_code", {"code": typed})
    assert again == (200, said)
    [kept] = lending.yes_codes.of_offer("L-1", OFFER_ID)
    assert typed not in str(kept) and kept.answered_by.id == ANA
    acts = [each.act for each in lending.audit.of_person("B-1")]
    assert acts == ["yes_code_sent", "yes_code_answered"]


def test_a_wrong_code_thrice_ends_it_even_for_the_right_one(call, lending) -> None:
    call("agreements_api.send_code")
    typed = sent_code(lending)
    wrong = f"{(int(typed) + 1) % 1_000_000:06}"
    for left in (2, 1, 0):
        code, answer = call("agreements_api.answer_code", {"code": wrong})
        assert code == 422 and f"tries left: {left}" in answer["errors"][0]["reason"]
    assert problem(call("agreements_api.answer_code", {"code": typed})) == (422, "code")
    assert call("agreements_api.send_code")[0] == 201
    assert call("agreements_api.answer_code", {"code": sent_code(lending)})[0] == 200


def test_a_code_expires_and_a_new_one_takes_its_place(call, lending) -> None:
    call("agreements_api.send_code")
    first = sent_code(lending)
    lending.clock.at += 10 * MINUTE
    code, answer = call("agreements_api.answer_code", {"code": first})
    assert code == 422 and "expired after 10 minutes" in answer["errors"][0]["reason"]
    call("agreements_api.send_code")
    if sent_code(lending) != first:
        assert call("agreements_api.answer_code", {"code": first})[0] == 422
    assert call("agreements_api.answer_code", {"code": sent_code(lending)})[0] == 200


def test_a_code_is_for_its_own_offer_option_and_person(call, lending) -> None:
    put_on_record(lending, **{"OF-2": an_offer(overdue_minor=9_000)})
    call("agreements_api.send_code")
    typed = sent_code(lending)
    other = call("agreements_api.answer_code", {"code": typed}, OF_2026_001="OF-2")
    assert problem(other) == (404, "person_id")
    call("agreements_api.send_code", OF_2026_001="OF-2")
    of_other = sent_code(lending)
    if of_other != typed:
        assert problem(call("agreements_api.answer_code", {"code": of_other})) == (422, "code")
    option = {"code": typed, "option": "extension"}
    assert problem(call("agreements_api.answer_code", option)) == (422, "option")
    person = {"code": typed, "person_id": "B-2"}
    assert problem(call("agreements_api.answer_code", person)) == (404, "person_id")
    assert call("agreements_api.answer_code", {"code": typed})[0] == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"phone_privacy": "shared"},
        {"phone_privacy": "unsafe"},
        {"contact_confirmed_on": None},
        {"sms_consent": False},
        {"phone": None},
        {"barred_phones": ("+254711000001",)},
    ],
)
def test_no_code_goes_where_others_may_read_it(call, lending, changes) -> None:
    lending.borrowers.save_contact_details(a_borrower(**changes))
    assert problem(call("agreements_api.send_code")) == (422, "channel")
    assert lending.messenger.texts == lending.messenger.emails == []
    assert lending.yes_codes.of_offer("L-1", OFFER_ID) == []


def test_no_code_goes_to_an_address_that_two_people_have(call, lending) -> None:
    lending.borrowers.save_contact_details(a_borrower("B-2", email=None))
    assert problem(call("agreements_api.send_code")) == (422, "channel")


def test_who_changed_the_address_sends_no_code_there(call, lending) -> None:
    known = lending.borrowers.load("B-1")
    change = ContactChange(ON, "", {"phone": "+254711000009"}, by=ANA)
    lending.borrowers.save_contact_details(replace(known, name="Grace"), change)
    code, answer = call("agreements_api.send_code")
    assert code == 422 and "Ana Torres changed" in answer["errors"][0]["reason"]
    assert call("agreements_api.send_code", {"channel": "email"})[0] == 201


def test_without_a_channel_it_goes_where_the_person_prefers(call, lending) -> None:
    assert call("agreements_api.send_code", {"channel": None})[1]["channel"] == "email"
    [(address, subject, text, _)] = lending.messenger.emails
    assert address == "grace@example.org" and not re.search(r"\d{6}", subject)
    assert re.search(r"\b\d{6}\b", text) and "10 minutes" in text


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"option": "holiday"}, "option"),
        ({"person_id": "B-9"}, "person_id"),
        ({"channel": "fax"}, "channel"),
        ({"option": "sell"}, "option"),
    ],
)
def test_what_is_wrong_with_a_request_is_named(call, body, field) -> None:
    assert problem(call("agreements_api.send_code", body))[1] == field


def test_nobody_else_and_nobody_late_says_yes(call, lending) -> None:
    lending.borrowers.save_contact_details(a_borrower("X-1", phone="+254711000077", email=None))
    assert problem(call("agreements_api.send_code", {"person_id": "X-1"})) == (422, "person_id")
    lending.clock.at = datetime(2026, 2, 17, 8, tzinfo=UTC)
    assert problem(call("agreements_api.send_code")) == (422, "offer_id")


def test_an_offer_that_was_accepted_needs_no_code(call, lending) -> None:
    put_on_record(lending, **{AGREEMENT_ID: an_agreement()})
    assert problem(call("agreements_api.send_code")) == (422, "offer_id")


def test_codes_are_not_sent_without_end(call, lending) -> None:
    for _ in range(5):
        assert call("agreements_api.send_code")[0] == 201
        lending.clock.at += MINUTE
    assert problem(call("agreements_api.send_code")) == (422, "person_id")
    assert len(lending.messenger.texts) == 5


def test_a_number_that_takes_nothing_is_told(call, lending) -> None:
    lending.messenger.undeliverable.add("+254711000001")
    assert problem(call("agreements_api.send_code")) == (422, "channel")


# --- the letter ---------------------------------------------------------------------------------


def test_a_letter_is_kept_sent_once_and_can_be_had_again(call, write, lending) -> None:
    lending.pdf = TypstPdf()
    put_on_record(lending, **{AGREEMENT_ID: an_agreement()})
    assert write() == {"batchItemFailures": []}
    assert write() == {"batchItemFailures": []}
    letter = letter_of(lending)
    [content] = lending.letter_files.files.values()
    assert content.startswith(b"%PDF-") and (letter.sent_by, letter.sent_on) == ("email", ON)
    [(address, _, text, _)] = lending.messenger.emails
    [[attached]] = lending.messenger.attachments
    assert address == "grace@example.org" and "2 February 2026" in text
    assert attached.content == content and attached.name == f"{AGREEMENT_ID}.pdf"
    [entry] = [e for e in lending.timeline.entries("L-1") if "agreement_letter" in e.text]
    assert entry.text == "sent by email: agreement_letter"
    code, shown = call("agreements_api.read_letters")
    assert code == 200
    [one] = shown["letters"]
    assert one["sha256"] == letter.sha256 and one["link"].endswith(letter.sha256)
    assert (one["language"], one["template"], one["sent_by"]) == ("en", "agreement-1", "email")
    assert [e.act for e in lending.audit.of_person("B-1")][-1] == "letter_read"


def test_before_it_is_written_there_is_no_letter(call) -> None:
    assert problem(call("agreements_api.read_letters")) == (404, "agreement_id")


def test_an_agreement_undone_meanwhile_brings_no_letter(write, lending) -> None:
    put_on_record(lending, **{AGREEMENT_ID: an_agreement(), "U-1": Undo(AGREEMENT_ID, ON)})
    assert write() == {"batchItemFailures": []}
    assert lending.letter_files.files == {} and lending.messenger.emails == []


def test_without_e_mail_a_text_message_tells_that_it_is_ready(write, lending) -> None:
    lending.borrowers.save_contact_details(a_borrower(email=None))
    put_on_record(lending, **{AGREEMENT_ID: an_agreement()})
    write()
    [(phone, text)] = lending.messenger.texts
    assert phone == "+254711000001" and "letter" in text
    assert letter_of(lending).sent_by == "sms" and len(lending.sent_texts.known) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"email_privacy": "shared", "phone_privacy": "unsafe"},
        {"contact_confirmed_on": None},
        {"email": None, "phone": None},
        {"language": "lg"},
    ],
)
def test_where_it_may_not_be_sent_a_person_hands_it_over(write, lending, changes) -> None:
    lending.borrowers.save_contact_details(a_borrower(**changes))
    put_on_record(lending, **{AGREEMENT_ID: an_agreement()})
    assert write() == write() == {"batchItemFailures": []}
    assert lending.messenger.emails == lending.messenger.texts == []
    letter = letter_of(lending)
    assert letter.not_sent and len(lending.letter_files.files) == 1
    [task] = lending.tasks.open_tasks("advisor")
    assert task.about == AGREEMENT_ID and "hand over" in task.reason


class Queue:
    """Remembers what is held back."""

    def __init__(self) -> None:
        self.held: list[tuple[str, int]] = []

    def hold(self, receipt: str, seconds: int) -> None:
        self.held.append((receipt, seconds))


def test_at_night_it_is_kept_at_once_and_sent_in_the_morning(write, lending) -> None:
    lending.letter_queue = Queue()
    put_on_record(lending, **{AGREEMENT_ID: an_agreement()})
    lending.clock.at = datetime(2026, 2, 2, 1, 0, tzinfo=UTC)  # four in Nairobi
    assert write()["batchItemFailures"]
    assert len(lending.letter_files.files) == 1 and lending.messenger.emails == []
    [(receipt, seconds)] = lending.letter_queue.held
    assert receipt == "AQEB-handle-1" and 3600 <= seconds <= 12 * 3600
    lending.clock.at += timedelta(seconds=seconds)
    assert write() == {"batchItemFailures": []}
    assert len(lending.messenger.emails) == 1 and len(lending.letter_files.files) == 1


def test_everybody_who_signs_gets_one_in_their_own_language(write, lending) -> None:
    maria = a_borrower("B-2", name="María", language="es", email="maria@example.org")
    lending.borrowers.save_contact_details(replace(maria, phone="+254711000002"))
    agreed = an_agreement(EXTENSION, signed_by=("B-1", "B-2"))
    put_on_record(lending, **{AGREEMENT_ID: agreed})
    write()
    titles = [each["title"] for each in lending.pdf.written]
    assert titles == ["Your new payment dates", "Sus nuevas fechas de pago"]
    assert [each[0] for each in lending.messenger.emails] == [
        "grace@example.org",
        "maria@example.org",
    ]


def test_a_letter_of_a_yes_by_code_says_how_it_was_said(call, write, lending) -> None:
    call("agreements_api.send_code")
    call("agreements_api.answer_code", {"code": sent_code(lending)})
    put_on_record(lending, **{AGREEMENT_ID: an_agreement(yes="code", proof="ab")})
    write()
    [values] = lending.pdf.written
    said = values["body"][-1]["list"][0]
    assert (
        said == "Grace Wanjiru Mwangi said yes on 2 February 2026 with a code that we sent by SMS."
    )


def test_a_failure_is_tried_again_without_personal_data(write, lending, caplog) -> None:
    put_on_record(lending, **{AGREEMENT_ID: an_agreement()})

    def refuse(letter, content) -> None:
        raise RuntimeError("not now")

    lending.letter_files.put = refuse
    assert len(write()["batchItemFailures"]) == 1
    assert "Grace" not in caplog.text and "grace@" not in caplog.text
    del lending.letter_files.put
    assert write() == {"batchItemFailures": []}

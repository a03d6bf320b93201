"""The function that hears replies, driven by queue events."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from functions.hear_replies import handler
from recovery.ports.accounting import StoredLoan
from recovery.ports.contact import SendingFailedError
from recovery.ports.institutions import InstitutionDay
from tests.builders import a_borrower, a_loan, a_state, an_institution
from tests.conftest import Context

PHONE = "+254711000001"
MAIL = """\
From: Grace <Grace@Example.org>
To: reply@umoja.example
Subject: Re: Your payment
Message-ID: <CAF-1@mail.example.org>
Date: Mon, 02 Feb 2026 07:01:58 +0000
Content-Type: text/plain; charset=utf-8

Ya pagué ayer. Secreto-9.

El lun, 2 feb 2026 a las 9:00, Umoja <advisors@example.org> escribió:
> Reply STOP to end
"""


@pytest.fixture
def hear(wiring, load_event):
    """The institution has a number; Grace has a loan, an address and a phone."""
    wiring.institutions.save(an_institution(sms_number="+254700000100", reply_to="r@umoja.example"))
    wiring.institutions.days["umoja"] = InstitutionDay(date(2026, 2, 2))
    loan = a_loan()
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    wiring.borrowers.loans["B-1"] = ["L-1"]
    person = a_borrower(email="grace@example.org", phone=PHONE, sms_consent=True)
    wiring.borrowers.save_contact_details(person)
    wiring.mailbox.mails["umoja/o3vrnil0e2ic28tr"] = MAIL.encode()

    def send(name="hear_replies.sms", **said):
        event = load_event(name)
        if said:
            envelope = json.loads(event["Records"][0]["body"])
            envelope["Message"] = json.dumps({**json.loads(envelope["Message"]), **said})
            event["Records"][0]["body"] = json.dumps(envelope)
        return handler(event, Context(), wiring)["batchItemFailures"]

    return send


def test_a_stop_by_sms_is_heard_once(hear, wiring) -> None:
    assert hear("hear_replies.sms") == []
    assert hear("hear_replies.sms") == []
    assert wiring.borrowers.load("B-1").sms_consent is False
    assert len(wiring.messenger.texts) == 1
    assert wiring.messenger.numbers == ["+254700000100"]  # which they can answer


def test_a_mail_is_heard_once_and_only_its_new_part(hear, wiring, capsys) -> None:
    person = replace(wiring.borrowers.load("B-1"), contact_confirmed_on=None)
    wiring.borrowers.save_contact_details(person)
    assert hear("hear_replies.email") == []
    assert hear("hear_replies.email") == []
    [task] = wiring.tasks.of_person("B-1")
    assert (task.kind, task.do_by) == ("reply", date(2026, 2, 2))
    assert "receipt" in task.reason
    [note] = wiring.notes.of_person("B-1")
    assert (note.topic, note.text) == ("reply", "Ya pagué ayer. Secreto-9.")
    assert wiring.borrowers.load("B-1").email_consent is not False
    assert wiring.borrowers.load("B-1").email_confirmed_on == date(2026, 2, 2)
    entries = [each.text for each in wiring.timeline.entries("L-1")]
    assert "replied by e-mail: paid" in entries
    assert "Secreto-9" not in f"{entries} {wiring.tasks.of_person('B-1')} {wiring.bus.events}"
    assert "Secreto-9" not in capsys.readouterr().out


def test_an_unknown_address_opens_one_task_for_the_institution(hear, wiring) -> None:
    for number, words in (("+254711999999", "Secreto-7"), ("+254711999998", "hi")):
        failed = hear(originationNumber=number, messageBody=words, inboundMessageId=f"m-{words}")
        assert failed == []
    [task] = wiring.tasks.open_tasks()
    assert (task.kind, task.person_id) == ("reply", "unknown-sender")
    assert [each.text for each in wiring.notes.of_person("unknown-sender")] == ["Secreto-7", "hi"]
    assert wiring.timeline.entries("L-1") == []


@pytest.mark.parametrize(
    "body",
    ["{}", "no JSON", '{"Type": "Notification", "Message": "{}", "Timestamp": "2026-02-02"}'],
)
def test_what_nobody_can_read_is_kept_and_the_rest_is_heard(
    hear, wiring, load_event, capsys, body
) -> None:
    event = load_event("hear_replies.sms")
    poison = {**event["Records"][0], "messageId": "bad", "body": body}
    answer = handler({"Records": [poison, *event["Records"]]}, Context(), wiring)
    assert answer["batchItemFailures"] == [{"itemIdentifier": "bad"}]
    assert wiring.borrowers.load("B-1").sms_consent is False


def test_no_word_of_a_broken_message_is_logged(hear, capsys) -> None:
    assert hear(messageBody=["Secreto-5"]) != []
    assert hear(originationNumber="Secreto-6") != []
    assert "Secreto" not in capsys.readouterr().out


def test_a_number_that_is_no_institutions_is_kept_for_a_person(hear) -> None:
    assert len(hear(destinationNumber="+254700000999")) == 1


def test_what_a_machine_sends_is_no_reply(hear, wiring) -> None:
    automatic = MAIL.replace("Subject:", "Auto-Submitted: auto-replied\nSubject:")
    wiring.mailbox.mails["umoja/o3vrnil0e2ic28tr"] = automatic.encode()
    assert hear("hear_replies.email") == []
    assert wiring.tasks.open_tasks() == [] and wiring.notes.of_person("B-1") == []


def test_a_crash_halfway_is_completed(hear, wiring, monkeypatch) -> None:
    """The confirmation fails once: it comes with the next try, and is the only one."""
    send, tries = wiring.messenger.send_sms, []

    def fails_once(*args, **kwargs):
        tries.append(args)
        if len(tries) == 1:
            raise SendingFailedError("SNS: Throttled")
        return send(*args, **kwargs)

    monkeypatch.setattr(wiring.messenger, "send_sms", fails_once)
    assert len(hear("hear_replies.sms")) == 1
    assert wiring.borrowers.load("B-1").sms_consent is False
    assert hear("hear_replies.sms") == []
    assert hear("hear_replies.sms") == []
    assert len(wiring.messenger.texts) == 1

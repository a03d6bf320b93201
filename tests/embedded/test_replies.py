"""Replies, on the embedded AWS: a text into the topic, an e-mail into the bucket."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from infra.deployment.operate import wait_for
from tests.embedded.inside import SOON, sent_texts
from tests.embedded.lender import DAY, MONDAY, Lender
from tests.embedded.people import Person, person_of


def soon(found: Callable[[], Any]) -> Any:
    """Wait until it is true."""
    return wait_for(lambda: found() or None, SOON, "the reply was not heard")


def number_of(lender: Lender) -> str:
    """Give the institution a number that can receive."""
    number = f"+5170000{int(lender.id[-3:]):04}"
    institutions = lender.target.wiring.institutions
    institutions.save(replace(institutions.find(lender.id), sms_number=number))
    return number


def text(lender: Lender, person: Person, words: str, message_id: str, number: str) -> None:
    """Publish what End User Messaging would."""
    body = {
        "originationNumber": person.phone,
        "destinationNumber": number,
        "messageKeyword": "KEYWORD",
        "messageBody": words,
        "inboundMessageId": message_id,
    }
    lender.target.client("sns").publish(
        TopicArn=lender.target.outputs["TextMessagesTopicArn"], Message=json.dumps(body)
    )


def mail(lender: Lender, person: Person, words: str, message_id: str) -> None:
    """Put what SES would."""
    mime = f"From: {person.email}\nMessage-ID: <{message_id}>\nSubject: Re\n\n{words}\n"
    lender.target.client("s3").put_object(
        Bucket=lender.target.outputs["MailBucketName"],
        Key=f"{lender.id}/{message_id}",
        Body=mime.encode(),
    )


def replied(lender: Lender, loan_id: str) -> list[str]:
    entries = lender.wiring.timeline.entries(loan_id)
    return [each.text for each in entries if each.kind == "reply"]


def test_a_stop_by_sms_is_heard_on_every_loan_and_confirmed_once(make_lender) -> None:
    lender = make_lender()
    number = number_of(lender)
    person = person_of(f"{lender.id}-stop", preferred_channel="sms")
    loan_id = lender.lend_one(MONDAY, person=person)
    lender.review(MONDAY + DAY)
    before = len(sent_texts(lender.target, person.phone))
    assert before == 1
    text(lender, person, "BAJA", "m-1", number)
    text(lender, person, "BAJA", "m-1", number)
    borrowers = lender.wiring.borrowers
    soon(lambda: borrowers.load(person.id).sms_consent is False)
    soon(lambda: len(sent_texts(lender.target, person.phone)) == before + 1)
    soon(lambda: "opted out of SMS" in replied(lender, loan_id))
    lender.review_daily(MONDAY + 2 * DAY, MONDAY + 10 * DAY)
    assert len(sent_texts(lender.target, person.phone)) == before + 1


def test_a_promise_by_mail_is_on_record_and_its_words_are_sealed(make_lender) -> None:
    lender = make_lender()
    person = person_of(f"{lender.id}-mail")
    loan_id = lender.lend_one(MONDAY, person=person)
    lender.review(MONDAY + DAY)
    mail(lender, person, "Pago mañana, gracias por avisar.", "mail-1")
    soon(lambda: lender.wiring.loans.load(loan_id).state.facts.promises)
    [promise] = lender.wiring.loans.load(loan_id).state.facts.promises
    assert (promise.promise.pay_on, promise.promise.channel) == (MONDAY + 2 * DAY, "email")
    soon(lambda: replied(lender, loan_id) == ["replied by e-mail: will pay"])
    assert lender.wiring.borrowers.load(person.id).contact_confirmed_on


def test_what_a_stranger_writes_goes_to_a_person(make_lender) -> None:
    lender = make_lender()
    number, stranger = number_of(lender), person_of(f"{lender.id}-stranger")
    text(lender, stranger, "hola", "m-2", number)
    soon(lambda: lender.wiring.tasks.open_tasks("advisor"))
    [task] = lender.wiring.tasks.open_tasks("advisor")
    assert (task.kind, task.person_id) == ("reply", "unknown-sender")

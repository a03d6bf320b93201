"""What providers tell of messages: dead addresses, and what is said again by another way."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from functions import note_deliveries, send_messages
from recovery.adapters.messaging import tags_of
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import Stage
from recovery.domain.contact.address import Fate
from recovery.domain.contact.delivery import DeliveryNews
from recovery.domain.contact.plan import NOTICE, Wish
from recovery.domain.policy import DEFAULT_POLICY
from recovery.domain.review import review
from recovery.domain.wish_answers import answer_wish
from recovery.ports.accounting import StoredLoan
from recovery.ports.contact import SentMessage, Wake
from recovery.ports.institutions import InstitutionDay
from recovery.use_cases.contact.note_delivery import note_delivery
from recovery.use_cases.contact.tell_borrower import tell_borrower
from tests.builders import a_borrower, a_loan, a_state
from tests.conftest import Context

TODAY = date(2026, 2, 2)
DAY = timedelta(days=1)
NONE_FAILED = {"batchItemFailures": []}
MESSAGE = "L-1/first_days_late+1/2026-02-01"
SENT = SentMessage("umoja", "B-1", MESSAGE)


@pytest.fixture
def told(wiring, load_event):
    """The loan is a day late, and its borrower was told so."""

    def tell(**changes) -> None:
        person = replace(wiring.borrowers.load("B-1"), **changes)
        wiring.borrowers.save_contact_details(person)
        loan = a_loan()
        wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
        wiring.borrowers.loans["B-1"] = ["L-1"]
        reviewed(wiring, TODAY)
        event = load_event("send_messages")
        assert send_messages.handler(event, Context(), wiring) == NONE_FAILED

    return tell


def reviewed(wiring, day: date) -> Wish | None:
    wiring.institutions.days["umoja"] = InstitutionDay(day)
    stored = wiring.loans.load("L-1")
    result = review(stored.loan, stored.state, DEFAULT_POLICY, day)
    wiring.loans.save_state(result.state, stored.loan, result.outbox)
    return result.state.wish


def noted(wiring, event) -> None:
    assert note_deliveries.handler(event, Context(), wiring) == NONE_FAILED


def email_news(fate: Fate, provider_id: str = "email-1", **changes) -> DeliveryNews:
    news = DeliveryNews(
        channel="email",
        address="grace@example.org",
        provider_id=provider_id,
        fate=fate,
        cause="code",
    )
    return replace(news, **changes)


def test_what_bounced_marks_the_address_dead_and_is_said_again_by_the_other_channel(
    told, wiring, load_event
) -> None:
    told()
    assert len(wiring.messenger.emails) == 1
    noted(wiring, load_event("note_deliveries.bounce"))
    person = wiring.borrowers.load("B-1")
    assert (person.dead_since("email"), person.email_returned.cause) == (
        TODAY,
        "permanent_no_email",
    )
    assert person.recent_contacts == ()  # it reached nobody
    state = wiring.loans.load("L-1").state
    assert (state.asked, state.demanded_on) == ({}, None)
    assert reviewed(wiring, TODAY).kind == "first_days_late"
    tell_borrower(Wake("umoja", "B-1", TODAY), wiring.now(), wiring)
    assert len(wiring.messenger.texts) == 1
    noted(wiring, load_event("note_deliveries.bounce"))  # the same news again, late
    assert wiring.loans.load("L-1").state.asked
    assert wiring.borrowers.load("B-1").recent_contacts == (TODAY,)
    assert wiring.tasks.open_tasks() == []


def test_with_no_channel_left_one_task_asks_for_an_address(told, wiring, load_event) -> None:
    told(phone=None)
    for _ in range(2):
        noted(wiring, load_event("note_deliveries.bounce"))
    [task] = wiring.tasks.open_tasks()
    assert (task.kind, task.person_id, task.loan_id) == ("missing_details", "B-1", None)
    reviewed(wiring, TODAY)
    assert tell_borrower(Wake("umoja", "B-1", TODAY), wiring.now(), wiring).not_said == 1
    last = list(wiring.timeline.entries("L-1"))[-1].text
    assert f"the e-mail address is dead since {TODAY}" in last
    assert "grace" not in last


def test_news_of_an_address_that_was_replaced_says_nothing_of_the_new_one(
    told, wiring, load_event
) -> None:
    told()
    moved = replace(wiring.borrowers.load("B-1"), email="grace@example.com")
    wiring.borrowers.save_contact_details(moved)
    noted(wiring, load_event("note_deliveries.bounce"))
    assert wiring.borrowers.load("B-1").dead_since("email") is None
    assert wiring.loans.load("L-1").state.asked == {}  # said again, to the new one


def test_an_invalid_number_is_dead_for_text_messages(told, wiring, load_event) -> None:
    told(email=None)
    noted(wiring, load_event("note_deliveries.invalid_number"))
    assert wiring.borrowers.load("B-1").dead_since("sms") == TODAY
    assert [each.kind for each in wiring.tasks.open_tasks()] == ["missing_details"]


def test_a_number_out_of_reach_is_tried_again_the_next_day(told, wiring, load_event) -> None:
    told(email=None)
    noted(wiring, load_event("note_deliveries.log"))
    person = wiring.borrowers.load("B-1")
    assert (person.dead_since("sms"), person.phone_returned.in_a_row) == (None, 1)
    assert reviewed(wiring, TODAY) is None
    assert reviewed(wiring, TODAY + DAY).kind == "first_days_late"


def test_what_cannot_be_delivered_too_often_is_dead_and_a_delivery_begins_the_count_again(
    wiring,
) -> None:
    wiring.institutions.days["umoja"] = InstitutionDay(TODAY)
    for number, fate in enumerate((Fate.NOT_NOW, Fate.NOT_NOW, Fate.DELIVERED, Fate.NOT_NOW)):
        note_delivery(SENT, email_news(fate, f"e-{number}"), wiring.now(), wiring)
    assert wiring.borrowers.load("B-1").email_returned.in_a_row == 1
    for number in (8, 9):
        note_delivery(SENT, email_news(Fate.NOT_NOW, f"e-{number}"), wiring.now(), wiring)
    assert wiring.borrowers.load("B-1").dead_since("email") == TODAY


def test_a_delivery_is_kept_and_confirms_nobody(told, wiring) -> None:
    told(contact_confirmed_on=TODAY)
    before = wiring.borrowers.load("B-1")
    note_delivery(SENT, email_news(Fate.DELIVERED), wiring.now(), wiring)
    contact = wiring.borrowers.contact("B-1", MESSAGE)
    assert (contact.fate, contact.fate_on) == ("delivered", TODAY)
    assert wiring.borrowers.load("B-1") == before
    note_delivery(SENT, email_news(Fate.BOUNCED), wiring.now(), wiring)  # it came back after all
    assert wiring.borrowers.load("B-1").dead_since("email") == TODAY


def test_who_calls_it_spam_gets_no_more_email_and_is_not_told_again(told, wiring) -> None:
    told()
    noted_once = note_delivery(SENT, email_news(Fate.COMPLAINED), wiring.now(), wiring)
    assert not noted_once.again
    assert wiring.borrowers.load("B-1").email_consent is False
    assert wiring.loans.load("L-1").state.asked


def test_a_notice_that_bounced_was_not_given(wiring) -> None:
    """Where the law lets an e-mail prove it."""
    since = date(2026, 4, 11)
    case = CaseState("L-1-C1", since - 30 * DAY, Stage.INTERMEDIATE_RECOVERY, since)
    wish = Wish(f"{NOTICE}+76@{since}", NOTICE, date(2026, 2, 1))
    loan, today = a_loan(), date(2026, 4, 20)
    state = replace(a_state(loan), case=case, cases=1)
    reviewed_state = review(loan, state, DEFAULT_POLICY, today).state
    given = answer_wish(
        loan, replace(reviewed_state, wish=wish), DEFAULT_POLICY, wish, said_on=today
    )
    assert given.case.notice_on == today
    wiring.loans.add_loan(StoredLoan(loan, given), [])
    wiring.institutions.days["umoja"] = InstitutionDay(today)
    person = wiring.borrowers.load("B-1")
    message_id = wish.message_id("L-1")
    wiring.borrowers.lease_contact(person, message_id, today, wiring.now())
    wiring.borrowers.confirm_contact("B-1", message_id, "email-1")
    sent = SentMessage("umoja", "B-1", message_id)
    assert note_delivery(sent, email_news(Fate.BOUNCED), wiring.now(), wiring).again
    after = wiring.loans.load("L-1").state
    assert (after.case.notice_on, after.demanded_on) == (None, None)
    assert reviewed(wiring, today).kind == NOTICE


def test_news_settles_whether_a_message_was_sent_whose_sender_stopped(wiring) -> None:
    wiring.institutions.days["umoja"] = InstitutionDay(TODAY)
    until = wiring.now() - timedelta(minutes=1)
    wiring.borrowers.lease_contact(wiring.borrowers.load("B-1"), MESSAGE, TODAY, until)
    note_delivery(SENT, email_news(Fate.DELIVERED), wiring.now(), wiring)
    assert wiring.borrowers.contact("B-1", MESSAGE).provider_id == "email-1"


def test_news_of_a_message_being_sent_comes_again(wiring, load_event) -> None:
    until = wiring.now() + timedelta(minutes=1)
    wiring.borrowers.lease_contact(wiring.borrowers.load("B-1"), MESSAGE, TODAY, until)
    event = load_event("note_deliveries.bounce")
    [failed] = note_deliveries.handler(event, Context(), wiring)["batchItemFailures"]
    assert failed["itemIdentifier"] == event["Records"][0]["messageId"]


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"eventType": "Bounce"}', '{"mail": 1}'])
def test_what_cannot_be_read_is_kept_for_a_person(wiring, load_event, body, caplog) -> None:
    event = load_event("note_deliveries.bounce")
    event["Records"][0]["body"] = body
    assert len(note_deliveries.handler(event, Context(), wiring)["batchItemFailures"]) == 1


def test_messages_of_others_are_left_alone(wiring, load_event) -> None:
    event = load_event("note_deliveries.bounce")
    values = json.loads(event["Records"][0]["body"])
    values["mail"]["tags"] = {"campaign": ["spring"]}
    event["Records"][0]["body"] = json.dumps(values)
    noted(wiring, event)
    noted(wiring, load_event("note_deliveries.invalid_number"))
    assert wiring.borrowers.load("B-1") == replace(a_borrower(), version=1)


def test_the_sample_carries_the_tags_that_the_sender_sets(load_event) -> None:
    tags = json.loads(load_event("note_deliveries.bounce")["Records"][0]["body"])["mail"]["tags"]
    for each in tags_of(SENT):
        assert tags[each["Name"]] == [each["Value"]]

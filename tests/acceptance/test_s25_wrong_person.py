"""S25: an SMS to a number that was reassigned: what may go there, and what a reply brings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recovery.documents.people.heard import Heard
from recovery.domain.contact.address import Fate
from recovery.domain.contact.borrower import ContactChange
from recovery.domain.contact.delivery import DeliveryNews
from recovery.domain.contact.details import DETAILS, with_delivered
from recovery.ports.contact import SentMessage
from recovery.use_cases.contact.hear_reply import hear_reply
from recovery.use_cases.contact.note_delivery import note_delivery
from tests.builders import a_borrower
from tests.life import Life

NUMBER = "+254711000001"
TODAY = date(2026, 2, 2)
AT = datetime(2026, 2, 8, 9, 2, tzinfo=UTC)


def reply(text: str, reply_id: str = "sms-1", at: datetime = AT, **changes) -> Heard:
    heard = Heard(reply_id=reply_id, channel="sms", address=NUMBER, text=text, received_at=at)
    return replace(heard, **changes)


@pytest.fixture
def life(wiring) -> Life:
    """A borrower late since yesterday who hears by SMS alone; a co-borrower has the same number."""
    life = Life(wiring, TODAY)
    life.lend("L-1", "B-1")
    life.lend("L-2", "B-2")
    for each in ("B-1", "B-2"):
        person = life.ports.borrowers.load(each)
        on_sms = replace(
            person, email=None, phone=NUMBER, sms_consent=True, contact_confirmed_on=TODAY
        )
        life.ports.borrowers.save_contact_details(on_sms)
    life.until(date(2026, 2, 8))
    return life


def hear(life: Life, heard: Heard) -> str:
    kind = hear_reply("umoja", heard, life.ports.now(), life.ports)
    life.settle()
    return kind


def test_to_a_number_confirmed_14_months_ago_goes_no_word_of_a_debt(wiring) -> None:
    """However often the provider says that its messages were delivered."""
    life = Life(wiring, TODAY)
    life.lend("L-1", "B-1")
    person = replace(
        life.ports.borrowers.load("B-1"),
        email=None,
        phone=NUMBER,
        sms_consent=True,
        contact_confirmed_on=TODAY - timedelta(days=425),
    )
    life.ports.borrowers.save_contact_details(person)
    life.until(TODAY + timedelta(days=12))
    texts = life.ports.messenger.texts
    assert texts and all("please call me" in text for _, text in texts)
    assert not any(word in text for _, text in texts for word in ("115", "loan", "Umoja", "pay"))
    for message_id in life.ports.borrowers.contacts("B-1"):
        sent = SentMessage("umoja", "B-1", message_id)
        news = DeliveryNews(
            channel="sms",
            address=NUMBER,
            provider_id=f"text-{message_id}",
            fate=Fate.DELIVERED,
            cause="delivered",
        )
        note_delivery(sent, news, life.ports.now(), life.ports)
    person = life.ports.borrowers.load("B-1")
    assert person.confirmed_on("sms") == TODAY - timedelta(days=425)


def test_a_stranger_says_wrong_person_stop(life: Life) -> None:
    sent = life.ports.messenger.texts
    told = [len(sent), *{phone for phone, _ in sent}]
    assert told == [len(sent), NUMBER] and sent  # the reminders that reached the stranger
    before = len(sent)

    assert hear(life, reply("wrong person, stop")) == "wrong_person"

    # Barred at once on every record, and one neutral apology.
    for each in ("B-1", "B-2"):
        assert life.ports.borrowers.load(each).barred_phones == (NUMBER,)
    [(phone, apology)] = sent[before:]
    assert phone == NUMBER and "Sorry" in apology and "Grace" not in apology

    # An incident with what was disclosed and the clock; a search that tells nobody why.
    for person_id, loan_id in (("B-1", "L-1"), ("B-2", "L-2")):
        kinds = {task.kind: task for task in life.ports.tasks.of_person(person_id)}
        disclosed = life.ports.borrowers.disclosed_at(person_id, "sms", NUMBER)
        if disclosed:
            incident = kinds["incident"]
            assert "2026-02-11 12:02" in incident.reason  # 72 hours later, in Nairobi
            assert all(str(one.on) in incident.reason for one in disclosed)
            assert all(one.kind.replace("_", " ") in incident.reason for one in disclosed)
        assert "tell nobody why" in kinds["missing_details"].reason.replace("tell\n", "tell ")
        timeline = [entry.text for entry in life.ports.timeline.entries(loan_id)]
        assert any("a stranger has the phone number" in text for text in timeline)

    # The next reminder does not go there, however long it takes.
    life.until(date(2026, 3, 1))
    assert len(sent) == before + 1


def test_an_import_does_not_bring_the_number_back(life: Life) -> None:
    hear(life, reply("número equivocado"))
    known = life.ports.borrowers.load("B-1")
    delivered = a_borrower("B-1", email=None, phone=NUMBER, sms_consent=True)
    again = with_delivered(known, delivered, DETAILS)
    life.ports.borrowers.save_contact_details(again, ContactChange(life.today, "D-9", {}))
    sent = len(life.ports.messenger.texts)
    life.until(date(2026, 3, 1))
    assert len(life.ports.messenger.texts) == sent


def test_it_comes_twice_and_is_done_once(life: Life) -> None:
    hear(life, reply("wrong number"))
    tasks, sent = life.tasks(), len(life.ports.messenger.texts)
    assert hear(life, reply("wrong number")) == "wrong_person"
    assert life.tasks() == tasks
    assert len(life.ports.messenger.texts) == sent


def test_what_the_stranger_promised_does_not_bind_and_is_not_broken(life: Life) -> None:
    for each in ("B-2",):
        person = life.ports.borrowers.load(each)
        life.ports.borrowers.save_contact_details(replace(person, phone="+254711000009"))
    assert hear(life, reply("I will pay tomorrow", "sms-0")) == "will_pay"
    assert life.promise() == "open"
    hear(life, reply("wrong person", "sms-1", AT + timedelta(minutes=5)))
    assert life.promise() == "cancelled"
    hers = life.say(
        "L-2", "promise", amount="20.00", pay_on=life.today + timedelta(days=2), channel="phone"
    )
    assert hers.recorded
    assert life.promise("L-2") == "open"


def test_silence_after_it_is_no_sign_and_the_notice_is_not_answered_by_it(life: Life) -> None:
    hear(life, reply("wrong person"))
    assert life.ports.loans.load("L-1").state.case is None or (
        life.ports.loans.load("L-1").state.case.answered_on is None
    )
    assert life.ports.borrowers.load("B-1").contact_confirmed_on == TODAY


def test_later_words_from_there_are_nobodys(life: Life) -> None:
    hear(life, reply("wrong person"))
    assert hear(life, reply("I will pay tomorrow", "sms-2")) == "unknown"
    assert life.standing("L-1").get("promises", []) == []

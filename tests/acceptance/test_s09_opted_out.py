"""S09: opted out of SMS, still owes. Lessons do not exist yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recovery.documents.people.heard import Heard
from recovery.domain.contact.details import DETAILS, with_delivered
from recovery.use_cases.contact.hear_reply import hear_reply
from tests.builders import a_borrower
from tests.life import Life

NUMBER = "+254711000001"
AT = datetime(2026, 3, 8, 7, 2, tzinfo=UTC)


def lived(wiring, *, email_consent: bool | None) -> Life:
    """Two loans of one person, 35 days late, who hears by SMS."""
    life = Life(wiring, date(2026, 2, 1))
    life.lend("L-1", "B-1")
    life.lend("L-2", "B-1")
    person = life.ports.borrowers.load("B-1")
    on_both = replace(
        person,
        phone=NUMBER,
        sms_consent=True,
        preferred_channel="sms",
        email_consent=email_consent,
        contact_confirmed_on=date(2026, 2, 1),
    )
    life.ports.borrowers.save_contact_details(on_both)
    life.until(date(2026, 3, 8))
    return life


def hear(life: Life, text: str, reply_id: str = "sms-1", minutes: int = 0) -> str:
    heard = Heard(
        reply_id=reply_id,
        channel="sms",
        address=NUMBER,
        text=text,
        received_at=AT + timedelta(minutes=minutes),
    )
    kind = hear_reply("umoja", heard, life.ports.now(), life.ports)
    life.settle()
    return kind


def texts(life: Life) -> list[str]:
    return [text for _, text in life.ports.messenger.texts]


@pytest.fixture
def life(wiring) -> Life:
    return lived(wiring, email_consent=True)


def test_after_baja_no_sms_goes_on_any_loan_and_one_confirmation_does(life: Life) -> None:
    before = len(texts(life))
    assert before
    assert hear(life, "BAJA") == "stop"
    assert hear(life, "STOP!!", "sms-2", 1) == "stop"
    assert len(texts(life)) == before + 1
    assert "ALTA" in texts(life)[-1]  # in the language of the word
    mails = len(life.mails())
    life.until(date(2026, 6, 1))
    assert len(texts(life)) == before + 1
    assert len(life.mails()) > mails  # the channel that stands goes on
    for loan_id in ("L-1", "L-2"):
        timeline = [entry.text for entry in life.ports.timeline.entries(loan_id)]
        assert "opted out of SMS" in timeline


def test_it_is_not_made_up_for_by_more_mails(wiring) -> None:
    life = lived(wiring, email_consent=True)
    hear(life, "stoppen")
    start, found = life.today, []

    def count() -> None:
        found.append((life.today, len(life.mails())))

    life.until(start + timedelta(days=28), count)
    by_day = dict(found)
    for day in by_day:
        week = day + timedelta(days=7)
        if week in by_day:
            assert by_day[week] - by_day[day] <= 3
    assert found[-1][1] - found[0][1] <= 12


def test_without_another_channel_what_waited_lapses_with_the_reason(wiring) -> None:
    life = lived(wiring, email_consent=None)
    hear(life, "stp")
    life.until(date(2026, 4, 20))
    timeline = [
        entry.text for each in ("L-1", "L-2") for entry in life.ports.timeline.entries(each)
    ]
    assert any(text.startswith("not sent") and "opted out of SMS" in text for text in timeline)


def test_only_she_opts_back_in(life: Life) -> None:
    hear(life, "baja")
    delivered = a_borrower("B-1", phone=NUMBER, sms_consent=True)
    known = life.ports.borrowers.load("B-1")
    life.ports.borrowers.save_contact_details(with_delivered(known, delivered, DETAILS))
    assert life.ports.borrowers.load("B-1").sms_consent is False
    assert hear(life, "ALTA", "sms-2", 5) == "start"
    assert life.ports.borrowers.load("B-1").sms_consent is True


@pytest.mark.parametrize("stop_first", [True, False])
def test_the_last_word_counts_in_whatever_order_they_arrive(life: Life, stop_first: bool) -> None:
    said = [("STOP", "sms-1", 0), ("START", "sms-2", 5)]
    for text, reply_id, minutes in said if stop_first else reversed(said):
        hear(life, text, reply_id, minutes)
    assert life.ports.borrowers.load("B-1").sms_consent is True
    hear(life, "STOP", "sms-3", 9)
    assert life.ports.borrowers.load("B-1").sms_consent is False


def test_a_repeat_changes_nothing(life: Life) -> None:
    hear(life, "STOP")
    version, sent = life.ports.borrowers.load("B-1").version, len(texts(life))
    hear(life, "STOP")
    assert life.ports.borrowers.load("B-1").version == version
    assert len(texts(life)) == sent


def test_a_stop_by_mail_leaves_sms(life: Life) -> None:
    mail = Heard(
        reply_id="mail-1",
        channel="email",
        address="b-1@example.org",
        text="Por favor, no me escriban más",
        received_at=AT,
    )
    hear_reply("umoja", mail, life.ports.now(), life.ports)
    person = life.ports.borrowers.load("B-1")
    assert (person.email_consent, person.sms_consent) == (False, True)

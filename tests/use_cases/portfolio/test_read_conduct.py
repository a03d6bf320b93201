"""The conduct report over everybody: each person once, as they were, with zero shown as zero."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from recovery.documents.portfolio.conduct import conduct_document
from recovery.domain.contact.borrower import ContactChange
from recovery.domain.portfolio.conduct import RULES
from recovery.domain.shared.errors import RefusedError
from recovery.use_cases.portfolio.read_conduct import read_conduct
from tests.life import Life

START, DAY = date(2026, 2, 1), timedelta(days=1)


@pytest.fixture
def life(wiring) -> Life:
    """Two people, one with two loans, both late; six weeks pass."""
    life = Life(wiring, START)
    for loan_id, person_id in (("L-1", "B-1"), ("L-2", "B-1"), ("L-3", "B-2")):
        life.lend(loan_id, person_id)
    life.until(START + 42 * DAY)
    return life


def report(life: Life, first: date = START, last: date | None = None):
    read = read_conduct("umoja", first, last or life.today, life.ports.now(), life.ports, shards=1)
    assert read.failed == []
    return read.report


def rules_broken(life: Life) -> set[str]:
    return {each.rule for each in report(life).findings} - {"same_text_twice"}


def test_a_sound_life_shows_zero_for_every_rule_beside_what_was_looked_at(life) -> None:
    found = report(life)
    assert found.looked_at["people"] == 2
    assert found.looked_at["messages"] == len(life.mails()) > 5
    assert rules_broken(life) == set()
    document = conduct_document(found)
    assert [each["rule"] for each in document["rules"]] == list(RULES)
    assert {each["count"] for each in document["rules"] if each["rule"] != "same_text_twice"} == {0}


def test_only_messages_of_the_period_are_counted(life) -> None:
    assert report(life, life.today, life.today).looked_at["messages"] == 0
    both = report(life).looked_at["messages"]
    half = START + 20 * DAY
    parts = (report(life, START, half), report(life, half + DAY))
    assert sum(each.looked_at["messages"] for each in parts) == both


def test_what_was_changed_since_is_no_reproach_and_what_was_so_then_is(life) -> None:
    person = life.ports.borrowers.load("B-1")
    later = datetime.combine(life.today, time(12), life.ports.clock.at.tzinfo)
    change = ContactChange(life.today, "", {"email_consent": True}, "typed:Ana", later)
    life.ports.borrowers.save_contact_details(replace(person, email_consent=False), change)
    assert rules_broken(life) == set()
    was_no = ContactChange(life.today, "", {"email_consent": False}, "typed:Ana", later)
    person = life.ports.borrowers.load("B-2")
    life.ports.borrowers.save_contact_details(replace(person, email_privacy="private"), was_no)
    assert rules_broken(life) == {"opted_out"}


def test_a_payment_posted_after_a_message_is_no_reproach(life) -> None:
    contacts = life.ports.borrowers.contacts("B-2")
    last = max(contacts.values(), key=lambda each: each.contacted_on)
    life.pay("L-3", 5_000, on=last.contacted_on)
    assert rules_broken(life) == set()
    [record] = life.ports.loans.recorded("L-3").payments
    known = replace(record, posted_at=last.taken_at - DAY)
    life.ports.loans._payments[record.payment.payment_id] = known
    assert rules_broken(life) == {"day_of_a_payment"}


def test_a_loan_that_cannot_be_read_does_not_stop_the_others(life, monkeypatch) -> None:
    works = life.ports.borrowers.contacts
    monkeypatch.setattr(
        life.ports.borrowers, "contacts", lambda of: works(of) if of == "B-2" else 1 / 0
    )
    read = read_conduct("umoja", START, life.today, life.ports.now(), life.ports, shards=1)
    assert [loan_id for loan_id, _ in read.failed] == ["L-1"]
    assert read.report.looked_at["people"] == 1


@pytest.mark.parametrize(("first", "last"), [(5, 4), (0, 100)])
def test_a_period_that_makes_no_sense_is_refused(life, first, last) -> None:
    days = (START + first * DAY, START + last * DAY)
    with pytest.raises(RefusedError):
        read_conduct("umoja", *days, life.ports.now(), life.ports, shards=1)

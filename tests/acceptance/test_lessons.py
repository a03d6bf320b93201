"""Lessons: only for who said yes, with a stop of their own, never in a bad hour (S09, S19)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from recovery.documents.people.heard import Heard
from recovery.domain.cases.tasks import TaskKind
from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.instructions import Instructions
from recovery.use_cases.contact.hear_reply import hear_reply
from tests.life import Life

NUMBER = "+254711000001"
START = date(2026, 1, 19)


def the_person(life: Life, **changes: object) -> Borrower:
    person = life.ports.borrowers.load("B-1")
    if changes:
        life.ports.borrowers.save_contact_details(replace(person, **changes))
    return life.ports.borrowers.load("B-1")


@pytest.fixture
def life(wiring) -> Life:
    """Two loans of one person, paid on time, who hears by SMS alone."""
    life = Life(wiring, START)
    life.lend("L-1", "B-1")
    life.lend("L-2", "B-1")
    the_person(
        life,
        phone=NUMBER,
        sms_consent=True,
        preferred_channel="sms",
        email_consent=False,
        contact_confirmed_on=START,
    )
    return life


def pay_what_is_due(life: Life) -> None:
    if life.today.day == 1:  # somebody spoke with her: the number is hers
        the_person(life, contact_confirmed_on=life.today)
    for loan_id in ("L-1", "L-2"):
        stored = life.ports.loans.load(loan_id)
        for each, paid in zip(stored.loan.schedule, stored.state.position.paid, strict=True):
            if each.due_date == life.today and paid != each.due:
                life.pay(loan_id, each.due.total)


def hear(life: Life, text: str, reply_id: str = "sms-1") -> str:
    at = datetime.combine(life.today, datetime.min.time(), UTC) + timedelta(hours=9)
    heard = Heard(reply_id=reply_id, channel="sms", address=NUMBER, text=text, received_at=at)
    kind = hear_reply("umoja", heard, life.ports.now(), life.ports)
    life.settle()
    return kind


def lessons(life: Life) -> list[str]:
    """The lessons sent by SMS: they end with how to stop lessons."""
    return [text for _, text in life.ports.messenger.texts if "STOP LESSONS" in text]


def test_without_a_yes_nobody_gets_a_lesson(life: Life) -> None:
    life.until(START + timedelta(days=120), lambda: pay_what_is_due(life))
    assert lessons(life) == []


def test_after_a_yes_lessons_come_one_by_one_and_never_twice_for_two_loans(life: Life) -> None:
    assert hear(life, "LESSONS") == "start_lessons"
    found: list[date] = []

    def each_day() -> None:
        pay_what_is_due(life)
        if len(lessons(life)) > len(found):
            found.append(life.today)

    each_day()
    life.until(START + timedelta(days=120), each_day)
    assert 3 <= len(found) <= 5
    assert all((b - a).days >= 28 for a, b in pairwise(found))
    assert len(set(lessons(life))) == len(found)
    learning = the_person(life).learning
    assert len(learning.given) == len(found) and learning.done == ()
    assert any(
        "sent by sms: lesson" in entry.text
        for each in ("L-1", "L-2")
        for entry in life.ports.timeline.entries(each)
    )


def test_a_reply_completes_a_lesson_and_says_why_once(life: Life) -> None:
    hear(life, "lessons please")
    lesson_id = the_person(life).learning.open_lesson
    assert lesson_id is not None
    sent = len(life.ports.messenger.texts)
    assert hear(life, "1", "sms-2") == "lesson_answer"
    assert hear(life, "1", "sms-2") == "lesson_answer"  # the same again
    assert the_person(life).learning.done == (lesson_id,)
    texts = [text for _, text in life.ports.messenger.texts]
    assert len(texts) == sent + 1 and ("Yes, that helps" in texts[-1] or "other" in texts[-1])
    assert life.tasks(TaskKind.REPLY) == []


def test_a_number_that_answers_no_lesson_is_read_by_a_person(life: Life) -> None:
    hear(life, "2")
    assert the_person(life).learning.done == ()
    assert [each.kind for each in life.tasks(TaskKind.REPLY)] == [TaskKind.REPLY]


@pytest.mark.parametrize(
    "word",
    [
        "STOP LESSONS",
        "baja lecciones",
        "Stop met lessen aub",
        "no more lessons please",
        "acha masomo",
        "arreter les lecons",
    ],
)
def test_stopping_lessons_stops_nothing_else(life: Life, word: str) -> None:
    hear(life, "lessons")
    before = len(lessons(life))
    assert hear(life, word, "sms-2") == "stop_lessons"
    person = the_person(life)
    assert person.learning.wanted is False and person.sms_consent is True
    life.until(START + timedelta(days=100))  # nothing is paid: arrears are spoken of
    assert len(lessons(life)) == before == 1
    assert len(life.ports.messenger.texts) > before


def test_a_stop_of_sms_stops_lessons_too_and_says_why(life: Life) -> None:
    """S09: after BAJA no SMS on any loan, lessons included; what waits lapses with the reason."""
    hear(life, "lessons")
    before = len(lessons(life))
    assert hear(life, "BAJA", "sms-2") == "stop"
    assert the_person(life).learning.wanted is True  # no word on lessons: no word taken back
    life.until(START + timedelta(days=100), lambda: pay_what_is_due(life))
    assert len(lessons(life)) == before
    said = [e.text for each in ("L-1", "L-2") for e in life.ports.timeline.entries(each)]
    assert any("lesson" in text and "opted out of SMS" in text for text in said)


def test_whoever_is_restrained_learns_nothing_now(life: Life) -> None:
    life.tell("B-1", "hardship", causes=["income_fell"])
    life.tell("B-1", "lessons", wanted=True)
    life.until(START + timedelta(days=20))
    assert lessons(life) == []


def test_nothing_is_taught_around_something_hard(life: Life) -> None:
    """From a week before the meeting is offered until a week after, and never near a notice."""
    life.tell("B-1", "lessons", wanted=True)
    told: list[tuple[date, int]] = []

    def each_day() -> None:
        late = life.ports.loans.load("L-1").state.standing.days_past_due
        if len(lessons(life)) > len(told):
            told.append((life.today, late))

    each_day()
    life.until(START + timedelta(days=150), each_day)
    assert told
    assert all(not 28 <= late <= 41 and late < 69 for _, late in told)


def test_whoever_set_a_goal_is_reminded_to_save_once_before_the_due_day(life: Life) -> None:
    life.tell("B-1", "lessons", wanted=True)
    assert hear(life, "GOAL 25", "sms-2") == "goal"
    learning = the_person(life).learning
    assert (learning.goal_minor, learning.currency) == (2500, "EUR")

    def reminders() -> list[str]:
        return [
            text for _, text in life.ports.messenger.texts if "put aside" in text and "25" in text
        ]

    days: list[date] = []

    def each_day() -> None:
        if len(reminders()) > len(days):
            days.append(life.today)
        pay_what_is_due(life)

    life.until(START + timedelta(days=90), each_day)
    due = {each.due_date for each in life.ports.loans.load("L-1").loan.schedule}
    assert days and len(days) <= 2 * len([on for on in due if on <= life.today])
    for on in days:
        assert any(4 <= (day - on).days <= 10 for day in due)
    life.tell("B-1", "goal")
    assert the_person(life).learning.goal_minor is None


def test_in_a_language_without_texts_the_advisor_tells_it_from_a_card(life: Life) -> None:
    """S19: no silent fall-back; one call task with the lesson, and her silence means nothing."""
    the_person(life, language="qu")
    life.tell("B-1", "lessons", wanted=True)
    life.until(START + timedelta(days=40), lambda: pay_what_is_due(life))
    assert life.ports.messenger.texts == []
    calls = [each for each in life.tasks(TaskKind.CALL) if ".lesson." in each.task_id]
    assert len(calls) == 1
    assert "no text in qu" in calls[0].reason and "--card" in calls[0].reason
    lesson_id = calls[0].task_id.rpartition(".")[2]
    life.tell("B-1", "lesson_done", lesson_id=lesson_id)
    assert the_person(life).learning.done == (lesson_id,)
    life.until(START + timedelta(days=80), lambda: pay_what_is_due(life))
    cards = {e.task_id for e in life.tasks(TaskKind.CALL) if ".lesson." in e.task_id}
    assert len(cards) == 2  # the next one, by progress
    the_person(life, second_language="es")
    life.until(START + timedelta(days=120), lambda: pay_what_is_due(life))
    assert any("BAJA LECCIONES" in text for _, text in life.ports.messenger.texts)


def test_who_wants_to_be_called_is_told_the_lesson(life: Life) -> None:
    the_person(life, instructions=Instructions(only_by="phone"), sms_consent=False)
    life.tell("B-1", "lessons", wanted=True)
    life.until(START + timedelta(days=5))
    calls = [each for each in life.tasks(TaskKind.CALL) if ".lesson." in each.task_id]
    assert len(calls) == 1 and "contact only by phone" in calls[0].reason


def test_others_may_stop_lessons_but_never_start_them_at_a_shared_phone(life: Life) -> None:
    the_person(life, instructions=Instructions(phone_privacy="shared"))
    assert hear(life, "LESSONS") == "start_lessons"
    assert the_person(life).learning.wanted is None
    life.tell("B-1", "lessons", wanted=True)
    life.until(START + timedelta(days=5))
    assert lessons(life) == []  # others may see them
    hear(life, "STOP LESSONS", "sms-2")
    assert the_person(life).learning.wanted is False


def test_an_unknown_lesson_or_half_a_goal_is_refused(life: Life) -> None:
    from recovery.domain.shared.errors import RefusedError

    with pytest.raises(RefusedError, match="is no lesson of ours"):
        life.tell("B-1", "lesson_done", lesson_id="unheard_of")
    with pytest.raises(Exception, match="must come with amount"):
        life.tell("B-1", "goal", currency="EUR")

"""Messages from the queue to the borrower, or not, driven by the events."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from functions.send_messages import handler
from recovery.domain.cases.stage import CaseState, Stage
from recovery.ports import InstitutionDay, KeptLoan
from tests.builders import a_borrower, a_loan, a_payment, a_state
from tests.conftest import Context


@pytest.fixture
def send(at, load_event):
    loan = a_loan()
    at.loans.add_loan(KeptLoan(loan, a_state(loan)), [])
    at.institutions.days["umoja"] = InstitutionDay(date(2026, 2, 2))
    return lambda name="send_messages": handler(load_event(name), Context(), at)


def told(at) -> list[str]:
    return [entry.text for entry in at.timeline.entries("L-1")]


def borrower_is(at, **changes) -> None:
    at.borrowers.save_contact_details(replace(a_borrower(), **changes))


NONE_FAILED = {"batchItemFailures": []}


def test_a_message_is_sent_in_the_name_of_the_advisor_and_told(send, at) -> None:
    assert send() == NONE_FAILED
    ((address, _, text, html),) = at.messenger.emails
    assert address == "grace@example.org"
    assert "Peter Otieno" in text
    assert "115" in text
    assert "<html" in html
    assert told(at) == ["sent by email: first_days_late"]
    assert [event.name for event in at.bus.events] == ["MessageSent"]
    assert "grace" not in str(at.bus.events).lower()


def test_what_is_sent_while_missed_days_are_caught_up_has_the_date_of_today(send, at) -> None:
    at.clock.at += timedelta(days=5)
    send()
    (entry,) = at.timeline.entries("L-1")
    assert entry.on == at.clock.at.date() == date(2026, 2, 7)


def test_the_same_message_twice_is_sent_once(send, at) -> None:
    send("send_messages.twice")
    send()
    assert len(at.messenger.emails) == 1
    assert told(at) == ["sent by email: first_days_late"]


def test_a_bad_record_comes_again_alone(send, at) -> None:
    answer = send("send_messages.one_bad_record")
    assert len(answer["batchItemFailures"]) == 1
    assert len(at.messenger.emails) == 1


def test_paid_in_the_meantime_is_not_sent_and_the_timeline_says_why(send, at) -> None:
    kept = at.loans.load("L-1")
    paid = a_state(kept.loan, [a_payment()], version=kept.state.version)
    at.loans.post_payment(a_payment(), paid)
    assert send() == NONE_FAILED
    assert at.messenger.emails == []
    assert told(at) == ["not sent (first_days_late): paid in the meantime"]


def test_without_consent_nothing_is_sent(send, at) -> None:
    borrower_is(at, email_consent=False, sms_consent=False)
    send()
    assert at.messenger.emails == at.messenger.texts == []
    assert "no channel" in told(at)[0]


def test_without_an_email_address_the_phone_is_used(send, at) -> None:
    borrower_is(at, email=None)
    send()
    ((phone, text),) = at.messenger.texts
    assert phone == "+254711000001"
    assert "Peter Otieno" in text


def test_before_nine_the_message_waits_on_the_queue(send, at) -> None:
    at.clock.at = at.clock.at.replace(hour=5, minute=30)  # 8:30 in Nairobi
    answer = send()
    assert len(answer["batchItemFailures"]) == 1
    assert list(at.queue.hidden.values()) == [1800]
    assert at.messenger.emails == []


def test_a_full_week_moves_the_message_to_a_later_review(send, at) -> None:
    for on in (date(2026, 1, 28), date(2026, 1, 30)):
        at.borrowers.add_contact(at.borrowers.load("B-1"), f"message of {on}", on)
    assert send() == NONE_FAILED
    state = at.loans.load("L-1").state
    assert state.retry_on == {"first_days_late+1": date(2026, 2, 4)}
    assert "first_days_late+1" not in state.asked
    assert state.next_review_on == date(2026, 2, 4)
    assert "again on 2026-02-04" in told(at)[0]


def test_limits_count_the_days_of_the_borrower_not_of_the_institution(send, at) -> None:
    borrower_is(at, time_zone="America/Lima")
    at.institutions.days["umoja"] = InstitutionDay(date(2026, 2, 4))
    at.clock.at = at.clock.at.replace(day=3, hour=22)  # 17:00 in Lima; in Nairobi it is the 4th
    assert send() == NONE_FAILED
    assert at.borrowers.load("B-1").recent_contacts == (date(2026, 2, 3),)


def test_an_undeliverable_message_is_told_and_not_tried_for_ever(send, at) -> None:
    at.messenger.undeliverable.add("grace@example.org")
    assert send() == NONE_FAILED
    assert "undeliverable by email" in told(at)[0]


def test_a_provider_that_is_down_is_tried_again(send, at, monkeypatch) -> None:
    def down(*_):
        raise ConnectionError("no answer")

    monkeypatch.setattr(at.messenger, "send_email", down)
    assert len(send()["batchItemFailures"]) == 1
    monkeypatch.undo()
    assert send() == NONE_FAILED
    assert len(at.messenger.emails) == 1


def test_a_notice_that_was_sent_starts_the_days_to_answer(at, load_event) -> None:
    on = date(2026, 4, 20)
    loan = a_loan()
    case = CaseState("L-1-C1", on - timedelta(days=40), Stage.INTERMEDIATE_RECOVERY, on)
    at.loans.add_loan(KeptLoan(loan, a_state(loan, case=case)), [])
    at.institutions.days["umoja"] = InstitutionDay(on)
    at.clock.at = at.clock.at.replace(month=4, day=20)
    event = load_event("send_messages")
    kind = "notice_before_judicial_recovery"
    body = event["Records"][0]["body"].replace("first_days_late+1", f"{kind}+76")
    event["Records"][0]["body"] = body.replace('"first_days_late"', f'"{kind}"')
    assert handler(event, Context(), at) == NONE_FAILED
    state = at.loans.load("L-1").state
    assert state.case.notice_on == on
    assert state.next_review_on == on + timedelta(days=14)

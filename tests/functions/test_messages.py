"""The message sender, driven by queue events."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from functions.send_messages import handler
from recovery.domain.cases.stage import CaseState, Stage
from recovery.ports.accounting import StoredLoan
from recovery.ports.institutions import InstitutionDay
from tests.builders import a_borrower, a_loan, a_payment, a_state
from tests.conftest import Context


@pytest.fixture
def send(wiring, load_event):
    loan = a_loan()
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    wiring.institutions.days["umoja"] = InstitutionDay(date(2026, 2, 2))
    return lambda name="send_messages": handler(load_event(name), Context(), wiring)


def timeline_texts(wiring) -> list[str]:
    return [entry.text for entry in wiring.timeline.entries("L-1")]


def borrower_is(wiring, **changes) -> None:
    wiring.borrowers.save_contact_details(replace(a_borrower(), **changes))


NONE_FAILED = {"batchItemFailures": []}


def test_a_message_is_sent_in_the_advisors_name_and_recorded(send, wiring) -> None:
    assert send() == NONE_FAILED
    ((address, _, text, html),) = wiring.messenger.emails
    assert address == "grace@example.org"
    assert "Peter Otieno" in text
    assert "115" in text
    assert "<html" in html
    assert timeline_texts(wiring) == ["sent by email: first_days_late"]
    assert [event.name for event in wiring.bus.events] == ["MessageSent"]
    assert "grace" not in str(wiring.bus.events).lower()


def test_messages_sent_while_catching_up_are_dated_today(send, wiring) -> None:
    wiring.clock.at += timedelta(days=5)
    send()
    (entry,) = wiring.timeline.entries("L-1")
    assert entry.on == wiring.clock.at.date() == date(2026, 2, 7)


def test_a_duplicate_message_is_sent_once(send, wiring) -> None:
    send("send_messages.twice")
    send()
    assert len(wiring.messenger.emails) == 1
    assert timeline_texts(wiring) == ["sent by email: first_days_late"]


def test_only_the_bad_record_is_retried(send, wiring) -> None:
    answer = send("send_messages.one_bad_record")
    assert len(answer["batchItemFailures"]) == 1
    assert len(wiring.messenger.emails) == 1


def test_a_message_about_a_paid_instalment_is_not_sent_and_says_why(send, wiring) -> None:
    stored = wiring.loans.load("L-1")
    paid = a_state(stored.loan, [a_payment()], version=stored.state.version)
    wiring.loans.post_payment(a_payment(), paid)
    assert send() == NONE_FAILED
    assert wiring.messenger.emails == []
    assert timeline_texts(wiring) == ["not sent (first_days_late): paid in the meantime"]


def test_without_consent_nothing_is_sent(send, wiring) -> None:
    borrower_is(wiring, email_consent=False, sms_consent=False)
    send()
    assert wiring.messenger.emails == wiring.messenger.texts == []
    assert "no channel" in timeline_texts(wiring)[0]


def test_without_an_email_address_the_phone_is_used(send, wiring) -> None:
    borrower_is(wiring, email=None)
    send()
    ((phone, text),) = wiring.messenger.texts
    assert phone == "+254711000001"
    assert "Peter Otieno" in text


def test_a_message_before_nine_waits_on_the_queue(send, wiring) -> None:
    wiring.clock.at = wiring.clock.at.replace(hour=5, minute=30)  # 8:30 in Nairobi
    answer = send()
    assert len(answer["batchItemFailures"]) == 1
    assert list(wiring.queue.hidden.values()) == [1800]
    assert wiring.messenger.emails == []


def test_reaching_the_weekly_limit_moves_the_message_to_a_later_review(send, wiring) -> None:
    for on in (date(2026, 1, 28), date(2026, 1, 30)):
        wiring.borrowers.add_contact(wiring.borrowers.load("B-1"), f"message of {on}", on)
    assert send() == NONE_FAILED
    state = wiring.loans.load("L-1").state
    assert state.retry_on == {"first_days_late+1": date(2026, 2, 4)}
    assert "first_days_late+1" not in state.asked
    assert state.next_review_on == date(2026, 2, 4)
    assert "again on 2026-02-04" in timeline_texts(wiring)[0]


def test_limits_count_the_borrowers_days_not_the_institutions(send, wiring) -> None:
    borrower_is(wiring, time_zone="America/Lima")
    wiring.institutions.days["umoja"] = InstitutionDay(date(2026, 2, 4))
    wiring.clock.at = wiring.clock.at.replace(
        day=3, hour=22
    )  # 17:00 in Lima; in Nairobi it is the 4th
    assert send() == NONE_FAILED
    assert wiring.borrowers.load("B-1").recent_contacts == (date(2026, 2, 3),)


def test_an_undeliverable_message_is_recorded_and_not_retried(send, wiring) -> None:
    wiring.messenger.undeliverable.add("grace@example.org")
    assert send() == NONE_FAILED
    assert "undeliverable by email" in timeline_texts(wiring)[0]


def test_sending_is_retried_while_the_provider_is_down(send, wiring, monkeypatch) -> None:
    def down(*_):
        raise ConnectionError("no answer")

    monkeypatch.setattr(wiring.messenger, "send_email", down)
    assert len(send()["batchItemFailures"]) == 1
    monkeypatch.undo()
    assert send() == NONE_FAILED
    assert len(wiring.messenger.emails) == 1


def test_sending_a_notice_starts_the_time_to_answer(wiring, load_event) -> None:
    on = date(2026, 4, 20)
    loan = a_loan()
    case = CaseState("L-1-C1", on - timedelta(days=40), Stage.INTERMEDIATE_RECOVERY, on)
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan, case=case)), [])
    wiring.institutions.days["umoja"] = InstitutionDay(on)
    wiring.clock.at = wiring.clock.at.replace(month=4, day=20)
    event = load_event("send_messages")
    kind = "notice_before_judicial_recovery"
    body = event["Records"][0]["body"].replace("first_days_late+1", f"{kind}+76")
    event["Records"][0]["body"] = body.replace('"first_days_late"', f'"{kind}"')
    assert handler(event, Context(), wiring) == NONE_FAILED
    state = wiring.loans.load("L-1").state
    assert state.case.notice_on == on
    assert state.next_review_on == on + timedelta(days=14)

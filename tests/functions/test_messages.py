"""The message sender, driven by queue events."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from functions.send_messages import handler
from recovery.domain.cases.stage import CaseState, Stage
from recovery.domain.outbox import Outbox
from recovery.ports.accounting import StoredLoan
from recovery.ports.contact import SendingFailedError
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


TODAY = date(2026, 2, 2)
MESSAGE = "L-1/first_days_late+1/2026-02-01"
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
    wiring.loans.post_payment(a_payment(), paid, a_loan())
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
        until = wiring.now() + timedelta(minutes=5)
        borrower = wiring.borrowers.load("B-1")
        wiring.borrowers.lease_contact(borrower, f"message of {on}", on, until)
    assert send() == NONE_FAILED
    state = wiring.loans.load("L-1").state
    assert state.retry_on == {"first_days_late+1": date(2026, 2, 4)}
    assert "first_days_late+1" not in state.asked
    assert state.next_review_on == date(2026, 2, 4)
    assert "retry on 2026-02-04" in timeline_texts(wiring)[0]


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
        raise SendingFailedError("SES: unreachable")

    monkeypatch.setattr(wiring.messenger, "send_email", down)
    assert len(send()["batchItemFailures"]) == 1
    monkeypatch.undo()
    assert send() == NONE_FAILED
    assert len(wiring.messenger.emails) == 1


def test_a_message_in_other_hands_waits_until_they_are_done(send, wiring) -> None:
    """Two consumers hold the same message: while one is at work, the other does not send it."""
    soon = wiring.now() + timedelta(minutes=3)
    wiring.borrowers.lease_contact(wiring.borrowers.load("B-1"), MESSAGE, TODAY, soon)
    assert len(send()["batchItemFailures"]) == 1
    assert wiring.messenger.emails == []
    assert list(wiring.queue.hidden.values()) == [181]
    wiring.borrowers.confirm_contact("B-1", MESSAGE, "0102-ses")
    assert send() == NONE_FAILED
    assert wiring.messenger.emails == []


def test_two_consumers_of_one_message_send_it_once(send, wiring, monkeypatch) -> None:
    """The second delivery arrives while the first is with the provider."""
    provider = wiring.messenger.send_email

    def slow(*email) -> str:
        monkeypatch.setattr(wiring.messenger, "send_email", provider)
        assert len(send()["batchItemFailures"]) == 1
        return provider(*email)

    monkeypatch.setattr(wiring.messenger, "send_email", slow)
    assert send() == NONE_FAILED
    assert len(wiring.messenger.emails) == 1


def test_a_message_in_doubt_is_not_repeated_and_says_so(send, wiring) -> None:
    """The sender stopped between the provider's answer and the record of it."""
    past = wiring.now() - timedelta(minutes=1)
    wiring.borrowers.lease_contact(wiring.borrowers.load("B-1"), MESSAGE, TODAY, past)
    assert send() == NONE_FAILED
    assert wiring.messenger.emails == []
    (text,) = timeline_texts(wiring)
    assert "it may already be sent" in text


def test_thanks_are_not_sent_weeks_later(wiring, load_event) -> None:
    loan = a_loan()
    paid = a_payment(value_date=date(2026, 2, 1))
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan, [paid])), [paid])
    wiring.institutions.days["umoja"] = InstitutionDay(date(2026, 2, 20))
    wiring.clock.at = wiring.clock.at.replace(day=20)
    event = load_event("send_messages")
    body = event["Records"][0]["body"].replace("first_days_late+1", "thank_you")
    event["Records"][0]["body"] = body.replace("first_days_late", "thank_you")
    assert handler(event, Context(), wiring) == NONE_FAILED
    assert wiring.messenger.emails == []
    assert "too late to say thank you" in timeline_texts(wiring)[0]


APRIL = date(2026, 4, 20)
INTERMEDIATE = CaseState(
    "L-1-C1", APRIL - timedelta(days=40), Stage.INTERMEDIATE_RECOVERY, APRIL - timedelta(days=9)
)


@pytest.fixture
def send_notice(wiring, load_event):
    """Deliver a notice that was requested in a stage entered on ``since``."""
    wiring.institutions.days["umoja"] = InstitutionDay(APRIL)
    wiring.clock.at = wiring.clock.at.replace(month=4, day=20)
    kind = "notice_before_judicial_recovery"

    def send_notice(since: date, case: CaseState | None = None):
        loan = a_loan()
        if case:
            wiring.loans.add_loan(StoredLoan(loan, a_state(loan, case=case)), [])
        event = load_event("send_messages")
        body = event["Records"][0]["body"].replace("first_days_late+1", f"{kind}+76@{since}")
        event["Records"][0]["body"] = body.replace('"first_days_late"', f'"{kind}"')
        return handler(event, Context(), wiring)

    return send_notice


def test_sending_a_notice_starts_the_time_to_answer(send_notice, wiring) -> None:
    assert send_notice(INTERMEDIATE.target_stage_since, INTERMEDIATE) == NONE_FAILED
    state = wiring.loans.load("L-1").state
    assert state.case.notice_on == APRIL
    assert state.next_review_on == APRIL + timedelta(days=14)


def test_a_notice_delivered_again_keeps_the_date_of_its_first_delivery(send_notice, wiring) -> None:
    send_notice(INTERMEDIATE.target_stage_since, INTERMEDIATE)
    stored = wiring.loans.load("L-1")
    lost = replace(stored.state, case=INTERMEDIATE, version=stored.state.version + 1)
    wiring.loans.save_review(lost, Outbox("lost", APRIL, 1), stored.loan)
    wiring.clock.at += timedelta(days=6)
    wiring.institutions.days["umoja"] = InstitutionDay(APRIL + timedelta(days=6))
    assert send_notice(INTERMEDIATE.target_stage_since) == NONE_FAILED
    assert len(wiring.messenger.emails) == 1
    assert wiring.loans.load("L-1").state.case.notice_on == APRIL


@pytest.mark.parametrize("was_sent", [False, True])
def test_an_old_notice_does_not_count_after_a_person_declined(
    send_notice, wiring, was_sent
) -> None:
    """Otherwise judicial recovery opens on a notice that nobody was given."""
    send_notice(INTERMEDIATE.target_stage_since, INTERMEDIATE)
    sent = len(wiring.messenger.emails)
    stored = wiring.loans.load("L-1")
    declined = replace(INTERMEDIATE, judicial_not_before=APRIL + timedelta(days=90))
    state = replace(stored.state, case=declined, version=stored.state.version + 1)
    wiring.loans.save_review(state, Outbox("declined", APRIL, 1), stored.loan)
    if not was_sent:
        wiring.borrowers._contacts.clear()
    assert send_notice(INTERMEDIATE.target_stage_since) == NONE_FAILED
    assert len(wiring.messenger.emails) == sent == 1
    assert wiring.loans.load("L-1").state.case.notice_on is None

"""The message sender, driven by queue events."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from functions.send_messages import handler
from recovery.domain.accounting.fact import Undo
from recovery.domain.accounting.loan import Components, Payment
from recovery.domain.accounting.owner_facts import ownership_of
from recovery.domain.accounting.ownership import OwnerChange, OwnerHistory
from recovery.domain.agreements.fact_request import FactRequest
from recovery.domain.agreements.restraints import Block, Kind, Restraint
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import Stage
from recovery.domain.contact.instructions import Instructions
from recovery.domain.contact.plan import Wish
from recovery.domain.outbox import Outbox
from recovery.domain.policy import DEFAULT_POLICY
from recovery.domain.review import review
from recovery.ports.accounting import LoanChange, StoredLoan, UnreadableLoanError
from recovery.ports.contact import SendingFailedError, Wake
from recovery.ports.institutions import InstitutionDay
from recovery.use_cases.accounting.record_fact import record_fact
from recovery.use_cases.contact.tell_borrower import tell_borrower
from tests.builders import (
    a_borrower,
    a_loan,
    a_payment,
    a_schedule,
    a_state,
    an_actor,
    an_institution,
    posts,
)
from tests.conftest import Context
from tests.noticing import deliver_notices

TODAY = date(2026, 2, 2)


def review_on(wiring, day: date, loan_id: str = "L-1") -> Wish | None:
    """Review the loan, as the daily review does; return its wish."""
    wiring.institutions.days["umoja"] = InstitutionDay(day)
    stored = wiring.loans.load(loan_id)
    result = review(stored.loan, stored.state, DEFAULT_POLICY, day)
    wiring.loans.save_state(result.state, stored.loan, result.outbox)
    return result.state.wish


@pytest.fixture
def send(wiring, load_event):
    """The loan is a day late, and wishes to say so."""
    loan = a_loan()
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    wiring.borrowers.loans["B-1"] = ["L-1"]
    assert review_on(wiring, TODAY).kind == "first_days_late"
    return lambda name="send_messages": handler(load_event(name), Context(), wiring)


def timeline_texts(wiring) -> list[str]:
    return [entry.text for entry in wiring.timeline.entries("L-1")]


def borrower_is(wiring, **changes) -> None:
    wiring.borrowers.save_contact_details(replace(a_borrower(), **changes))


def fill_the_week(wiring, today: date) -> None:
    """Two messages went out in the last seven days."""
    for on in (today - timedelta(days=5), today - timedelta(days=3)):
        until = wiring.now() + timedelta(minutes=5)
        borrower = wiring.borrowers.load("B-1")
        wiring.borrowers.lease_contact(borrower, f"message of {on}", on, until)


WAKE = Wake("umoja", "B-1", date(2026, 2, 2))
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


def test_when_by_what_and_in_which_words_it_was_said_is_kept_but_neither_text_nor_address(
    send, wiring
) -> None:
    send()
    kept = wiring.borrowers.contacts("B-1")[MESSAGE]
    assert (kept.channel, kept.at, kept.taken_at) == ("email", wiring.now(), wiring.now())
    assert kept.at.utcoffset() == timedelta(hours=3)
    assert len(kept.words) == 16
    assert "grace" not in str(kept).lower()


def test_what_the_institution_says_of_itself_is_in_the_message(send, wiring) -> None:
    says = {
        "phone": "+254200000000",
        "pay_account": "Paybill 4002",
        "pay_link": "https://p.example",
    }
    wiring.institutions.save(an_institution(**says, debt_advice="KSH, +254208000000"))
    send()
    ((_, _, text, html),) = wiring.messenger.emails
    for part in (text, html):
        assert "+254700000001" in part  # the advisor's, before the institution's
        assert all(each in part for each in says.values())
    assert wiring.messenger.senders == ["Umoja Microfinance"]


def test_without_an_advisors_number_the_institutions_is_given(send, wiring) -> None:
    wiring.institutions.save(an_institution(phone="+254200000000"))
    borrower_is(wiring, email=None)
    stored = wiring.loans.load("L-1")
    loan = replace(stored.loan, advisor_phone=None)
    wiring.loans.commit(LoanChange(stored.loan, loan, stored.state, Outbox("8", TODAY)))
    send()
    ((_, text),) = wiring.messenger.texts
    assert text.startswith("Umoja Microfinance: ") and "+254200000000" in text


def test_the_second_language_is_used_where_the_first_has_no_text(send, wiring) -> None:
    borrower_is(wiring, language="lg-UG", second_language="sw-UG", country="UG")
    send()
    ((_, subject, _, _),) = wiring.messenger.emails
    assert subject == "Bado hatujaona malipo yako"


@pytest.mark.parametrize("privacy", [None, "shared"])
def test_without_a_text_in_a_language_of_theirs_nothing_is_sent_and_it_is_one_task(
    send, wiring, privacy
) -> None:
    borrower_is(wiring, language="lg-UG", second_language="qu", email_privacy=privacy, phone=None)
    other = a_loan("L-2", borrower_id="B-2")
    wiring.loans.add_loan(StoredLoan(other, a_state(other)), [])
    wiring.borrowers.loans["B-2"] = ["L-2"]
    wiring.borrowers.save_contact_details(a_borrower("B-2", language="lg"))
    review_on(wiring, TODAY, "L-2")
    assert send() == NONE_FAILED
    assert tell_borrower(Wake("umoja", "B-2", TODAY), wiring.now(), wiring).not_said == 1
    assert wiring.messenger.emails == []
    assert timeline_texts(wiring)[0] == "not sent (first_days_late): no text in lg-UG"
    (task,) = wiring.tasks.open_tasks()
    assert (task.task_id, task.kind) == ("language.lg.2026-02", "missing_details")
    assert task.do_by == TODAY + timedelta(days=7)
    assert wiring.borrowers.load("B-1").recent_contacts == ()


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
    position = a_state(stored.loan, [a_payment()]).position
    paid = replace(stored.state, position=position)
    wiring.loans.commit(posts(a_payment(), paid, Outbox("paid", TODAY), a_loan()))
    assert send() == NONE_FAILED
    assert wiring.messenger.emails == []
    assert timeline_texts(wiring) == ["not sent (first_days_late): paid in the meantime"]


@pytest.mark.parametrize("executed_on", [date(2026, 2, 1), date(2026, 2, 2)])
def test_a_wish_of_a_loan_sold_since_is_not_said(send, wiring, executed_on) -> None:
    """From the day after: on the day itself it is still ours to say."""
    sale = OwnerChange(
        change_id="list-7", kind="sale", executed_on=executed_on, creditor="Fondo", outside=True
    )
    stored = wiring.loans.load("L-1")
    sold = replace(
        stored.state,
        version=stored.state.version + 1,
        ownership=ownership_of(OwnerHistory("umoja", (sale,))),
    )
    wiring.loans.save_state(sold, stored.loan)
    assert send() == NONE_FAILED
    assert len(wiring.messenger.emails) == (executed_on == date(2026, 2, 2))
    if not wiring.messenger.emails:
        reason = "another institution owns the loan"
        assert timeline_texts(wiring) == [f"not sent (first_days_late): {reason}"]


def test_without_consent_nothing_is_sent(send, wiring) -> None:
    borrower_is(wiring, email_consent=False, sms_consent=False)
    send()
    assert wiring.messenger.emails == wiring.messenger.texts == []
    assert "no channel" in timeline_texts(wiring)[0]


def test_a_consent_that_nobody_asked_for_is_none(send, wiring) -> None:
    borrower_is(wiring, email_consent=None, sms_consent=None)
    send()
    assert wiring.messenger.emails == wiring.messenger.texts == []
    assert "consent" in timeline_texts(wiring)[0]


def test_without_a_known_time_zone_nothing_is_sent(send, wiring) -> None:
    borrower_is(wiring, time_zone="")
    assert send() == NONE_FAILED
    assert wiring.messenger.emails == wiring.messenger.texts == []
    assert "time zone of the borrower is not known" in timeline_texts(wiring)[0]


def test_a_public_holiday_of_the_borrowers_country_is_left_alone(send, wiring) -> None:
    borrower_is(wiring, country="MX", time_zone="America/Mexico_City", phone=None)
    wiring.clock.at = wiring.clock.at.replace(day=2, hour=18)  # Constitution Day, at noon
    assert send() == NONE_FAILED
    assert wiring.messenger.emails == []
    assert wiring.loans.load("L-1").state.retry_on == {"first_days_late+1": date(2026, 2, 3)}


def test_without_an_email_address_the_phone_is_used(send, wiring) -> None:
    borrower_is(wiring, email=None)
    send()
    ((phone, text),) = wiring.messenger.texts
    assert phone == "+254711000001"
    assert "Peter Otieno" in text


def test_a_message_before_nine_waits_on_the_queue(send, wiring) -> None:
    wiring.clock.at = wiring.clock.at.replace(hour=5, minute=30)  # 8:30 in Nairobi
    assert send() == NONE_FAILED
    assert wiring.queue.delayed == [(WAKE, 1800)]
    assert wiring.messenger.emails == []


def test_reaching_the_weekly_limit_moves_the_message_to_a_later_review(send, wiring) -> None:
    fill_the_week(wiring, TODAY)
    assert send() == NONE_FAILED
    state = wiring.loans.load("L-1").state
    assert state.retry_on == {"first_days_late+1": date(2026, 2, 4)}
    assert "first_days_late+1" not in state.asked
    assert state.next_review_on == date(2026, 2, 4)
    assert "retry on 2026-02-04" in timeline_texts(wiring)[0]


def test_whose_day_is_over_at_every_review_hears_of_it_in_the_morning(send, wiring) -> None:
    borrower_is(wiring, country="NZ", time_zone="Pacific/Auckland", phone=None)
    wiring.clock.at = datetime(2026, 2, 2, 6, 30, tzinfo=UTC)  # 19:30 in Auckland
    assert send() == NONE_FAILED
    ((wake, seconds),) = wiring.queue.delayed
    assert (wake, seconds) == (WAKE, 13.5 * 3600)
    assert wiring.loans.load("L-1").state.wish
    wiring.clock.at += timedelta(seconds=seconds)
    assert send() == NONE_FAILED
    assert len(wiring.messenger.emails) == 1


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
    def down(*_, **__):
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
    assert send() == NONE_FAILED
    assert wiring.messenger.emails == []
    assert wiring.queue.delayed == [(WAKE, 181)]
    wiring.borrowers.confirm_contact("B-1", MESSAGE, "0102-ses")
    assert send() == NONE_FAILED
    assert wiring.messenger.emails == []


def test_two_consumers_of_one_message_send_it_once(send, wiring, monkeypatch) -> None:
    """The second delivery arrives while the first is with the provider."""
    provider = wiring.messenger.send_email

    def slow(*email, **more) -> str:
        monkeypatch.setattr(wiring.messenger, "send_email", provider)
        assert send() == NONE_FAILED
        assert len(wiring.queue.delayed) == 1
        return provider(*email, **more)

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


@pytest.mark.parametrize(
    ("kind", "payer_id", "starts"),
    [
        ("borrower", None, "We have your payment of €115.00 from"),
        ("guarantor", "G-1", "We received a payment of €115.00 for your loan on"),
        ("relative", None, "We received a payment of €115.00 for your loan on"),
    ],
)
def test_the_borrower_hears_that_a_payment_was_received_not_from_whom(
    send, wiring, kind, payer_id, starts
) -> None:
    stored = wiring.loans.load("L-1")
    payment = Payment("P-1", TODAY, 11_500, payer_kind=kind, payer_id=payer_id)
    paid = a_payment(payment=payment)
    state = a_state(stored.loan, [paid], version=stored.state.version)
    known = stored.state
    state = replace(state, standing=known.standing, received_minor=known.received_minor)
    wiring.loans.commit(posts(paid, state, Outbox("9", TODAY), stored.loan))
    assert review_on(wiring, TODAY).kind == "thank_you"
    send()
    ((_, subject, text, html),) = wiring.messenger.emails
    assert text.split("\n\n")[1].startswith(f"{starts} Monday, 2 February 2026.")
    for word in ("guarantor", "G-1", "relative"):
        assert word not in subject + text + html


def wish_for(wiring, kind: str, number: int, on: date) -> str:
    """Let the loan wish for a message of the plan on this day; return what the timeline says."""
    stored = wiring.loans.load("L-1")
    wish = Wish(f"{kind}+{number}", kind, date(2026, 2, 1))
    state = replace(stored.state, version=stored.state.version + 1, wish=wish)
    wiring.loans.save_state(state, stored.loan)
    wiring.clock.at = datetime.combine(on, time(8), UTC)
    tell_borrower(Wake("umoja", "B-1", on), wiring.now(), wiring)
    return timeline_texts(wiring)[-1]


def test_the_same_words_are_not_said_twice_in_a_row(send, wiring) -> None:
    help_, day = "we_would_like_to_help", timedelta(days=1)
    assert wish_for(wiring, help_, 16, TODAY + day).startswith("sent")
    again = wish_for(wiring, help_, 56, TODAY + 9 * day)
    assert again.startswith("not sent") and again.endswith("said the same in the same words")
    assert wish_for(wiring, "meeting_with_your_advisor", 35, TODAY + 10 * day).startswith("sent")
    assert wish_for(wiring, help_, 57, TODAY + 18 * day).startswith("sent")


def test_no_more_than_three_messages_say_the_same(send, wiring) -> None:
    for number in range(4):
        on = TODAY + timedelta(days=8 * number if number < 3 else 23)
        text = wish_for(wiring, "we_would_like_to_help", 60 + number, on)
        if number < 3:
            between = on + timedelta(days=1)
            assert text.startswith("sent"), text
            wish_for(wiring, "meeting_with_your_advisor" if number % 2 else "first_days_late",
                     80 + number, between)  # fmt: skip
    assert text == ("not sent (we_would_like_to_help): 3 messages said the same in the same words")


def test_a_second_message_about_the_same_payment_says_it_in_other_words(send, wiring) -> None:
    send()
    wish_for(wiring, "first_days_late", 8, TODAY + timedelta(days=7))
    (_, first, _, _), (_, second, text, _) = wiring.messenger.emails
    assert first != second and "I wrote to you some days ago." in text


def pay(wiring, amount_minor: int, allocated: dict[str, str], to_credit: str = "0.00") -> None:
    """Record a payment as the API does, with its receipt."""
    stored = wiring.loans.load("L-1")
    receipt = {"allocated": allocated, "to_credit": to_credit}
    paid = a_payment(payment=Payment("P-1", TODAY, amount_minor), receipt=receipt)
    known = stored.state
    state = a_state(stored.loan, [paid], version=known.version)
    state = replace(
        state, standing=known.standing, received_minor=known.received_minor, asked=known.asked
    )
    wiring.loans.commit(posts(paid, state, Outbox("9", TODAY), stored.loan))


def test_thanks_for_a_part_say_where_it_went_and_ask_kindly_for_the_rest(send, wiring) -> None:
    allocated = {"principal": "0.00", "interest": "10.00", "fee": "2.00", "penalty": "3.00"}
    pay(wiring, 1500, allocated)
    assert review_on(wiring, TODAY).kind == "thank_you"
    send()
    ((_, _, text, _),) = wiring.messenger.emails
    assert "- Interest: €10.00\n- Charges: €5.00\n" in text and "Your loan:" not in text
    assert "is still open" in text and "A part is good too." in text
    assert wiring.loans.load("L-1").state.demanded_on is None  # thanks demand nothing


def test_who_pays_in_small_parts_is_thanked_once_a_week(send, wiring) -> None:
    pay(wiring, 100, {"principal": "1.00"})
    review_on(wiring, TODAY)
    send()
    stored = wiring.loans.load("L-1")
    for days, kind in ((1, None), (6, None), (7, "thank_you")):
        paid = replace(stored.state, received_minor=0)
        day = TODAY + timedelta(days=days)
        wish = review(stored.loan, paid, DEFAULT_POLICY, day).state.wish
        assert (wish.kind if wish and wish.kind == "thank_you" else None) == kind


@pytest.fixture
def send_in_india(send, wiring):
    """As ``send``, where a grievance officer must be named; ``institution`` says what of itself."""
    on = date(2027, 2, 2)
    loan = a_loan("L-2", schedule=a_schedule(3, Components(10_000), on - timedelta(days=1)))

    def send_it(**institution):
        known = wiring.institutions.find("umoja")
        wiring.institutions.save(replace(known, **institution))
        borrower_is(wiring, country="IN", time_zone="Asia/Kolkata", language="en")
        wiring.clock.at = datetime.combine(on, time(6), UTC)
        wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
        wiring.borrowers.loans["B-1"] = ["L-2"]
        review_on(wiring, on, "L-2")
        return tell_borrower(Wake("umoja", "B-1", on), wiring.now(), wiring)

    return send_it


def test_what_the_law_asks_to_say_is_said_or_nothing_is_and_it_is_one_task(
    send_in_india, wiring
) -> None:
    send_in_india()
    assert wiring.messenger.emails == wiring.messenger.texts == []
    (text,) = [e.text for e in wiring.timeline.entries("L-2") if e.text.startswith("not sent")]
    assert text.endswith("it says the institution's grievance officer, which is not on record")
    (task,) = wiring.tasks.open_tasks()
    assert (task.task_id, task.role) == ("grievance_officer.2027-02", "supervisor")


def test_a_grievance_officer_on_record_is_named(send_in_india, wiring) -> None:
    send_in_india(grievance_officer="Asha Rao, +91 22 0000 0000")
    ((_, _, text, _),) = wiring.messenger.emails
    assert "Grievance officer: Asha Rao, +91 22 0000 0000" in text


def test_thanks_are_not_sent_weeks_later(send, wiring) -> None:
    stored = wiring.loans.load("L-1")
    paid = replace(stored.state, position=a_state(stored.loan, [a_payment()]).position)
    wiring.loans.commit(posts(a_payment(), paid, Outbox("paid", TODAY), stored.loan))
    assert review_on(wiring, TODAY).kind == "thank_you"
    wiring.clock.at += timedelta(days=8)
    assert send() == NONE_FAILED
    assert wiring.messenger.emails == []
    assert "only right until 2026-02-09" in timeline_texts(wiring)[0]


SHARED = {"email": None, "phone_privacy": "shared"}


def test_where_others_see_it_the_borrower_is_only_asked_to_call(send, wiring) -> None:
    borrower_is(wiring, **SHARED)
    assert send() == NONE_FAILED
    ((phone, text),) = wiring.messenger.texts
    assert phone == "+254711000001"
    assert text.startswith("Hello Grace Wanjiru Mwangi, please call me when it suits you: +254700")
    assert "115" not in text and "Umoja" not in text and "loan" not in text.lower()
    assert timeline_texts(wiring) == ["sent by sms: please_call, instead of first_days_late"]
    (event,) = wiring.bus.events
    assert (event.name, event.detail["kind"]) == ("MessageSent", "please_call")
    assert [each.kind for each in wiring.borrowers.told_about("B-1", "L-1")] == ["please_call"]
    state = wiring.loans.load("L-1").state
    assert (state.wish, state.asked) == (None, {"first_days_late+1": date(2026, 2, 1)})


def test_by_email_too_nothing_tells_of_a_loan(send, wiring) -> None:
    borrower_is(wiring, phone=None, email_privacy="unsafe")
    send()
    ((_, subject, text, html),) = wiring.messenger.emails
    assert subject == "Please call me"
    for word in ("115", "Umoja", "L-1", "loan", "pay"):
        assert word.lower() not in (subject + text + html).replace("padding", "").lower()
    assert "+254700000001" in text and "Peter Otieno" in text


def test_without_the_advisors_telephone_nothing_is_sent_and_it_says_so(send, wiring) -> None:
    borrower_is(wiring, **SHARED)
    stored = wiring.loans.load("L-1")
    unreachable = replace(stored.loan, advisor_phone=None)
    changed = LoanChange(stored.loan, unreachable, stored.state, Outbox("8", TODAY))
    wiring.loans.commit(changed)
    assert send() == NONE_FAILED
    assert wiring.messenger.texts == []
    (text,) = timeline_texts(wiring)
    assert "no telephone number of the advisor is on record" in text


def test_a_private_address_gets_the_message_although_another_is_shared(send, wiring) -> None:
    borrower_is(wiring, phone_privacy="unsafe", preferred_channel="sms")
    send()
    assert len(wiring.messenger.emails) == 1
    assert timeline_texts(wiring) == ["sent by email: first_days_late"]


def test_a_lost_record_of_a_neutral_word_is_made_up_as_it_was_said(
    send, wiring, monkeypatch
) -> None:
    """Its address became private between the two attempts."""
    borrower_is(wiring, **SHARED)
    monkeypatch.setattr(wiring.timeline, "add", lambda *_: 1 / 0)
    assert len(send()["batchItemFailures"]) == 1
    monkeypatch.undo()
    borrower_is(wiring, email=None)
    assert send() == NONE_FAILED
    assert len(wiring.messenger.texts) == 1
    assert timeline_texts(wiring) == ["sent by sms: please_call, instead of first_days_late"]


def test_a_replay_speaks_within_the_persons_own_hours(send, wiring) -> None:
    evening = Instructions(from_time=time(17), until_time=time(20))
    borrower_is(wiring, instructions=evening)
    wiring.institutions.days["umoja"] = InstitutionDay(TODAY, TODAY, "replay")
    assert send() == NONE_FAILED
    assert wiring.queue.delayed == []
    assert len(wiring.messenger.emails) == 1


def test_outside_a_replay_the_message_waits_for_the_persons_own_hours(send, wiring) -> None:
    borrower_is(wiring, instructions=Instructions(from_time=time(17), until_time=time(20)))
    wiring.clock.at = wiring.clock.at.replace(hour=9)  # 12:00 in Nairobi
    assert send() == NONE_FAILED
    assert wiring.messenger.emails == []
    ((_, seconds),) = wiring.queue.delayed
    assert seconds == 5 * 3600


APRIL = date(2026, 4, 20)
INTERMEDIATE = CaseState(
    "L-1-C1",
    APRIL - timedelta(days=40),
    Stage.INTERMEDIATE_RECOVERY,
    APRIL - timedelta(days=9),
    execution_since=APRIL,
)


@pytest.fixture
def send_notice(wiring, load_event):
    """A loan in intermediate recovery wishes for the notice; consider it."""
    wiring.clock.at = wiring.clock.at.replace(month=4, day=20)
    loan = a_loan()
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan, case=INTERMEDIATE, cases=1)), [])
    wiring.borrowers.loans["B-1"] = ["L-1"]
    assert review_on(wiring, APRIL).kind == "notice_before_judicial_recovery"
    return lambda: handler(load_event("send_messages"), Context(), wiring)


def test_a_notice_that_no_message_proves_is_a_task_and_starts_no_time(send_notice, wiring) -> None:
    assert send_notice() == send_notice() == NONE_FAILED  # a repeat opens nothing
    state = wiring.loans.load("L-1").state
    assert (state.case.notice_on, state.wish) == (None, None)
    assert wiring.messenger.emails == wiring.messenger.texts == []
    [task] = wiring.tasks.open_tasks()
    assert (task.kind, task.loan_id, task.officer) == ("deliver_notice", "L-1", "Peter Otieno")
    assert "a person delivers it" in timeline_texts(wiring)[-1]


def test_so_is_one_that_would_be_a_neutral_word(send_notice, wiring) -> None:
    borrower_is(wiring, **SHARED)
    assert send_notice() == NONE_FAILED
    assert wiring.messenger.texts == []
    assert [each.kind for each in wiring.tasks.open_tasks()] == ["deliver_notice"]


def test_a_notice_waits_for_no_cap_of_kind_messages(send_notice, wiring) -> None:
    fill_the_week(wiring, APRIL)
    assert send_notice() == NONE_FAILED
    assert [each.kind for each in wiring.tasks.open_tasks()] == ["deliver_notice"]


def test_delivered_it_starts_the_time_to_answer(send_notice, wiring) -> None:
    send_notice()
    assert deliver_notices("umoja", APRIL, wiring) == 1
    case = wiring.loans.load("L-1").state.case
    assert (case.notice_on, case.notice_overdue_minor) == (APRIL, 34_500)


@pytest.mark.parametrize(
    "code, medium, country, counts",
    [
        ("received", "registered_letter", "KE", True),
        ("refused", "registered_letter", "KE", False),
        ("refused", "bailiff", "NL", True),
        ("received", "registered_letter", "ES", False),  # it proves no content
        ("received", "burofax", "ES", True),
        ("refused", "burofax", "ES", True),
        ("uncollected", "burofax", "ES", True),
        ("uncollected", "registered_letter", "NL", False),
        ("not_delivered", "burofax", "ES", False),
    ],
)
def test_how_it_ended_counts_as_the_law_says(
    send_notice, wiring, code, medium, country, counts
) -> None:
    borrower_is(wiring, country=country)
    send_notice()
    deliver_notices("umoja", APRIL, wiring, code, medium)
    case = wiring.loans.load("L-1").state.case
    assert (case.notice_on == APRIL) is counts
    assert (case.judicial_not_before is None) is counts  # else it is tried again, after a week
    [record] = wiring.loans.recorded("L-1").facts
    assert (record.kind, record.fact.counts, record.fact.proof) == ("notice", counts, "SCAN-17")


def test_one_that_came_back_is_tried_again_by_a_task_of_its_own(send_notice, wiring) -> None:
    send_notice()
    deliver_notices("umoja", APRIL, wiring, "not_delivered")
    assert review_on(wiring, APRIL + timedelta(days=6)) is None
    again = review_on(wiring, APRIL + timedelta(days=7))
    assert again.kind == "notice_before_judicial_recovery"
    wiring.clock.at += timedelta(days=7)
    send_notice()
    assert [each.kind for each in wiring.tasks.open_tasks()] == ["deliver_notice"]


def test_one_undone_was_never_given(send_notice, wiring) -> None:
    send_notice()
    deliver_notices("umoja", APRIL, wiring)
    [record] = wiring.loans.recorded("L-1").facts
    request = FactRequest(
        fact_id="U-1", loan_id="L-1", fact=Undo(record.fact_id, APRIL), reason="not their letter"
    )
    record_fact(request, an_actor(), wiring.now(), wiring)
    assert wiring.loans.load("L-1").state.case.notice_on is None


def test_an_old_notice_does_not_count_after_a_person_declined(send_notice, wiring) -> None:
    """Otherwise judicial recovery opens on a notice that nobody was given."""
    stored = wiring.loans.load("L-1")
    declined = replace(stored.state.case, judicial_not_before=APRIL + timedelta(days=90))
    state = replace(stored.state, case=declined, version=stored.state.version + 1)
    wiring.loans.save_state(state, stored.loan)
    assert send_notice() == NONE_FAILED
    assert wiring.messenger.emails == []
    assert wiring.loans.load("L-1").state.case.notice_on is None
    assert "the case has moved on" in timeline_texts(wiring)[0]


@pytest.fixture
def second_loan(send, wiring) -> None:
    """The same person has another loan, three weeks late."""
    first = date(2026, 1, 12)
    loan = a_loan("L-2", schedule=a_schedule(12, first_due=first))
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    wiring.borrowers.loans["B-1"] = ["L-1", "L-2"]


@pytest.mark.usefixtures("second_loan")
def test_one_person_hears_one_message_and_each_other_wish_has_its_reason(send, wiring) -> None:
    assert review_on(wiring, TODAY, "L-2").kind == "we_would_like_to_help"
    send("send_messages.twice")
    assert len(wiring.messenger.emails) == 1
    assert [each.text for each in wiring.timeline.entries("L-2")] == [
        "sent by email: we_would_like_to_help"
    ]
    (text,) = timeline_texts(wiring)
    assert text == (
        "not sent (first_days_late): one message at a time: today it is about L-2;"
        " retry on 2026-02-03 if it still applies"
    )
    put_off = wiring.loans.load("L-1").state
    assert (put_off.wish, put_off.next_review_on) == (None, TODAY + timedelta(days=1))
    assert wiring.loans.load("L-2").state.wish is None


@pytest.mark.usefixtures("second_loan")
def test_it_waits_for_the_other_loans_review_whatever_its_shard(send, wiring) -> None:
    stored = wiring.loans.load("L-2")
    due = replace(stored.state, version=2, next_review_on=TODAY)
    wiring.loans.save_state(due, stored.loan)
    assert send() == NONE_FAILED
    assert wiring.messenger.emails == []
    assert wiring.queue.delayed == [(WAKE, 60)]
    wiring.institutions.days["umoja"] = InstitutionDay(TODAY, TODAY)  # its review has failed
    send()
    assert len(wiring.messenger.emails) == 1


@pytest.mark.usefixtures("second_loan")
def test_a_replay_does_not_wait_for_a_day_that_is_not_opened(send, wiring) -> None:
    stored = wiring.loans.load("L-2")
    wiring.loans.save_state(replace(stored.state, version=2, next_review_on=TODAY), stored.loan)
    before = TODAY - timedelta(days=1)
    wiring.institutions.days["umoja"] = InstitutionDay(before, before, "replay")
    send()
    assert len(wiring.messenger.emails) == 1


@pytest.mark.usefixtures("second_loan")
def test_it_waits_no_longer_than_the_last_contact_hour(send, wiring) -> None:
    stored = wiring.loans.load("L-2")
    wiring.loans.save_state(replace(stored.state, version=2, next_review_on=TODAY), stored.loan)
    wiring.clock.at = wiring.clock.at.replace(hour=16)  # 19:00 in Nairobi
    send()
    assert wiring.queue.delayed == []
    assert "quiet hours" in timeline_texts(wiring)[0]


@pytest.mark.usefixtures("second_loan")
def test_a_loan_that_cannot_be_read_does_not_silence_the_other(send, wiring, monkeypatch) -> None:
    readable = wiring.loans.load_many

    def load_many(loan_ids):
        if "L-2" in loan_ids:
            raise UnreadableLoanError("L-2")
        return readable(loan_ids)

    monkeypatch.setattr(wiring.loans, "load_many", load_many)
    send()
    assert timeline_texts(wiring) == ["sent by email: first_days_late"]


@pytest.mark.parametrize("until", [None, date(2026, 2, 10)])
def test_a_restraint_on_the_person_holds_what_it_blocks(send, wiring, until) -> None:
    held = Restraint(Kind.HARDSHIP, TODAY, until, frozenset({Block.ARREARS}), "form 7")
    borrower = wiring.borrowers.load("B-1")
    wiring.borrowers.save_restraints(replace(borrower, restraints=(held,)))
    assert send() == NONE_FAILED
    assert wiring.messenger.emails == []
    assert "held back: hardship from 2026-02-02" in timeline_texts(wiring)[0]
    state = wiring.loans.load("L-1").state
    assert state.retry_on == ({"first_days_late+1": date(2026, 2, 11)} if until else {})


def test_a_restraint_of_another_purpose_holds_nothing(send, wiring) -> None:
    held = Restraint(Kind.STOP, TODAY, None, frozenset({Block.REMINDERS, Block.CALLS}), "form 7")
    borrower = wiring.borrowers.load("B-1")
    wiring.borrowers.save_restraints(replace(borrower, restraints=(held,)))
    send()
    assert len(wiring.messenger.emails) == 1


def test_what_was_interrupted_after_sending_is_recorded_without_sending_again(
    send, wiring, monkeypatch
) -> None:
    def denied(_):
        raise RuntimeError("AccessDenied")

    monkeypatch.setattr(wiring.bus, "publish", denied)
    assert len(send()["batchItemFailures"]) == 1
    monkeypatch.undo()
    assert wiring.loans.load("L-1").state.next_review_on == TODAY + timedelta(days=1)
    assert send() == NONE_FAILED
    assert len(wiring.messenger.emails) == 1
    assert [event.name for event in wiring.bus.events] == ["MessageSent"]
    assert wiring.loans.load("L-1").state.wish is None

"""What replies bring, played in memory: facts where they say enough, tasks where they do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recovery.documents.people.heard import Heard
from recovery.domain.agreements.restraints import Kind
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import Stage
from recovery.domain.contact.instructions import Instructions
from recovery.domain.contact.replies import ReplyKind
from recovery.use_cases.contact.hear_reply import hear_reply
from tests.builders import an_institution
from tests.conftest import wiring_of_fakes
from tests.life import Life

PHONE, MAIL = "+254711000001", "b-1@example.org"
TODAY = date(2026, 2, 4)  # a Wednesday, three days after the first due date
MORNING = datetime(2026, 2, 4, 6, tzinfo=UTC)  # nine in Nairobi


@pytest.fixture
def life(wiring) -> Life:
    return late_since_sunday(wiring)


def late_since_sunday(wiring, *loans: str) -> Life:
    """One person with a late loan, or several, and an address on both channels."""
    life = Life(wiring, TODAY - timedelta(days=1))
    for each in loans or ("L-1",):
        life.lend(each, "B-1")
    person = replace(life.ports.borrowers.load("B-1"), phone=PHONE, sms_consent=True)
    life.ports.borrowers.save_contact_details(person)
    life.until(TODAY)
    return life


def hear(life: Life, text: str, reply_id: str = "sms-1", **changes) -> str:
    heard = Heard(
        **{
            "reply_id": reply_id,
            "channel": "sms",
            "address": PHONE,
            "text": text,
            "received_at": MORNING,
            **changes,
        }
    )
    kind = hear_reply("umoja", heard, life.ports.now(), life.ports)
    life.settle()
    return kind


def replies(life: Life) -> list:
    return [each for each in life.ports.tasks.of_person("B-1") if each.kind == "reply"]


def shared(life: Life) -> None:
    person = life.ports.borrowers.load("B-1")
    said = replace(person, instructions=Instructions(phone_privacy="shared"))
    life.ports.borrowers.save_contact_details(said)


# --- promises ---------------------------------------------------------------------------------


def test_will_pay_is_a_promise_of_what_is_overdue(life: Life) -> None:
    assert hear(life, "I'll pay on Friday") == "will_pay"
    [promise] = life.standing()["promises"]
    assert (promise["pay_on"], promise["outcome"]) == ("2026-02-06", "open")
    assert promise["amount"] == life.standing()["overdue"]["total"]
    assert replies(life) == []


def test_a_named_amount_is_what_is_promised(life: Life) -> None:
    hear(life, "pagaré 50,00 mañana")
    [promise] = life.standing()["promises"]
    assert (promise["amount"], promise["pay_on"]) == ("50.00", "2026-02-05")


def test_over_several_loans_all_that_is_overdue_is_promised(wiring) -> None:
    life = late_since_sunday(wiring, "L-1", "L-2")
    hear(life, "I pay tomorrow")
    for each in ("L-1", "L-2"):
        [promise] = life.standing(each)["promises"]
        assert promise["amount"] == life.standing(each)["overdue"]["total"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("I will pay soon", "not clear"),
        ("I will pay 50 and 60 on Friday", "not clear"),
        ("I paid half, will pay the rest on Friday", "not clear"),
        ("I will pay 10.505 on Friday", "cannot be taken"),
        ("I will pay on 2026-06-30", "more than 10 days away"),
        ("I will pay 999999 on Friday", "more than is owed"),
    ],
)
def test_what_no_promise_can_be_made_of_goes_to_the_advisor(life: Life, text, why) -> None:
    assert hear(life, text) == "will_pay"
    assert life.standing().get("promises", []) == []
    [task] = replies(life)
    assert why in task.reason or "not clear" in task.reason
    assert (task.role, task.officer, task.do_by) == ("advisor", "Peter Otieno", TODAY)


def test_an_amount_over_several_late_loans_is_not_spread_by_us(wiring) -> None:
    life = late_since_sunday(wiring, "L-1", "L-2")
    hear(life, "I will pay 50 tomorrow")
    assert len(replies(life)) == 1
    assert life.standing("L-1").get("promises", []) == []


# --- who may have written it ------------------------------------------------------------------


@pytest.mark.parametrize("text", ["I will pay tomorrow", "paid", "help", "no debo nada", "START"])
def test_a_shared_phone_binds_nobody(life: Life, text) -> None:
    shared(life)
    hear(life, text)
    assert life.standing().get("promises", []) == []
    assert life.ports.people.facts("B-1") == []
    [task] = replies(life)
    assert "somebody else may have written it" in task.reason
    assert life.ports.borrowers.load("B-1").phone_confirmed_on is None


def test_a_shared_phone_can_stop(life: Life) -> None:
    shared(life)
    assert hear(life, "stop") == "stop"
    assert life.ports.borrowers.load("B-1").sms_consent is False


def test_an_address_of_two_people_binds_neither_and_stops_both(life: Life) -> None:
    life.lend("L-2", "B-2")
    person = replace(life.ports.borrowers.load("B-2"), phone=PHONE, sms_consent=True)
    life.ports.borrowers.save_contact_details(person)
    hear(life, "I will pay tomorrow", "sms-1")
    assert life.standing().get("promises", []) == []
    assert len([each for each in life.tasks("reply") if each.about == "sms-1"]) == 1
    hear(life, "stop", "sms-2")
    for each in ("B-1", "B-2"):
        assert life.ports.borrowers.load(each).sms_consent is False
    confirmations = [text for _, text in life.ports.messenger.texts if "START" in text]
    assert len(confirmations) == 1


def test_a_feigned_sender_binds_nobody(life: Life) -> None:
    mail = {"channel": "email", "address": MAIL, "is_genuine": False}
    hear(life, "I will pay tomorrow", "mail-1", **mail)
    assert life.standing().get("promises", []) == []
    assert len(replies(life)) == 1


def test_an_answer_from_their_own_address_confirms_it(life: Life) -> None:
    person = replace(life.ports.borrowers.load("B-1"), contact_confirmed_on=None)
    life.ports.borrowers.save_contact_details(person)
    hear(life, "gracias")
    person = life.ports.borrowers.load("B-1")
    assert (person.confirmed_on("sms"), person.confirmed_on("email")) == (TODAY, None)


# --- facts ------------------------------------------------------------------------------------


def test_help_stops_pressure_and_brings_a_trained_person(life: Life) -> None:
    assert hear(life, "no puedo pagar, perdí mi trabajo") == "help"
    [record] = life.ports.people.facts("B-1")
    assert (record.kind, record.recorded_by) == ("hardship", "replies")
    assert any(each.kind == Kind.HARDSHIP for each in life.ports.loans.load("L-1").state.restraints)
    assert {each.role for each in life.tasks("hardship")} == {"trained"}
    assert "trabajo" not in f"{record} {life.tasks()}"


def test_a_complaint_has_a_number_a_deadline_and_another_handler(life: Life) -> None:
    hear(life, "quiero poner una queja")
    [record] = life.ports.people.facts("B-1")
    assert record.kind == "complaint" and record.fact.answer_by > TODAY
    assert record.fact.not_by == ("Peter Otieno",)
    [task] = life.tasks("answer_complaint")
    assert (task.role, task.about) == ("supervisor", record.fact_id)


@pytest.mark.parametrize(
    ("text", "about", "kind"),
    [
        ("the amount is wrong", "other", "investigate"),
        ("I never took a loan", "not_mine", "fraud"),
        ("the amount is wrong, I already paid", "paid_already", "investigate"),
    ],
)
def test_a_dispute_rests_the_loan_and_is_looked_into(life: Life, text, about, kind) -> None:
    assert hear(life, text) == "dispute"
    [dispute] = [each for each in life.ports.loans.recorded("L-1").facts if each.kind == "dispute"]
    assert dispute.fact.about == about and dispute.fact.answer_by > TODAY
    assert [each.kind for each in life.tasks(kind)] == [kind]


def test_which_loan_is_disputed_is_asked_where_it_is_not_clear(wiring) -> None:
    life = late_since_sunday(wiring, "L-1", "L-2")
    hear(life, "the amount is wrong", channel="email", address="other@example.org")
    hear(life, "the amount is wrong", "sms-2")
    disputed = [
        loan_id
        for loan_id in ("L-1", "L-2")
        if any(each.kind == "dispute" for each in life.ports.loans.recorded(loan_id).facts)
    ]
    assert len(disputed) + len(replies(life)) == 1


def test_paid_asks_for_the_receipt_unless_the_payment_is_known(life: Life) -> None:
    hear(life, "I already paid")
    [task] = replies(life)
    assert "receipt" in task.reason
    life.pay("L-1", 5_000)
    hear(life, "ya pagué", "sms-2")
    assert len(replies(life)) == 1


def test_anything_else_goes_to_the_advisor_within_the_day(life: Life) -> None:
    hear(life, "what is my balance?")
    [task] = replies(life)
    assert (task.do_by, task.officer, task.loan_id) == (TODAY, "Peter Otieno", "L-1")
    hear(life, "and now?", "sms-2", received_at=MORNING + timedelta(hours=9))
    assert replies(life)[1].do_by == TODAY + timedelta(days=1)


def test_a_stop_that_says_more_is_heard_whole(life: Life) -> None:
    hear(life, "STOP. I already paid")
    assert life.ports.borrowers.load("B-1").sms_consent is False
    [task] = replies(life)
    assert "receipt" in task.reason


# --- the notice -------------------------------------------------------------------------------


def noticed(life: Life) -> None:
    """A notice before judicial recovery was given yesterday."""
    stored = life.ports.loans.load("L-1")
    case = CaseState(
        case_id="L-1-C1",
        opened_on=TODAY - timedelta(days=80),
        target_stage=Stage.INTERMEDIATE_RECOVERY,
        target_stage_since=TODAY - timedelta(days=40),
        notice_on=TODAY - timedelta(days=1),
        notice_overdue_minor=10_000,
        signals=1,
    )
    state = replace(stored.state, case=case, version=stored.state.version + 1)
    life.ports.loans.save_state(state, stored.loan)


@pytest.mark.parametrize("text", ["what is this?", "stop", "help", "I already paid"])
def test_a_reply_answers_the_notice(life: Life, text) -> None:
    noticed(life)
    hear(life, text)
    case = life.ports.loans.load("L-1").state.case
    assert case is None or (case.notice_on is None and case.judicial_not_before)
    texts = [each.text for each in life.ports.timeline.entries("L-1")]
    assert any("is answered: the person answered since" in each for each in texts)


@pytest.mark.parametrize("text", ["wrong person", "wrong number, stop"])
def test_a_stranger_answers_no_notice(life: Life, text) -> None:
    noticed(life)
    hear(life, text)
    case = life.ports.loans.load("L-1").state.case
    assert case and case.answered_on is None


# --- whatever comes ---------------------------------------------------------------------------

SAID = ["stop", "START", "wrong person", "I already paid", "I'll pay on Friday", "help", "klacht"]
SAID += ["no debo nada", "hm?", "baja, ya pagué", "I never took a loan", ""]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(SAID), st.integers(0, 3)), min_size=1, max_size=6))
def test_repeats_in_any_order_change_nothing(said: list[tuple[str, int]]) -> None:
    """Each reply comes twice, out of order: all is as if it had come once."""
    life = late_since_sunday(wiring_of_fakes(), "L-1", "L-2")
    for index, (text, minute) in enumerate(said):
        hear(life, text, f"sms-{index}", received_at=MORNING + timedelta(minutes=minute))
    before = picture(life)
    for index, (text, minute) in reversed([*enumerate(said)]):
        hear(life, text, f"sms-{index}", received_at=MORNING + timedelta(minutes=minute))
    strangers = [each for each in life.tasks("reply") if each.person_id == "unknown-sender"]
    assert picture(life) == before
    assert len(strangers) <= 1
    words = [(text, m) for text, m in said if text.lower().startswith(("stop", "baja", "start"))]
    if words and not any(text == "wrong person" for text, _ in said):
        last = max(m for _, m in words)
        stopped = any(m == last and text != "START" for text, m in words)
        assert life.ports.borrowers.load("B-1").sms_consent is not stopped


def picture(life: Life) -> tuple:
    person = life.ports.borrowers.load("B-1")
    return (
        person,
        life.tasks(),
        life.ports.people.facts("B-1"),
        [life.ports.loans.recorded(each).facts for each in ("L-1", "L-2")],
        len(life.ports.messenger.texts),
        {each.reply_id: each for each in life.ports.replies.of_person("B-1")},
    )


def test_every_kind_has_an_effect_or_is_settled_before() -> None:
    from recovery.use_cases.contact.reply_effects import _EFFECTS, _NO_EFFECT

    assert {*_EFFECTS, *_NO_EFFECT} == set(ReplyKind)


def test_the_number_that_answers_is_the_institutions(life: Life) -> None:
    life.ports.institutions.save(an_institution(sms_number="+254700000100"))
    hear(life, "stop")
    assert life.ports.messenger.numbers[-1] == "+254700000100"

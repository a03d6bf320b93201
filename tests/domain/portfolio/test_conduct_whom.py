"""Conduct finds who must not be contacted, and who was left out, and nobody else."""

from datetime import UTC, date, datetime, time

import pytest

from recovery.domain.accounting.fact import Undo
from recovery.domain.accounting.said import (
    Dispute,
    DisputeEnd,
    DisputeKind,
    DisputeOutcome,
    Promise,
    PromiseEnd,
)
from recovery.domain.agreements.person_facts import (
    Complaint,
    ComplaintAbout,
    ComplaintEnd,
    ComplaintOutcome,
    Hardship,
    Hold,
    HoldEnd,
)
from recovery.domain.contact.instructions import Instructions
from tests.builders import a_borrower, a_payment
from tests.domain.portfolio.conduct_builders import (
    DAY,
    DUE,
    MONDAY,
    a_fact,
    a_person_fact,
    details,
    found,
    law,
    moment,
    said,
    then,
)

REMIND, ARREARS, NOTICE = "messages.reminder", "messages.arrears", "messages.notice"
BEFORE = MONDAY - 3 * DAY


def person(**changes):
    return (details(a_borrower(**changes)),)


@pytest.mark.parametrize(
    ("changes", "channel", "broken"),
    [
        ({"email_consent": False}, "email", ["opted_out"]),
        ({"email_consent": False}, "sms", []),
        ({"sms_consent": None}, "sms", ["no_basis"]),
        ({"instructions": Instructions(only_by="phone")}, "email", ["opted_out"]),
        ({"instructions": Instructions(only_by="phone")}, "sms", []),
        ({"instructions": Instructions(only_by="letter")}, "sms", ["opted_out"]),
        ({"barred_phones": ("+254711000001",)}, "sms", ["barred"]),
        ({"barred_phones": ("+254711000001",)}, "email", []),
        ({"barred_phones": ("+254711000009",)}, "sms", []),
        ({"phone_privacy": "shared"}, "sms", ["seen_by_others"]),
        ({"phone_privacy": "shared"}, "email", []),
        ({"email_privacy": "unsafe"}, "email", ["seen_by_others"]),
        ({"email_privacy": "private"}, "email", []),
        ({"contact_confirmed_on": None}, "sms", ["unconfirmed"]),
        ({"contact_confirmed_on": MONDAY - 61 * DAY}, "sms", ["unconfirmed"]),
        ({"contact_confirmed_on": MONDAY - 60 * DAY}, "sms", []),
        ({"contact_confirmed_on": None, "phone_confirmed_on": MONDAY - DAY}, "sms", []),
        (
            {"contact_confirmed_on": None, "phone_confirmed_on": MONDAY - DAY},
            "email",
            ["unconfirmed"],
        ),
    ],
)
def test_an_address_that_must_not_be_used_is_found(changes, channel, broken) -> None:
    assert found(said(channel=channel, versions=person(**changes))) == broken


def test_what_the_person_said_of_an_address_goes_before_what_files_say() -> None:
    theirs = Instructions(phone_privacy="private")
    kept = person(phone_privacy="unsafe", instructions=theirs)
    assert found(said(channel="sms", versions=kept)) == []


def test_a_neutral_word_may_go_where_others_see_it() -> None:
    shared = person(phone_privacy="shared")
    neutral = said("please_call", meant="first_days_late", channel="sms", versions=shared)
    assert found(neutral) == []


def test_where_the_contract_is_enough_nobody_has_to_say_yes_but_a_no_stands() -> None:
    place = law("ES", "Europe/Madrid")
    unasked, refused = (
        (details(a_borrower(country="ES", email_consent=each), place),) for each in (None, False)
    )
    noon = {"at": moment(MONDAY, time(12))}
    assert found(said(versions=unasked, **noon)) == []
    assert found(said(versions=refused, **noon)) == ["opted_out"]


def test_an_address_changed_that_day_is_found_only_if_both_were_wrong() -> None:
    no, yes = person(email_consent=False), person()
    assert found(said(versions=(*no, *yes))) == []
    assert found(said(versions=(*no, *no))) == ["opted_out"]


def hold(**changes):
    values = {"kind": "death", "on": BEFORE, "until": None, "reason_code": "told"}
    return Hold(**{**values, "blocks": (ARREARS, REMIND), **changes})


@pytest.mark.parametrize(
    ("facts", "kind", "broken"),
    [
        ([hold()], "first_days_late", ["restrained"]),
        ([hold()], "thank_you", []),
        ([hold(blocks=("a block to come",))], "thank_you", ["restrained"]),
        ([hold(until=MONDAY)], "first_days_late", ["restrained"]),
        ([hold(until=MONDAY - DAY)], "first_days_late", []),
        ([hold(), HoldEnd("F-0", MONDAY)], "first_days_late", []),
        ([hold(), HoldEnd("F-9", MONDAY)], "first_days_late", ["restrained"]),
        ([hold(), HoldEnd("F-0", BEFORE, was_false=True)], "first_days_late", []),
        ([Hardship(BEFORE, (), MONDAY, (NOTICE,))], "notice_before_judicial_recovery",
         ["restrained"]),
        ([Hardship(BEFORE, (), MONDAY, (NOTICE,))], "first_days_late", []),
    ],
)  # fmt: skip
def test_what_holds_us_back_by_law_or_life_is_heeded(facts, kind, broken) -> None:
    records = tuple(a_person_fact(each, f"F-{n}") for n, each in enumerate(facts))
    assert found(said(kind), facts=records) == broken


def test_a_complaint_holds_until_it_is_answered() -> None:
    made = Complaint(BEFORE, ComplaintAbout.CONTACT, MONDAY + DAY, (ARREARS,))
    open_one = (a_person_fact(made, "C-1"),)
    assert found(said(), facts=open_one) == ["restrained"]
    end = ComplaintEnd("C-1", MONDAY - DAY, ComplaintOutcome.REJECTED, "We looked at each call.")
    assert found(said(), facts=(*open_one, a_person_fact(end, "C-2"))) == []


def test_what_was_told_after_the_message_does_not_count_against_it() -> None:
    told = a_person_fact(hold(on=MONDAY))  # recorded at five, sent at seven, both UTC
    early = datetime.combine(MONDAY, time(4), UTC)
    assert found(said(taken_at=early), facts=(told,)) == []
    assert found(said(), facts=(told,)) == ["restrained"]
    assert found(said(at=None, taken_at=None), facts=(told,)) == []  # of one day nobody knows


def dispute(amount_minor=None, blocks=(ARREARS,), on=BEFORE):
    return Dispute(on, DisputeKind.CHARGES, MONDAY + 9 * DAY, blocks, amount_minor)


def test_the_whole_loan_in_dispute_is_left_alone_until_it_is_answered() -> None:
    asked = a_fact(dispute(), "D-1")
    assert found(said(loan=then(facts=(asked,)))) == ["restrained"]
    assert found(said("thank_you", loan=then(facts=(asked,)))) == []
    for outcome, broken in (
        (DisputeOutcome.REJECTED, []),
        (DisputeOutcome.FRAUD_PROVEN, ["restrained"]),
    ):
        end = a_fact(DisputeEnd("D-1", MONDAY, outcome, "We looked into it."), "D-2")
        assert found(said(loan=then(facts=(asked, end)))) == broken
    undone = a_fact(Undo("D-1", MONDAY), "D-3")
    assert found(said(loan=then(facts=(asked, undone)))) == []


def test_a_message_about_a_disputed_part_is_found_one_about_the_rest_is_not() -> None:
    paid = a_payment()  # the first instalment, so that 11,500 is overdue
    for minor, broken in ((11_500, ["disputed_part"]), (20_000, ["disputed_part"]), (11_499, [])):
        part = a_fact(dispute(minor, blocks=()), "D-1")
        assert found(said(loan=then(paid, facts=(part,)))) == broken
    two = tuple(a_fact(dispute(6_000, blocks=()), f"D-{n}") for n in (1, 2))
    assert found(said(loan=then(paid, facts=two))) == ["disputed_part"]


def promise(amount_minor=11_500, pay_on=MONDAY + 2 * DAY, on=MONDAY - 4 * DAY):
    return Promise(on, amount_minor, pay_on, "phone")


@pytest.mark.parametrize(
    ("kind", "broken"),
    [
        ("first_days_late", ["during_a_promise"]),
        ("reminder_before_due", ["during_a_promise"]),
        ("notice_before_judicial_recovery", []),
        ("promise_reminder", []),
    ],
)
def test_nobody_is_pressed_while_a_promise_may_still_be_kept(kind, broken) -> None:
    assert found(said(kind, loan=then(facts=(a_fact(promise()),)))) == broken


def test_a_promise_that_is_over_kept_or_taken_back_holds_nothing() -> None:
    over = a_fact(promise(pay_on=MONDAY - DAY))
    assert found(said(loan=then(facts=(over,)))) == []
    kept = a_payment(value_date=date(2026, 3, 5), amount_minor=2_000)
    two = tuple(a_fact(promise(2_000, MONDAY + n * DAY), f"F-{n}") for n in (1, 2))
    by_payment = {"loan": then(kept, facts=two[:1])}
    assert found(said(on=MONDAY, **by_payment)) == []
    assert found(said(loan=then(kept, facts=two))) == ["during_a_promise"]  # paid once, not twice
    back = a_fact(PromiseEnd("F-1", MONDAY), "F-9")
    assert found(said(loan=then(facts=(a_fact(promise()), back)))) == []


@pytest.mark.parametrize(
    ("now", "left_out"),
    [
        (details(readable=False), ["left_out_for_language"]),
        (details(a_borrower(email=None, phone=None)), ["left_out_for_data"]),
        (details(a_borrower(email_consent=None, sms_consent=None)), ["left_out_for_data"]),
        (details(a_borrower(email_consent=False, sms_consent=None)), []),  # they said no
        (details(a_borrower(email=None)), []),
    ],
)
def test_who_owes_and_cannot_be_written_to_is_shown_as_left_out(now, left_out) -> None:
    assert found(now=now, owes=True) == left_out
    assert found(now=now, owes=False) == []


def test_a_day_of_the_schedule_that_is_not_reached_is_no_disputed_part() -> None:
    part = a_fact(dispute(11_500, blocks=()), "D-1")
    reminder = said("reminder_before_due", about=DUE + 31 * DAY, loan=then(facts=(part,)))
    assert found(reminder) == []

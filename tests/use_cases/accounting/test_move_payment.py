"""A payment on the wrong loan goes to the right one in one step; who was chased hears so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recovery.domain.accounting.fact import FactRecord
from recovery.domain.accounting.history import Chargeback
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.payment import PaymentRef, PaymentRequest
from recovery.domain.contact.plan import APOLOGY, Wish
from recovery.domain.shared.errors import ConflictError, PaymentNotFoundError, RefusedError
from recovery.ports.accounting import LoanChange, StoredLoan
from recovery.ports.contact import Wake
from recovery.ports.institutions import InstitutionDay
from recovery.use_cases.accounting.move_payment import MoveRequest, move_payment
from recovery.use_cases.accounting.take_payment import take_payment
from recovery.use_cases.contact.tell_borrower import tell_borrower
from recovery.use_cases.monitoring.review_loans import review_changed
from recovery.use_cases.route_changes import route_loan
from tests.builders import FIRST_DUE, a_borrower, a_loan, a_policy, a_state, an_actor

DAY = timedelta(days=1)
TODAY = FIRST_DUE + 2 * DAY  # a Tuesday
NOW = datetime(2026, 2, 3, 9, tzinfo=UTC)
BANK = an_actor("bank")


@pytest.fixture
def moving(wiring):
    """L-1 and L-2 of two people, with P-1 of a full instalment on L-1."""
    wiring.institutions.days["umoja"] = InstitutionDay(TODAY, TODAY)
    wiring.clock.at = NOW
    wiring.borrowers.save_contact_details(a_borrower("B-2", email="kofi@example.org"))
    for loan_id, borrower_id in (("L-1", "B-1"), ("L-2", "B-2")):
        loan = a_loan(loan_id, borrower_id=borrower_id)
        wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
        wiring.borrowers.loans[borrower_id] = [loan_id]
    pay(wiring)
    return wiring


def pay(wiring, payment_id="P-1", loan_id="L-1", amount_minor=11_500, **changes):
    payment = Payment(payment_id, FIRST_DUE, amount_minor, **changes)
    return take_payment(PaymentRequest(payment, loan_id, "EUR", "bank 17"), BANK, NOW, wiring)


def move(wiring, payment_id="P-1", to="L-2", new_id=None, reason="wrong reference"):
    request = MoveRequest(
        payment_id=payment_id, to_loan_id=to, reason=reason, new_payment_id=new_id
    )
    return move_payment(request, BANK, NOW, wiring)


def chase(wiring, loan_id="L-2", person="B-2", on=FIRST_DUE + DAY, kind="first_days_late+1"):
    """A message that was really sent."""
    message_id = f"{loan_id}/{kind}/{FIRST_DUE}"
    wiring.borrowers.lease_contact(wiring.borrowers.load(person), message_id, on, NOW)
    wiring.borrowers.confirm_contact(person, message_id, "0102")


def paid(wiring, loan_id) -> int:
    return sum(each.total for each in wiring.loans.load(loan_id).state.position.paid)


def wish(wiring, loan_id="L-2") -> Wish | None:
    return wiring.loans.load(loan_id).state.wish


def test_both_loans_are_recomputed_and_the_wrong_payment_stays_readable(moving) -> None:
    receipt = move(moving)
    assert (paid(moving, "L-1"), paid(moving, "L-2")) == (0, 11_500)
    wrong = moving.loans.find_payment("P-1")
    right = moving.loans.find_payment("P-1.moved")
    assert wrong.links.moved_to == PaymentRef("L-2", "P-1.moved")
    assert right.links.moved_from == PaymentRef("L-1", "P-1")
    assert (wrong.reversed_on, wrong.reversal_reason) == (TODAY, "wrong reference")
    assert right.payment == replace(wrong.payment, payment_id="P-1.moved")
    assert (right.reference, right.posted_by) == ("bank 17", BANK.id)
    assert receipt["moved_from"] == {"loan_id": "L-1", "payment_id": "P-1"}
    assert receipt["allocated"]["principal"] == "100.00"
    assert {"L-1", "L-2"} <= moving.loans.needs_review


def test_both_loans_tell_what_happened(moving) -> None:
    move(moving)
    wrong, right = moving.loans.outboxes("L-1")[-1], moving.loans.outboxes("L-2")[-1]
    assert [each.name for each in wrong.events] == ["PaymentMoved"]
    assert wrong.events[0].detail["moved_to"] == {"loan_id": "L-2", "payment_id": "P-1.moved"}
    assert [each.name for each in right.events] == ["PaymentPosted"]
    assert right.events[0].detail["moved_from"] == {"loan_id": "L-1", "payment_id": "P-1"}
    assert wrong.timeline[0].text == "payment of 115.00 EUR moved to loan L-2: wrong reference"
    assert right.timeline[0].text == "payment of 115.00 EUR moved here from loan L-1"


def test_repeating_the_move_changes_nothing(moving) -> None:
    receipt, version = move(moving), moving.loans.load("L-2").state.version
    assert move(moving) == receipt
    assert move(moving, new_id="P-1.moved") == receipt
    assert moving.loans.load("L-2").state.version == version
    with pytest.raises(ConflictError, match=r"moved to loan L-2 as P-1\.moved"):
        move(moving, new_id="other")


def test_back_again_is_a_move_too(moving) -> None:
    before = moving.loans.load("L-1").state.position
    move(moving)
    move(moving, "P-1.moved", "L-1")
    assert moving.loans.load("L-1").state.position == before
    assert paid(moving, "L-2") == 0
    assert moving.loans.find_payment("P-1.moved.moved").links.moved_from.loan_id == "L-2"


def test_the_client_may_name_the_new_id(moving) -> None:
    assert move(moving, new_id="CORE-7")["payment_id"] == "CORE-7"
    pay(moving, "P-2", amount_minor=900)
    with pytest.raises(ConflictError, match="CORE-7"):
        move(moving, "P-2", new_id="CORE-7")
    assert moving.loans.find_payment("P-2").reversed_on is None


def test_payer_and_instalment_go_with_the_money(moving) -> None:
    payer = {"payer_kind": "guarantor", "payer_id": "G-1"}
    pay(moving, "P-3", amount_minor=900, instalment=4, **payer)
    move(moving, "P-3")
    payment = moving.loans.find_payment("P-3.moved").payment
    assert (payment.payer_kind, payment.payer_id, payment.instalment) == ("guarantor", "G-1", 4)


@pytest.mark.parametrize(
    ("right", "field"),
    [
        (a_loan("L-3", currency="KES"), "to_loan_id"),
        (a_loan("L-3", disbursed_on=FIRST_DUE + DAY), "to_loan_id"),
        (a_loan("L-1"), "to_loan_id"),
        (a_loan("L-404"), "to_loan_id"),
    ],
)
def test_a_loan_that_it_cannot_be_for_is_refused(moving, right, field) -> None:
    if right.loan_id == "L-3":
        moving.loans.add_loan(StoredLoan(right, a_state(right)), [])
    with pytest.raises(RefusedError) as refused:
        move(moving, to=right.loan_id)
    assert {each.field for each in refused.value.problems} == {field}
    assert moving.loans.find_payment("P-1").reversed_on is None


def test_what_is_not_there_cannot_be_moved(moving) -> None:
    with pytest.raises(PaymentNotFoundError):
        move(moving, "P-404")


def test_a_payment_of_which_a_part_was_charged_back_is_refused(moving) -> None:
    stored = moving.loans.load("L-1")
    record = FactRecord(
        fact_id="f1",
        loan_id="L-1",
        fact=Chargeback("P-1", TODAY, 4_000),
        known_on=TODAY,
        fingerprint="",
        reason="AM04",
        recorded_by="bank",
        recorded_at=NOW,
    )
    outbox = moving.loans.outboxes("L-1")[-1]
    change = LoanChange(stored.loan, stored.loan, stored.state, outbox, facts=(record,))
    moving.loans.commit(change)
    with pytest.raises(RefusedError, match=r"40\.00 EUR"):
        move(moving)


def test_the_one_who_was_chased_for_this_money_is_to_hear_an_apology(moving) -> None:
    chase(moving)
    move(moving)
    assert wish(moving) == Wish(APOLOGY, APOLOGY, TODAY, TODAY + 30 * DAY)
    assert wish(moving, "L-1") is None


@pytest.mark.parametrize(
    "change",
    [
        {"on": FIRST_DUE - DAY},  # before the money came
        {"kind": "due_today-0"},  # no demand
        {"loan_id": "L-1", "person": "B-1"},  # the other loan
    ],
)
def test_without_a_demand_for_it_nobody_is_owed_one(moving, change) -> None:
    chase(moving, **change)
    move(moving)
    assert wish(moving) is None


def test_a_message_that_was_never_sent_is_no_demand(moving) -> None:
    message_id = f"L-2/first_days_late+1/{FIRST_DUE}"
    person = moving.borrowers.load("B-2")
    moving.borrowers.lease_contact(person, message_id, FIRST_DUE + DAY, NOW)
    moving.borrowers.release_contact("B-2", message_id)
    move(moving)
    assert wish(moving) is None


def test_a_closed_loan_wishes_for_nothing(moving) -> None:
    stored = moving.loans.load("L-2")
    state = replace(stored.state, closed="settled", version=stored.state.version + 1)
    moving.loans.save_state(state, stored.loan)
    chase(moving)
    move(moving)
    assert wish(moving) is None


def reviewed(wiring, loan_id="L-2") -> None:
    assert not review_changed("umoja", [loan_id], wiring.now(), wiring).failed
    route_loan("umoja", loan_id, wiring)


def subjects(wiring) -> list[str]:
    return [subject for _, subject, _, _ in wiring.messenger.emails]


def test_the_apology_is_said_once_with_the_amount_and_before_anything_is_asked_again(
    moving,
) -> None:
    chase(moving)
    move(moving)
    reviewed(moving)
    wake = Wake("umoja", "B-2", TODAY)
    assert moving.queue.wakes[-1] == wake
    tell_borrower(wake, NOW, moving)
    assert subjects(moving) == ["We are sorry"]
    assert "115.00" in moving.messenger.emails[0][2]
    move(moving)
    reviewed(moving)
    tell_borrower(wake, NOW, moving)
    assert subjects(moving) == ["We are sorry"]


def test_moving_back_and_forth_does_not_repeat_the_apology(moving) -> None:
    chase(moving)
    move(moving)
    reviewed(moving)
    tell_borrower(Wake("umoja", "B-2", TODAY), NOW, moving)
    move(moving, "P-1.moved", "L-1")
    move(moving, "P-1.moved.moved", "L-2")
    assert wish(moving) is None


def test_an_apology_that_has_to_wait_is_said_later(moving) -> None:
    full = a_policy(version=2, max_messages_per_week=1)
    moving.institutions.save_policy("umoja", full)
    chase(moving)
    move(moving)
    reviewed(moving)
    tell_borrower(Wake("umoja", "B-2", TODAY), NOW, moving)
    assert subjects(moving) == []
    later = date(2026, 2, 9)
    moving.institutions.days["umoja"] = InstitutionDay(later, later)
    moving.clock.at = NOW + 6 * DAY
    reviewed(moving)
    tell_borrower(Wake("umoja", "B-2", later), moving.now(), moving)
    assert subjects(moving) == ["We are sorry"]


def test_an_apology_for_money_that_went_away_again_is_dropped(moving) -> None:
    chase(moving)
    move(moving)
    reviewed(moving)
    move(moving, "P-1.moved", "L-1")
    reviewed(moving)
    tell_borrower(Wake("umoja", "B-2", TODAY), NOW, moving)
    assert "We are sorry" not in subjects(moving)

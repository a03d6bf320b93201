"""Collective relief, and what is kept of an ended loan, on the embedded AWS with IAM enforced."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from recovery.adapters.dynamodb import keys
from recovery.adapters.dynamodb.items import ExpiringItem
from recovery.documents.people.rights_request import AskedRight
from recovery.domain.agreements.relief_rule import ReliefRule, Whom
from recovery.domain.agreements.rights import Right
from recovery.domain.shared.actor import Role
from recovery.use_cases.people.rights import answer_request
from recovery.use_cases.portfolio.relief import Asked, relieve_loans
from recovery.use_cases.portfolio.undo_relief import undo_relief
from tests.builders import an_actor
from tests.embedded.lender import DAY, MONDAY, Lender

ANA = an_actor("Ana Torres", Role.SUPERVISOR, Role.TRAINED)


def comes_true(condition: Callable[[], bool], seconds: int = 60) -> bool:
    """Whether it does within the time: events take a moment."""
    for _ in range(seconds * 2):
        if condition():
            return True
        time.sleep(0.5)
    return False


def test_a_relief_is_given_with_its_letter_and_taken_back(lender: Lender) -> None:
    loan_id = lender.lend_one(MONDAY, MONDAY + 30 * DAY)
    lender.review_daily(MONDAY + DAY, MONDAY + 2 * DAY)
    before = lender.standing(loan_id)
    assert before["days_past_due"] == 2
    ports = lender.wiring
    rule = ReliefRule(
        relief_id="help",
        source="The lender's own decision",
        confidence="H",
        valid_from=MONDAY,
        review_by=MONDAY + timedelta(days=365),
        starts_on=MONDAY,
        months=3,
        whom=Whom(portfolios=(ports.loans.load(loan_id).loan.portfolio,)),
    )
    done = relieve_loans(Asked(rule=rule), lender.id, ANA, ports.now(), ports)
    assert ([each.loan.loan_id for each in done.granted], done.failed) == ([loan_id], [])
    lender.wait_until_idle()
    assert lender.standing(loan_id)["days_past_due"] == 0
    lender.review_daily(MONDAY + 3 * DAY, MONDAY + 3 * DAY)
    assert "relief_granted" in " ".join(lender.messages(loan_id))
    taken = undo_relief("help", lender.id, "a mistake", ANA, ports.now(), ports)
    assert (taken.undone, taken.letters, taken.failed) == ([loan_id], 1, [])
    lender.wait_until_idle()
    assert lender.standing(loan_id)["days_past_due"] == 3


def test_a_paid_loan_gets_its_last_day_and_who_asked_is_forgotten(lender: Lender) -> None:
    loan_id = lender.lend_one(MONDAY)
    lender.review(MONDAY)
    ports = lender.wiring
    loan = ports.loans.load(loan_id).loan
    person_id = loan.borrower_id
    asked = AskedRight(request_id="R-1", right=Right.ERASURE, details={}, fingerprint="f")
    taken = answer_request(lender.id, person_id, asked, ANA, ports.now(), ports)
    assert "name and addresses" in {each["what"] for each in taken.request.answer["kept"]}
    owed = sum(each.due.total for each in loan.schedule)
    lender.pay(loan_id, f"{owed / 100:.2f}", MONDAY)
    lender.wait_until_idle()

    def ends() -> set[bool]:
        found = [
            *ExpiringItem.query(keys.partition(keys.LOAN, lender.id, loan_id)),
            *ExpiringItem.query(keys.partition(keys.TIMELINE, lender.id, loan_id)),
        ]
        return {item.expires_at is not None for item in found}

    assert comes_true(lambda: ends() == {True})
    assert comes_true(lambda: ports.borrowers.load(person_id).phone is None)
    [request] = ports.rights.requests_of(person_id)
    assert "name and addresses" in request.answer["erased"]

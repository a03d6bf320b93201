"""A loan repaid by a new one of the same person carries over days, vintage and mark."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.domain.accounting.fact import FactRecord
from recovery.domain.accounting.history import WriteOff
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.payment import PaymentRequest
from recovery.domain.accounting.refinancing import Carried, NewLoan
from recovery.domain.cases.approval import Answer, DecisionKind
from recovery.domain.shared.actor import Role
from recovery.domain.shared.errors import RefusedError
from recovery.ports.accounting import StoredLoan
from recovery.ports.institutions import InstitutionDay
from recovery.use_cases.accounting.carry_over import GrantedLoans, carry_over
from recovery.use_cases.accounting.record_fact import change_by
from recovery.use_cases.accounting.take_payment import take_payment
from recovery.use_cases.cases.decide_refinancing import decide_refinancing
from recovery.use_cases.monitoring.read_standing import read_standing
from recovery.use_cases.shared.rules import rules_of
from tests.builders import a_loan, a_policy, a_schedule, a_state, an_actor, fields

DAY = timedelta(days=1)
MARCH_18 = date(2026, 3, 18)  # L-1 is 45 days late: 1 February
OLD = a_loan("L-1")
NEW = a_loan(
    "L-9",
    disbursed_on=MARCH_18,
    schedule=a_schedule(12, first_due=date(2026, 4, 18)),
    advisor_name="Mary Achieng",
)
WHOLE_MINOR = 12 * 11_500


@pytest.fixture
def lent(wiring):
    """Two loans of B-1: the old one, and the one that is to repay it."""
    wiring.institutions.days["umoja"] = InstitutionDay(MARCH_18)
    for loan in (OLD, NEW):
        wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    wiring.borrowers.loans["B-1"] = ["L-1", "L-9"]
    return wiring


def pay_off(wiring, day: date = MARCH_18, amount_minor: int = WHOLE_MINOR) -> None:
    payment = Payment(f"P-{day}", day, amount_minor)
    take_payment(PaymentRequest(payment, "L-1", "EUR"), an_actor(), wiring.now(), wiring)


def carried_over(wiring) -> int:
    rules = rules_of("umoja", MARCH_18, wiring.institutions)
    granted = NewLoan(
        loan_id="L-9", borrower_id="B-1", disbursed_on=MARCH_18, officer="Mary Achieng"
    )
    return carry_over([granted], rules, wiring.now(), wiring)


def carried(wiring) -> Carried | None:
    return wiring.loans.load("L-9").state.facts.carried


def test_it_carries_over_and_a_supervisor_is_asked(lent) -> None:
    pay_off(lent)
    assert carried_over(lent) == 1
    assert carried(lent) == Carried(("L-1",), 45, OLD.disbursed_on)
    (asked,) = lent.cases.decisions_of("L-9")
    assert (asked.kind, asked.is_pending) == (DecisionKind.REFINANCING, True)
    assert asked.not_by == ("Mary Achieng", "Peter Otieno")
    assert "45 days past due" in asked.reason
    (outbox,) = lent.loans.outboxes("L-9")
    assert [each.name for each in outbox.events] == ["RefinancingSeen"]
    assert "a supervisor reviews it" in outbox.timeline[0].text
    assert "L-9" in lent.loans.needs_review
    shown = read_standing("L-9", lent.now(), lent)
    assert shown["carried"] == {
        "repaid": ["L-1"],
        "days_past_due": 45,
        "vintage_on": "2026-01-02",
        "forborne": False,
    }


def test_the_next_delivery_changes_nothing(lent) -> None:
    pay_off(lent)
    carried_over(lent)
    before = lent.loans.load("L-9")
    assert carried_over(lent) == 0
    assert lent.loans.load("L-9") == before


def test_a_crash_between_question_and_loan_is_completed_by_the_next_delivery(
    lent, monkeypatch
) -> None:
    pay_off(lent)
    commit = lent.loans.commit

    def crash(*_) -> None:
        raise ConnectionError

    monkeypatch.setattr(lent.loans, "commit", crash)
    with pytest.raises(ConnectionError):
        carried_over(lent)
    monkeypatch.setattr(lent.loans, "commit", commit)
    assert carried_over(lent) == 1
    assert len(lent.cases.decisions_of("L-9")) == 1


def test_nothing_is_carried_while_anything_is_owed_on_the_old_loan(lent) -> None:
    pay_off(lent, amount_minor=WHOLE_MINOR - 1)
    assert carried_over(lent) == 0
    assert carried(lent) is None


def test_a_loan_written_off_is_repaid_once_the_loss_is_recovered_and_leaves_its_mark(lent) -> None:
    stored, recorded = lent.loans.load("L-1"), lent.loans.recorded("L-1")
    record = FactRecord(
        fact_id="W-1",
        loan_id="L-1",
        fact=WriteOff(MARCH_18),
        known_on=MARCH_18,
        fingerprint="",
        reason="decided by the committee",
        recorded_by="ana",
        recorded_at=lent.now(),
    )
    rules = rules_of("umoja", MARCH_18, lent.institutions)
    lent.loans.commit(change_by(record, stored, recorded, rules))
    lent.institutions.days["umoja"] = InstitutionDay(MARCH_18 + 2 * DAY)
    pay_off(lent, MARCH_18 + DAY, WHOLE_MINOR - 1)
    assert carried_over(lent) == 0
    pay_off(lent, MARCH_18 + 2 * DAY, 1)
    assert carried_over(lent) == 1
    assert carried(lent).forborne


@pytest.mark.parametrize(("days", "found"), [(30, 1), (31, 0)])
def test_the_policy_says_within_how_many_days(lent, days, found) -> None:
    day = MARCH_18 + days * DAY
    lent.institutions.days["umoja"] = InstitutionDay(day)
    pay_off(lent, day)
    assert carried_over(lent) == found


def test_another_number_of_days_by_policy(lent) -> None:
    policy = a_policy(version=2, refinanced_within_days=5)
    lent.institutions.save_policy("umoja", policy)
    lent.institutions.days["umoja"] = InstitutionDay(MARCH_18 + 6 * DAY)
    pay_off(lent, MARCH_18 + 6 * DAY)
    assert carried_over(lent) == 0


def granted_of(wiring, *loans, new: bool = True, on: date = MARCH_18) -> list[str]:
    granted = GrantedLoans(rules_of("umoja", on, wiring.institutions))
    for loan in loans:
        granted.add(loan, is_new=new)
    return [each.loan_id for each in granted]


def test_only_loans_that_may_have_repaid_another_are_looked_at(wiring) -> None:
    assert granted_of(wiring, OLD, NEW, on=MARCH_18 + 60 * DAY) == ["L-9", "L-1"]
    assert granted_of(wiring, OLD, NEW, on=MARCH_18 + 60 * DAY, new=False) == ["L-9"]
    alone = replace(OLD, borrower_id="B-2")
    assert granted_of(wiring, alone, on=MARCH_18 + 60 * DAY) == []


SUPERVISOR = an_actor("Eva Li", Role.SUPERVISOR)


def decided(wiring, answer: Answer, by=SUPERVISOR):
    return decide_refinancing("L-9", answer, by, "I read both files.", wiring.now(), wiring)


@pytest.mark.parametrize(
    "by",
    [
        an_actor("Mary Achieng", Role.SUPERVISOR),
        an_actor("peter otieno", Role.SUPERVISOR),
        an_actor("Carl Ek", Role.ADVISOR),
    ],
)
def test_neither_officer_reviews_it_nor_anybody_without_the_right(lent, by) -> None:
    pay_off(lent)
    carried_over(lent)
    with pytest.raises(RefusedError) as error:
        decided(lent, Answer.APPROVED, by)
    assert fields(error.value.problems) == {"decided_by"}


def test_approved_it_goes_on_carrying(lent) -> None:
    pay_off(lent)
    carried_over(lent)
    assert decided(lent, Answer.APPROVED).outcome == Answer.APPROVED
    assert carried(lent) is not None
    (entry,) = lent.timeline.entries("L-9")
    assert entry.text == "refinancing approved by Eva Li: I read both files."


def test_declined_it_carries_nothing_and_is_not_asked_about_again(lent) -> None:
    pay_off(lent)
    carried_over(lent)
    assert decided(lent, Answer.DECLINED) == decided(lent, Answer.DECLINED)
    assert carried(lent) is None
    names = [e.name for outbox in lent.loans.outboxes("L-9") for e in outbox.events]
    assert names == ["RefinancingSeen", "RefinancingDeclined"]
    assert carried_over(lent) == 0
    assert carried(lent) is None
    assert len(lent.timeline.entries("L-9")) == 1


def test_what_nobody_asked_cannot_be_answered(lent) -> None:
    with pytest.raises(RefusedError) as error:
        decided(lent, Answer.APPROVED)
    assert fields(error.value.problems) == {"loan_id"}
    with pytest.raises(RefusedError) as error:
        decide_refinancing("L-9", Answer.APPROVED, SUPERVISOR, " ", lent.now(), lent)
    assert fields(error.value.problems) == {"why"}

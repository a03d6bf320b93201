"""The way of a case through the four stages, each transition played on the embedded AWS."""

from __future__ import annotations

from datetime import timedelta

from tests.embedded.inside import sent_emails
from tests.embedded.lender import DAY, MONDAY, Lender


def in_judicial_recovery(lender: Lender) -> str:
    """A loan whose case awaits the approval of a person: due on Monday, never paid."""
    loan_id = lender.lend_one(MONDAY)
    lender.review_daily(MONDAY, MONDAY + 6 * DAY)
    assert lender.path(loan_id)[-1] == "judicial_recovery"
    return loan_id


def test_opens_at_early_management_on_the_first_overdue_day(lender: Lender):
    loan_id = lender.lend_one(MONDAY)
    lender.review(MONDAY)
    assert lender.wiring.cases.cases_of(loan_id) == []
    lender.review(MONDAY + DAY)
    assert lender.states(loan_id) == ["OpenCase", "EarlyManagement"]
    case = lender.case(loan_id)
    assert case.path[0].on == MONDAY + DAY
    assert "1 days" in case.path[0].reason or "1 day" in case.path[0].reason
    assert case.task_token and case.advisor_task


def test_opens_at_prevention_on_a_late_payment(lender: Lender):
    due = MONDAY - timedelta(days=10)
    loan_id = lender.lend_one(due, MONDAY + 20 * DAY, paid=[(due + 4 * DAY, "100.00")])
    assert lender.states(loan_id) == ["OpenCase", "Prevention"]
    assert "paid 4 days late" in lender.case(loan_id).path[0].reason


def test_goes_to_intermediate_recovery_when_it_stays_overdue(lender: Lender):
    loan_id = lender.lend_one(MONDAY)
    lender.review_daily(MONDAY + DAY, MONDAY + 3 * DAY)
    assert lender.states(loan_id) == ["OpenCase", "EarlyManagement", "IntermediateRecovery"]
    assert lender.path(loan_id) == ["early_management", "intermediate_recovery"]


def test_judicial_recovery_awaits_approval_after_the_notice_and_its_days(lender: Lender):
    loan_id = in_judicial_recovery(lender)
    assert lender.states(loan_id)[-2:] == ["JudicialRecovery", "AwaitApproval"]
    kept = lender.wiring.loans.load(loan_id)
    sent = [e for e in lender.timeline(loan_id, "message") if "notice" in e.text]
    assert [entry.text.split(":")[0] for entry in sent] == ["sent by email"]
    assert kept.state.case and kept.state.case.notice_on == sent[0].on == MONDAY + 4 * DAY
    assert f"notice of {sent[0].on}" in lender.case(loan_id).path[-1].reason


def test_there_is_no_judicial_recovery_without_a_notice_that_was_sent(make_lender):
    lender = make_lender(messages=())
    loan_id = lender.lend_one(MONDAY)
    lender.review_daily(MONDAY + DAY, MONDAY + 9 * DAY)
    assert lender.path(loan_id)[-1] == "intermediate_recovery"


def test_a_named_person_approves_and_the_claim_is_filed(lender: Lender):
    loan_id = in_judicial_recovery(lender)
    lender.decide(loan_id, "approve", "All ways were offered", by="Ana Torres")
    assert lender.states(loan_id)[-1] == "FileClaim"
    assert lender.case(loan_id).path[-1].reason == "Ana Torres: All ways were offered"
    lender.review(MONDAY + 9 * DAY)
    assert lender.path(loan_id)[-1] == "filing"


def test_declined_it_goes_back_and_is_not_asked_again_for_a_while(lender: Lender):
    loan_id = in_judicial_recovery(lender)
    lender.decide(loan_id, "decline", "There was an illness")
    assert lender.states(loan_id)[-1] == "IntermediateRecovery"
    lender.review_daily(MONDAY + 7 * DAY, MONDAY + 8 * DAY)
    assert lender.path(loan_id)[-1] == "intermediate_recovery"
    emails = sent_emails(lender.target, lender.address_of(loan_id))
    lender.review_daily(MONDAY + 9 * DAY, MONDAY + 11 * DAY)  # a fresh notice and its days
    assert len(sent_emails(lender.target, lender.address_of(loan_id))) == len(emails) + 1
    assert lender.path(loan_id)[-2:] == ["intermediate_recovery", "judicial_recovery"]


def test_gets_lighter_as_soon_as_the_standing_does(lender: Lender):
    loan_id = lender.lend_one(MONDAY, MONDAY + DAY, MONDAY + 2 * DAY, MONDAY + 30 * DAY)
    lender.review_daily(MONDAY + DAY, MONDAY + 4 * DAY)
    assert lender.path(loan_id)[-1] == "intermediate_recovery"
    lender.pay(loan_id, "200.00", MONDAY + 4 * DAY)
    assert lender.path(loan_id)[-1] == "early_management"
    lender.pay(loan_id, "100.00", MONDAY + 4 * DAY)
    assert lender.path(loan_id)[-1] == "prevention"


def test_is_cured_after_the_probation(lender: Lender):
    loan_id = lender.lend_one(MONDAY, MONDAY + 30 * DAY)
    lender.review(MONDAY + DAY)
    lender.pay(loan_id, "100.00", MONDAY + DAY)
    lender.review(MONDAY + 2 * DAY)
    assert lender.path(loan_id) == ["early_management", "prevention"]
    lender.review(MONDAY + 3 * DAY)
    assert lender.path(loan_id)[-1] == "cured"
    assert lender.ended(lender.case(loan_id).case_id) == "SUCCEEDED"
    assert lender.wiring.loans.load(loan_id).state.case is None


def test_is_paid_off_when_everything_is_paid(lender: Lender):
    loan_id = lender.lend_one(MONDAY, MONDAY + 30 * DAY)
    lender.review(MONDAY + DAY)
    lender.pay(loan_id, "200.00", MONDAY + DAY)
    assert lender.states(loan_id)[-1] == "PaidOff"
    assert lender.ended(lender.case(loan_id).case_id) == "SUCCEEDED"


def test_is_settled_by_a_person_and_opens_no_new_case(lender: Lender):
    loan_id = lender.lend_one(MONDAY, MONDAY + 5 * DAY)
    lender.review(MONDAY + DAY)
    lender.decide(loan_id, "settle", "A lower sum was agreed and paid")
    assert lender.states(loan_id)[-1] == "Settled"
    lender.review(MONDAY + 7 * DAY)
    assert len(lender.wiring.cases.cases_of(loan_id)) == 1


def test_is_written_off_at_the_limit_of_the_policy(make_lender):
    lender = make_lender(write_off_from_days=2)
    loan_id = lender.lend_one(MONDAY)
    lender.review_daily(MONDAY + DAY, MONDAY + 2 * DAY)
    assert lender.states(loan_id)[-1] == "WrittenOff"
    assert lender.wiring.loans.load(loan_id).state.closed == "written_off"


def test_hands_over_to_a_fresh_execution_and_nothing_is_lost(make_lender):
    lender = make_lender(continue_as_new_days=2)
    loan_id = lender.lend_one(MONDAY)
    lender.review_daily(MONDAY + DAY, MONDAY + 4 * DAY)
    case = lender.case(loan_id)
    first, *later = lender.executions(case.case_id)
    assert first["status"] == "SUCCEEDED" and later
    assert case.execution_id == later[-1]["executionArn"]
    assert case.stage == "intermediate_recovery"
    assert lender.path(loan_id)[0] == "early_management"
    lender.pay(loan_id, "100.00", MONDAY + 4 * DAY)
    assert lender.path(loan_id)[-1] == "paid_off"
    assert [each.case_id for each in lender.wiring.cases.cases_of(loan_id)] == [case.case_id]

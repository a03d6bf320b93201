"""Every transition of a case through the four stages, on the embedded AWS."""

from __future__ import annotations

from datetime import timedelta

from tests.embedded.lender import DAY, MONDAY, Lender


def in_judicial_recovery(lender: Lender) -> str:
    """Make a loan, due on Monday and never paid, whose case awaits a person's approval."""
    loan_id = lender.lend_one(MONDAY)
    lender.review_daily(MONDAY, MONDAY + 6 * DAY)
    lender.check(loan_id, MONDAY + 6 * DAY)
    assert lender.path(loan_id)[-2:] == ["pre_action", "judicial_recovery"]
    return loan_id


def test_a_case_opens_in_early_management_on_the_first_overdue_day(lender: Lender):
    loan_id = lender.lend_one(MONDAY)
    lender.review(MONDAY)
    assert lender.wiring.cases.cases_of(loan_id) == []
    lender.review(MONDAY + DAY)
    assert lender.states(loan_id) == ["OpenCase", "EarlyManagement"]
    case = lender.case(loan_id)
    assert case.path[0].on == MONDAY + DAY
    assert case.path[0].reason.startswith("1 day delinquent")
    assert case.task_token and case.advisor_task


def test_a_case_opens_in_prevention_after_a_late_payment(lender: Lender):
    due = MONDAY - timedelta(days=10)
    loan_id = lender.lend_one(due, MONDAY + 20 * DAY, paid=[(due + 4 * DAY, "100.00")])
    assert lender.states(loan_id) == ["OpenCase", "Prevention"]
    assert "paid 4 days late" in lender.case(loan_id).path[0].reason


def test_a_case_moves_to_intermediate_recovery_while_overdue(lender: Lender):
    loan_id = lender.lend_one(MONDAY)
    lender.review_daily(MONDAY + DAY, MONDAY + 3 * DAY)
    assert lender.states(loan_id) == ["OpenCase", "EarlyManagement", "IntermediateRecovery"]
    assert lender.path(loan_id) == ["early_management", "intermediate_recovery"]


def test_judicial_recovery_awaits_approval_after_the_notice_period(lender: Lender):
    loan_id = in_judicial_recovery(lender)
    assert lender.states(loan_id)[-3:] == ["PreAction", "PrepareDossier", "AwaitApproval"]
    kept = lender.wiring.loans.load(loan_id)
    told = [e for e in lender.timeline(loan_id, "fact") if "notice, by hand, received" in e.text]
    assert [entry.on for entry in told] == [MONDAY + 4 * DAY]
    assert kept.state.case and kept.state.case.notice_on == told[0].on
    assert f"notice of {told[0].on}" in lender.case(loan_id).path[-2].reason


def test_there_is_no_judicial_recovery_without_a_notice(make_lender):
    lender = make_lender(messages=())
    loan_id = lender.lend_one(MONDAY)
    lender.review_daily(MONDAY + DAY, MONDAY + 9 * DAY)
    assert lender.path(loan_id)[-1] == "intermediate_recovery"


def test_the_claim_is_filed_once_a_named_person_approves(lender: Lender):
    loan_id = in_judicial_recovery(lender)
    lender.decide(loan_id, "approve", "Every option was offered", by="Ana Torres")
    assert lender.states(loan_id)[-1] == "FileClaim"
    (decision,) = lender.wiring.cases.decisions_of(loan_id)
    assert decision.decided_because == "Every option was offered"
    assert lender.case(loan_id).path[-1].reason == (
        f"approved by a person, decision {decision.decision_id}"
    )
    lender.review(MONDAY + 9 * DAY)
    assert lender.path(loan_id)[-1] == "filing"


def test_a_declined_case_goes_back_and_waits_before_asking_again(lender: Lender):
    loan_id = in_judicial_recovery(lender)
    lender.decide(loan_id, "decline", "There was an illness")
    assert lender.states(loan_id)[-1] == "IntermediateRecovery"
    lender.review_daily(MONDAY + 7 * DAY, MONDAY + 8 * DAY)
    assert lender.path(loan_id)[-1] == "intermediate_recovery"
    lender.review_daily(MONDAY + 9 * DAY, MONDAY + 11 * DAY)  # a new notice and its period
    given = [each for each in lender.wiring.loans.recorded(loan_id).facts if each.kind == "notice"]
    assert len(given) == 2
    assert lender.path(loan_id)[-2:] == ["intermediate_recovery", "pre_action"]


def test_a_case_de_escalates_as_soon_as_the_standing_improves(lender: Lender):
    loan_id = lender.lend_one(MONDAY, MONDAY + DAY, MONDAY + 2 * DAY, MONDAY + 30 * DAY)
    lender.review_daily(MONDAY + DAY, MONDAY + 4 * DAY)
    assert lender.path(loan_id)[-1] == "intermediate_recovery"
    lender.pay(loan_id, "200.00", MONDAY + 4 * DAY)
    assert lender.path(loan_id)[-1] == "early_management"
    lender.pay(loan_id, "100.00", MONDAY + 4 * DAY)
    assert lender.path(loan_id)[-1] == "prevention"


def test_a_case_is_cured_after_probation(lender: Lender):
    loan_id = lender.lend_one(MONDAY, MONDAY + 30 * DAY)
    lender.review(MONDAY + DAY)
    lender.pay(loan_id, "100.00", MONDAY + DAY)
    lender.review(MONDAY + 2 * DAY)
    assert lender.path(loan_id) == ["early_management", "prevention"]
    lender.review(MONDAY + 3 * DAY)
    assert lender.path(loan_id)[-1] == "cured"
    assert lender.ended(lender.case(loan_id).case_id) == "SUCCEEDED"
    assert lender.wiring.loans.load(loan_id).state.case is None


def test_a_case_is_paid_off_when_everything_is_paid(lender: Lender):
    loan_id = lender.lend_one(MONDAY, MONDAY + 30 * DAY)
    lender.review(MONDAY + DAY)
    lender.pay(loan_id, "200.00", MONDAY + DAY)
    assert lender.states(loan_id)[-1] == "PaidOff"
    assert lender.ended(lender.case(loan_id).case_id) == "SUCCEEDED"


def test_a_person_settles_a_case_and_no_new_case_opens(lender: Lender):
    loan_id = lender.lend_one(MONDAY, MONDAY + 5 * DAY)
    lender.review(MONDAY + DAY)
    lender.decide(loan_id, "settle", "A lower amount was agreed and paid")
    assert lender.states(loan_id)[-1] == "Settled"
    lender.review(MONDAY + 7 * DAY)
    assert len(lender.wiring.cases.cases_of(loan_id)) == 1


def test_a_case_is_written_off_only_once_people_decided(make_lender):
    """What follows is in test_write_offs.py."""
    lender = make_lender(write_off_from_days=2)
    loan_id = lender.lend_one(MONDAY)
    lender.review_daily(MONDAY + DAY, MONDAY + 2 * DAY)
    assert lender.path(loan_id) == ["early_management"]
    lender.decide(loan_id, "write-off", "The money will not come")
    assert lender.states(loan_id)[-1] == "WrittenOff"
    assert lender.ended(lender.case(loan_id).case_id) == "SUCCEEDED"


def test_a_case_continues_as_new_and_loses_nothing(make_lender):
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

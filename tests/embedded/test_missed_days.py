"""Days on which no review ran, and days on which it ran twice."""

from __future__ import annotations

import json
from dataclasses import replace

from tests.embedded.inside import all_of, sent_emails, wait_until_empty
from tests.embedded.lender import DAY, MONDAY, Lender, days


def test_missed_days_are_reviewed_in_order_with_the_same_result(make_lender):
    daily, late = make_lender(messages=()), make_lender(messages=())
    by_day = daily.lend_one(MONDAY, MONDAY + 30 * DAY)
    at_once = late.lend_one(MONDAY, MONDAY + 30 * DAY)
    daily.review_daily(MONDAY, MONDAY + 5 * DAY)
    arn = late.review(MONDAY + 5 * DAY)
    told = late.target.client("stepfunctions").describe_execution(executionArn=arn)["output"]
    assert [each["as_of"] for each in json.loads(told)] == [
        day.isoformat() for day in days(MONDAY, MONDAY + 5 * DAY)
    ]
    assert late.at.institutions.day(late.id).reviewed_through == MONDAY + 5 * DAY
    assert late.case(at_once).path == daily.case(by_day).path
    states = [
        (state, replace(state.case, case_id=""))
        for state in (late.at.loans.load(at_once).state, daily.at.loans.load(by_day).state)
        if state.case
    ]
    (first, first_case), (second, second_case) = states
    assert replace(first, case=None) == replace(second, case=None)
    assert first_case == second_case
    assert [entry.text.replace(at_once, by_day) for entry in late.timeline(at_once)] == [
        entry.text for entry in daily.timeline(by_day)
    ]


def test_a_long_break_does_not_skip_the_notice_and_its_days(lender: Lender):
    loan_id = lender.lend_one(MONDAY)
    lender.review(MONDAY + 20 * DAY)
    assert lender.path(loan_id)[-1] == "intermediate_recovery"
    notices = [e for e in lender.timeline(loan_id, "message") if "notice" in e.text]
    assert [entry.on for entry in notices] == [MONDAY + 20 * DAY]
    lender.review(MONDAY + 21 * DAY)
    assert lender.path(loan_id)[-1] == "intermediate_recovery"
    lender.review(MONDAY + 22 * DAY)
    assert lender.path(loan_id)[-1] == "judicial_recovery"


def test_a_day_reviewed_twice_changes_nothing(lender: Lender):
    loan_id = lender.lend_one(MONDAY, MONDAY + 30 * DAY)
    lender.review(MONDAY + DAY)
    before = all_of(lender.target, loan_id)
    lender.review(MONDAY + DAY)
    wait_until_empty(lender.target, lender.target.outputs["MessageQueueUrl"])
    assert all_of(lender.target, loan_id) == before
    assert len(sent_emails(lender.target, lender.address_of(loan_id))) == 1


def test_a_day_in_the_past_does_not_move_the_business_date_back(lender: Lender):
    loan_id = lender.lend_one(MONDAY)
    lender.review(MONDAY + 2 * DAY)
    before = all_of(lender.target, loan_id)
    lender.review(MONDAY)
    assert lender.at.institutions.day(lender.id).business_date == MONDAY + 2 * DAY
    assert all_of(lender.target, loan_id) == before

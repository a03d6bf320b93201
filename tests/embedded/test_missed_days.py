"""Days when no review ran, and days when it ran twice."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, time

from infra.deployment.operate import run_review
from tests.embedded.inside import all_of, sent_emails, wait_until_empty
from tests.embedded.lender import DAY, MONDAY, Lender, days
from tests.embedded.people import somebody_at_work_now

ANY_TIME = {"from_time": time(0), "until_time": time.max, "max_messages_per_week": 9}


def test_missed_days_are_reviewed_in_order_with_the_same_result(make_lender):
    daily, late = make_lender(messages=()), make_lender(messages=())
    by_day = daily.lend_one(MONDAY, MONDAY + 30 * DAY)
    at_once = late.lend_one(MONDAY, MONDAY + 30 * DAY)
    daily.review_daily(MONDAY, MONDAY + 5 * DAY)
    arn = late.review(MONDAY + 5 * DAY)
    output = late.target.client("stepfunctions").describe_execution(executionArn=arn)["output"]
    assert [each["as_of"] for each in json.loads(output)] == [
        day.isoformat() for day in days(MONDAY, MONDAY + 5 * DAY)
    ]
    assert late.wiring.institutions.day(late.id).reviewed_through == MONDAY + 5 * DAY
    assert late.case(at_once).path == daily.case(by_day).path
    states = [
        (state, replace(state.case, case_id=""))
        for state in (late.wiring.loans.load(at_once).state, daily.wiring.loans.load(by_day).state)
        if state.case
    ]
    (first, first_case), (second, second_case) = states
    assert replace(first, case=None) == replace(second, case=None)
    assert first_case == second_case
    assert [entry.text.replace(at_once, by_day) for entry in late.timeline(at_once)] == [
        entry.text for entry in daily.timeline(by_day)
    ]


def test_after_a_long_gap_the_notice_period_starts_when_the_notice_was_sent(make_lender):
    lender = make_lender(**ANY_TIME, notice_days=2)
    today = datetime.now(UTC).date()
    run_review(lender.target, lender.id, today - 31 * DAY)
    person = somebody_at_work_now(f"{lender.id}-now")
    loan_id = lender.lend_one(today - 30 * DAY, person=person)
    run_review(lender.target, lender.id, today - DAY)  # on the wall clock, like the schedule
    lender.wait_until_idle()
    assert lender.path(loan_id)[-1] == "intermediate_recovery"
    asked_for = [e for e in lender.timeline(loan_id, "message") if "notice" in e.text]
    assert [entry.on for entry in asked_for] == [today]
    lender.review_daily(today, today + 2 * DAY)  # delivered today, on paper
    assert lender.path(loan_id)[-1] == "pre_action"
    assert lender.case(loan_id).path[-1].on == today + 2 * DAY


def test_reviewing_a_day_twice_changes_nothing(lender: Lender):
    loan_id = lender.lend_one(MONDAY, MONDAY + 30 * DAY)
    lender.review(MONDAY + DAY)
    before = all_of(lender.target, loan_id)
    lender.review(MONDAY + DAY)
    wait_until_empty(lender.target, lender.target.outputs["MessageQueueUrl"])
    assert all_of(lender.target, loan_id) == before
    assert len(sent_emails(lender.target, lender.address_of(loan_id))) == 1


def test_reviewing_a_past_day_does_not_move_the_business_date_back(lender: Lender):
    loan_id = lender.lend_one(MONDAY)
    lender.review(MONDAY + 2 * DAY)
    before = all_of(lender.target, loan_id)
    lender.review(MONDAY)
    assert lender.wiring.institutions.day(lender.id).business_date == MONDAY + 2 * DAY
    assert all_of(lender.target, loan_id) == before

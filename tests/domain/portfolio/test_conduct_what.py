"""Conduct finds wrong and repeated words, and steps that were not ripe, and nothing else."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.history import Chargeback
from recovery.domain.accounting.said import Promise
from recovery.domain.cases.approval import DAILY_REVIEW, PendingDecision
from recovery.domain.cases.record import Step
from recovery.domain.portfolio.conduct import Decided, LoanRecord, NoticeGiven
from tests.builders import a_loan, a_payment, a_policy, a_schedule, an_actor
from tests.domain.portfolio.conduct_builders import (
    DAY,
    DUE,
    MONDAY,
    a_fact,
    found,
    said,
    then,
)

FIRST = a_payment(value_date=date(2026, 2, 1))


def paid(on: date, amount_minor: int = 11_500, **changes):
    return a_payment("P-2", value_date=on, amount_minor=amount_minor, **changes)


@pytest.mark.parametrize("amount_minor", [1, 5_000])
@pytest.mark.parametrize("kind", ["first_days_late", "notice_before_judicial_recovery"])
def test_a_demand_on_the_day_of_a_payment_is_found_however_small_it_was(kind, amount_minor) -> None:
    assert found(said(kind, loan=then(FIRST, paid(MONDAY, amount_minor)))) == ["day_of_a_payment"]


@pytest.mark.parametrize("kind", ["thank_you", "promise_reminder", "reminder_before_due"])
def test_another_word_on_that_day_is_no_demand(kind) -> None:
    assert found(said(kind, loan=then(FIRST, paid(MONDAY, 5_000)))) == []


@pytest.mark.parametrize(
    ("amount_minor", "days_ago", "broken"),
    [
        (11_500, 6, ["quiet_days"]),  # the first instalment whole: seven days
        (11_500, 7, []),
        (5_750, 2, ["quiet_days"]),  # a half of it: three
        (5_750, 3, []),
        (1, 1, []),  # one cent buys no silence
    ],
)
def test_quiet_grows_with_the_share_paid(amount_minor, days_ago, broken) -> None:
    part = paid(MONDAY - days_ago * DAY, amount_minor)
    assert found(said(loan=then(part))) == broken


def test_money_that_does_not_count_any_more_brings_no_quiet() -> None:
    gone = paid(MONDAY, 500, reversed_on=MONDAY)
    assert found(said(loan=then(FIRST, gone))) == []
    back = a_fact(Chargeback("P-2", MONDAY, 500))
    assert found(said(loan=then(FIRST, paid(MONDAY, 500), facts=(back,)))) == []


def test_a_demand_of_what_is_paid_or_not_late_yet_is_found() -> None:
    assert found(said(loan=then(FIRST, paid(DUE)))) == ["not_owed"]
    assert found(said(on=date(2026, 3, 2), loan=then(FIRST))) == []
    due_today = said(on=date(2026, 2, 2), loan=then(), about=date(2026, 2, 1))
    assert found(due_today) == []


def test_the_same_words_twice_in_a_row_are_found() -> None:
    days = [MONDAY + n * 7 * DAY for n in range(3)]
    same = [said(on=on, words="a") for on in days]
    assert found(same[0], said(on=days[1], words="b"), same[2]) == []
    assert found(*same[:2]) == ["same_text_twice"]
    assert found(same[0], replace(same[1], loan_id="L-2")) == ["same_text_twice"]


def test_the_same_words_a_fourth_time_are_found_whatever_came_between() -> None:
    words = "abababa"
    row = [said(on=MONDAY + (7 * n + 1) * DAY, words=each) for n, each in enumerate(words)]
    assert found(*row[:6]) == []
    assert found(*row) == ["same_text_often"]


FOURTH = date(2026, 5, 1)


def in_time(count: int = 3, late_days: int = 0):
    dues = [each.due_date for each in a_schedule(count)]
    return [a_payment(f"P-{n}", value_date=on + late_days * DAY) for n, on in enumerate(dues)]


def reminder(loan, **changes):
    on = date(2026, 4, 28)
    return said("reminder_before_due", on=on, about=FOURTH, loan=loan, **changes)


def test_a_reminder_to_who_always_paid_on_time_is_found() -> None:
    assert found(reminder(then(*in_time()))) == ["reminded_without_need"]


def test_a_reminder_is_right_for_who_was_late_or_where_everybody_gets_one() -> None:
    assert found(reminder(then(*in_time(late_days=2)))) == []
    everybody = a_policy(remind="everybody").contact
    assert found(reminder(then(*in_time()), policy=everybody)) == []


def test_a_reminder_is_right_for_one_of_the_first_instalments_and_one_unlike_the_others() -> None:
    third = said(
        "reminder_before_due", on=date(2026, 3, 30), about=date(2026, 4, 1),
        loan=then(*in_time(2)),
    )  # fmt: skip
    assert found(third) == []
    assert found(reminder(replace(then(*in_time()), rescheduled=True))) == []
    schedule = list(a_loan().schedule)
    schedule[3] = schedule[3]._replace(due=schedule[3].due._replace(principal=12_000))
    changed = replace(then(*in_time()), schedule=tuple(schedule))
    assert found(reminder(changed)) == []


NOTICE_ON, STEP_ON = date(2026, 5, 4), date(2026, 5, 19)
NOTICE = NoticeGiven(NOTICE_ON, datetime.combine(NOTICE_ON, time(7), UTC), 5_000, True)
TO_COURT = (Step("judicial_recovery", STEP_ON, "unanswered"),)


def court(*payments, facts=(), steps=TO_COURT, notices=(NOTICE,), decisions=()):
    recorded = Recorded(payments, facts)
    return found(loans=(LoanRecord("L-1", recorded, notices, steps, decisions),))


def test_a_step_after_a_proved_notice_that_nobody_answered_is_right() -> None:
    assert court() == []
    assert court(paid(NOTICE_ON + DAY, 4_999)) == []
    assert court(paid(NOTICE_ON - DAY, 5_000)) == []


def test_a_step_although_money_came_since_the_notice_is_found() -> None:
    assert court(paid(NOTICE_ON + DAY, 5_000)) == ["notice_answered"]
    halves = paid(NOTICE_ON + DAY, 2_500), a_payment("P-3", value_date=STEP_ON - DAY,
                                                    amount_minor=2_500)  # fmt: skip
    assert court(*halves) == ["notice_answered"]
    assert court(paid(NOTICE_ON + DAY, 5_000, reversed_on=NOTICE_ON + 2 * DAY)) == []


def test_money_posted_before_the_notice_of_that_day_is_no_answer_to_it() -> None:
    before = datetime.combine(NOTICE_ON, time(6), UTC)
    assert court(paid(NOTICE_ON, 5_000, posted_at=before)) == []
    assert court(paid(NOTICE_ON, 5_000, posted_at=before.replace(hour=8))) == ["notice_answered"]


def test_a_promise_whose_time_is_not_over_answers_a_notice() -> None:
    open_one = a_fact(Promise(NOTICE_ON + DAY, 5_000, STEP_ON, "phone"))
    assert court(facts=(open_one,)) == ["notice_answered"]
    missed = a_fact(Promise(NOTICE_ON + DAY, 5_000, NOTICE_ON + 2 * DAY, "phone"))
    assert court(facts=(missed,)) == []


def test_a_step_without_a_notice_or_without_its_proof_is_found() -> None:
    assert court(notices=()) == ["notice_without_proof"]
    assert court(notices=(replace(NOTICE, proved=False),)) == ["notice_without_proof"]
    assert court(notices=(replace(NOTICE, on=STEP_ON + DAY),)) == ["notice_without_proof"]
    assert court(notices=(), steps=(Step("early_management", STEP_ON, "late"),)) == []


ANA, BEN = an_actor("Ana Torres"), an_actor("Ben Okello")


def decision(asked_by=ANA, decided_by=BEN, kind="write_off", outcome="approved", **changes):
    at = datetime.combine(STEP_ON, time(9), UTC)
    return PendingDecision(
        decision_id="L-1#1", kind=kind, loan_id="L-1", case_id="L-1-C1", asked_by=asked_by,
        asked_at=at, reason="why", decided_by=decided_by, decided_at=at, outcome=outcome,
        decided_because="so", **changes,
    )  # fmt: skip


def decided(*args, approvals=1, **changes):
    return court(decisions=(Decided(decision(*args, **changes), STEP_ON, approvals),))


def test_a_decision_of_two_people_is_right_and_so_is_one_that_the_review_asked_for() -> None:
    assert decided() == []
    assert decided(DAILY_REVIEW) == []


def test_one_person_where_two_were_needed_is_found() -> None:
    assert decided(ANA, ANA) == ["too_few_deciders"]
    assert decided(ANA, replace(BEN, name="ana torres")) == ["too_few_deciders"]
    assert decided(not_by=("Ben Okello",)) == ["too_few_deciders"]
    assert decided(ANA, ANA, outcome="declined") == []
    by_review = {"asked_by": DAILY_REVIEW, "kind": "judicial_approval"}
    assert decided(**by_review, approvals=2) == ["too_few_deciders"]
    assert decided(**by_review, approvals=1) == []


def test_a_filing_that_nobody_approved_is_found() -> None:
    filing = (Step("filing", STEP_ON, "approved"),)
    assert court(steps=filing) == ["too_few_deciders"]
    approved = Decided(decision(kind="judicial_approval"), STEP_ON)
    assert court(steps=filing, decisions=(approved,)) == []
    assert court(steps=filing, decisions=(replace(approved, on=STEP_ON + DAY),)) == [
        "too_few_deciders"
    ]

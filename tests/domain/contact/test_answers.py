"""What is said in answer to a person: once, in time, and not when it is no longer true."""

from __future__ import annotations

from datetime import date, timedelta

from recovery.domain.accounting.loan_facts import LoanFacts
from recovery.domain.accounting.said import Promise, PromiseState, Written
from recovery.domain.agreements.policy import PromisePolicy
from recovery.domain.contact.answers import after_missed_promise, answer_due
from tests.domain.agreements.test_promise import standing

DAY = timedelta(days=1)
ON, PAY_ON = date(2026, 3, 2), date(2026, 3, 10)
UPHELD = Written("dispute", "D-1", "upheld", ON)
MADE = Promise(ON, 10_000, PAY_ON, "phone", reminder=True)


def test_a_decision_is_told_once_within_a_month() -> None:
    facts = LoanFacts(answers=(UPHELD,))
    wish = answer_due(facts, (), {}, {}, ON)
    assert wish and (wish.kind, wish.due_date, wish.until) == (
        "dispute_upheld",
        ON,
        ON + 30 * DAY,
    )
    assert answer_due(facts, (), {wish.rule_key: ON}, {}, ON) is None
    assert answer_due(facts, (), {}, {wish.rule_key: ON + DAY}, ON) is None
    assert answer_due(facts, (), {}, {}, ON + 31 * DAY) is None


def test_who_asked_for_a_reminder_gets_it_the_day_before() -> None:
    facts = LoanFacts(promises=(PromiseState("PR", MADE),))
    wish = answer_due(facts, (), {}, {}, PAY_ON - DAY)
    assert wish and (wish.kind, wish.due_date) == ("promise_reminder", PAY_ON)
    assert answer_due(facts, (), {}, {}, PAY_ON - 2 * DAY) is None


def test_a_kind_word_follows_a_missed_promise_after_the_days_for_a_call() -> None:
    missed = PromiseState("PR", MADE, told="broken")
    facts, policy = LoanFacts(promises=(missed,)), PromisePolicy()
    after = MADE.judged_on + 2 * DAY
    for day, is_said in ((after - DAY, False), (after, True), (after + 12 * DAY, False)):
        wish = after_missed_promise(facts, policy, standing(as_of=day), {}, {})
        assert (wish is not None) == is_said
    nothing_late = standing(as_of=after, oldest_due_date=None)
    assert after_missed_promise(facts, policy, nothing_late, {}, {}) is None

"""Messages that answer what a person said: a reminder they asked for, a decision in writing, a kind
word after a promise that was not kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from recovery.domain.accounting.loan_facts import LoanFacts
from recovery.domain.agreements.dispute import ANSWERED_WITHIN_DAYS
from recovery.domain.agreements.policy import PromisePolicy
from recovery.domain.agreements.promise import missed_lately, reminder_due
from recovery.domain.agreements.relief import GRANTED
from recovery.domain.agreements.restraints import Restraint
from recovery.domain.contact.plan import RELIEF_GRANTED, Wish
from recovery.domain.monitoring.delinquency import Standing

PROMISE_REMINDER = "promise_reminder"
AFTER_MISSED_PROMISE = "after_a_missed_promise"
_ANSWERS = {
    ("relief", GRANTED): RELIEF_GRANTED,
    ("dispute", "upheld"): "dispute_upheld",
    ("dispute", "rejected"): "dispute_rejected",
    ("complaint", "upheld"): "complaint_upheld",
    ("complaint", "partly_upheld"): "complaint_upheld",
    ("complaint", "rejected"): "complaint_rejected",
}


def answer_due(
    facts: LoanFacts,
    restraints: Iterable[Restraint],
    asked: Mapping[str, date],
    retry_on: Mapping[str, date],
    as_of: date,
) -> Wish | None:
    """Return the answer that the person waits for, or the reminder they asked for."""
    for each in facts.answers:
        kind = _ANSWERS.get((each.to, each.outcome))
        last = each.on + timedelta(days=ANSWERED_WITHIN_DAYS)
        key = f"{kind}@{each.fact_id}"
        if kind and as_of <= last and _is_unsaid(key, each.on, asked, retry_on, as_of):
            return Wish(key, kind, each.on, last)
    promised = reminder_due(facts.promises, restraints, as_of)
    if promised is None:
        return None
    key, pay_on = f"{PROMISE_REMINDER}@{promised.promise_id}", promised.promise.pay_on
    is_unsaid = _is_unsaid(key, pay_on, asked, retry_on, as_of)
    return Wish(key, PROMISE_REMINDER, pay_on, as_of) if is_unsaid else None


def after_missed_promise(
    facts: LoanFacts,
    policy: PromisePolicy,
    standing: Standing,
    asked: Mapping[str, date],
    retry_on: Mapping[str, date],
) -> Wish | None:
    """Return the kind word that follows a missed promise, after a person had days to call."""
    missed = missed_lately(facts.promises, policy, standing.as_of)
    if missed is None or not standing.oldest_due_date:
        return None
    key, due_date = f"{AFTER_MISSED_PROMISE}@{missed.promise_id}", standing.oldest_due_date
    is_unsaid = _is_unsaid(key, due_date, asked, retry_on, standing.as_of)
    return Wish(key, AFTER_MISSED_PROMISE, due_date) if is_unsaid else None


def _is_unsaid(
    key: str, about: date, asked: Mapping[str, date], retry_on: Mapping[str, date], as_of: date
) -> bool:
    """Whether it was neither said nor put off to a later day."""
    return asked.get(key) != about and retry_on.get(key, as_of) <= as_of

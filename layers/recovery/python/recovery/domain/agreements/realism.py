"""What speaks against a promise's being kept: reasons to talk about it, never to refuse it."""

from __future__ import annotations

from datetime import timedelta

from recovery.domain.accounting.said import Promise
from recovery.domain.agreements.promise import FULFILLED, MISSED, Situation, outcome
from recovery.domain.agreements.restraints import Kind, in_force
from recovery.domain.shared.money import Money

_LOOKS_BACK_DAYS = 180


def realism_notes(promise: Promise, situation: Situation) -> tuple[str, ...]:
    """Return what speaks against its being kept: reasons to talk about it, never to refuse it."""
    notes = []
    since = promise.on - timedelta(days=_LOOKS_BACK_DAYS)
    history = situation.recorded.history()
    paid = [e.amount_minor for e in history.payments if since <= e.value_date <= promise.on]
    if paid and promise.amount_minor > max(paid):
        most = Money(max(paid), situation.currency)
        notes.append(f"no payment of the last six months was as large; the largest was {most}")
    if not paid:
        notes.append("nothing was paid in the last six months")
    done = [outcome(each, situation.restraints, situation.today) for each in situation.promises]
    missed = sum(each in MISSED for each in done)
    if missed:
        judged_ones = sum(each in (*FULFILLED, *MISSED) for each in done)
        notes.append(f"{missed} of {judged_ones} earlier promises on this loan were not kept")
    rest_minor = situation.standing.overdue.total - promise.amount_minor
    if rest_minor > 0:
        rest = Money(rest_minor, situation.currency)
        notes.append(f"{rest} stays overdue even if it is kept")
    if note := _beyond_capacity(promise, situation):
        notes.append(note)
    if any(each.kind == Kind.HARDSHIP for each in in_force(situation.restraints, promise.on)):
        notes.append("the person told of hardship: ask first what can be paid")
    return tuple(notes)


def _beyond_capacity(promise: Promise, situation: Situation) -> str:
    """Say that it is more than the household can pay in that month, where that is known."""
    known = situation.capacity
    if known is None or not known.holds(promise.on):
        return ""
    if known.capacity.currency != situation.currency:
        return ""
    most_minor = known.capacity.usable(situation.own)[promise.pay_on.month - 1]
    if promise.amount_minor <= most_minor:
        return ""
    most = Money(most_minor, situation.currency)
    return f"the household can pay {most} in that month, by the assessment of {known.assessed_on}"

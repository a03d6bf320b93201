"""Patterns in how much is paid and what is answered: parts, promises, silence, other loans."""

from __future__ import annotations

from itertools import pairwise

from recovery.domain.monitoring.pattern import (
    Behaviour,
    Finder,
    Pattern,
    PatternKind,
    pattern,
)
from recovery.domain.monitoring.pattern_policy import PatternPolicy


def incomplete_payments(behaviour: Behaviour, policy: PatternPolicy) -> Pattern | None:
    """Instalments that were due are paid in part, beyond the tolerance."""
    recent = behaviour.due()[-policy.look_back :]
    parts = [each for each in recent if each.paid_minor and not each.is_complete]
    if len(parts) < policy.incomplete_from:
        return None
    return pattern(PatternKind.INCOMPLETE_PAYMENTS, 1, parts, len(recent))


def shrinking_payments(behaviour: Behaviour, policy: PatternPolicy) -> Pattern | None:
    """One payment after the other is smaller than the one before, and the last under what is due.

    Payments of one day count together. Where only the position is known, nothing is found.
    """
    by_day: dict[object, int] = {}
    for each in sorted(behaviour.payments, key=lambda e: e.on):
        if each.on <= behaviour.as_of:
            by_day[each.on] = by_day.get(each.on, 0) + each.amount_minor
    amounts = list(by_day.values())
    falls = 0
    for before, after in reversed(list(pairwise(amounts))):
        if 100 * after > policy.shrinking_percent * before:
            break
        falls += 1
    unpaid = [each for each in behaviour.due() if each.due_date < behaviour.as_of]
    unpaid = [each for each in unpaid if not each.is_complete]
    due_minor = max((each.due_minor for each in behaviour.lines), default=0)
    if falls + 1 < policy.shrinking_from or amounts[-1] >= due_minor or not unpaid:
        return None  # whoever is paid up may pay as they like
    return pattern(PatternKind.SHRINKING_PAYMENTS, 1, unpaid, len(amounts), count=falls + 1)


def broken_promises(behaviour: Behaviour, policy: PatternPolicy) -> Pattern | None:
    """Promises were missed, more often than kept."""
    kept, missed = behaviour.promises
    if missed < policy.broken_from or missed <= kept:
        return None
    level = 1 + (missed >= 2 * policy.broken_from)
    return Pattern(PatternKind.BROKEN_PROMISES, level, missed, kept + missed)


def silence_after_contact(behaviour: Behaviour, policy: PatternPolicy) -> Pattern | None:
    """Contact arrived several times, and neither an answer nor a payment came."""
    arrived = behaviour.contacts.arrived
    if arrived < policy.silent_from:
        return None
    return Pattern(PatternKind.SILENCE_AFTER_CONTACT, 1, arrived, arrived)


def rolled_risk(behaviour: Behaviour, policy: PatternPolicy) -> Pattern | None:
    """Arrears went into a new schedule or a new loan before."""
    if behaviour.rolled < policy.rolled_from:
        return None
    level = 1 + (behaviour.rolled > policy.rolled_from)
    return Pattern(PatternKind.ROLLED_RISK, level, behaviour.rolled, behaviour.rolled)


def several_loans_one_strain(behaviour: Behaviour, policy: PatternPolicy) -> Pattern | None:
    """Several of the person's loans are overdue at once: one strain, to be looked at as one."""
    as_of = behaviour.as_of
    late = [
        each
        for each in sorted((*behaviour.lines, *behaviour.elsewhere))
        if each.due_date < as_of and each.paid_off_on is None and not each.is_complete
    ]
    loans = len({each.loan_id for each in late})
    if loans < policy.strained_loans:
        return None
    return pattern(PatternKind.SEVERAL_LOANS_ONE_STRAIN, 1, late, len(late), count=loans)


def partly_ahead(behaviour: Behaviour, policy: PatternPolicy) -> Pattern | None:
    """Part of the coming instalment is already paid: the money is on its way."""
    coming = [each for each in sorted(behaviour.lines) if each.due_date >= behaviour.as_of]
    ahead = [each for each in coming if each.paid_minor and each.paid_off_on is None]
    if not ahead or ahead[0].due_date != coming[0].due_date:
        return None
    share = 2 * ahead[0].paid_minor >= ahead[0].due_minor
    return pattern(PatternKind.PARTLY_AHEAD, 1 + share, ahead[:1], 1)


MONEY: tuple[Finder, ...] = (
    incomplete_payments,
    shrinking_payments,
    broken_promises,
    silence_after_contact,
    rolled_risk,
    several_loans_one_strain,
    partly_ahead,
)

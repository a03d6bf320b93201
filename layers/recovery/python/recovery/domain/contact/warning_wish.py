"""The kind message of an early warning: a reminder that says why, or an offer to move the due day.

It goes out once for each due date, from the day of the warning until the instalment falls due, and
takes the place of the reminder that would follow.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from recovery.domain.agreements.restraints import Block, Restraint, blocks
from recovery.domain.contact.plan import WARNINGS, Wish
from recovery.domain.monitoring.behaviour import Warned
from recovery.domain.monitoring.pattern import Pattern, PatternKind

WARNING_REMINDER, OFFER_DUE_DAY = WARNINGS
_KINDS = {"reminder": WARNING_REMINDER, "offer_due_day": OFFER_DUE_DAY}


def warning_wish(
    warning: Warned | None,
    restraints: tuple[Restraint, ...],
    asked: Mapping[str, date],
    retry_on: Mapping[str, date],
    as_of: date,
) -> Wish | None:
    """Return what the borrower should hear before the due date; None before the day of the warning,
    where the treatment has no message, while reminders are held, or once something was said."""
    if warning is None or not warning.on <= as_of <= warning.due_date:
        return None
    if blocks(restraints, Block.REMINDERS, as_of):
        return None
    kind = next((_KINDS[act] for act in warning.acts if act in _KINDS), None)
    if kind is None or _was_reminded(warning.due_date, asked):
        return None
    if retry_on.get(kind, as_of) > as_of:
        return None
    return Wish(kind, kind, warning.due_date, warning.due_date)


def why(warning: Warned, kind: str) -> Pattern:
    """Return the pattern that the message names: the one that weighs most, but the drift, if it is
    among them, for an offer of another day."""
    drift = (e for e in warning.because if e.kind is PatternKind.DRIFTING_LATER)
    found = next(drift, None) if kind == OFFER_DUE_DAY else None
    return found or warning.because[0]


def _was_reminded(due_date: date, asked: Mapping[str, date]) -> bool:
    """Whether something was said about this due date before it came."""
    early = ("reminder_before_due", "due_today", *WARNINGS)
    return any(on == due_date and key.startswith(early) for key, on in asked.items())

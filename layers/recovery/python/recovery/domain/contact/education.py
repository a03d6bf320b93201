"""Lessons and saving reminders: kind messages, only for those who said yes, never in a bad hour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from recovery.domain.agreements.learning import LESSONS, SAVING
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import Stage
from recovery.domain.contact.education_policy import LESSON, SAVING_REMINDER
from recovery.domain.contact.plan import NOTICE, Wish
from recovery.domain.contact.policy import ContactPolicy
from recovery.domain.monitoring.delinquency import Standing

_HARD = frozenset(("meeting_with_your_advisor", NOTICE))
_DAY = timedelta(days=1)
_GENTLE = (Stage.PREVENTION, Stage.EARLY_MANAGEMENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """What a review knows when it asks for a lesson: ``mark`` is the person's (see Learning), the
    wishes of other rules went before. ``gap_days`` lie between the due days around the next."""

    policy: ContactPolicy
    standing: Standing
    mark: str
    asked: Mapping[str, date]
    retry_on: Mapping[str, date]
    case: CaseState | None = None
    restrained: bool = False
    demanded_on: date | None = None
    gap_days: int | None = None


def education_due(hour: Hour) -> Wish | None:
    """Return the wish for a saving reminder, else for a lesson; None if it is not the time."""
    if not hour.mark or hour.restrained or not _is_calm(hour, hour.standing.as_of):
        return None
    as_of = hour.standing.as_of
    save_on = _save_on(hour)
    if save_on and save_on <= as_of:
        due_date = hour.standing.next_due_date
        assert due_date is not None
        if hour.retry_on.get(SAVING_REMINDER, as_of) <= as_of:
            return Wish(SAVING_REMINDER, SAVING_REMINDER, due_date, _last_day_to_save(due_date))
    lesson_on = _lesson_on(hour)
    if lesson_on and lesson_on <= as_of:
        return Wish(LESSON, LESSON, as_of, as_of + hour.policy.education.within_days * _DAY)
    return None


def education_dates(hour: Hour) -> Iterator[date]:
    """Yield the days on which ``education_due`` may wish for something; some may be past."""
    if not hour.mark or hour.restrained:
        return
    as_of = hour.standing.as_of
    for on in (_save_on(hour), _lesson_on(hour)):
        if on is None:
            continue
        on = max(on, as_of + _DAY)
        while not _is_calm(hour, on) and (on - as_of).days < 2 * hour.policy.education.calm_days:
            on += _DAY
        yield on


def _lesson_on(hour: Hour) -> date | None:
    """Return from when on a lesson is due; None while nothing is owed."""
    if LESSONS not in hour.mark or hour.standing.outstanding.total == 0:
        return None
    last, as_of = hour.asked.get(LESSON), hour.standing.as_of
    on = last + hour.policy.education.every_days * _DAY if last else as_of
    return max(on, hour.retry_on.get(LESSON, on))


def _save_on(hour: Hour) -> date | None:
    """Return when to remind of the goal for the next due day; None if not, or no more."""
    policy, standing = hour.policy.education, hour.standing
    due_date = standing.next_due_date
    if SAVING not in hour.mark or policy.save_days_before is None or standing.days_past_due:
        return None
    if due_date is None or hour.asked.get(SAVING_REMINDER) == due_date:
        return None
    days = policy.save_days_before
    if hour.gap_days is not None:
        days = min(days, hour.gap_days // 2)
    on = max(due_date - days * _DAY, hour.retry_on.get(SAVING_REMINDER, date.min))
    return on if max(on, standing.as_of) <= _last_day_to_save(due_date) else None


def _last_day_to_save(due_date: date) -> date:
    """The reminder of the instalment itself comes in the last days: one is enough."""
    return due_date - 4 * _DAY


def _is_calm(hour: Hour, on: date) -> bool:
    """Whether nothing hard was said lately or is about to be, and no step is on its way."""
    calm, case = hour.policy.education.calm_days, hour.case
    if case is not None and (case.stage not in _GENTLE or case.notice_on):
        return False
    if hour.demanded_on and 0 <= (on - hour.demanded_on).days < calm:
        return False
    standing = hour.standing
    if standing.oldest_due_date is None:
        return True
    late = (on - standing.oldest_due_date).days
    return not any(
        rule.kind in _HARD
        and rule.days_past_due is not None
        and late - calm < rule.days_past_due <= late + calm
        for rule in hour.policy.messages
    )

"""The policy's contact section: what to say when, and when a borrower may be contacted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal

from recovery.domain.contact.education_policy import EducationPolicy, education_problems
from recovery.domain.shared.business_calendar import Weekday
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import MAX_DAYS, range_problems, rule_count_problems


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRule:
    """One message of the contact plan, by days before or past the due date.

    ``min_case_days``: not until the case has been open this long, so that no borrower's first
    contact is a notice.
    """

    kind: Literal[
        "reminder_before_due",
        "due_today",
        "first_days_late",
        "we_would_like_to_help",
        "meeting_with_your_advisor",
        "notice_before_judicial_recovery",
    ]
    days_before_due: int | None = None
    days_past_due: int | None = None
    min_case_days: int = 0


_DEFAULT_MESSAGES = (
    MessageRule(kind="reminder_before_due", days_before_due=3),
    MessageRule(kind="due_today", days_before_due=0),
    MessageRule(kind="first_days_late", days_past_due=1),
    MessageRule(kind="first_days_late", days_past_due=8),
    MessageRule(kind="we_would_like_to_help", days_past_due=16),
    MessageRule(kind="meeting_with_your_advisor", days_past_due=35),
    MessageRule(kind="we_would_like_to_help", days_past_due=56),
    MessageRule(kind="notice_before_judicial_recovery", days_past_due=76, min_case_days=14),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPolicy:
    """What to say when, and how often, in the borrower's time zone.

    remind: whom; "who_needs_it" leaves alone who pays on time (see ``who_hears``).
    quiet_days: after a whole instalment is paid, nothing is said of arrears for so long; less after
    a part. days_between_demands: so many days lie between two messages about arrears.
    account_changed_on: since when payments go to another account; everybody is told before the
    first instalment after it.
    confirmed_within_days: to an address at which nobody knew the person to be for longer goes only
    a neutral word; None lets everything go there. dead_after_returns: so many messages in a row
    that could not be delivered for now, and nothing is sent to the address any more.
    education: lessons for who said yes to them, saving reminders, and rewards for who pays on time.

    The default is cautious: 9 to 19 hours, Monday to Friday, two messages in seven days.
    """

    messages: tuple[MessageRule, ...] = _DEFAULT_MESSAGES
    from_time: time = time(9)
    until_time: time = time(19)
    weekdays: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
    max_messages_per_week: int = 2
    remind: Literal["who_needs_it", "everybody"] = "who_needs_it"
    quiet_days: int = 7
    days_between_demands: int = 5
    account_changed_on: date | None = None
    confirmed_within_days: int | None = 60
    dead_after_returns: int = 3
    education: EducationPolicy = field(default_factory=EducationPolicy)


def contact_problems(policy: ContactPolicy) -> Iterator[Problem]:
    """Yield everything wrong with this section; nothing if it is usable."""
    yield from _message_problems(policy.messages)
    zoned = [name for name in ("from_time", "until_time") if getattr(policy, name).tzinfo]
    for name in zoned:
        reason = "must have no time zone: the borrower's applies"
        yield Problem(name, reason, "Write only the time, such as 09:00")
    if not zoned and policy.from_time >= policy.until_time:
        yield Problem("from_time", "must be before until_time", "Swap the two, or correct one")
    if not 1 <= len(policy.weekdays) <= 7:
        reason = "must be one to seven days, or nobody is ever contacted"
        yield Problem("weekdays", reason, "Name at least one day, such as mon", "out_of_range")
    yield from range_problems("max_messages_per_week", policy.max_messages_per_week, 1, 100)
    for name in ("quiet_days", "days_between_demands"):
        yield from range_problems(name, getattr(policy, name), 0, 60)
    if policy.confirmed_within_days is not None:
        yield from range_problems("confirmed_within_days", policy.confirmed_within_days, 1, 730)
    yield from range_problems("dead_after_returns", policy.dead_after_returns, 1, 10)
    yield from (each.within("education") for each in education_problems(policy.education))


def _message_problems(messages: tuple[MessageRule, ...]) -> Iterator[Problem]:
    too_many = list(rule_count_problems("messages", len(messages)))
    if too_many:
        yield from too_many
        return
    for index, rule in enumerate(messages):
        path = f"messages.{index}"
        if (rule.days_before_due is None) == (rule.days_past_due is None):
            reason = "needs either days_before_due or days_past_due"
            yield Problem(path, reason, "Keep one of the two")
        elif rule.days_before_due is not None:
            yield from range_problems(f"{path}.days_before_due", rule.days_before_due, 0, MAX_DAYS)
        elif rule.days_past_due is not None:
            yield from range_problems(f"{path}.days_past_due", rule.days_past_due, 1, MAX_DAYS)
        yield from range_problems(f"{path}.min_case_days", rule.min_case_days, 0, MAX_DAYS)
    rules = [(rule.kind, rule.days_before_due, rule.days_past_due) for rule in messages]
    if len(rules) != len(set(rules)):
        reason = "the same message is planned twice for the same day"
        yield Problem("messages", reason, "Keep one of the two", "duplicate")

"""An institution's policy: every threshold, order and limit the rules use, as one document.

The defaults here are the documented default policy. A policy is versioned and effective-dated;
each decision names the version it was taken under.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin, get_type_hints

from recovery.domain.monitoring.buckets import Bucket, bucket_problems, coverage_problems
from recovery.domain.monitoring.tolerance import NO_TOLERANCE, Tolerance, tolerance_problems
from recovery.domain.shared.limits import MOST_DAYS, MOST_RULES, outside


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationPolicy:
    """Order in which a payment is spread; oldest instalment first by default.

    ``prepayment``: what a payment beyond all that is due pays; see ``payment_path``.
    """

    by: Literal["instalment", "component"] = "instalment"
    order: tuple[Literal["principal", "interest", "fee", "penalty"], ...] = (
        "penalty",
        "fee",
        "interest",
        "principal",
    )
    prepayment: Literal["next_instalment", "last_instalment", "reduce_instalment"] = (
        "next_instalment"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StageLadder:
    """Days delinquent from which each stage applies; below the first, prevention."""

    early_management_from_days: int = 1
    intermediate_recovery_from_days: int = 31
    judicial_recovery_from_days: int = 91


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskPolicy:
    """Signals of trouble before anything is overdue, looked for in the last instalments due."""

    last_instalments: int = 2
    late_from_days: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRule:
    """One message of the contact plan: so many days before or past the due date.

    ``min_case_days``: not before the case has been open this long, so that a person is never met
    first with a notice.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPolicy:
    """When and how often a borrower may be contacted, in the borrower's own time zone.

    The default is the careful one: 9 to 19 hours, Monday to Friday, two messages in seven days.
    """

    from_time: time = time(9)
    until_time: time = time(19)
    weekdays: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = (
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
    )
    max_messages_per_week: int = 2


_DEFAULT_BUCKETS = (
    Bucket(name="current", min_days=0, max_days=0),
    Bucket(name="1-30", min_days=1, max_days=30),
    Bucket(name="31-60", min_days=31, max_days=60),
    Bucket(name="61-90", min_days=61, max_days=90),
    Bucket(name="91+", min_days=91, max_days=None),
)
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
class Policy:
    """The whole document. All days are calendar days.

    probation_days: nothing overdue for this long, and no risk signal, closes a case as cured.
    notice_days: days to answer between the notice before judicial recovery and that stage.
    judicial_pause_days: after a person declined judicial recovery, not asked again for this long.
    write_off_from_days: days past due that close a case as written off; None leaves it to a person.
    continue_as_new_days, continue_as_new_signals: an older execution, or one with more signals,
    continues as a new one (AWS Step Functions ends executions at a year or 25,000 history events).
    """

    version: int = 1
    effective_from: date = date(2000, 1, 1)
    allocation: AllocationPolicy = field(default_factory=AllocationPolicy)
    grace_days: int = 0
    tolerance: Tolerance = NO_TOLERANCE
    buckets: tuple[Bucket, ...] = _DEFAULT_BUCKETS
    stages: StageLadder = field(default_factory=StageLadder)
    risk: RiskPolicy = field(default_factory=RiskPolicy)
    messages: tuple[MessageRule, ...] = _DEFAULT_MESSAGES
    contact: ContactPolicy = field(default_factory=ContactPolicy)
    probation_days: int = 30
    notice_days: int = 14
    judicial_pause_days: int = 90
    write_off_from_days: int | None = None
    continue_as_new_days: int = 300
    continue_as_new_signals: int = 500


DEFAULT_POLICY = Policy()


def policy_in_force(policies: Iterable[Policy], on: date) -> Policy:
    """The newest version of the latest that has taken effect by this date; else the default."""
    effective = (policy for policy in policies if policy.effective_from <= on)
    newest = max(effective, key=lambda each: (each.effective_from, each.version), default=None)
    return newest or DEFAULT_POLICY


_RANGES = {
    "version": (1, 99_999),  # five digits in the key, so that versions sort
    "grace_days": (0, MOST_DAYS),
    "probation_days": (0, MOST_DAYS),
    "notice_days": (0, MOST_DAYS),
    "judicial_pause_days": (0, MOST_DAYS),
    "write_off_from_days": (1, MOST_DAYS),
    "continue_as_new_days": (1, 360),  # an execution ends at one year
    "continue_as_new_signals": (1, 2000),  # and at 25,000 events
}


def policy_problems(policy: Policy) -> Iterator[tuple[str, str]]:
    """Each (field, reason) for which the policy makes no sense; none when it may be used."""
    if sorted(policy.allocation.order) != ["fee", "interest", "penalty", "principal"]:
        yield "allocation.order", "name each of penalty, fee, interest and principal once"
    yield from bucket_problems(policy.buckets)
    yield from coverage_problems(policy.buckets)
    yield from tolerance_problems(policy.tolerance)
    ladder = policy.stages
    if not (
        1
        <= ladder.early_management_from_days
        < ladder.intermediate_recovery_from_days
        < ladder.judicial_recovery_from_days
        <= MOST_DAYS
    ):
        yield "stages", f"the stages must start at rising days delinquent, from 1 to {MOST_DAYS}"
    yield from _message_problems(policy.messages)
    yield from _contact_problems(policy.contact)
    yield from outside("risk.last_instalments", policy.risk.last_instalments, 0, 100)
    yield from outside("risk.late_from_days", policy.risk.late_from_days, 0, MOST_DAYS)
    for name, (least, most) in _RANGES.items():
        value = getattr(policy, name)
        if value is not None:
            yield from outside(name, value, least, most)


def _message_problems(messages: tuple[MessageRule, ...]) -> Iterator[tuple[str, str]]:
    if len(messages) > MOST_RULES:
        yield "messages", f"must be {MOST_RULES} or fewer"
        return
    for index, rule in enumerate(messages):
        field = f"messages.{index}"
        if (rule.days_before_due is None) == (rule.days_past_due is None):
            yield field, "give either days_before_due or days_past_due"
        elif rule.days_before_due is not None:
            yield from outside(f"{field}.days_before_due", rule.days_before_due, 0, MOST_DAYS)
        elif rule.days_past_due is not None:
            yield from outside(f"{field}.days_past_due", rule.days_past_due, 1, MOST_DAYS)
        yield from outside(f"{field}.min_case_days", rule.min_case_days, 0, MOST_DAYS)
    rules = [(rule.kind, rule.days_before_due, rule.days_past_due) for rule in messages]
    if len(rules) != len(set(rules)):
        yield "messages", "the same message is planned twice for the same day"


def _contact_problems(contact: ContactPolicy) -> Iterator[tuple[str, str]]:
    zoned = [name for name in ("from_time", "until_time") if getattr(contact, name).tzinfo]
    for name in zoned:
        yield f"contact.{name}", "must have no time zone: it is the borrower's own time"
    if not zoned and contact.from_time >= contact.until_time:
        yield "contact", "from_time must be before until_time"
    if not 1 <= len(contact.weekdays) <= 7:
        yield "contact.weekdays", "one to seven days are needed, or nobody is ever told anything"
    yield from outside("contact.max_messages_per_week", contact.max_messages_per_week, 1, 100)


def policy_to_document(policy: Policy) -> dict[str, Any]:
    """The policy as JSON-ready values; ``policy_from_document`` reads it back."""
    document = _plain(policy)
    assert isinstance(document, dict)
    return document


def policy_from_document(document: Mapping[str, Any]) -> Policy:
    """A stored, already validated document as a policy."""
    policy = _read(Policy, document)
    assert isinstance(policy, Policy)
    return policy


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _read(kind: Any, value: Any) -> Any:
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        return kind(**{name: _read(hints[name], each) for name, each in value.items()})
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], each) for each in value)
    if kind in (date, time):
        return kind.fromisoformat(value)
    return Decimal(value) if kind is Decimal else value

"""The contact plan: which message a review wishes for at a business date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from recovery.domain.cases.stage import CaseState, notice_since
from recovery.domain.contact.borrower import Told
from recovery.domain.contact.policy import ContactPolicy, MessageRule
from recovery.domain.monitoring.delinquency import Standing, past_due_on

THANK_YOU = "thank_you"
APOLOGY = "apology"
NOTICE = "notice_before_judicial_recovery"
WARNINGS = ("warning_reminder", "offer_due_day")  # before a due date that may be missed
CLEARANCE_LETTER = "clearance_letter"
AGREEMENT_LETTER = "agreement_letter"
PLEASE_CALL = "please_call"  # all that may be said where others may see it
DECIDED = frozenset(  # answers in writing
    ("dispute_upheld", "dispute_rejected", "complaint_upheld", "complaint_rejected")
)
LATEST_THANKS_DAYS = 7  # after a week the borrower no longer knows what the thanks are for
LATEST_APOLOGY_DAYS = 30
REMEMBERED_DAYS = 90  # what was said longer ago may be said again
_KIND_WORDS = {THANK_YOU: LATEST_THANKS_DAYS, APOLOGY: LATEST_APOLOGY_DAYS}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a review would like a person to hear about a loan.

    ``due_date`` is the date (or day) it is about, ``until`` the last day on which it is true, None
    if only a payment ends that.
    """

    rule_key: str
    kind: str
    due_date: date
    until: date | None = None

    def message_id(self, loan_id: str) -> str:
        """Return the same id however often the review wishes for it."""
        return f"{loan_id}/{self.rule_key}/{self.due_date}"


def wish_of(message_id: str) -> tuple[str, Wish]:
    """Return the loan and the wish that the message with this id answers, without its last day.

    Raises ValueError for another id.
    """
    loan_id, rule_key, due_date = message_id.split("/")
    kind = re.split(r"[-+@]", rule_key)[0]
    return loan_id, Wish(rule_key, kind, date.fromisoformat(due_date))


def told_by(message_id: str, on: date, said: str | None = None) -> Told:
    """Return what the message with this id said, that was sent on this day.

    ``said`` is the kind that was said instead of the one it was meant to be.
    """
    _, wish = wish_of(message_id)
    return Told(said or wish.kind, wish.due_date, on)


def rule_key(rule: MessageRule) -> str:
    """Return the key a rule is recorded under, such as ``first_days_late+8``."""
    if rule.days_before_due is not None:
        return f"{rule.kind}-{rule.days_before_due}"
    return f"{rule.kind}+{rule.days_past_due}"


def is_said_again(policy: ContactPolicy, wish: Wish) -> bool:
    """Whether an earlier rule of the plan says the same about the same due date."""
    days = [
        each.days_past_due
        for each in policy.messages
        if each.kind == wish.kind and each.days_past_due is not None
    ]
    return bool(days) and wish.rule_key.partition("@")[0] != f"{wish.kind}+{min(days)}"


def message_due(
    policy: ContactPolicy,
    standing: Standing,
    case: CaseState | None,
    asked: Mapping[str, date],
    retry_on: Mapping[str, date],
    *,
    reminds: bool = True,
    quiet_until: date | None = None,
    rests_until: date | None = None,
    behind_since: date | None = None,
    may_claim: bool = True,
) -> Wish | None:
    """Return the one wish for now; None if there is none or it was answered before.

    While something is overdue, coming instalments are not mentioned: one person, one message. A
    missed day misses no message: a rule holds until the next on its side of the due date applies.
    One reminder of an instalment is enough: a second would use up the week of what may follow.
    While it is quiet after a payment nothing is said of arrears; while it rests after a message
    about them, at most the notice; and no notice where too little is overdue to claim it. Arrears
    that roll from one instalment to the next since ``behind_since`` are one: what was said in them
    is not said anew, until it is long ago.
    """
    is_quiet, rests = (
        until is not None and standing.as_of < until for until in (quiet_until, rests_until)
    )
    rule = None if is_quiet else _late_rule(policy, standing, case, may_claim)
    if rule and rests and rule.kind != NOTICE:
        rule = None
    if rule is None and reminds:
        rule = _early_rule(policy, standing, asked)
    if rule is None:
        return None
    due_date = standing.oldest_due_date or standing.next_due_date
    assert due_date is not None
    rule_key = _rule_key_in(case, rule)
    if asked.get(rule_key) == due_date or retry_on.get(rule_key, standing.as_of) > standing.as_of:
        return None
    if rule.kind != NOTICE and _was_said(asked.get(rule_key), behind_since, standing.as_of):
        return None
    until = _until(policy, rule, due_date)
    if until and standing.as_of > until:  # its successor was said, and is not needed again
        return None
    return Wish(rule_key, rule.kind, due_date, until)


def _was_said(about: date | None, behind_since: date | None, as_of: date) -> bool:
    """Whether the rule was answered about an earlier instalment of the same arrears, lately."""
    if about is None or behind_since is None:
        return False
    return about >= max(behind_since, as_of - timedelta(days=REMEMBERED_DAYS))


def _until(policy: ContactPolicy, rule: MessageRule, due_date: date) -> date | None:
    """Return the day before the next rule on the same side of the due date takes over."""
    if rule.days_past_due is None:
        return due_date
    later = [
        other.days_past_due
        for other in policy.messages
        if other.days_past_due is not None and other.days_past_due > rule.days_past_due
    ]
    return due_date + timedelta(days=min(later) - 1) if later else None


def _late_rule(
    policy: ContactPolicy, standing: Standing, case: CaseState | None, may_claim: bool
) -> MessageRule | None:
    if standing.days_delinquent == 0:
        return None
    case_days = (standing.as_of - case.opened_on).days if case else 0
    rules = [
        rule
        for rule in policy.messages
        if rule.days_past_due is not None
        and rule.days_past_due <= standing.days_past_due
        and rule.min_case_days <= case_days
        and not (rule.kind == NOTICE and (not may_claim or _needs_no_notice(case, standing.as_of)))
    ]
    return max(rules, key=lambda rule: rule.days_past_due or 0, default=None)


def _needs_no_notice(case: CaseState | None, as_of: date) -> bool:
    """Whether an earlier notice still holds, or a person declined and the pause is not over."""
    if case is None:
        return False
    return case.notice_on is not None or as_of < (case.judicial_not_before or as_of)


def _rule_key_in(case: CaseState | None, rule: MessageRule) -> str:
    """Return the rule's key; a notice holds for its stage, or since the last pause.

    Otherwise, once the payment that eased or ended a case is reversed, the old notice would block a
    new one: both are about the same due date.
    """
    if rule.kind == NOTICE and case:
        return f"{rule_key(rule)}@{notice_since(case)}"
    return rule_key(rule)


def is_present_notice(rule_key: str, case: CaseState | None) -> bool:
    """Whether a notice wished for under this key belongs to the case's present stage or pause.

    An older notice no longer counts: since then the stage changed or a person declined.
    """
    return case is not None and rule_key.endswith(f"@{notice_since(case)}")


def _early_rule(
    policy: ContactPolicy, standing: Standing, asked: Mapping[str, date]
) -> MessageRule | None:
    if standing.days_past_due or standing.next_due_date is None:
        return None
    early = [rule_key(each) for each in policy.messages if each.days_before_due is not None]
    early += WARNINGS
    if standing.next_due_date in map(asked.get, early):
        return None
    days_until_due = (standing.next_due_date - standing.as_of).days
    rules = [
        rule
        for rule in policy.messages
        if rule.days_before_due is not None and rule.days_before_due >= days_until_due
    ]
    return min(rules, key=lambda rule: rule.days_before_due or 0, default=None)


def why_outdated(wish: Wish, standing: Standing) -> str | None:
    """Return why an earlier wish is now wrong; None if it still holds.

    Usually a payment arrived in the meantime.
    """
    kind, due_date = wish.kind, wish.due_date
    if kind == CLEARANCE_LETTER:
        return "something is owed again" if owed_with_loss_minor(standing) else None
    if kind not in _KIND_WORDS and kind not in DECIDED and _is_paid(wish, standing):
        return "paid in the meantime"
    if wish.until and standing.as_of > wish.until:
        return f"only right until {wish.until}"
    if kind in _KIND_WORDS or kind in DECIDED:
        return None
    if kind in ("reminder_before_due", "due_today", *WARNINGS):
        if standing.days_past_due:
            return "something is overdue now"
        if kind == "due_today" and due_date != standing.as_of:
            return f"only right on {due_date}"
    return None


def _is_paid(wish: Wish, standing: Standing) -> bool:
    """Whether what the wish is about is paid."""
    first_unpaid = standing.oldest_due_date or standing.next_due_date
    return first_unpaid is None or first_unpaid > wish.due_date


def kind_word_due(
    before: Standing | None,
    now: Standing,
    wish: Wish | None,
    asked: Mapping[str, date],
    retry_on: Mapping[str, date],
    *,
    received_minor: int,
) -> Wish | None:
    """Apologise where a person has yet to hear it; otherwise thank whoever was late and has paid.

    While something is still open, who pays in many small parts is thanked once a week. ``wish`` is
    the one that was not answered yet, ``received_minor`` what came since then, negative if money
    was taken back: then nobody is thanked for it.
    """
    waiting = _waiting(APOLOGY, now, wish, retry_on)
    if waiting is None and received_minor >= 0:
        waiting = _waiting(THANK_YOU, now, wish, retry_on)
    if waiting or received_minor <= 0 or before is None or not before.days_past_due:
        return waiting
    thanked_on = asked.get(THANK_YOU)
    week = timedelta(days=LATEST_THANKS_DAYS)
    if now.days_past_due and thanked_on and now.as_of - thanked_on < week:
        return None
    return kind_word(THANK_YOU, now.as_of)


def _waiting(
    kind: str, now: Standing, wish: Wish | None, retry_on: Mapping[str, date]
) -> Wish | None:
    """Return the wish that is not answered yet, or a new one if it had to wait until now."""
    if wish and wish.kind == kind and (wish.until is None or now.as_of <= wish.until):
        return wish
    waited_until = retry_on.get(kind)
    has_waited = waited_until is not None and waited_until <= now.as_of
    return kind_word(kind, now.as_of) if has_waited else None


def kind_word(kind: str, as_of: date) -> Wish:
    """Return a new wish to thank or to apologise."""
    return Wish(kind, kind, as_of, as_of + timedelta(days=_KIND_WORDS[kind]))


def said_a_kind_word(asked: Mapping[str, date], as_of: date) -> bool:
    """Whether this day's message was an apology or thanks, so that nothing else is said."""
    return as_of in map(asked.get, _KIND_WORDS)


def owed_with_loss_minor(standing: Standing) -> int:
    """Return what the borrower still owes, in the books or written off, in minor units."""
    return standing.outstanding.total + standing.loss.total


def clearance_due(
    has_ended: bool,
    standing: Standing,
    paid_on: date | None,
    asked: Mapping[str, date],
    retry_on: Mapping[str, date],
) -> Wish | None:
    """Confirm that nothing is owed any more, once, when all of a loss is recovered or a settlement
    is paid.

    ``has_ended``: there was either. ``paid_on`` is the last payment's value date. Should it be
    reversed, a later recovery is confirmed anew.
    """
    if not has_ended or owed_with_loss_minor(standing) or CLEARANCE_LETTER in asked:
        return None
    if retry_on.get(CLEARANCE_LETTER, standing.as_of) > standing.as_of:
        return None
    return Wish(CLEARANCE_LETTER, CLEARANCE_LETTER, paid_on or standing.as_of)


def next_dates(
    policy: ContactPolicy,
    standing: Standing,
    case: CaseState | None,
    wish: Wish | None,
    asked: Mapping[str, date],
    retry_on: Mapping[str, date],
    *,
    reminds: bool = True,
    quiet_until: date | None = None,
    rests_until: date | None = None,
    behind_since: date | None = None,
) -> Iterator[date]:
    """Yield dates on which the plan may wish for another message if nothing is paid; some may be
    past."""
    yield from filter(None, (quiet_until, rests_until))
    for rule in policy.messages:
        if rule.days_before_due is not None and standing.next_due_date and reminds:
            yield standing.next_due_date - timedelta(days=rule.days_before_due)
        late_on = rule.days_past_due and past_due_on(standing, rule.days_past_due)
        if late_on:
            yield late_on
            if case and rule.min_case_days:
                yield case.opened_on + timedelta(days=rule.min_case_days)
    if behind_since:  # what was said in these arrears may be said again
        for about in asked.values():
            yield about + timedelta(days=REMEMBERED_DAYS + 1)
    if wish or said_a_kind_word(asked, standing.as_of):  # the rest is said tomorrow
        yield standing.as_of + timedelta(days=1)
    yield from retry_on.values()

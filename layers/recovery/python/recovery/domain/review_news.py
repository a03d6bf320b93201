"""What a review announces to other systems, and keeps on the loan's timeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from recovery.domain.accounting.agreed import PlanState
from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.owner_facts import in_words as silence_in_words
from recovery.domain.accounting.ownership import SilentPeriod
from recovery.domain.accounting.said import PromiseState
from recovery.domain.agreements.payment_plan import PlanStatus
from recovery.domain.agreements.promise import PromiseOutcome
from recovery.domain.agreements.restraints import Restraint
from recovery.domain.cases.signals import Signal
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import in_words
from recovery.domain.contact.plan import Wish, why_outdated
from recovery.domain.contact.rewards import RewardRule
from recovery.domain.judicial.limitation_watch import is_by_clocks
from recovery.domain.loan_state import LoanState
from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.outbox import DomainEvent, TimelineEntry, not_sent_entry
from recovery.domain.outlook import segment_entries, segment_events
from recovery.domain.policy import Policy
from recovery.domain.review_case import CaseStep
from recovery.domain.review_seen import Seen
from recovery.domain.shared.money import Money, to_decimal_text


def entries_of(
    seen: Seen, step: CaseStep, wish: Wish | None, state_version: int
) -> Iterator[TimelineEntry]:
    """Yield what the timeline keeps of a review."""
    state, standing, as_of, version = seen.state, seen.standing, seen.as_of, seen.policy.version
    collectible = seen.standings.collectible
    yield from overtaken(state.wish, wish, collectible, version, seen.silent)
    yield from timeline_entries(state.standing, standing, step.signal, version, state_version)
    yield from segment_entries(seen.change, as_of, version, state_version)
    yield from promise_entries(seen.loan, seen.judgements, as_of, version)
    yield from plan_entries(seen.plan_news, as_of, version)
    yield from notice_entries(seen.before.case, step.answered, as_of, version)
    yield from barred_entries(seen.before.restraints, state.restraints, as_of, version)


def events_of(
    seen: Seen, reviewed: LoanState, offers: tuple[RewardRule, ...]
) -> Iterator[DomainEvent]:
    """Yield what a review announces."""
    loan, state, as_of, version = seen.loan, seen.state, seen.as_of, seen.policy.version
    yield from standing_events(loan, state.standing, seen.standing, version)
    yield from charge_events(loan, state, reviewed, as_of)
    yield from promise_events(loan, seen.judgements, as_of, version)
    yield from plan_events(loan, seen.plan_news, as_of, version)
    yield from segment_events(loan, seen.change, as_of, version)
    yield from reward_events(loan, offers, as_of, version)


def _changed(before: Standing | None, now: Standing) -> bool:
    return before is None or (before.bucket, before.overdue, before.outstanding) != (
        now.bucket,
        now.overdue,
        now.outstanding,
    )


def may_mark_others(before: LoanState, now: Standing, policy: Policy) -> bool:
    """Whether the borrower's loans may now be marked differently because of this one."""
    contagion, was = policy.monitoring.contagion, before.standing
    if contagion is None:
        return before.pulled_to is not None

    def weight(standing: Standing) -> tuple[object, ...]:
        is_badly_late = standing.days_delinquent >= contagion.from_days
        is_ours = not before.ownership.is_outside(standing.as_of)
        return standing.bucket, standing.outstanding.principal, is_badly_late, is_ours

    return was is None or weight(was) != weight(now)


def overtaken(
    before: Wish | None,
    wish: Wish | None,
    now: Standing,
    policy_version: int,
    silent: SilentPeriod | None,
) -> Iterator[TimelineEntry]:
    """Say why an earlier wish was never answered."""
    if before and before != wish:
        why = silence_in_words(silent) if silent else why_outdated(before, now)
        why = why or "a later review wished for something else"
        yield not_sent_entry(before, why, now.as_of, policy_version)


def standing_events(
    loan: Loan, before: Standing | None, now: Standing, policy_version: int
) -> Iterator[DomainEvent]:
    """Announce a standing that changed."""
    if not _changed(before, now):
        return
    yield DomainEvent(
        "StandingChanged",
        {
            "loan_id": loan.loan_id,
            "as_of": now.as_of.isoformat(),
            "days_past_due": now.days_past_due,
            "bucket": now.bucket,
            "overdue_minor": now.overdue.total,
            "outstanding_minor": now.outstanding.total,
            "currency": loan.currency,
            "policy_version": policy_version,
        },
    )


def charge_events(
    loan: Loan, before: LoanState, reviewed: LoanState, as_of: date
) -> Iterator[DomainEvent]:
    """Announce late charges as the difference to what was last told; negative once facts that came
    late undo some."""
    difference_minor = reviewed.facts.told_minor - before.facts.told_minor
    if difference_minor:
        yield DomainEvent(
            "LateChargesChanged",
            {
                "loan_id": loan.loan_id,
                "as_of": as_of.isoformat(),
                "difference_minor": difference_minor,
                "charged_minor": reviewed.facts.told_minor,
                "currency": loan.currency,
            },
        )


def timeline_entries(
    before: Standing | None,
    now: Standing,
    signal: Signal | None,
    policy_version: int,
    state_version: int,
) -> Iterator[TimelineEntry]:
    """Keep for people to read what changed: bucket, write-off, and where the case goes."""
    was = before.bucket if before else None
    if was != now.bucket and (before or now.days_past_due):
        since = f", overdue since {now.oldest_due_date}" if now.oldest_due_date else ""
        text = f"bucket {was or 'none'} -> {now.bucket or 'none'}{since}"
        key = f"standing#{state_version}"  # a day may see the same change twice
        yield TimelineEntry(now.as_of, "standing", text, policy_version, key)
    if now.written_off_on and not (before and before.written_off_on):
        text = f"written off on {now.written_off_on}: no more days past due, no more contact"
        key = f"written off#{state_version}"
        yield TimelineEntry(now.as_of, "standing", text, policy_version, key)
    if signal:
        verb = "opens at" if signal.opens else "goes to"
        text = f"case {signal.case_id} {verb} {in_words(signal.to)}: {signal.reason}"
        yield TimelineEntry(now.as_of, "decision", text, policy_version, signal.signal_id)


def notice_entries(
    case: CaseState | None, answered: str | None, on: date, version: int
) -> Iterator[TimelineEntry]:
    """Keep for people to read that a notice is answered, and does not lead to court."""
    if case and answered:
        text = f"the notice of {case.notice_on} is answered: {answered}"
        yield TimelineEntry(on, "notice", text, version, key=f"{case.notice_on}#answered")


def barred_entries(
    before: Iterable[Restraint], now: Iterable[Restraint], as_of: date, version: int
) -> Iterator[TimelineEntry]:
    """Keep for people to read that something is too old to be asked for, or no longer is."""
    was, is_now = (
        next((each for each in restraints if is_by_clocks(each)), None)
        for restraints in (before, now)
    )
    if is_now and (was is None or (was.part is None) != (is_now.part is None)):
        what = "all that is owed" if is_now.part is None else "a part of what is owed"
        text = f"{what} is too old to be asked for; who pays unasked is told so"
        yield TimelineEntry(as_of, "limitation", text, version, key=f"barred#{as_of}")
    if was and is_now is None:
        text = "nothing is too old to be asked for any more"
        yield TimelineEntry(as_of, "limitation", text, version, key=f"barred#{as_of}")


def promise_entries(
    loan: Loan, news: Sequence[tuple[PromiseState, PromiseOutcome]], as_of: date, version: int
) -> Iterator[TimelineEntry]:
    """Keep for people to read what became of each promise; a payment that came late may still
    change it."""
    for each, became in news:
        promised = Money(each.promise.amount_minor, loan.currency)
        text = f"promise {each.promise_id} of {promised} for {each.promise.pay_on}"
        text += f" is {in_words(became)}"
        key = f"{each.promise_id}#{became}"
        yield TimelineEntry(as_of, "promise", text, version, key)


def promise_events(
    loan: Loan, news: Sequence[tuple[PromiseState, PromiseOutcome]], as_of: date, version: int
) -> Iterator[DomainEvent]:
    """Announce what became of each promise."""
    for each, became in news:
        promise, currency = each.promise, loan.currency
        yield DomainEvent(
            "PromiseJudged",
            {
                "loan_id": loan.loan_id,
                "promise_id": each.promise_id,
                "as_of": as_of.isoformat(),
                "outcome": became.value,
                "pay_on": promise.pay_on.isoformat(),
                "promised": to_decimal_text(promise.amount_minor, currency),
                "paid": to_decimal_text(each.own_minor, currency),
                "paid_by_others": to_decimal_text(each.others_minor, currency),
                "currency": currency,
                "policy_version": version,
            },
        )


def plan_entries(
    news: Sequence[tuple[PlanState, PlanStatus]], as_of: date, version: int
) -> Iterator[TimelineEntry]:
    """Keep for people to read what became of each payment plan, on the day it did."""
    for each, status in news:
        on = _turned_on(each, as_of)
        key = f"{each.agreement_id}#{status}#{on}"
        text = f"payment plan {each.agreement_id} is {status}"
        yield TimelineEntry(on, "agreement", text, version, key)


def plan_events(
    loan: Loan, news: Sequence[tuple[PlanState, PlanStatus]], as_of: date, version: int
) -> Iterator[DomainEvent]:
    """Announce each breach of a payment plan."""
    for each, status in news:
        if status is PlanStatus.BREACHED:
            yield DomainEvent(
                "AgreementBreached",
                {
                    "loan_id": loan.loan_id,
                    "agreement_id": each.agreement_id,
                    "on": _turned_on(each, as_of).isoformat(),
                    "agreed_on": each.agreed_on.isoformat(),
                    "policy_version": version,
                },
            )


def reward_events(
    loan: Loan, offers: Sequence[RewardRule], as_of: date, version: int
) -> Iterator[DomainEvent]:
    """Announce what the institution may offer, for a loan that was paid on time to its end."""
    for each in offers:
        yield DomainEvent(
            "RewardEarned",
            {
                "loan_id": loan.loan_id,
                "rule": each.name,
                "kind": each.kind,
                "on": as_of.isoformat(),
                "policy_version": version,
            },
        )


def _turned_on(plan: PlanState, as_of: date) -> date:
    return max(each.on for each in plan.turns if each.on <= as_of)

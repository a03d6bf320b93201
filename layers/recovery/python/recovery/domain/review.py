"""Review one loan at a business date: everything that follows from its standing.

``review`` is the heart of the system and a pure function. Its result is stored in one conditional
write, whose outbox holds the side effects: a case to open or move, a message to request, events and
the timeline.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain

from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.position import Position
from recovery.domain.agreements.restraints import Restraint, in_force
from recovery.domain.cases import stage
from recovery.domain.cases.signals import Signal, follow, track_current
from recovery.domain.cases.stage import CLOSING, CaseState, decide, in_words
from recovery.domain.contact import plan
from recovery.domain.contact.plan import THANK_YOU, message_due, thanks_due
from recovery.domain.monitoring import delinquency
from recovery.domain.monitoring.behaviour import risk_signals
from recovery.domain.monitoring.delinquency import Standing, standing_at
from recovery.domain.outbox import Outbox, TimelineEntry
from recovery.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class LoanState:
    """What a review needs to know about a loan besides its contract, in one small item.

    ``asked`` maps each message rule to the due date it was last requested for; ``retry_on`` maps it
    to the date before which a message stopped by quiet days or the weekly cap is not requested
    again. ``closed`` is ``settled`` or ``written_off`` once recovery has ended for good.
    ``restraints`` are copies of those on the loan and its borrower, past and future ones too.
    """

    version: int
    position: Position
    standing: Standing | None = None
    case: CaseState | None = None
    cases: int = 0
    asked: Mapping[str, date] = field(default_factory=dict)
    retry_on: Mapping[str, date] = field(default_factory=dict)
    next_review_on: date | None = None
    closed: str | None = None
    restraints: tuple[Restraint, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """A loan's new state and standing, and the side effects."""

    state: LoanState
    standing: Standing
    outbox: Outbox


def review(loan: Loan, state: LoanState, policy: Policy, as_of: date) -> Review:
    """Evaluate the loan at ``as_of`` and decide what follows; deterministic."""
    as_of = max(as_of, state.position.last_value_date or as_of)
    standing = standing_at(loan.schedule, state.position, policy.monitoring, as_of)
    case, cases, signal = track_current(state.case, standing), state.cases, None
    message = None
    if not state.closed:
        risks = risk_signals(
            loan.schedule, state.position, policy.monitoring, policy.accounting.allocation, as_of
        )
        held = in_force(state.restraints, as_of)
        decision = decide(
            policy.cases, standing, risks, case, as_of, loan.currency, restraints=held
        )
        if decision:
            cases += case is None
            case, signal = follow(loan.loan_id, case, cases, decision, as_of, policy.version)
        message = thanks_due(state.standing, standing, state.retry_on)
        if message is None and state.asked.get(THANK_YOU) != as_of:
            message = message_due(policy.contact, standing, case, state.asked, state.retry_on)
    reviewed = replace(
        state,
        version=state.version + 1,
        standing=standing,
        case=case,
        cases=cases,
        asked={**state.asked, message.rule_key: message.due_date} if message else state.asked,
        retry_on={rule_key: on for rule_key, on in state.retry_on.items() if on > as_of},
        closed=signal.to if signal and signal.to in CLOSING else state.closed,
    )
    reviewed = replace(reviewed, next_review_on=_next_review_on(loan, policy, standing, reviewed))
    outbox = Outbox(
        outbox_id=f"{as_of}#{reviewed.version}",
        as_of=as_of,
        policy_version=policy.version,
        signal=signal,
        messages=(message,) if message else (),
        timeline=tuple(_timeline(state.standing, standing, signal, policy.version)),
        standing_changed=_changed(state.standing, standing),
    )
    return Review(reviewed, standing, outbox)


def _next_review_on(
    loan: Loan, policy: Policy, standing: Standing, state: LoanState
) -> date | None:
    """Return the first later date on which anything may follow if nothing is paid."""
    if state.closed:
        return None
    if standing.outstanding.total == 0:
        return min(state.retry_on.values(), default=None)
    dates = chain(
        delinquency.next_dates(loan.schedule, standing, policy.monitoring),
        stage.next_dates(policy.cases, standing, state.case, restraints=state.restraints),
        plan.next_dates(policy.contact, standing, state.case, state.asked, state.retry_on),
    )
    return min((each for each in dates if each > standing.as_of), default=None)


def _changed(before: Standing | None, now: Standing) -> bool:
    return before is None or (before.bucket, before.overdue, before.outstanding) != (
        now.bucket,
        now.overdue,
        now.outstanding,
    )


def _timeline(
    before: Standing | None, now: Standing, signal: Signal | None, policy_version: int
) -> Iterator[TimelineEntry]:
    was = before.bucket if before else None
    if was != now.bucket and (before or now.days_past_due):
        since = f", overdue since {now.oldest_due_date}" if now.oldest_due_date else ""
        text = f"bucket {was or 'none'} -> {now.bucket}{since}"
        yield TimelineEntry(now.as_of, "standing", text, policy_version, f"standing#{now.bucket}")
    if signal:
        verb = "opens at" if signal.opens else "goes to"
        text = f"case {signal.case_id} {verb} {in_words(signal.to)}: {signal.reason}"
        yield TimelineEntry(now.as_of, "decision", text, policy_version, signal.signal_id)

"""Disputes about a loan: what rests meanwhile, what stays collectible, who may answer.

Only the disputed part rests. The lender proves, the person need not; the officer whom it concerns
neither investigates nor decides (CONC 7.14.1R and 7.14.3R to 7.14.4R as the standard of conduct).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.loan import Components, Instalment
from recovery.domain.accounting.position import Position
from recovery.domain.accounting.said import (
    Dispute,
    DisputeEnd,
    DisputeKind,
    DisputeOutcome,
    Written,
)
from recovery.domain.agreements.restraints import Kind, Restraint
from recovery.domain.shared.actor import Actor, Role, has_name
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.money import Money

COMPLAINT = "complaint"
ANSWERED_WITHIN_DAYS = 30  # later nobody waits for the letter any more
_DAY = timedelta(days=1)
_DISPUTED = (Kind.DISPUTE, Kind.FRAUD_CLAIM)
_NOT_ASKED = (*_DISPUTED, Kind.TIME_BARRED)  # what is too old is asked for no more than that
_MAY_ANSWER = (Role.SUPERVISOR, Role.LEGAL)


@dataclass(frozen=True, slots=True)
class DisputeState:
    """A dispute with how it ended, None while it waits for its answer."""

    dispute_id: str
    dispute: Dispute
    recorded_by: str
    end: DisputeEnd | None = None

    @property
    def is_pending(self) -> bool:
        return self.end is None


def disputes_of(recorded: Recorded) -> tuple[DisputeState, ...]:
    """Return every dispute that counts, in the order in which they were recorded."""
    records = recorded.counting()
    ends = {e.fact.dispute_id: e.fact for e in records if isinstance(e.fact, DisputeEnd)}
    return tuple(
        DisputeState(each.fact_id, each.fact, each.recorded_by, ends.get(each.fact_id))
        for each in records
        if isinstance(each.fact, Dispute)
    )


def is_fraud_proven(recorded: Recorded) -> bool:
    """Whether the loan was proven to be another's: what is lost of it is no credit loss."""
    proven = DisputeOutcome.FRAUD_PROVEN
    return any(each.end and each.end.outcome is proven for each in disputes_of(recorded))


def restraints_by(disputes: Iterable[DisputeState]) -> Iterator[Restraint]:
    """Yield what each dispute holds back, or held: days in dispute stay free of charges.

    A loan that is proven to be another's rests for good.
    """
    for each in disputes:
        dispute, end = each.dispute, each.end
        is_proven = end is not None and end.outcome is DisputeOutcome.FRAUD_PROVEN
        until = None if end is None or is_proven else end.on - _DAY
        yield Restraint(
            kind_of(dispute.about),
            dispute.on,
            until,
            frozenset(dispute.blocks),
            dispute.about.value,
            dispute.amount_minor,
            fact_id=each.dispute_id,
        )


def kind_of(about: DisputeKind) -> Kind:
    """Return the restraint that a dispute is: that the loan is another's is one of its own."""
    return Kind.FRAUD_CLAIM if about is DisputeKind.NOT_MINE else Kind.DISPUTE


def collectible(
    schedule: tuple[Instalment, ...],
    position: Position,
    restraints: Iterable[Restraint],
    as_of: date,
) -> Position:
    """Return the position in which disputed and too old parts count as paid, oldest first.

    What follows from it is the collectible standing; the contractual one is not touched. The same
    position is returned while nothing is disputed.
    """
    parts = [each for each in restraints if each.kind in _NOT_ASKED and each.holds(as_of)]
    if not parts:
        return position
    if any(each.part is None for each in parts):
        return replace(position, paid=tuple(each.due for each in schedule))
    left_minor = sum(each.part or 0 for each in parts)
    paid = list(position.paid)
    for index, instalment in enumerate(schedule):
        rest = instalment.due.less(paid[index])
        covered = []
        for amount_minor in rest:
            covered.append(min(amount_minor, left_minor))
            left_minor -= covered[-1]
        paid[index] = Components(*map(sum, zip(paid[index], covered, strict=True)))
        if not left_minor:
            break
    return replace(position, paid=tuple(paid))


def written_answers(disputes: Iterable[DisputeState], today: date) -> tuple[Written, ...]:
    """Return the answers given lately, which the person gets in writing."""
    oldest = today - ANSWERED_WITHIN_DAYS * _DAY
    return tuple(
        Written("dispute", each.dispute_id, each.end.outcome.value, each.end.on)
        for each in disputes
        if each.end
        and each.end.on >= oldest
        and each.end.outcome in (DisputeOutcome.UPHELD, DisputeOutcome.REJECTED)
    )


def still_told(answers: Iterable[Written], today: date) -> Iterator[Written]:
    """Yield the answers to complaints given lately. They are the person's: no fact of the loan says
    them again, so that they stay until the person's record puts others in their place."""
    oldest = today - ANSWERED_WITHIN_DAYS * _DAY
    return (each for each in answers if each.to == COMPLAINT and each.on >= oldest)


def is_disputed(restraints: Iterable[Restraint], as_of: date) -> bool:
    """Whether anything of the loan is disputed at ``as_of``."""
    return any(each.kind in _NOT_ASKED and each.holds(as_of) for each in restraints)


def disputed_minor(restraints: Iterable[Restraint], as_of: date, owed_minor: int) -> int:
    """Return how much of what is owed is disputed at ``as_of``, in minor units."""
    parts = [each for each in restraints if each.kind in _DISPUTED and each.holds(as_of)]
    if any(each.part is None for each in parts):
        return owed_minor
    return min(owed_minor, sum(each.part or 0 for each in parts))


def dispute_problems(
    dispute: Dispute, known: Iterable[DisputeState], owed_minor: int, currency: str
) -> Iterator[Problem]:
    """Yield every reason why it cannot be recorded."""
    waiting = [each for each in known if each.is_pending]
    part_minor = dispute.amount_minor
    if part_minor is not None and dispute.about is DisputeKind.NOT_MINE:
        reason = "is given for a loan that is not the person's at all"
        yield Problem("amount", reason, "Leave it out: the whole loan is disputed")
    if part_minor is not None and part_minor > owed_minor:
        reason = f"is more than is owed, {Money(owed_minor, currency)}"
        yield Problem("amount", reason, "Leave it out to dispute the whole loan", "out_of_range")
    for each in waiting:
        if each.dispute.about is dispute.about and each.dispute.amount_minor == part_minor:
            reason = f"would repeat dispute {each.dispute_id}, which waits for its answer"
            yield Problem("dispute_id", reason, "Add what is new to that one", "duplicate")


def answer_problems(
    state: DisputeState, outcome: DisputeOutcome, by: Actor, on: date
) -> Iterator[Problem]:
    """Yield every reason why this person may not end the dispute so."""
    dispute = state.dispute
    if state.end is not None:
        reason = f"{state.dispute_id} was {state.end.outcome.value} on {state.end.on}"
        yield Problem("dispute_id", reason, "Record a new dispute if there is news", "conflict")
    if on < dispute.on:
        reason = f"{on} is before the dispute of {dispute.on}"
        yield Problem("on", reason, "Use a later date", "out_of_range")
    if outcome is DisputeOutcome.FRAUD_PROVEN and dispute.about is not DisputeKind.NOT_MINE:
        reason = "is for a loan that is not the person's"
        yield Problem("outcome", reason, "Use upheld or rejected")
    if outcome is DisputeOutcome.WITHDRAWN:
        return
    if not by.is_person or not by.may(*_MAY_ANSWER):
        roles = " or ".join(role.value for role in _MAY_ANSWER)
        yield Problem("by", f"is no {roles}", f"Let a {roles} answer it", "conflict")
    if any(has_name(by, name) for name in dispute.not_by):
        reason = "is the officer whom it concerns"
        yield Problem("by", reason, "Let somebody else investigate and decide", "conflict")

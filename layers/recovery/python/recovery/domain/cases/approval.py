"""Decisions that need two people: one asks, another decides.

Who asked never decides, whatever else they may do. Under a policy of two judicial approvals, asking
is the first of them, so it takes the same right as deciding; under one, anybody may ask, the daily
review too, and the one who decides is the one who approves. A dossier asks for itself: the first
who approves it answers that, and asks the second in the same write. Fraud is always said by two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from recovery.domain.cases.policy import CasePolicy
from recovery.domain.shared.actor import Actor, Role, actor_problems, has_name, same_person
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.domain.shared.free_text import free_text_problems

LONGEST_REASON = 500
WITHDRAWN = "withdrawn"  # an outcome, but no answer
DAILY_REVIEW = Actor(id="daily-review", name="the daily review", roles=frozenset({Role.SERVICE}))


class DecisionKind(StrEnum):
    """What is to be decided."""

    JUDICIAL_APPROVAL = "judicial_approval"
    SETTLEMENT = "settlement"
    WRITE_OFF = "write_off"
    ENFORCEMENT = "enforcement"
    REFINANCING = "refinancing"
    FRAUD = "fraud"
    AGREEMENT = "agreement"


class Answer(StrEnum):
    """How it was decided."""

    APPROVED = "approved"
    DECLINED = "declined"
    SENT_BACK = "sent_back"


_MAY_DECIDE: dict[str, tuple[Role, ...]] = {
    DecisionKind.JUDICIAL_APPROVAL: (Role.SUPERVISOR, Role.LEGAL),
    DecisionKind.ENFORCEMENT: (Role.SUPERVISOR, Role.LEGAL),
    DecisionKind.SETTLEMENT: (Role.SUPERVISOR,),
    DecisionKind.WRITE_OFF: (Role.SUPERVISOR,),
    DecisionKind.REFINANCING: (Role.SUPERVISOR,),
    DecisionKind.FRAUD: (Role.SUPERVISOR, Role.LEGAL),
    DecisionKind.AGREEMENT: (Role.SUPERVISOR, Role.LEGAL),
}
_ASKING_DECIDES_HALF = (DecisionKind.FRAUD,)


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingDecision:
    """One question to a second person, and once decided its answer; never edited after that.

    A kind that is unknown here can be read, and nobody may decide it. ``not_by`` are the names of
    people who may not decide, such as the loan's officer. ``case_id`` is empty if it is about no
    case. ``amount_minor`` is how much of the loan is to be written off, in minor units of its
    currency; None is all of it. ``about`` is the id of the dispute, or offer and option, that it is
    about, or the hash of the dossier.
    """

    decision_id: str
    kind: str
    loan_id: str
    case_id: str
    asked_by: Actor
    asked_at: datetime
    reason: str
    decided_by: Actor | None = None
    decided_at: datetime | None = None
    outcome: str | None = None
    decided_because: str | None = None
    not_by: tuple[str, ...] = ()
    amount_minor: int | None = None
    about: str = ""

    @property
    def is_pending(self) -> bool:
        return self.outcome is None and self.decided_by is None


def ask(decision: PendingDecision, policy: CasePolicy) -> PendingDecision:
    """Return the decision if it may go on record as a question; raises RefusedError."""
    problems = tuple(_asking_problems(decision, policy))
    if problems:
        raise RefusedError(*problems)
    return decision


def decide(
    decision: PendingDecision, by: Actor, at: datetime, outcome: Answer, because: str
) -> PendingDecision:
    """Return the decision as decided by a second person; raises RefusedError.

    Decided is decided: only the same answer by the same person again, a repeat, is no conflict.
    """
    if _is_repeat(decision, by, outcome, because):
        return decision
    problems = tuple(_deciding_problems(decision, by, at, outcome, because))
    if problems:
        raise RefusedError(*problems)
    return replace(
        decision, decided_by=by, decided_at=at, outcome=outcome, decided_because=because.strip()
    )


def approval_id(case_id: str, signals: int) -> str:
    """Return the id of the question whether a case, after so many signals, goes to court."""
    return f"{case_id}#{signals + 1}-{DecisionKind.JUDICIAL_APPROVAL}"


def second_id(decision_id: str) -> str:
    """Return the id of the question by which the first who approves asks the second."""
    return f"{decision_id}-2"


def first_id(decision_id: str) -> str:
    """Return the id of the question that the first person answered, of either question."""
    return decision_id.removesuffix("-2")


def is_approved(decisions: Iterable[PendingDecision], decision_id: str) -> bool:
    """Whether everybody who was asked approved: the second person too, once one was asked."""
    asked = [each for each in decisions if first_id(each.decision_id) == decision_id]
    first = any(each.decision_id == decision_id for each in asked)
    return first and all(each.outcome == Answer.APPROVED for each in asked)


def withdraw(
    decision: PendingDecision, at: datetime, because: str, by: Actor = DAILY_REVIEW
) -> PendingDecision:
    """Return the question as withdrawn, pointless by now; unchanged if it was answered."""
    if not decision.is_pending:
        return decision
    return replace(
        decision,
        decided_by=by,
        decided_at=max(at, decision.asked_at),
        outcome=WITHDRAWN,
        decided_because=because,
    )


def needs_second_person(policy: CasePolicy) -> bool:
    """Whether one person's approval of judicial recovery only asks another to approve it too."""
    return policy.judicial_approvals > 1


def roles_that_decide(kind: str) -> tuple[Role, ...]:
    """Return the roles that may decide on this kind of question; on an unknown one nobody."""
    return _MAY_DECIDE.get(kind, ())


def may_decide(decision: PendingDecision, by: Actor) -> bool:
    """Whether this decision may be offered to this actor: open, within their rights, not their
    own."""
    return decision.is_pending and not list(_right_problems(decision, by))


def _asking_problems(decision: PendingDecision, policy: CasePolicy) -> Iterator[Problem]:
    if decision.kind not in _MAY_DECIDE:
        reason = f"{decision.kind!r} is unknown"
        yield Problem("kind", reason, f"Use one of: {', '.join(_MAY_DECIDE)}")
    elif decision.kind in _ASKING_DECIDES_HALF or (
        decision.kind == DecisionKind.JUDICIAL_APPROVAL and needs_second_person(policy)
    ):
        yield from _role_problems("asked_by", decision.kind, decision.asked_by)
    if not decision.is_pending:
        yield Problem("outcome", "is already set", "Ask first, then let another decide", "conflict")
    if decision.asked_at.tzinfo is None:
        yield Problem("asked_at", "has no time zone", "Give the moment with its time zone")
    yield from (problem.within("asked_by") for problem in actor_problems(decision.asked_by))
    yield from free_text_problems("reason", decision.reason, LONGEST_REASON)


def _deciding_problems(
    decision: PendingDecision, by: Actor, at: datetime, outcome: Answer, because: str
) -> Iterator[Problem]:
    if not decision.is_pending:
        who = decision.decided_by.in_words() if decision.decided_by else "somebody"
        reason = f"was already {decision.outcome or 'decided'} by {who}"
        yield Problem("decision_id", reason, "Ask anew if something has changed", "conflict")
        return
    yield from (problem.within("decided_by") for problem in actor_problems(by))
    yield from _right_problems(decision, by)
    if outcome not in tuple(Answer):
        yield Problem("outcome", f"{outcome!r} is unknown", f"Use one of: {', '.join(Answer)}")
    if at.tzinfo is None:
        yield Problem("decided_at", "has no time zone", "Give the moment with its time zone")
    elif at < decision.asked_at:
        yield Problem("decided_at", "is before it was asked", "Check the clock", "out_of_range")
    yield from free_text_problems("decided_because", because, LONGEST_REASON)


def _right_problems(decision: PendingDecision, by: Actor) -> Iterator[Problem]:
    if same_person(decision.asked_by, by):
        reason = f"{by.in_words()} asked for it"
        yield Problem("decided_by", reason, "Let a second person decide", "conflict")
    if any(has_name(by, name) for name in decision.not_by):
        reason = f"{by.in_words()} granted or keeps the loan"
        yield Problem("decided_by", reason, "Let somebody else decide", "conflict")
    yield from _role_problems("decided_by", decision.kind, by)


def _role_problems(field: str, kind: str, actor: Actor) -> Iterator[Problem]:
    """A service never decides, whatever other role it was given."""
    roles = roles_that_decide(kind)
    if not (actor.is_person and actor.may(*roles)):
        reason = f"{actor.in_words()} may not decide this"
        yield Problem(field, reason, f"Leave it to: {' or '.join(roles) or 'nobody yet'}")


def _is_repeat(decision: PendingDecision, by: Actor, outcome: Answer, because: str) -> bool:
    decided_by = decision.decided_by
    return (
        decided_by is not None
        and (decided_by.id, decided_by.name, decided_by.typed) == (by.id, by.name, by.typed)
        and (decision.outcome, decision.decided_because) == (outcome, because.strip())
    )

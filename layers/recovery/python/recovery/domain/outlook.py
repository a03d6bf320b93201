"""What behaviour tells at a review: the warning before the next due date, the segment and its
changes, and when a person should look at the capacity to pay again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from recovery.domain.accounting.loan import Loan
from recovery.domain.agreements.restraints import Block, blocks
from recovery.domain.cases.stage import in_words
from recovery.domain.cases.tasks import Task, TaskKind, role_for
from recovery.domain.loan_state import LoanState
from recovery.domain.monitoring.behaviour import Warned, segment_now, warned
from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.monitoring.pattern import PatternKind
from recovery.domain.monitoring.segments import Segment, Segmented
from recovery.domain.outbox import DomainEvent, TimelineEntry
from recovery.domain.policy import Policy

_LIFE_CHANGED = (
    PatternKind.SHRINKING_PAYMENTS,
    PatternKind.SEVERAL_LOANS_ONE_STRAIN,
    PatternKind.BROKEN_PROMISES,
    PatternKind.BEHIND_AT_CHECKPOINT,
)
_LOOK_EVERY_DAYS = 90
_TIME_TO_LOOK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SegmentChange:
    """The segment by a loan changed; None stands for the new and the punctual."""

    before: str | None
    now: Segmented | None

    @property
    def segment(self) -> str:
        return self.now.segment.value if self.now else "punctual_or_new"

    @property
    def reason(self) -> str:
        reason = self.now.reason if self.now else None
        return reason.value if reason else "no_sign_of_trouble"


def warning_of(loan: Loan, state: LoanState, policy: Policy, as_of: date) -> Warned | None:
    """Return the warning before the loan's next due date, None if there is none."""
    return warned(loan.schedule, state.position, policy.monitoring, as_of, state.known())


def segment_change(
    loan: Loan, state: LoanState, policy: Policy, standing: Standing, warning: Warned | None
) -> SegmentChange | None:
    """Return how the segment changed; None if it did not.

    It is looked at when something became known: a payment or another fact, another bucket, or the
    day of a warning; time alone moves nobody.
    """
    was, as_of = state.standing, standing.as_of
    is_new_day = warning is not None and warning.on == as_of
    moved = was is not None and (was.bucket, was.overdue) != (standing.bucket, standing.overdue)
    if not (state.facts.has_news or moved or is_new_day or was is None):
        return None
    now = segment_now(loan.schedule, state.position, policy.monitoring, as_of, state.known())
    segment = now.segment.value if now else None
    return SegmentChange(state.segment, now) if segment != state.segment else None


def segment_entries(
    change: SegmentChange | None, as_of: date, version: int, state_version: int
) -> Iterator[TimelineEntry]:
    """Keep for people to read how the segment changed, and why."""
    if change:
        before = in_words(change.before or "punctual_or_new")
        text = f"segment {before} -> {in_words(change.segment)}: {in_words(change.reason)}"
        yield TimelineEntry(as_of, "segment", text, version, f"segment#{state_version}")


def segment_events(
    loan: Loan, change: SegmentChange | None, as_of: date, version: int
) -> Iterator[DomainEvent]:
    """Announce the change."""
    if change:
        yield DomainEvent(
            "SegmentChanged",
            {
                "loan_id": loan.loan_id,
                "as_of": as_of.isoformat(),
                "before": change.before or "punctual_or_new",
                "segment": change.segment,
                "reason": change.reason,
                "policy_version": version,
            },
        )


def capacity_looks(
    change: SegmentChange | None, loan: Loan, state: LoanState, as_of: date
) -> Iterator[Task]:
    """Yield the task to look at the capacity to pay again, once the borrower's payments say that
    life changed; at most one a person in 90 days, and never an automatic step."""
    if change is None or change.now is None or change.now.segment is not Segment.STRAINED:
        return
    if change.now.reason not in _LIFE_CHANGED or blocks(state.restraints, Block.CALLS, as_of):
        return
    yield capacity_look(loan, as_of, in_words(change.reason))


def capacity_look(loan: Loan, as_of: date, why: str) -> Task:
    """Return the task; its id is the same for all that says so within 90 days."""
    period = as_of.toordinal() // _LOOK_EVERY_DAYS
    return Task(
        task_id=f"{loan.borrower_id}.capacity.{period}",
        kind=TaskKind.PLAN,
        person_id=loan.borrower_id,
        loan_id=loan.loan_id,
        role=role_for(TaskKind.PLAN),
        officer=loan.advisor_name or None,
        reason=f"life may have changed ({why}): ask, and assess the capacity to pay anew",
        opened_on=as_of,
        do_by=as_of + _TIME_TO_LOOK,
    )


def may_strain_others(before: LoanState, now: Standing, policy: Policy) -> bool:
    """Whether the warnings of the borrower's other loans may be different because of this one."""
    if not any(each.acts for each in policy.monitoring.warning.treatments):
        return False
    since = before.standing.oldest_due_date if before.standing else None
    return since != now.oldest_due_date

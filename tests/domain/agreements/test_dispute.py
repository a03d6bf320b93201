"""Disputes: only the disputed part rests, and others than the officer decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.loan import Components
from recovery.domain.accounting.position import unpaid_position
from recovery.domain.accounting.said import Dispute, DisputeEnd, DisputeKind, DisputeOutcome
from recovery.domain.agreements.dispute import (
    DisputeState,
    answer_problems,
    collectible,
    dispute_problems,
    disputed_minor,
    disputes_of,
    is_fraud_proven,
    restraints_by,
    written_answers,
)
from recovery.domain.agreements.restraints import Kind
from recovery.domain.shared.actor import Role
from tests.builders import a_schedule, an_actor, fields
from tests.domain.agreements.test_promise import record

DAY = timedelta(days=1)
ON = date(2026, 4, 10)
MADE = Dispute(ON, DisputeKind.PAID_ALREADY, ON + 21 * DAY, ("judicial",), 15_000, ("Peter",))
STATE = DisputeState("D-1", MADE, "ana")
SCHEDULE = a_schedule(3, Components(9_000, 1_000))
POSITION = unpaid_position(SCHEDULE)


def held(**changes):
    return tuple(restraints_by([replace(STATE, dispute=replace(MADE, **changes))]))


def test_a_disputed_part_counts_as_paid_oldest_first_and_only_while_it_is_disputed() -> None:
    paid = collectible(SCHEDULE, POSITION, held(), ON).paid
    assert [sum(each) for each in paid] == [10_000, 5_000, 0]
    assert collectible(SCHEDULE, POSITION, held(), ON - DAY) is POSITION
    whole = collectible(SCHEDULE, POSITION, held(amount_minor=None), ON).paid
    assert [sum(each) for each in whole] == [10_000] * 3
    assert disputed_minor(held(), ON, 30_000) == 15_000
    assert disputed_minor(held(amount_minor=None), ON, 30_000) == 30_000


@given(st.integers(1, 40_000))
def test_what_is_disputed_and_what_is_collectible_are_what_is_owed(part: int) -> None:
    paid = collectible(SCHEDULE, POSITION, held(amount_minor=part), ON).paid
    rest = 30_000 - sum(map(sum, paid))
    assert rest + disputed_minor(held(amount_minor=part), ON, 30_000) == 30_000
    assert all(min(each.due.less(now)) >= 0 for each, now in zip(SCHEDULE, paid, strict=True))


def test_it_rests_until_it_is_answered_and_a_proven_fraud_for_good() -> None:
    [waiting] = held()
    assert (waiting.kind, waiting.until, waiting.part) == (Kind.DISPUTE, None, 15_000)
    end = DisputeEnd("D-1", ON + 9 * DAY, DisputeOutcome.REJECTED, "No.")
    [answered] = restraints_by([replace(STATE, end=end)])
    assert answered.until == ON + 8 * DAY
    proven = replace(end, outcome=DisputeOutcome.FRAUD_PROVEN)
    fraud = replace(MADE, about=DisputeKind.NOT_MINE, amount_minor=None)
    [for_good] = restraints_by([replace(STATE, dispute=fraud, end=proven)])
    assert (for_good.kind, for_good.until) == (Kind.FRAUD_CLAIM, None)


def test_fraud_is_proven_by_the_end_of_a_dispute_alone() -> None:
    end = DisputeEnd("D-1", ON, DisputeOutcome.REJECTED, "No.")
    made = record("D-1", MADE)
    assert not is_fraud_proven(Recorded(facts=(made, record("E-1", end))))
    proven = record("E-1", replace(end, outcome=DisputeOutcome.FRAUD_PROVEN))
    assert is_fraud_proven(Recorded(facts=(made, proven)))


def test_disputes_follow_from_the_record_and_recent_answers_are_written() -> None:
    end = DisputeEnd("D-1", ON, DisputeOutcome.UPHELD, "Found.")
    recorded = Recorded(facts=(record("D-1", MADE), record("E-1", end), record("D-2", MADE)))
    first, second = disputes_of(recorded)
    assert (first.is_pending, second.is_pending) == (False, True)
    [written] = written_answers((first, second), ON)
    assert (written.to, written.fact_id, written.outcome) == ("dispute", "D-1", "upheld")
    assert written_answers((first,), ON + 31 * DAY) == ()


def test_what_cannot_be_disputed() -> None:
    def wrong(dispute: Dispute) -> set[str]:
        return fields(dispute_problems(dispute, [STATE], 30_000, "EUR"))

    assert wrong(MADE) == {"dispute_id"}
    assert wrong(replace(MADE, amount_minor=30_001)) == {"amount"}
    assert wrong(replace(MADE, about=DisputeKind.NOT_MINE)) == {"amount"}
    assert wrong(replace(MADE, amount_minor=5_000)) == set()


def test_who_may_answer_and_how() -> None:
    def wrong(outcome: DisputeOutcome, by=an_actor(), state=STATE, on=ON) -> set[str]:  # noqa: B008
        return fields(answer_problems(state, outcome, by, on))

    rejected = DisputeOutcome.REJECTED
    assert wrong(rejected) == set()
    assert wrong(rejected, an_actor("Peter")) == {"by"}
    assert wrong(rejected, an_actor("Luz", Role.ADVISOR)) == {"by"}
    assert wrong(DisputeOutcome.WITHDRAWN, an_actor("Luz", Role.ADVISOR)) == set()
    assert wrong(DisputeOutcome.FRAUD_PROVEN) == {"outcome"}
    assert wrong(rejected, on=ON - DAY) == {"on"}
    ended = replace(STATE, end=DisputeEnd("D-1", ON, rejected))
    assert wrong(rejected, state=ended) == {"dispute_id"}

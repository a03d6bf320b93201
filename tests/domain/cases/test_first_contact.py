"""A known person calls soon after something is overdue, once, and never who must be left alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recovery.domain.accounting.loan import NOTHING, Components
from recovery.domain.agreements.restraints import MESSAGES, Block, Kind, Restraint
from recovery.domain.cases.first_contact import FirstContact, first_contact, visit_after
from recovery.domain.cases.policy import TaskPolicy
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import Stage
from recovery.domain.cases.tasks import Result, TaskKind, TaskOutcome, task_problems
from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.review import review
from recovery.domain.shared.actor import Role
from tests.builders import FIRST_DUE, a_loan, a_policy, a_state

DAY = timedelta(days=1)
DUE = date(2026, 3, 1)
CALL, VISIT = "L-1.call.2026-03-01", "L-1.visit.2026-03-01"
POLICY = TaskPolicy(visit_by_days=8)
EARLY = CaseState("L-1-C1", DUE + DAY, Stage.EARLY_MANAGEMENT, DUE + DAY)
HELD = Restraint(Kind.HARDSHIP, DUE, None, frozenset({Block.CALLS}), "said")


def standing(days: int) -> Standing:
    late = Components(500) if days else NOTHING
    oldest = DUE if days else None
    return Standing(
        DUE + days * DAY, days, days, None, late, Components(900), 0, oldest, oldest, None, NOTHING
    )


def after(days, since=None, *, policy=POLICY, case=EARLY, restraints=(), rests=False):
    return first_contact(policy, a_loan(), since, standing(days), case, restraints, rests=rests)


def test_on_the_first_day_late_the_officer_gets_a_call_for_the_first_three_days() -> None:
    found = after(1)
    [call] = found.tasks
    assert (found.since, found.ends_tasks, list(task_problems(call))) == (DUE, (), [])
    assert (call.task_id, call.kind, call.role, call.officer) == (
        CALL, TaskKind.CALL, Role.ADVISOR, "Peter Otieno",
    )  # fmt: skip
    assert (call.opened_on, call.do_by, call.tries_wanted) == (DUE + DAY, DUE + 3 * DAY, 2)
    assert call.reason == "overdue since 2026-03-01: first contact"


def test_a_loan_that_came_late_is_called_at_once() -> None:
    [call] = after(20).tasks
    assert call.do_by == DUE + 20 * DAY


def test_it_is_opened_once_and_stays_open_while_anything_is_overdue() -> None:
    for case in (EARLY, replace(EARLY, target_stage=Stage.INTERMEDIATE_RECOVERY)):
        assert after(9, DUE, case=case) == FirstContact(DUE)
    later = replace(standing(40), oldest_due_date=DUE + 30 * DAY)
    assert first_contact(POLICY, a_loan(), DUE, later, EARLY, (), rests=False).tasks == ()


def test_it_lapses_with_its_reason() -> None:
    gone = FirstContact(None, (), (CALL, VISIT))
    assert after(0, DUE) == gone
    assert after(5, DUE, rests=True) == gone
    assert after(5, DUE, restraints=(HELD,)) == gone
    assert after(0) == after(5, rests=True) == after(5, restraints=(HELD,)) == FirstContact(None)


def test_only_a_block_on_calls_holds_a_call() -> None:
    messages = replace(HELD, blocks=MESSAGES)
    unknown = replace(HELD, kind="a kind of a later version", blocks=frozenset())
    over = replace(HELD, until=DUE)
    assert after(1, restraints=(messages, over)).tasks
    assert not after(1, restraints=(unknown,)).tasks


@pytest.mark.parametrize(
    "changes",
    [
        {"case": None},
        {"case": replace(EARLY, target_stage=Stage.PREVENTION)},
        {"case": replace(EARLY, target_stage=Stage.INTERMEDIATE_RECOVERY)},
        {"case": replace(EARLY, target_stage=Stage.ON_HOLD, held_at=Stage.EARLY_MANAGEMENT)},
        {"policy": TaskPolicy(first_contact_by_days=None)},
    ],
)
def test_elsewhere_no_call_is_opened(changes) -> None:
    assert after(1, **changes) == FirstContact(None)


def in_vain(code=TaskOutcome.NO_ANSWER, **changes):
    [call] = after(1).tasks
    at = datetime(2026, 3, 4, 9, tzinfo=UTC)
    return replace(
        call, **{"result": Result(code=code), "ended_on": DUE, "ended_at": at, **changes}
    )


@pytest.mark.parametrize("code", [TaskOutcome.NO_ANSWER, TaskOutcome.WRONG_NUMBER])
def test_after_calls_in_vain_the_same_person_visits_where_the_policy_says_so(code) -> None:
    visit = visit_after(in_vain(code), POLICY, (), DUE + 3 * DAY)
    assert visit
    assert list(task_problems(visit)) == []
    assert (visit.task_id, visit.kind, visit.officer, visit.do_by) == (
        VISIT, TaskKind.VISIT, "Peter Otieno", DUE + 8 * DAY,
    )  # fmt: skip
    late = visit_after(in_vain(code), POLICY, (), DUE + 30 * DAY)
    assert late and late.do_by == DUE + 30 * DAY


def test_nobody_is_visited_who_was_reached_or_must_be_left_alone() -> None:
    on = DUE + 3 * DAY
    assert visit_after(in_vain(), TaskPolicy(), (), on) is None
    assert visit_after(in_vain(), POLICY, (HELD,), on) is None
    for code in (TaskOutcome.REACHED, TaskOutcome.PROMISE, "lapsed"):
        assert visit_after(in_vain(code), POLICY, (), on) is None
    for changes in ({"task_id": "P-1.call"}, {"kind": "visit"}, {"loan_id": None}):
        assert visit_after(in_vain(**changes), POLICY, (), on) is None


def test_reviews_open_the_call_once_and_end_it_when_all_is_paid() -> None:
    loan = a_loan()
    policy = a_policy()
    first = review(loan, a_state(loan), policy, FIRST_DUE + DAY)
    assert [each.task_id for each in first.outbox.tasks] == ["L-1.call.2026-02-01"]
    second = review(loan, first.state, policy, FIRST_DUE + 2 * DAY)
    assert (second.outbox.tasks, second.outbox.ends_tasks) == ((), ())
    paid = a_state(loan, version=9).position
    paid = replace(
        second.state,
        position=replace(
            paid,
            paid=(loan.schedule[0].due, *paid.paid[1:]),
            paid_off_on=(FIRST_DUE + 2 * DAY, *paid.paid_off_on[1:]),
            last_value_date=FIRST_DUE + 2 * DAY,
        ),
    )
    third = review(loan, paid, policy, FIRST_DUE + 3 * DAY)
    assert third.outbox.ends_tasks == ("L-1.call.2026-02-01", "L-1.visit.2026-02-01")
    assert third.state.first_contact is None

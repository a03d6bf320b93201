"""Nothing here reaches a court without the approvals that the policy asks for.

Given a dossier that waits under a policy of two, when somebody tries to get around the second
person, then the case stays where it is: the same person under another session's name, an answer
sent again, a signal forged with the execution's token, an approval after a payment withdrew it, a
decision by the loan's officer, a policy lowered between the two.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from recovery.documents.cases.task import CaseTask
from recovery.domain.cases.policy import TaskPolicy
from recovery.domain.cases.signals import Signal
from recovery.domain.shared.actor import Role
from recovery.domain.shared.errors import RefusedError
from recovery.use_cases.cases.advance_case import advance_case
from recovery.use_cases.cases.decide_case import decide_case
from recovery.use_cases.cases.filing_guard import NotApprovedError
from tests import to_court
from tests.builders import a_policy, a_schedule, an_actor
from tests.life import ANOTHER, Life

ROLE = "arn:aws:sts::111122223333:assumed-role/legal"


@pytest.fixture
def life(wiring) -> Life:
    """The dossier waits for two people."""
    wiring.institutions.save_policy("umoja", a_policy(judicial_approvals=2))
    life = Life(wiring, date(2026, 1, 15))
    life.lend(schedule=a_schedule(1, first_due=date(2026, 2, 2)))
    life.until(date(2026, 6, 8))
    to_court.check("L-1", life.today, life.ports)
    life.settle()
    assert stage(life) == "judicial_recovery"
    return life


def stage(life: Life) -> str:
    life.settle()
    return str(life.ports.loans.load("L-1").state.case.target_stage)


def refused(life: Life, by: Any, why: str, dossier: str = "") -> None:
    read, ports = dossier or to_court.dossier_of("L-1", life.ports), life.ports
    with pytest.raises(RefusedError, match=why):
        decide_case("L-1", "approve", by, "Yes.", ports.now(), ports, dossier=read)
    assert stage(life) == "judicial_recovery"


def test_one_person_under_two_sessions_is_one_person(life) -> None:
    first, other = (
        an_actor(name, Role.LEGAL, id=f"{ROLE}/{name}") for name in ("Ana Torres", "Ben Mwangi")
    )
    to_court.approve("L-1", life.ports, first)
    refused(life, other, "asked for it")


def test_an_answer_sent_again_is_no_second_one(life) -> None:
    to_court.approve("L-1", life.ports)
    again = to_court.approve("L-1", life.ports)  # a repeat, by the same person
    assert again.signal is None and stage(life) == "judicial_recovery"


def test_an_approval_after_a_payment_withdrew_it_is_refused(life) -> None:
    read = to_court.dossier_of("L-1", life.ports)
    to_court.approve("L-1", life.ports)
    life.pay("L-1", 1_000)
    refused(life, ANOTHER, "is not what waits", read)


def test_the_loans_officer_never_decides(life) -> None:
    officer = life.ports.loans.load("L-1").loan.advisor_name
    refused(life, an_actor(officer, Role.LEGAL, Role.SUPERVISOR), "granted or keeps the loan")
    to_court.approve("L-1", life.ports)
    refused(life, an_actor(officer, Role.LEGAL, Role.SUPERVISOR), "granted or keeps the loan")


def test_a_policy_lowered_in_between_does_not_answer_for_the_second_person(life) -> None:
    to_court.approve("L-1", life.ports)
    life.ports.institutions.save_policy("umoja", a_policy(version=2, judicial_approvals=1))
    refused(life, to_court.LAWYER, "asked for it")
    to_court.approve("L-1", life.ports, ANOTHER)
    assert stage(life) == "filing"


@pytest.mark.parametrize("to", ["filing", "enforcement"])
def test_a_signal_forged_with_the_token_enters_nothing(life, to: str) -> None:
    """Whoever holds the token moves the execution; the function behind the state refuses."""
    to_court.approve("L-1", life.ports)
    case = life.ports.loans.load("L-1").state.case
    for number in (1, case.signals, case.signals + 1, case.signals + 2):
        signal = Signal(
            f"{case.case_id}#{number}", case.case_id, to, "approved by two", life.today, 1
        )
        task = CaseTask(
            step="enter_stage", institution_id="umoja", loan_id="L-1", signal=signal,
            execution_id="E-1", stage=to, task_token="stolen",
        )  # fmt: skip
        with pytest.raises(NotApprovedError):
            advance_case(task, life.ports)
    assert stage(life) == "judicial_recovery"


def test_the_approved_signal_enters_filing(life) -> None:
    to_court.approve("L-1", life.ports)
    signal = to_court.approve("L-1", life.ports, ANOTHER).signal
    assert signal
    stage(life)
    task = CaseTask(
        step="enter_stage", institution_id="umoja", loan_id="L-1", signal=signal,
        execution_id="E-1", stage="filing", task_token="token",
    )  # fmt: skip
    advance_case(task, life.ports)
    life.pay("L-1", 1_000)  # the execution may be slower than the record
    assert stage(life) == "judicial_recovery"
    advance_case(task, life.ports)


def test_a_claim_that_nobody_approved_is_not_recorded_as_ours(life) -> None:
    with pytest.raises(RefusedError, match="was not approved here"):
        to_court.file("L-1", life.today, life.ports)
    elsewhere = {"persons": ["B-1"], "procedure": "PE_DEMANDA", "told_by": "the former owner"}
    life.say("L-1", "suit", to_court.LAWYER, **elsewhere, on=life.today)
    assert stage(life) == "in_proceedings"  # it is seen, not denied
    [task] = [each for each in life.tasks("investigate") if "filed elsewhere" in each.reason]
    assert task.role == Role.SUPERVISOR


def reminders(life: Life) -> list[Any]:
    return [each for each in life.tasks("court") if "the dossier has waited" in each.reason]


def test_a_dossier_that_waits_too_long_reaches_a_supervisor_once_until_it_is_decided(life) -> None:
    life.until(life.today + timedelta(days=2))
    assert reminders(life) == []
    life.until(life.today + timedelta(days=1))
    [task] = reminders(life)
    assert task.role == Role.SUPERVISOR
    assert life.ports.loans.load("L-1").loan.advisor_name in task.not_by
    to_court.approve("L-1", life.ports)
    assert stage(life) == "judicial_recovery" and reminders(life)  # the second person is missing
    to_court.approve("L-1", life.ports, ANOTHER)
    assert stage(life) == "filing" and reminders(life) == []


def test_a_policy_may_ask_nobody_to_see_to_a_dossier(life) -> None:
    tasks = TaskPolicy(remind_approvers_after_days=None)
    policy = a_policy(version=2, judicial_approvals=2, tasks=tasks)
    life.ports.institutions.save_policy("umoja", policy)
    life.until(life.today + timedelta(days=9))
    assert reminders(life) == []

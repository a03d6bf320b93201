"""What breaks on the way ends in NeedsRepair or waits, and goes on from there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from typer.testing import CliRunner

from infra.command_line import app
from infra.deployment.operate import run_review, wait_for
from recovery.adapters.dynamodb import keys
from recovery.domain.cases.signals import Signal
from recovery.use_cases.cases.deliver_signal import deliver_signal
from tests.embedded.inside import function_name, needs_repair, pk
from tests.embedded.lender import DAY, MONDAY, SOON, Lender


def repair(lender: Lender, case_id: str) -> str:
    """Run `recovery repair`."""
    result = CliRunner().invoke(app, ["repair", case_id, "--institution", lender.id])
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


def in_stage(lender: Lender, loan_id: str, stage: str) -> None:
    """Wait until the case is in the stage, and waits there for a signal."""

    def entered() -> bool | None:
        case = lender.case(loan_id)
        return True if case.stage == stage and case.task_token else None

    wait_for(entered, SOON, f"{loan_id} is not in {stage}", pause=0.1)


def signal_to(lender: Lender, loan_id: str, number: int, to: str, on: date = MONDAY + DAY) -> None:
    """Send a signal that no review has decided."""
    case_id = f"{loan_id}-C1"
    signal = Signal(f"{case_id}#{number}", case_id, to, "a test", on, 7)
    deliver_signal(loan_id, signal, lender.wiring)


@contextmanager
def broken_function(lender: Lender, containing: str) -> Iterator[None]:
    """Make the function fail before its first line."""
    functions, name = lender.target.client("lambda"), function_name(lender.target, containing)
    handler = functions.get_function_configuration(FunctionName=name)["Handler"]
    functions.update_function_configuration(FunctionName=name, Handler="nothing.handler")
    try:
        yield
    finally:
        functions.update_function_configuration(FunctionName=name, Handler=handler)


@contextmanager
def broken_contract(lender: Lender, loan_id: str) -> Iterator[None]:
    """Make the loan's contract unreadable for a while."""
    dynamodb, table = lender.target.client("dynamodb"), lender.target.outputs["TableName"]
    key = {"pk": {"S": pk(keys.LOAN, loan_id)}, "sk": {"S": keys.LOAN}}
    schedule = dynamodb.get_item(TableName=table, Key=key)["Item"]["schedule"]["S"]

    def store(text: str) -> None:
        dynamodb.update_item(
            TableName=table,
            Key=key,
            UpdateExpression="SET #s = :s",
            ExpressionAttributeNames={"#s": "schedule"},
            ExpressionAttributeValues={":s": {"S": text}},
        )

    store("broken")
    try:
        yield
    finally:
        store(schedule)


def test_a_broken_function_ends_in_needs_repair_and_goes_on(lender: Lender):
    loan_id = lender.lend_one(MONDAY)
    with broken_function(lender, "AdvanceCase"):
        run_review(lender.target, lender.id, MONDAY + DAY, replay=True)
        needs_repair(lender, loan_id)
    assert "on its way to early management, and goes on" in repair(lender, f"{loan_id}-C1")
    lender.wait_until_idle()
    assert lender.path(loan_id) == ["early_management"]
    assert lender.states(loan_id) == [
        "OpenCase",
        "AlertOperators",
        "NeedsRepair",
        "EarlyManagement",
    ]


def test_a_broken_item_ends_in_needs_repair_and_goes_on(lender: Lender):
    loan_id = lender.lend_one(MONDAY)
    lender.review(MONDAY + DAY)
    with broken_contract(lender, loan_id):
        signal_to(lender, loan_id, 2, "judicial_recovery")
        needs_repair(lender, loan_id)
    repair(lender, f"{loan_id}-C1")
    in_stage(lender, loan_id, "judicial_recovery")
    assert lender.wiring.cases.repair(loan_id, f"{loan_id}-C1") is None


def test_an_unknown_signal_waits_for_one_that_is_known(lender: Lender):
    loan_id = lender.lend_one(MONDAY)
    lender.review(MONDAY + DAY)
    signal_to(lender, loan_id, 2, "a_state_of_tomorrow")
    needs_repair(lender, loan_id)
    signal_to(lender, loan_id, 3, "intermediate_recovery")
    repair(lender, f"{loan_id}-C1")
    in_stage(lender, loan_id, "intermediate_recovery")


def test_the_next_daily_review_lets_a_case_go_on_by_itself(lender: Lender):
    loan_id = lender.lend_one(MONDAY)
    with broken_function(lender, "AdvanceCase"):
        run_review(lender.target, lender.id, MONDAY + DAY, replay=True)
        needs_repair(lender, loan_id)
    lender.review(MONDAY + 2 * DAY)
    in_stage(lender, loan_id, "early_management")


def test_a_stopped_execution_continues_in_a_new_one(lender: Lender):
    loan_id = lender.lend_one(MONDAY, MONDAY + 30 * DAY)
    lender.review(MONDAY + DAY)
    states = lender.target.client("stepfunctions")
    states.stop_execution(executionArn=lender.case(loan_id).execution_id)
    result = CliRunner().invoke(app, ["reconcile", "--institution", lender.id])
    assert "Cases started again: 1." in " ".join(result.output.split()), result.output
    in_stage(lender, loan_id, "early_management")
    lender.pay(loan_id, "100.00", MONDAY + DAY)
    assert lender.path(loan_id)[-1] == "prevention"
    again = CliRunner().invoke(app, ["reconcile", "--institution", lender.id])
    assert "Cases started again: 0." in " ".join(again.output.split())


def test_a_hidden_loan_is_found(lender: Lender):
    loan_id = lender.lend_one(MONDAY)
    lender.review(MONDAY - DAY)
    lender.target.client("dynamodb").update_item(
        TableName=lender.target.outputs["TableName"],
        Key={"pk": {"S": pk(keys.LOAN, loan_id)}, "sk": {"S": keys.STATE}},
        UpdateExpression="REMOVE next_review_on, due_shard",
    )
    lender.review(MONDAY + DAY)
    assert lender.wiring.cases.cases_of(loan_id) == []
    result = CliRunner().invoke(app, ["reconcile", "--institution", lender.id])
    assert "Hidden loans found: 1." in " ".join(result.output.split()), result.output
    lender.review(MONDAY + 2 * DAY)
    assert lender.path(loan_id) == ["early_management"]

"""With a permission refused for longer than its retries, the next day makes up for it.

Runs after everything else: it fills the logs with refusals.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from infra.deployment.operate import run_review, wait_for
from tests.embedded.inside import arrived, function_name, needs_repair, retried_for
from tests.embedded.lender import DAY, MONDAY, SOON, Lender

ASYNCHRONOUS = {
    "RouteChanges": (
        "states:StartExecution",
        "sqs:SendMessage",
        "events:PutEvents",
        "dynamodb:PutItem",
    ),
    "SendMessages": ("ses:SendEmail", "events:PutEvents", "dynamodb:PutItem"),
    "ReviewChangedLoans": ("dynamodb:UpdateItem",),
    "AdvanceCase": ("events:PutEvents", "dynamodb:PutItem"),
}


@contextmanager
def refused(lender: Lender, containing: str, action: str) -> Iterator[None]:
    """Deny the function's role one action for a while."""
    functions, iam = lender.target.client("lambda"), lender.target.client("iam")
    name = function_name(lender.target, containing)
    role = functions.get_function_configuration(FunctionName=name)["Role"].rpartition("/")[2]
    denied = {"Effect": "Deny", "Action": action, "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [denied]})
    iam.put_role_policy(RoleName=role, PolicyName="refused", PolicyDocument=policy)
    try:
        yield
    finally:
        iam.delete_role_policy(RoleName=role, PolicyName="refused")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("containing", "action"),
    [(name, action) for name, actions in ASYNCHRONOUS.items() for action in actions],
)
def test_after_a_permission_was_refused_the_next_day_makes_up_for_it(
    make_lender: Callable[..., Lender], lender: Lender, containing: str, action: str
):
    """Refused for longer than its retries: cases, messages and timelines as if nothing had been."""
    other, due = make_lender(), (MONDAY, MONDAY + 30 * DAY)
    unharmed, harmed = other.lend_one(*due), lender.lend_one(*due)
    other.review(MONDAY + DAY)
    with refused(lender, containing, action), retried_for_a_moment(lender, containing):
        if containing == "ReviewChangedLoans":
            assert lender.post(harmed, "10.00", MONDAY - DAY, f"{harmed}-P")[0] == 201
        else:
            run_review(lender.target, lender.id, MONDAY + DAY, replay=True)
        gave_up(lender, containing, harmed)
    lender.review(MONDAY + 2 * DAY)
    other.review(MONDAY + 2 * DAY)
    if containing == "ReviewChangedLoans":
        assert lender.standing(harmed)["overdue"]["total"] == "90.00"
    assert lender.path(harmed)[-1] == other.path(unharmed)[-1] == "early_management"
    assert lender.messages(harmed) == other.messages(unharmed)
    kinds = [
        {entry.kind for entry in of.timeline(loan_id)} - {"payment"}
        for of, loan_id in ((other, unharmed), (lender, harmed))
    ]
    assert kinds[0] == kinds[1]
    assert lender.wiring.loans.outboxes(harmed) == []


@contextmanager
def retried_for_a_moment(lender: Lender, containing: str) -> Iterator[None]:
    if containing in ("RouteChanges", "ReviewChangedLoans"):
        with retried_for(lender.target, containing, seconds=2):
            yield
    else:
        yield


def gave_up(lender: Lender, containing: str, loan_id: str) -> None:
    """Wait until whatever was refused is no longer retried, or will not be for minutes."""
    outputs, sqs = lender.target.outputs, lender.target.client("sqs")
    if containing in ("RouteChanges", "ReviewChangedLoans"):
        assert arrived(lender.target, outputs[f"Failed{containing}QueueUrl"])
    elif containing == "AdvanceCase":
        needs_repair(lender, loan_id)
    else:
        name = "ApproximateNumberOfMessagesNotVisible"

        def hidden() -> bool | None:
            found = sqs.get_queue_attributes(
                QueueUrl=outputs["MessageQueueUrl"], AttributeNames=[name]
            )
            return True if int(found["Attributes"][name]) else None

        wait_for(hidden, SOON, "no message failed", pause=0.1)

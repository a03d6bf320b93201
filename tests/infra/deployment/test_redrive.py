"""What failed goes back the way it came; what nobody can take up stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace

import boto3
import pytest
from moto import mock_aws

from infra.deployment import redrive as redriving
from infra.deployment.failures import look_into
from infra.deployment.redrive import Again, redrive, way_back
from infra.deployment.target import TargetError
from recovery.ports.institutions import InstitutionDay
from tests.fakes import FakeInstitutionRepository
from tests.in_memory_aws import stay_in_memory

FUNCTION = "arn:aws:lambda:eu-west-1:1:function:PortfolioRecovery-ImportPortfolio"
EVENT = {"detail-type": "Object Created", "detail": {"object": {"key": "imports/umoja/1/m.json"}}}
POSITION = {
    "requestContext": {"functionArn": FUNCTION, "condition": "RetryAttemptsExhausted"},
    "DDBStreamBatchInfo": {"shardId": "shardId-1", "startSequenceNumber": "1"},
}
LOAN = {"institution_id": "umoja", "loan_id": "L-1", "as_of": "2026-02-02", "error": "KeyError()"}


class Account:
    """SQS in memory, a Lambda that notes what it is asked, and one institution."""

    def __init__(self) -> None:
        self.sqs = boto3.client("sqs")
        self.invoked: list[dict] = []
        self.outputs = {
            f"{name}QueueUrl": self.sqs.create_queue(QueueName=name)["QueueUrl"]
            for name in ("FailedMessages", "FailedImports", "FailedReviews", "FailedRouteChanges")
        }
        self.queue = self.sqs.create_queue(QueueName="Messages")["QueueUrl"]
        failed = self.sqs.get_queue_attributes(
            QueueUrl=self.outputs["FailedMessagesQueueUrl"], AttributeNames=["QueueArn"]
        )["Attributes"]["QueueArn"]
        policy = json.dumps({"deadLetterTargetArn": failed, "maxReceiveCount": 5})
        self.sqs.set_queue_attributes(QueueUrl=self.queue, Attributes={"RedrivePolicy": policy})
        self.wiring = SimpleNamespace(institutions=FakeInstitutionRepository())
        self.institutions = self.wiring.institutions

    def client(self, service: str) -> object:
        if service == "sqs":
            return self.sqs
        return SimpleNamespace(invoke=lambda **call: self.invoked.append(call))

    def fail(self, name: str, body: object, **attributes: str) -> None:
        text = body if isinstance(body, str) else json.dumps(body)
        told = {
            name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
        }
        url = self.outputs[f"{name}QueueUrl"]
        self.sqs.send_message(QueueUrl=url, MessageBody=text, MessageAttributes=told)

    def waiting(self, url: str) -> list[str]:
        found = self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
        return [each["Body"] for each in found.get("Messages", [])]


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    stay_in_memory(monkeypatch)
    with mock_aws():
        yield Account()


@pytest.fixture
def reviews(monkeypatch: pytest.MonkeyPatch) -> list[tuple]:
    asked: list[tuple] = []

    def review(target, institution_id, as_of, *, replay, reconcile) -> str:
        asked.append((institution_id, as_of, replay, reconcile))
        return "arn:review"

    monkeypatch.setattr(redriving, "run_review", review)
    return asked


def test_messages_go_back_to_their_queue(account: Account) -> None:
    for number in range(12):
        account.fail("FailedMessages", f"wake {number}")
    assert redrive(account, "FailedMessages").done == {"Messages": 12}
    assert account.waiting(account.outputs["FailedMessagesQueueUrl"]) == []
    attributes = account.sqs.get_queue_attributes(QueueUrl=account.queue, AttributeNames=["All"])
    assert attributes["Attributes"]["ApproximateNumberOfMessages"] == "12"


def test_events_go_back_to_their_function(account: Account) -> None:
    account.fail(
        "FailedImports", {"requestContext": {"functionArn": FUNCTION}, "requestPayload": EVENT}
    )
    account.fail("FailedImports", EVENT, TARGET_ARN=FUNCTION, ERROR_CODE="THROTTLED")
    assert redrive(account, "FailedImports").done == {"PortfolioRecovery-ImportPortfolio": 2}
    assert [json.loads(each["Payload"]) for each in account.invoked] == [EVENT, EVENT]
    assert {each["InvocationType"] for each in account.invoked} == {"Event"}


def test_loans_are_reviewed_again_by_institution_once(account: Account, reviews) -> None:
    for loan_id in ("L-1", "L-2"):
        account.fail("FailedReviews", LOAN | {"loan_id": loan_id})
    assert redrive(account, "FailedReviews").done == {"the review of umoja": 2}
    assert [(each[0], each[3]) for each in reviews] == [("umoja", False)]


def test_positions_in_the_stream_make_every_loan_be_read(account: Account, reviews) -> None:
    account.institutions.days["umoja"] = InstitutionDay(date(2026, 2, 2), date(2026, 2, 2))
    account.fail("FailedRouteChanges", POSITION)
    assert redrive(account, "FailedRouteChanges").done == {"the proof of every loan": 1}
    assert [(each[0], each[3]) for each in reviews] == [("umoja", True)]


def test_what_fails_again_stays_for_another_time(account: Account, monkeypatch) -> None:
    account.fail("FailedReviews", LOAN)

    def refused(*_, **__) -> str:
        raise TargetError("the review ended as FAILED")

    monkeypatch.setattr(redriving, "run_review", refused)
    monkeypatch.setattr(redriving, "_HANDLING_SECONDS", 0)
    with pytest.raises(TargetError):
        redrive(account, "FailedReviews")
    assert len(account.waiting(account.outputs["FailedReviewsQueueUrl"])) == 1


def test_what_nobody_can_take_up_stays_and_is_counted(account: Account) -> None:
    account.fail("FailedImports", "not JSON")
    account.fail("FailedImports", ["a", "list"])
    result = redrive(account, "FailedImports")
    assert (result.done, result.kept) == ({}, 2)


def test_a_queue_that_is_not_ours_is_refused_with_the_names(account: Account) -> None:
    with pytest.raises(TargetError, match="FailedImports, FailedMessages"):
        redrive(account, "Failed")


def test_looking_tells_ids_and_errors_and_no_more(account: Account) -> None:
    account.fail("FailedReviews", LOAN | {"phone": "+254700000001"})
    (shown,) = look_into(account, "FailedReviews")
    assert shown.about == "institution_id umoja, loan_id L-1, as_of 2026-02-02"
    assert shown.error == "KeyError()"
    assert "+254" not in str(shown)
    account.fail("FailedImports", EVENT, ERROR_CODE="THROTTLED")
    (shown,) = look_into(account, "FailedImports")
    assert (shown.about, shown.error) == ("file imports/umoja/1/m.json", "THROTTLED")


def test_a_queue_s_own_message_is_not_taken_for_a_loan_to_review() -> None:
    message = {"Body": json.dumps(LOAN)}
    assert way_back(message, ["https://sqs/Messages"]) == Again(
        queue_url="https://sqs/Messages", payload=message["Body"]
    )
    assert way_back(message, []) == Again(review="umoja")

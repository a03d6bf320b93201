"""Messages and events as sent, read back from in-memory AWS."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError
from botocore.stub import ANY, Stubber
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends
from moto.sns.models import sns_backends

from recovery.adapters import aws
from recovery.adapters.dynamodb.codec import wake_from_json
from recovery.adapters.event_bus import EventBridgeBus
from recovery.adapters.messaging import AwsMessenger, sent_of
from recovery.adapters.queues import SqsMessageQueue
from recovery.domain.outbox import DomainEvent
from recovery.ports.contact import (
    MailAttachment,
    SendingFailedError,
    SentMessage,
    UndeliverableError,
    Wake,
)

REGION = "eu-west-1"
SENDER = "care@umoja.example"

pytestmark = pytest.mark.usefixtures("in_memory_aws")


def a_wake(number: int = 1) -> Wake:
    return Wake("umoja", f"B-{number}", date(2026, 3, 9))


@pytest.fixture
def queue_url() -> str:
    url: str = aws.client("sqs").create_queue(QueueName="messages")["QueueUrl"]
    return url


def received(queue_url: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while (
        page := aws.client("sqs")
        .receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, VisibilityTimeout=30)
        .get("Messages")
    ):
        found += page
    return found


def test_every_wake_is_queued(queue_url: str) -> None:
    wakes = [a_wake(number) for number in range(23)]
    SqsMessageQueue(queue_url).put(wakes)
    queued = [wake_from_json(each["Body"]) for each in received(queue_url)]
    assert sorted(queued, key=lambda each: int(each.borrower_id[2:])) == wakes
    SqsMessageQueue(queue_url).put([])


def test_a_delayed_wake_is_not_received_yet(queue_url: str) -> None:
    SqsMessageQueue(queue_url).put([a_wake()], delay_seconds=100_000)  # more than SQS allows
    assert received(queue_url) == []


def test_an_email_is_sent_as_text_and_html_from_the_verified_sender() -> None:
    aws.client("sesv2").create_email_identity(EmailIdentity=SENDER)
    messenger = AwsMessenger(SENDER, "deliveries")
    message_id = messenger.send_email("maría@example.org", "Su cuota ñ", "Hola ñ", "<p>Hola ñ</p>")
    (sent,) = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
    assert sent.id == message_id
    assert (sent.source, sent.destinations["ToAddresses"]) == (SENDER, ["maría@example.org"])
    assert sent.subject == "Su cuota ñ"
    assert sent.body == "<p>Hola ñ</p>"


@pytest.mark.parametrize(
    ("sender", "source"),
    [
        ("Umoja Microfinance", f"Umoja Microfinance <{SENDER}>"),
        ('Caja "Los Andes", S.A.', f'"Caja \\"Los Andes\\", S.A." <{SENDER}>'),
        ("Crédit Solidaire", f"=?utf-8?q?Cr=C3=A9dit_Solidaire?= <{SENDER}>"),
    ],
)
def test_an_email_is_from_the_name_of_the_sender(sender: str, source: str) -> None:
    aws.client("sesv2").create_email_identity(EmailIdentity=SENDER)
    AwsMessenger(SENDER).send_email("grace@example.org", "s", "t", "<p>h</p>", sender)
    (sent,) = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
    assert sent.source == source


def test_an_email_names_its_configuration_set() -> None:
    with Stubber(aws.client("sesv2")) as stub:
        utf8 = {"Charset": "UTF-8"}
        content = {
            "Simple": {
                "Subject": {"Data": "s", **utf8},
                "Body": {"Text": {"Data": "t", **utf8}, "Html": {"Data": "<p>h</p>", **utf8}},
            }
        }
        common = {
            "FromEmailAddress": SENDER,
            "Destination": {"ToAddresses": ["a@example.org"]},
            "Content": content,
        }
        watched = {**common, "ConfigurationSetName": "deliveries"}
        stub.add_response("send_email", {"MessageId": "1"}, watched)
        stub.add_response("send_email", {"MessageId": "2"}, common)
        letter = ("a@example.org", "s", "t", "<p>h</p>")
        assert AwsMessenger(SENDER, "deliveries").send_email(*letter) == "1"
        assert AwsMessenger(SENDER).send_email(*letter) == "2"
        stub.assert_no_pending_responses()


def test_an_email_can_be_answered_where_replies_are_heard() -> None:
    with Stubber(aws.client("sesv2")) as stub:
        expected = {
            "FromEmailAddress": SENDER,
            "Destination": ANY,
            "Content": ANY,
            "ReplyToAddresses": ["r@umoja.example"],
        }
        stub.add_response("send_email", {"MessageId": "1"}, expected)
        letter = ("a@example.org", "s", "t", "<p>h</p>")
        assert AwsMessenger(SENDER).send_email(*letter, reply_to="r@umoja.example") == "1"


def test_a_text_message_is_from_the_number_that_can_receive() -> None:
    with Stubber(aws.client("sns")) as stub:
        text = {"DataType": "String"}
        expected = {
            "PhoneNumber": "+254711000001",
            "Message": "m",
            "MessageAttributes": {
                "AWS.SNS.SMS.SMSType": {**text, "StringValue": "Transactional"},
                "AWS.MM.SMS.OriginationNumber": {**text, "StringValue": "+254700000100"},
            },
        }
        stub.add_response("publish", {"MessageId": "1"}, expected)
        sent = AwsMessenger(SENDER).send_sms("+254711000001", "m", sender="+254700000100")
        assert sent == "1"


def test_a_text_message_is_sent_as_transactional() -> None:
    message_id = AwsMessenger(SENDER).send_sms("+254711000001", "Habari ñ")
    sent = sns_backends[DEFAULT_ACCOUNT_ID][REGION].sms_messages
    assert sent == {message_id: ("+254711000001", "Habari ñ")}
    with Stubber(aws.client("sns")) as stub:
        expected = {
            "PhoneNumber": "+254711000001",
            "Message": "m",
            "MessageAttributes": {
                "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}
            },
        }
        stub.add_response("publish", {"MessageId": "1"}, expected)
        assert AwsMessenger(SENDER).send_sms("+254711000001", "m") == "1"


@pytest.mark.parametrize(
    ("code", "about", "expected"),
    [
        ("MessageRejected", "grace@example.org", UndeliverableError),
        ("BadRequestException", "grace@example.org", UndeliverableError),
        ("MessageRejected", SENDER, SendingFailedError),
        ("TooManyRequestsException", "grace@example.org", SendingFailedError),
        ("AccountSuspendedException", "", SendingFailedError),
    ],
)
def test_a_refused_email_is_classified_and_never_shows_the_address(
    code: str, about: str, expected: type[Exception]
) -> None:
    with Stubber(aws.client("sesv2")) as stub:
        stub.add_client_error("send_email", code, f"not verified: {about}")
        with pytest.raises(expected) as raised:
            AwsMessenger(SENDER).send_email("grace@example.org", "s", "t", "h")
    assert str(raised.value) == f"SES: {code}"
    assert raised.value.__suppress_context__ and raised.value.__cause__ is None


@pytest.mark.parametrize("error", [EndpointConnectionError, ConnectTimeoutError])
def test_a_provider_that_was_not_reached_sent_nothing(error, monkeypatch) -> None:
    def unreachable(**_):
        raise error(endpoint_url="https://email.example.org/?to=grace@example.org")

    monkeypatch.setattr(aws.client("sesv2"), "send_email", unreachable)
    with pytest.raises(SendingFailedError) as raised:
        AwsMessenger(SENDER).send_email("grace@example.org", "s", "t", "h")
    assert str(raised.value) == "SES: not reached"


def test_an_invalid_phone_number_is_undeliverable() -> None:
    with pytest.raises(UndeliverableError) as raised:
        AwsMessenger(SENDER).send_sms("not a number", "m")
    assert str(raised.value) == "SNS: InvalidParameter"


def test_events_reach_the_bus_with_their_version(queue_url: str) -> None:
    events, sqs = aws.client("events"), aws.client("sqs")
    events.create_event_bus(Name="facts")
    events.put_rule(
        Name="all", EventBusName="facts", EventPattern=json.dumps({"source": ["recovery"]})
    )
    arn = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
    target = {"Id": "queue", "Arn": arn["Attributes"]["QueueArn"]}
    events.put_targets(Rule="all", EventBusName="facts", Targets=[target])
    facts = [DomainEvent("PaymentPosted", {"loan_id": f"L-{n}"}, 2) for n in range(12)]
    EventBridgeBus("umoja", "facts").publish(facts)
    EventBridgeBus("umoja", "facts").publish([])
    bodies = [json.loads(each["Body"]) for each in received(queue_url)]
    assert {each["detail-type"] for each in bodies} == {"PaymentPosted"}
    details = sorted((each["detail"] for each in bodies), key=lambda d: int(d["loan_id"][2:]))
    assert details == [
        {"version": 2, "institution_id": "umoja", "loan_id": f"L-{n}"} for n in range(12)
    ]


def test_events_refused_by_the_bus_raise() -> None:
    entries = [{"EventId": "1"}, {"ErrorCode": "ThrottlingException", "ErrorMessage": "later"}]
    with Stubber(aws.client("events")) as stub:
        stub.add_response("put_events", {"FailedEntryCount": 1, "Entries": entries})
        with pytest.raises(aws.PartialFailureError, match="StageChanged: ThrottlingException"):
            EventBridgeBus("umoja", "facts").publish(
                [DomainEvent("PaymentPosted", {}), DomainEvent("StageChanged", {})]
            )


def test_service_errors_are_raised() -> None:
    with pytest.raises(ClientError, match="NonExistentQueue"):
        url = f"https://sqs.{REGION}.amazonaws.com/{DEFAULT_ACCOUNT_ID}/none"
        SqsMessageQueue(url).put([a_wake()])


SENT = SentMessage("umoja", "B-1", "L-1/first_days_late+1/2026-02-01")
URL = "https://api.example/v1/unsubscribe/MQ.x"


def test_an_email_can_be_ended_at_one_click_and_carries_our_tags() -> None:
    with Stubber(aws.client("sesv2")) as stub:
        stub.add_response("send_email", {"MessageId": "1"}, None)
        asked: list[dict[str, Any]] = []
        events = aws.client("sesv2").meta.events
        events.register(
            "provide-client-params.sesv2.SendEmail", lambda params, **_: asked.append(params)
        )
        AwsMessenger(SENDER).send_email(
            "a@example.org", "s", "t", "<p>h</p>", sent=SENT, unsubscribe_url=URL
        )
    [params] = asked
    assert params["Content"]["Simple"]["Headers"] == [
        {"Name": "List-Unsubscribe", "Value": f"<{URL}>"},
        {"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"},
    ]
    tags = {each["Name"]: each["Value"] for each in params["EmailTags"]}
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,256}", each) for each in tags.values())
    assert sent_of({name: [value] for name, value in tags.items()}) == SENT


@pytest.mark.parametrize("tags", [{}, {"institution_id": []}, {"person_id": ["%"]}])
def test_the_tags_of_others_say_nothing(tags) -> None:
    assert sent_of(tags) is None


def test_a_file_goes_with_an_email() -> None:
    with Stubber(aws.client("sesv2")) as stub:
        file = MailAttachment("AG-1.pdf", b"%PDF", "application/pdf")
        content = {
            "Subject": {"Data": "s", "Charset": "UTF-8"},
            "Body": {
                "Text": {"Data": "t", "Charset": "UTF-8"},
                "Html": {"Data": "<p>h</p>", "Charset": "UTF-8"},
            },
            "Attachments": [
                {
                    "FileName": "AG-1.pdf",
                    "RawContent": b"%PDF",
                    "ContentType": "application/pdf",
                    "ContentDisposition": "ATTACHMENT",
                    "ContentTransferEncoding": "BASE64",
                }
            ],
        }
        expected = {
            "FromEmailAddress": SENDER,
            "Destination": {"ToAddresses": ["a@example.org"]},
            "Content": {"Simple": content},
        }
        stub.add_response("send_email", {"MessageId": "1"}, expected)
        sent = AwsMessenger(SENDER).send_email(
            "a@example.org", "s", "t", "<p>h</p>", attachments=[file]
        )
    assert sent == "1"

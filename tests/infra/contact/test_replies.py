"""What hears replies: from a number's topic and the mail bucket, through one queue."""

import pytest
from aws_cdk import App
from aws_cdk.assertions import Template

from infra.app import build
from infra.settings import StackSettings

QUEUE = "AWS::SQS::Queue"


def test_a_reply_that_fails_five_times_is_kept_for_a_person(stack):
    redrive = stack.the(QUEUE, "RepliesQueue")["RedrivePolicy"]
    assert redrive["maxReceiveCount"] == 5
    assert "FailedReplies" in redrive["deadLetterTargetArn"]["Fn::GetAtt"][0]
    seconds = stack.the("AWS::Lambda::Function", "HearReplies")["Timeout"]
    assert stack.the(QUEUE, "RepliesQueue")["VisibilityTimeout"] == 6 * seconds


def test_only_the_topic_and_the_rule_may_fill_the_queue(stack):
    sending = [
        (statement["Principal"]["Service"], statement["Condition"])
        for policy in stack.of_type("AWS::SQS::QueuePolicy").values()
        if "RepliesQueue" in str(policy["Queues"])
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow"
    ]
    assert sorted(service for service, _ in sending) == [
        "events.amazonaws.com",
        "sns.amazonaws.com",
    ]
    assert all("aws:SourceArn" in condition["ArnEquals"] for _, condition in sending)


def test_it_may_add_words_to_the_notes_and_read_none(stack):
    assert {*stack.allowed("HearReplies", "kms")} >= {"kms:Encrypt"}
    assert {*stack.allowed("HearReplies", "s3")} == {"s3:GetObject"}
    note_key = [
        statement
        for policy in stack.of_type("AWS::IAM::Policy").values()
        if "HearReplies" in str(policy["Roles"])
        for statement in policy["PolicyDocument"]["Statement"]
        if "NoteKey" in str(statement["Resource"])
    ]
    assert [each["Action"] for each in note_key] == ["kms:Encrypt"]


def test_mail_is_erased_after_a_month(stack):
    bucket = stack.the("AWS::S3::Bucket", "ReceivedReplies")
    [rule] = bucket["LifecycleConfiguration"]["Rules"]
    assert (rule["ExpirationInDays"], rule["Status"]) == (30, "Enabled")
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}


@pytest.mark.parametrize(("embedded", "rules"), [(False, 1), (True, 0)])
def test_mail_is_received_for_each_institution_with_an_address(context, embedded, rules):
    institutions = [
        {**context["institutions"][0], "institution_id": "casa", "reply_to": "reply@casa.example"},
        {**context["institutions"][0], "institution_id": "umoja"},
    ]
    values = {**context, "institutions": institutions, "embedded": embedded}
    values |= {"account": "111122223333", "region": "eu-west-1"}
    _, services = build(App(context=values), StackSettings.from_values(values))
    found = Template.from_stack(services).find_resources("AWS::SES::ReceiptRule")
    assert len(found) == rules
    for each in found.values():
        rule = each["Properties"]["Rule"]
        assert rule["Recipients"] == ["reply@casa.example"] and rule["TlsPolicy"] == "Require"
        [action] = rule["Actions"]
        assert action["S3Action"]["ObjectKeyPrefix"] == "casa/"

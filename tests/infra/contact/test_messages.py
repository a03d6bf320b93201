"""Messages to borrowers."""

QUEUE = "AWS::SQS::Queue"


def test_a_message_that_fails_five_times_is_kept_for_a_person(stack):
    redrive = stack.the(QUEUE, "MessagesQueue")["RedrivePolicy"]
    assert redrive["maxReceiveCount"] == 5
    assert "FailedMessages" in redrive["deadLetterTargetArn"]["Fn::GetAtt"][0]
    allowed = stack.the(QUEUE, "FailedMessages")["RedriveAllowPolicy"]
    assert allowed == {"redrivePermission": "allowAll"}


def test_the_visibility_timeout_is_six_times_the_function_timeout(stack):
    seconds = stack.the("AWS::Lambda::Function", "SendMessages")["Timeout"]
    assert stack.the(QUEUE, "MessagesQueue")["VisibilityTimeout"] == 6 * seconds


def test_messages_are_sent_in_batches_of_ten_by_five_senders(stack):
    mapping = stack.the("AWS::Lambda::EventSourceMapping", "SendMessages")
    assert mapping["BatchSize"] == 10
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 5}
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_every_queue_is_encrypted_and_requires_tls(stack):
    queues = stack.of_type(QUEUE)
    guarded = {
        queue["Ref"]
        for policy in stack.of_type("AWS::SQS::QueuePolicy").values()
        for queue in policy["Queues"]
        if "aws:SecureTransport" in str(policy)
    }
    assert guarded == set(queues)
    assert all(queue["KmsMasterKeyId"] for queue in queues.values())


def test_email_is_sent_over_tls_and_only_from_the_sender(stack, context):
    settings = stack.the("AWS::SES::ConfigurationSet")
    assert settings["DeliveryOptions"] == {"TlsPolicy": "REQUIRE"}
    assert settings["ReputationOptions"] == {"ReputationMetricsEnabled": True}
    assert stack.the("AWS::SES::EmailIdentity")["EmailIdentity"] == context["sender_email"]
    identity, configuration_set = stack.allowed("SendMessages", "ses")["ses:SendEmail"]
    assert ":identity/" in str(identity)
    assert ":configuration-set/" in str(configuration_set)


def test_sms_goes_to_phones_never_to_topics(stack):
    statements = [
        statement
        for policy in stack.of_type("AWS::IAM::Policy").values()
        if "SendMessages" in str(policy["Roles"])
        for statement in policy["PolicyDocument"]["Statement"]
        if "sns:Publish" in statement["Action"]
    ]
    (statement,) = statements
    assert "Resource" not in statement
    assert statement["NotResource"]["Fn::Join"][1][-1] == ":sns:*:*:*"

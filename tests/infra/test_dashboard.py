"""The dashboard and the alarms."""

import json

ALARM = "AWS::CloudWatch::Alarm"


def dead_letter_queues(stack):
    return {name for name in stack.of_type("AWS::SQS::Queue") if "Failed" in name}


def dashboard(stack):
    body = stack.the("AWS::CloudWatch::Dashboard")["DashboardBody"]["Fn::Join"][1]
    return "".join(part if isinstance(part, str) else json.dumps(part) for part in body)


def test_the_first_message_in_a_dead_letter_queue_raises_an_alarm(stack):
    alarmed = {
        dimension["Value"]["Fn::GetAtt"][0]
        for alarm in stack.of_type(ALARM).values()
        for dimension in alarm.get("Dimensions", [])
        if alarm.get("MetricName") == "ApproximateNumberOfMessagesVisible"
        and alarm["Threshold"] == 1
    }
    assert alarmed == dead_letter_queues(stack)
    assert len(alarmed) == 10


def test_every_failure_destination_is_a_dead_letter_queue(stack):
    destinations = set()

    def find(value):
        if isinstance(value, dict):
            for key, inner in value.items():
                if key in ("DeadLetterConfig", "OnFailure", "RedrivePolicy"):
                    destinations.update(_queues_in(inner))
                find(inner)
        elif isinstance(value, list):
            for inner in value:
                find(inner)

    find(stack.content["Resources"])
    written_by_function = {name for name in dead_letter_queues(stack) if "FailedReviewsD7A" in name}
    assert destinations | written_by_function == dead_letter_queues(stack)


def _queues_in(value):
    for inner in value.values():
        if isinstance(inner, dict) and "Fn::GetAtt" in inner:
            yield inner["Fn::GetAtt"][0]


def test_failures_are_kept_for_14_days(stack):
    for name in dead_letter_queues(stack):
        queue = stack.of_type("AWS::SQS::Queue")[name]
        assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600


def test_every_alarm_reaches_the_topic_and_says_what_to_do(stack):
    (topic,) = [name for name in stack.of_type("AWS::SNS::Topic") if "Alerts" in name]
    for alarm in stack.of_type(ALARM).values():
        assert alarm["AlarmActions"] == [{"Ref": topic}]
        assert len(alarm["AlarmDescription"]) > 30


def test_alarms_of_this_account_may_publish_and_only_over_tls(stack):
    statements = stack.the("AWS::SNS::TopicPolicy", "Alerts")["PolicyDocument"]["Statement"]
    allowed, denied = sorted(statements, key=lambda each: each["Effect"])
    assert allowed["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert allowed["Action"] == denied["Action"] == "sns:Publish"
    assert "aws:SourceAccount" in allowed["Condition"]["StringEquals"]
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_every_topic_is_encrypted(stack):
    for topic in stack.of_type("AWS::SNS::Topic").values():
        assert topic["KmsMasterKeyId"]


def test_the_api_alarms_on_server_errors_but_not_on_a_busy_loan(stack):
    parts = {each["Id"]: each for each in stack.the(ALARM, "ServerError")["Metrics"]}
    assert parts["errors"]["MetricStat"]["Metric"]["MetricName"] == "5XXError"
    assert parts["busy"]["MetricStat"]["Metric"]["MetricName"] == "RequestsBusy"
    (expression,) = (each["Expression"] for each in parts.values() if "Expression" in each)
    assert expression == "FILL(errors, 0) - FILL(busy, 0)"


def test_the_dashboard_shows_the_business_and_every_dead_letter_queue(stack):
    shown = dashboard(stack)
    for metric in ("PaymentsTaken", "LoansReviewed", "StagesEntered", "MessagesWithheld"):
        assert metric in shown
    for metric in ("PromisesDueToday", "AnswersDue", "OldestApprovalDays", "OldestUnownedTaskDays"):
        assert metric in shown
    for queue in dead_letter_queues(stack):
        assert queue in shown
    for metric in ("IteratorAge", "ExecutionsFailed", "5XXError", "Latency", "Throttles"):
        assert metric in shown

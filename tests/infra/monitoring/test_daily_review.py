"""The daily review."""

import json

SCHEDULE = "AWS::Scheduler::Schedule"


def test_each_institution_is_reviewed_at_its_own_hour(stack, context):
    schedules = stack.of_type(SCHEDULE).values()
    found = {
        json.loads(each["Target"]["Input"])["institution_id"]: (
            each["ScheduleExpression"],
            each["ScheduleExpressionTimezone"],
        )
        for each in schedules
    }
    expected = {}
    for each in context["institutions"]:
        hour, minute = map(int, each["review_at"].split(":"))
        expected[each["institution_id"]] = (f"cron({minute} {hour} * * ? *)", each["time_zone"])
    assert found == expected


def test_a_failed_start_is_retried_then_kept_for_a_person(stack):
    for schedule in stack.of_type(SCHEDULE).values():
        assert schedule["Target"]["RetryPolicy"]["MaximumRetryAttempts"] == 10
        queue = schedule["Target"]["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0]
        assert "FailedStarts" in queue
    assert set(stack.allowed("ScheduleRole", "sqs")) == {"sqs:SendMessage"}
    assert set(stack.allowed("ScheduleRole", "kms")) == {"kms:Decrypt", "kms:GenerateDataKey"}


def test_26_hours_without_a_review_raise_an_alarm(stack):
    alarm = stack.the("AWS::CloudWatch::Alarm", "NotReviewed")
    assert alarm["MetricName"] == "ExecutionsSucceeded"
    assert (alarm["Period"], alarm["EvaluationPeriods"]) == (3600, 26)
    assert alarm["TreatMissingData"] == "breaching"


def test_a_shard_has_fifteen_minutes_and_a_queue_for_failures(stack):
    function = stack.the("AWS::Lambda::Function", "ReviewShard")
    assert function["Timeout"] == 900
    queue = function["Environment"]["Variables"]["FAILED_REVIEWS_QUEUE_URL"]["Ref"]
    assert "FailedReviews" in queue
    assert set(stack.allowed("ReviewShard", "sqs")) == {"sqs:SendMessage"}


def test_planning_only_reads(stack):
    allowed = set(stack.allowed("PlanReview", "dynamodb"))
    assert allowed <= {"dynamodb:GetItem", "dynamodb:Query"}


def test_the_machine_runs_its_map_and_moves_the_business_date(stack):
    states = stack.allowed("DailyReviewStateMachine", "states")
    assert set(states) == {
        "states:StartExecution",
        "states:DescribeExecution",
        "states:RedriveExecution",
        "states:StopExecution",
    }
    assert set(stack.allowed("DailyReviewStateMachine", "dynamodb")) == {"dynamodb:UpdateItem"}

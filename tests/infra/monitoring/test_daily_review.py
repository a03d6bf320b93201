"""The daily review."""

SCHEDULE = "AWS::Scheduler::Schedule"


def test_every_quarter_hour_somebody_looks_whose_review_is_due(stack):
    (schedule,) = (
        each for name, each in stack.of_type(SCHEDULE).items() if name.startswith("DailyReview")
    )
    assert schedule["ScheduleExpression"] == "rate(15 minutes)"
    assert "StartDueReviews" in str(schedule["Target"]["Arn"])


def test_starting_reviews_reads_institutions_and_starts_that_machine_only(stack):
    assert set(stack.allowed("StartDueReviews", "dynamodb")) == {
        "dynamodb:GetItem",
        "dynamodb:Query",
    }
    assert set(stack.allowed("StartDueReviews", "states")) == {
        "states:StartExecution",
        "states:DescribeExecution",
    }


def test_a_failed_start_is_retried_then_kept_for_a_person(stack):
    for schedule in stack.of_type(SCHEDULE).values():
        assert schedule["Target"]["RetryPolicy"]["MaximumRetryAttempts"] == 3
        queue = schedule["Target"]["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0]
        assert "FailedStarts" in queue
    assert set(stack.allowed("ScheduleRole", "sqs")) == {"sqs:SendMessage"}
    assert set(stack.allowed("ScheduleRole", "kms")) == {"kms:Decrypt", "kms:GenerateDataKey"}


def test_one_late_institution_or_no_count_at_all_raises_an_alarm(stack):
    alarm = stack.the("AWS::CloudWatch::Alarm", "DailyReviewLate")
    assert (alarm["MetricName"], alarm["Threshold"]) == ("InstitutionsLate", 1)
    assert (alarm["Period"], alarm["EvaluationPeriods"]) == (3600, 1)
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

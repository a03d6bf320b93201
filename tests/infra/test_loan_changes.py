"""The two readers of the table's stream."""

import json

import pytest

MAPPING = "AWS::Lambda::EventSourceMapping"
READERS = ["ReviewChangedLoans", "RouteChanges"]


def patterns(stack, reader):
    criteria = stack.the(MAPPING, reader)["FilterCriteria"]["Filters"]
    return [json.loads(each["Pattern"]) for each in criteria]


def test_only_loans_that_need_a_review_get_one(stack):
    assert patterns(stack, "ReviewChangedLoans") == [
        {"dynamodb": {"NewImage": {"needs_review": {"BOOL": [True]}}}}
    ]


def test_a_state_with_something_to_carry_out_is_routed(stack):
    assert patterns(stack, "RouteChanges") == [
        {
            "dynamodb": {
                "Keys": {"sk": {"S": ["STATE", "SUSPENSE"]}},
                "NewImage": {"listed_by": {"S": [{"exists": True}]}},
            }
        },
        {
            "eventName": ["INSERT", "MODIFY"],
            "dynamodb": {"Keys": {"sk": {"S": [{"prefix": "OUTBOX#"}]}}},
        },
        {
            "dynamodb": {
                "Keys": {"sk": {"S": ["TASK"]}},
                "NewImage": {"ended": {"BOOL": [True]}, "listed_by": {"S": [{"exists": True}]}},
            }
        },
        {
            "eventName": ["REMOVE"],
            "userIdentity": {"principalId": ["dynamodb.amazonaws.com"]},
            "dynamodb": {"Keys": {"pk": {"S": [{"prefix": "LOAN#"}, {"prefix": "TIMELINE#"}]}}},
        },
    ]


@pytest.mark.parametrize("reader", READERS)
def test_a_bad_record_never_blocks_the_others(stack, reader):
    mapping = stack.the(MAPPING, reader)
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["MaximumRetryAttempts"] == 5
    assert mapping["MaximumRecordAgeInSeconds"] == 24 * 3600
    destination = mapping["DestinationConfig"]["OnFailure"]["Destination"]
    assert f"Failed{reader}" in destination["Fn::GetAtt"][0]


@pytest.mark.parametrize("reader", READERS)
def test_no_change_is_missed_and_batches_barely_wait(stack, embedded_stack, reader):
    mapping = stack.the(MAPPING, reader)
    assert mapping["StartingPosition"] == "TRIM_HORIZON"
    assert (mapping["BatchSize"], mapping["MaximumBatchingWindowInSeconds"]) == (100, 1)
    assert embedded_stack.the(MAPPING, reader)["MaximumBatchingWindowInSeconds"] == 0


@pytest.mark.parametrize("reader", READERS)
def test_changes_that_wait_too_long_raise_an_alarm(stack, reader):
    alarm = stack.the("AWS::CloudWatch::Alarm", f"{reader}Late")
    assert (alarm["MetricName"], alarm["Threshold"]) == ("IteratorAge", 600_000)


def test_routing_may_signal_only_the_case_machine(stack):
    allowed = stack.allowed("RouteChanges", "states")
    assert set(allowed) == {"states:StartExecution", "states:SendTaskSuccess"}
    for resources in allowed.values():
        assert [each["Ref"].startswith("RecoveryCase") for each in resources] == [True]


def test_routing_knows_where_to_send(stack):
    environment = stack.the("AWS::Lambda::Function", "RouteChanges")["Environment"]["Variables"]
    assert {"MESSAGE_QUEUE_URL", "EVENT_BUS_NAME", "CASE_STATE_MACHINE_ARN"} <= set(environment)

"""The driver itself: nothing lost, in order, and given up as AWS documents."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stream_driver import ONE_SHARD, StreamMapping, deliver, matches, number_of

START = 1_770_000_000


def records(*numbers: int, every: float = 0) -> list[dict]:
    """Records with these sequence numbers, created at START or so many seconds apart."""
    return [
        {
            "eventName": "MODIFY",
            "eventSourceARN": "arn:aws:dynamodb:eu-west-1:111122223333:table/t/stream/s",
            "dynamodb": {
                "SequenceNumber": str(number),
                "ApproximateCreationDateTime": START + position * every,
            },
        }
        for position, number in enumerate(numbers)
    ]


def failures(*numbers) -> dict:
    return {"batchItemFailures": [{"itemIdentifier": number} for number in numbers]}


class Handler:
    """Fails on the poison numbers, by reporting them or by raising."""

    def __init__(self, *poison: int, raises: bool = False) -> None:
        self.poison, self.raises = {str(each) for each in poison}, raises
        self.handled: Counter[str] = Counter()

    def __call__(self, event):
        numbers = [number_of(each) for each in event["Records"]]
        if self.raises and self.poison & set(numbers):
            raise RuntimeError("poison")
        failed = [each for each in numbers if each in self.poison]
        self.handled.update(each for each in numbers if each not in self.poison)
        return failures(*failed)


def drive(handler, stream, now=START, **settings):
    settings = {"report_batch_item_failures": True, "retry_attempts": 2, **settings}
    return deliver(handler, StreamMapping(**settings), stream, now=lambda: now)


def sizes(delivered) -> list[list[str]]:
    return [list(numbers) for _, numbers in delivered.batches]


def test_good_records_come_once_in_batches() -> None:
    delivered = drive(Handler(), records(1, 2, 3, 4, 5), batch_size=2)
    assert sizes(delivered) == [["1", "2"], ["3", "4"], ["5"]]
    assert delivered.failures == []


def test_a_partial_failure_goes_on_from_the_lowest_reported_number() -> None:
    handler = Handler(3, 5)
    delivered = drive(handler, records(1, 2, 3, 4, 5, 6))
    assert sizes(delivered) == [["1", "2", "3", "4", "5", "6"], *[["3", "4", "5", "6"]] * 2]
    assert delivered.given_up() == [("3", "6", 4, "RetryAttemptsExhausted")]
    assert handler.handled["1"] == 1


def test_numbers_are_compared_by_place_not_as_text() -> None:
    seen = []

    def handler(event):
        seen.append([number_of(each) for each in event["Records"]])
        return failures("100", "20") if len(seen) == 1 else {}

    drive(handler, records(9, 20, 100))
    assert seen == [["9", "20", "100"], ["20", "100"]]


@pytest.mark.parametrize(
    "response",
    [
        failures(""),
        failures(None),
        failures("77"),
        failures("2", "77"),
        {"batchItemFailures": [{"sequenceNumber": "2"}]},
    ],
)
def test_an_empty_or_unknown_number_fails_the_whole_batch(response) -> None:
    delivered = drive(lambda event: response, records(1, 2, 3))
    assert sizes(delivered) == [["1", "2", "3"]] * 3
    assert delivered.given_up() == [("1", "3", 3, "RetryAttemptsExhausted")]


@pytest.mark.parametrize("response", [None, {}, failures(), {"batchItemFailures": None}])
def test_an_empty_response_means_success(response) -> None:
    assert drive(lambda event: response, records(1, 2)).failures == []


def test_a_response_without_a_documented_meaning_is_an_error_of_the_test() -> None:
    with pytest.raises(TypeError, match="no meaning"):
        drive(lambda event: {"failed": ["1"]}, records(1))


def test_without_the_setting_a_report_counts_as_success() -> None:
    delivered = drive(Handler(2), records(1, 2, 3), report_batch_item_failures=False)
    assert delivered.failures == []
    assert len(delivered.batches) == 1


def test_an_error_is_halved_down_to_the_record_and_splitting_takes_no_retry() -> None:
    handler = Handler(3, raises=True)
    delivered = drive(handler, records(1, 2, 3, 4), bisect_on_error=True)
    assert sizes(delivered) == [["1", "2", "3", "4"], ["1", "2"], ["3", "4"], *[["3"]] * 3, ["4"]]
    assert delivered.given_up() == [("3", "3", 1, "RetryAttemptsExhausted")]
    assert handler.handled == {"1": 1, "2": 1, "4": 1}


def test_a_report_is_split_at_the_number_then_halved() -> None:
    delivered = drive(Handler(2), records(1, 2, 3, 4, 5), bisect_on_error=True)
    assert sizes(delivered) == [
        ["1", "2", "3", "4", "5"],
        ["2", "3", "4", "5"],
        ["2", "3"],
        *[["2"]] * 3,
        ["3"],
        ["4", "5"],
    ]


def test_the_failure_record_is_the_documented_one() -> None:
    (failure,) = drive(Handler(2, raises=True), records(1, 2, every=60), START + 90).failures
    assert failure == {
        "requestContext": {
            "requestId": "request-3",
            "functionArn": "arn:aws:lambda:eu-west-1:111122223333:function:driven",
            "condition": "RetryAttemptsExhausted",
            "approximateInvokeCount": 3,
        },
        "responseContext": {
            "statusCode": 200,
            "executedVersion": "$LATEST",
            "functionError": "Unhandled",
        },
        "version": "1.0",
        "timestamp": "2026-02-02T02:41:30.000Z",
        "DDBStreamBatchInfo": {
            "shardId": ONE_SHARD,
            "startSequenceNumber": "1",
            "endSequenceNumber": "2",
            "approximateArrivalOfFirstRecord": "2026-02-02T02:40:00Z",
            "approximateArrivalOfLastRecord": "2026-02-02T02:41:00Z",
            "batchSize": 2,
            "streamArn": "arn:aws:dynamodb:eu-west-1:111122223333:table/t/stream/s",
        },
    }


def test_a_record_past_the_greatest_age_is_not_delivered_and_the_next_one_is() -> None:
    handler = Handler()
    stream = records(1, 2, 3, every=60)
    delivered = drive(handler, stream, START + 100, max_record_age_seconds=60)
    assert delivered.given_up() == [("1", "1", 1, "RecordAgeExceeded")]
    assert delivered.failures[0]["requestContext"]["approximateInvokeCount"] == 0
    assert "responseContext" not in delivered.failures[0]
    assert handler.handled == {"2": 1, "3": 1}


def test_age_ends_retries_without_a_limit_as_time_passes() -> None:
    at = [START]

    def handler(event):
        at[0] += 20
        raise RuntimeError("down")

    mapping = StreamMapping(max_record_age_seconds=60)
    delivered = deliver(handler, mapping, records(1, 2), now=lambda: at[0])
    assert delivered.given_up() == [("1", "2", 2, "RecordAgeExceeded")]
    assert len(delivered.batches) == 4


def test_a_mapping_that_never_gives_up_is_refused() -> None:
    with pytest.raises(ValueError, match="limit"):
        deliver(Handler(), StreamMapping(), records(1), now=lambda: START)


def test_without_a_destination_a_failure_leaves_no_trace() -> None:
    assert drive(Handler(1), records(1), on_failure=None).failures == []


RECORD = {
    "eventName": "INSERT",
    "dynamodb": {"Keys": {"sk": {"S": "PAYMENT#1"}}, "NewImage": {"flag": {"BOOL": True}}},
}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ({"eventName": ["INSERT", "MODIFY"]}, True),
        ({"eventName": ["REMOVE"]}, False),
        ({"dynamodb": {"Keys": {"sk": {"S": [{"prefix": "PAYMENT#"}]}}}}, True),
        ({"dynamodb": {"Keys": {"sk": {"S": [{"prefix": "STATE"}]}}}}, False),
        ({"dynamodb": {"NewImage": {"flag": {"BOOL": [True]}}}}, True),
        ({"dynamodb": {"NewImage": {"flag": {"BOOL": [1]}}}}, False),
        ({"dynamodb": {"NewImage": {"flag": {"BOOL": [{"exists": True}]}}}}, True),
        ({"dynamodb": {"NewImage": {"other": {"S": [{"exists": True}]}}}}, False),
        ({"dynamodb": {"NewImage": {"other": {"S": [{"exists": False}]}}}}, True),
        ({"dynamodb": {"OldImage": {"flag": {"BOOL": [True]}}}}, False),
        ({"eventName": ["INSERT"], "dynamodb": {"NewImage": {"flag": {"BOOL": [False]}}}}, False),
        ({}, True),
    ],
)
def test_a_filter_matches_by_what_it_names(pattern, expected) -> None:
    assert matches(pattern, RECORD) == expected


def test_a_filter_rule_that_is_not_driven_is_refused() -> None:
    with pytest.raises(ValueError, match="anything-but"):
        matches({"eventName": [{"anything-but": "REMOVE"}]}, RECORD)


def test_only_wanted_records_are_delivered_and_filters_add_up() -> None:
    stream = records(1, 2, 3)
    stream[0]["eventName"], stream[2]["eventName"] = "INSERT", "REMOVE"
    handler = Handler()
    drive(handler, stream, filters=({"eventName": ["INSERT"]}, {"eventName": ["MODIFY"]}))
    assert handler.handled == {"1": 1, "2": 1}


class Unreliable:
    """Fails as the example says, in every way a handler can; ``handled`` is what it got done."""

    def __init__(self, poison, flaky, ways) -> None:
        self.poison, self.flaky, self.ways = poison, Counter(flaky), ways
        self.handled: set[str] = set()
        self.calls = 0

    def __call__(self, event):
        way = self.ways[self.calls % len(self.ways)]
        self.calls += 1
        numbers = [number_of(each) for each in event["Records"]]
        failed = [each for each in numbers if each in self.poison or self.flaky[each] > 0]
        self.flaky.subtract(numbers)
        if way == "crash" or (way == "raise" and failed):
            raise RuntimeError("failed")
        if way == "junk" and failed:
            return failures(*failed, "")
        self.handled.update(set(numbers) - set(failed))
        return failures(*reversed(failed))


streams = st.lists(st.sampled_from("abc"), min_size=1, max_size=25)
numbers = st.sets(st.integers(1, 25).map(str), max_size=4)


@given(
    streams,
    numbers,
    st.dictionaries(st.integers(1, 25).map(str), st.integers(1, 4), max_size=3),
    st.lists(st.sampled_from(["report", "raise", "junk", "crash"]), min_size=1, max_size=5),
    st.integers(1, 7),
    st.integers(0, 3),
    st.booleans(),
    st.integers(-1, 30),
)
def test_each_record_is_handled_or_given_up_in_the_order_of_its_shard(
    shards, poison, flaky, ways, batch_size, retries, bisects, age
) -> None:
    stream = records(*range(1, len(shards) + 1), every=2)
    shard_of = {str(number): shard for number, shard in enumerate(shards, 1)}
    handler = Unreliable(poison, flaky, ways)
    mapping = StreamMapping(
        batch_size=batch_size,
        retry_attempts=retries,
        bisect_on_error=bisects,
        max_record_age_seconds=age,
        report_batch_item_failures=True,
    )
    delivered = deliver(
        handler,
        mapping,
        stream,
        now=lambda: START + handler.calls,
        shard_of=lambda record: shard_of[number_of(record)],
    )
    given_up: list[str] = []
    for each in delivered.failures:
        info = each["DDBStreamBatchInfo"]
        start, end = int(info["startSequenceNumber"]), int(info["endSequenceNumber"])
        within = [
            number
            for number, shard in shard_of.items()
            if shard == info["shardId"] and start <= int(number) <= end
        ]
        assert len(within) == info["batchSize"]
        given_up += within
    assert len(given_up) == len(set(given_up))
    assert handler.handled | set(given_up) == set(shard_of)
    assert not handler.handled & poison
    for shard in set(shards):
        batches = [[*map(int, each)] for where, each in delivered.batches if where == shard]
        assert all(each == sorted(each) and len(each) <= batch_size for each in batches)
        firsts = [each[0] for each in batches]
        assert firsts == sorted(firsts)


@given(streams, numbers, st.integers(1, 7), st.integers(0, 3), st.booleans())
def test_with_bisection_only_poison_is_given_up_each_record_alone(
    shards, poison, batch_size, retries, raises
) -> None:
    handler = Handler(*map(int, poison), raises=raises)
    stream = records(*range(1, len(shards) + 1))
    delivered = drive(
        handler, stream, bisect_on_error=True, batch_size=batch_size, retry_attempts=retries
    )
    expected = sorted(poison & {number_of(each) for each in stream}, key=int)
    assert [first for first, *_ in delivered.given_up()] == expected
    assert all(size == 1 for _, _, size, _ in delivered.given_up())
    assert set(handler.handled) == {number_of(each) for each in stream} - poison
    for number in expected:
        assert sum(each == (number,) for _, each in delivered.batches) >= 1 + retries

"""The alarm driver against the examples that AWS documents."""

import pytest

from tests.alarm_driver import is_ringing

DATA = {"0": 0.0, "X": 9.0, "-": None}
ALARM = {
    "MetricName": "Errors",
    "Dimensions": [{"Name": "Queue", "Value": {"Ref": "Failed1"}}],
    "ComparisonOperator": "GreaterThanOrEqualToThreshold",
    "Threshold": 1,
    "EvaluationPeriods": 3,
    "TreatMissingData": "notBreaching",
}


def rings(points: str, **changes) -> bool:
    return is_ringing({**ALARM, **changes}, {("Errors", "Failed1"): [DATA[p] for p in points]})


@pytest.mark.parametrize(
    ("points", "needed", "breaching", "not_breaching"),
    [
        ("0-X-X", 3, False, False),
        ("0----", 3, False, False),
        ("-----", 3, True, False),
        ("0XX-X", 3, True, True),
        ("--X--", 3, True, False),
        ("0-X-X", 2, True, True),
        ("00X0X", 2, True, True),
        ("0-X--", 2, True, False),
        ("----0", 2, True, False),
        ("---X-", 2, True, False),
    ],
)
def test_missing_data_is_treated_as_documented(points, needed, breaching, not_breaching) -> None:
    assert rings(points, DatapointsToAlarm=needed, TreatMissingData="breaching") == breaching
    assert rings(points, DatapointsToAlarm=needed, TreatMissingData="notBreaching") == not_breaching


@pytest.mark.parametrize(
    ("comparison", "expected"),
    [
        ("GreaterThanOrEqualToThreshold", True),
        ("GreaterThanThreshold", False),
        ("LessThanOrEqualToThreshold", True),
        ("LessThanThreshold", False),
    ],
)
def test_the_threshold_itself_counts_only_where_the_comparison_says_so(
    comparison, expected
) -> None:
    alarm = {**ALARM, "EvaluationPeriods": 1, "ComparisonOperator": comparison}
    assert is_ringing(alarm, {("Errors", "Failed1"): [1]}) == expected


def test_a_series_of_another_metric_or_resource_is_not_seen() -> None:
    for named in (("Errors", "Failed2"), ("Faults", "Failed1")):
        assert not is_ringing({**ALARM, "EvaluationPeriods": 1}, {named: [9]})


def maths(expression: str) -> dict:
    def metric(name: str) -> dict:
        return {"Id": name, "MetricStat": {"Metric": {"MetricName": name}}, "ReturnData": False}

    return {
        "Metrics": [{"Id": "e", "Expression": expression}, metric("a"), metric("b")],
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "Threshold": 1,
        "EvaluationPeriods": 1,
        "TreatMissingData": "notBreaching",
    }


@pytest.mark.parametrize(
    ("expression", "a", "b", "expected"),
    [
        ("FILL(a, 0) - FILL(b, 0)", 3, None, True),
        ("FILL(a, 0) - FILL(b, 0)", 3, 3, False),
        ("FILL(a, 0) - FILL(b, 0)", None, 3, False),
        ("a - b", 3, None, False),
        ("a - FILL(b, 0)", 3, None, True),
        ("FILL(a, 5) + b * 2", None, 0, True),
        ("a - 3", 3, 0, False),
    ],
)
def test_metric_maths_lacks_what_a_part_lacks_unless_filled(expression, a, b, expected) -> None:
    series = {("a", ""): [a], ("b", ""): [b]}
    assert is_ringing(maths(expression), series, looks_back=0) == expected


@pytest.mark.parametrize("expression", ["FILL(a, REPEAT)", "MAX(a)", "a / b"])
def test_maths_that_is_not_driven_is_refused(expression) -> None:
    with pytest.raises(ValueError, match="not driven"):
        is_ringing(maths(expression), {})


def test_missing_data_that_is_treated_otherwise_is_refused() -> None:
    with pytest.raises(KeyError, match="ignore"):
        rings("-----", TreatMissingData="ignore")

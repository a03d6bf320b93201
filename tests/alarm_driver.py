"""Say which state CloudWatch gives an alarm of the template, for given series of its metrics.

Follows what AWS documents (CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing
data"): an alarm looks at more periods than it evaluates. Data found there counts before anything is
filled in, from the most recent back; only what is still lacking is filled. How many more periods it
looks at is not documented, so tests try several.

A series holds one value for each period, the newest last; None is a period without data.
"""

from __future__ import annotations

import ast
import json
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Series = Sequence[float | None]
# Metric name and a part of its dimensions, such as ("ExecutionsFailed", "DailyReview").
Named = Mapping[tuple[str, str], Series]

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanOrEqualToThreshold": operator.le,
    "LessThanThreshold": operator.lt,
}
_OPERATIONS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}
_IS_BREACH = {"breaching": True, "notBreaching": False}


def is_ringing(alarm: Mapping[str, Any], series: Named, *, looks_back: int = 2) -> bool:
    """Whether the alarm is in ALARM after the last period; ``looks_back`` as many more."""
    periods = alarm["EvaluationPeriods"]
    needed = alarm.get("DatapointsToAlarm", periods)
    compare = _COMPARISONS[alarm["ComparisonOperator"]]
    missing = _IS_BREACH[alarm["TreatMissingData"]]  # a KeyError for what is not driven
    values = _values(alarm, series, periods + looks_back)
    found = [compare(value, alarm["Threshold"]) for value in values if value is not None]
    evaluated = [*found[-periods:], *[missing] * (periods - len(found))]
    return sum(evaluated) >= needed


def _values(alarm: Mapping[str, Any], series: Named, count: int) -> list[float | None]:
    """Return the last values that the alarm compares: of its metric or of its expression."""
    if "MetricName" in alarm:
        return _last(alarm["MetricName"], alarm.get("Dimensions", []), series, count)
    metrics: dict[str, list[float | None]] = {}
    expression = None
    for each in alarm["Metrics"]:
        if "Expression" in each:
            if expression is not None or each.get("ReturnData") is False:
                raise ValueError("only one expression, the result, is driven")
            expression = ast.parse(each["Expression"], mode="eval").body
        else:
            metric = each["MetricStat"]["Metric"]
            metrics[each["Id"]] = _last(
                metric["MetricName"], metric.get("Dimensions", []), series, count
            )
    if expression is None:
        raise ValueError("metrics without an expression are not driven")
    return _evaluated(expression, metrics, count)


def _last(name: str, dimensions: Any, series: Named, count: int) -> list[float | None]:
    where = json.dumps(dimensions)
    found = [each for (metric, part), each in series.items() if metric == name and part in where]
    if len(found) > 1:
        raise ValueError(f"several series for {name} {where}")
    values = list(found[0])[-count:] if found else []
    return [None] * (count - len(values)) + values


def _evaluated(
    node: ast.expr, metrics: Mapping[str, list[float | None]], count: int
) -> list[float | None]:
    """Evaluate metric maths: names, numbers, FILL with a number, and + - *."""
    match node:
        case ast.Name(id=name):
            return metrics[name]
        case ast.Constant(value=int() | float() as value):
            return [value] * count
        case ast.Call(func=ast.Name(id="FILL"), args=[inner, ast.Constant(value=filler)]):
            values = _evaluated(inner, metrics, count)
            return [filler if each is None else each for each in values]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
            pairs = zip(
                _evaluated(left, metrics, count), _evaluated(right, metrics, count), strict=True
            )
            return [
                None if one is None or other is None else _OPERATIONS[type(op)](one, other)
                for one, other in pairs
            ]
    raise ValueError(f"not driven: {ast.unparse(node)}")

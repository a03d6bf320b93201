from dataclasses import replace

import pytest

from recovery.domain.monitoring.pattern_policy import PatternPolicy, pattern_problems


def test_the_default_definitions_are_valid() -> None:
    assert list(pattern_problems(PatternPolicy())) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"look_back": 0}, "look_back"),
        ({"late_from_days": -1}, "late_from_days"),
        ({"checkpoint_percent": 101}, "checkpoint_percent"),
        ({"shrinking_percent": 0}, "shrinking_percent"),
        ({"frequent_from": 10}, "frequent_from"),
        ({"drift_from": 3}, "drift_from"),
        ({"season_years": 0}, "season_years"),
        ({"first_default_days": 99_999}, "first_default_days"),
    ],
)
def test_a_definition_that_cannot_be_meant_is_named(changes, field: str) -> None:
    assert field in {each.field for each in pattern_problems(replace(PatternPolicy(), **changes))}

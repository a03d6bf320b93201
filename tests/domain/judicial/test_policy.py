"""The policy's section on judicial recovery."""

import pytest

from recovery.domain.judicial.policy import JudicialPolicy, judicial_problems
from tests.builders import fields


def test_the_default_is_usable() -> None:
    assert fields(judicial_problems(JudicialPolicy())) == set()


@pytest.mark.parametrize("days", [0, -1, 3661])
def test_a_distance_is_some_days(days: int) -> None:
    assert fields(judicial_problems(JudicialPolicy(alarm_days=(30, days)))) == {"alarm_days.1"}

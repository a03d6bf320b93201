"""Fairness is shown by group, and no fact about who somebody is can enter the warning."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from infra.back_test.fairness import CURE_DAYS, FEW, as_weights, false_alarms, self_cures
from infra.back_test.walk import Scored, walk_forward
from recovery.domain.monitoring.behaviour import Known
from recovery.domain.monitoring.pattern import Behaviour, PatternKind
from recovery.domain.monitoring.payment_lines import PaymentLine
from recovery.domain.monitoring.segments import Segment
from tests.infra.back_test.test_fit import a_trial

FORBIDDEN = (
    *("sex", "gender", "age", "birth", "religion", "ethnic", "origin", "national", "language"),
    *("name", "place", "area", "municipality", "address", "postcode", "marital", "health"),
)


def trials(language: str, warned: int, calm: int) -> list[Scored]:
    on_time = replace(a_trial(False), was_late=False, is_paid=False, groups={"language": language})
    alarm, quiet = Scored(on_time, 10, 400, True), Scored(on_time, 0, 100, True)
    return [alarm] * warned + [quiet] * calm


def test_false_alarms_are_shown_by_language_with_their_intervals() -> None:
    found = false_alarms([*trials("en", 10, 90), *trials("sw", 30, 70)], 30)
    english, swahili = found["language"]["en"], found["language"]["sw"]
    assert (english.value, swahili.value) == (0.1, 0.3)
    assert english.high < swahili.low + 0.02
    assert found["all"]["all"].of == 200


def test_who_was_late_or_had_paid_is_no_false_alarm_and_few_say_nothing() -> None:
    late = replace(a_trial(False), was_late=True, groups={"language": "en"})
    paid = replace(a_trial(False), was_late=False, is_paid=True, groups={"language": "en"})
    rest = [Scored(each, 10, 900, True) for each in (late, paid)] * 50
    found = false_alarms([*rest, *trials("sw", 1, FEW)], 30)
    assert "language" not in found  # one group alone compares with nothing
    assert found["all"]["all"].of == FEW + 1


@pytest.mark.parametrize("days", [CURE_DAYS, CURE_DAYS + 1])
def test_what_came_within_a_week_cured_by_itself(days: int) -> None:
    late = replace(a_trial(False), was_late=True, late_days=days, segment=Segment.FORGETFUL)
    on_time = replace(late, was_late=False, late_days=0)
    found = self_cures([late] * 40 + [on_time] * 100)
    assert found[Segment.FORGETFUL].value == (days <= CURE_DAYS)
    [weight] = as_weights(found)
    assert weight.percent <= 100 * found[Segment.FORGETFUL].value  # the low end


@pytest.mark.parametrize("known", [Behaviour, Known, PaymentLine])
def test_nothing_about_who_somebody_is_can_enter(known: type) -> None:
    names = {each.name for each in fields(known)} | {str(kind) for kind in PatternKind}
    assert not [each for each in names for word in FORBIDDEN if word in each.split("_")]


def test_the_groups_change_no_score() -> None:
    history = [replace(a_trial(False), groups={}) for _ in range(5)]
    elsewhere = [replace(each, groups={"language": "sw", "place": "Hill"}) for each in history]
    scores = [
        [(each.points, each.chance_permille) for each in walk_forward(some, 200)]
        for some in (history, elsewhere)
    ]
    assert scores[0] == scores[1]

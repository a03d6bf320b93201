"""The offer of an agreement before a claim is filed, and before its title is enforced."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.domain.cases.signals import follow
from recovery.domain.cases.stage import CaseState, Decision
from recovery.domain.cases.stages import Stage
from recovery.domain.contact.way_back import (
    has_moved_on,
    is_offered_again,
    offered_since,
    way_back_due,
)

DAY = timedelta(days=1)
TODAY = date(2026, 5, 4)


def case(stage: Stage, since: date | None = TODAY) -> CaseState:
    return CaseState("L-1-C1", date(2026, 1, 4), stage, TODAY, pre_action_since=since)


def due(case: CaseState | None, court: str = "", asked=None, retry_on=None, on=TODAY):
    return way_back_due(case, court, asked or {}, retry_on or {}, on)


def test_it_is_offered_once_on_the_way_to_a_claim() -> None:
    wish = due(case(Stage.PRE_ACTION))
    assert wish and (wish.kind, wish.due_date) == ("way_back", TODAY)
    asked = {wish.rule_key: TODAY}
    for stage in (Stage.PRE_ACTION, Stage.JUDICIAL_RECOVERY, Stage.FILING):
        assert due(replace(case(stage), target_stage_since=TODAY + 9 * DAY), asked=asked) is None


def test_and_once_more_before_the_title_is_enforced() -> None:
    assert due(case(Stage.IN_PROCEEDINGS), "pending") is None
    first, second = due(case(Stage.PRE_ACTION)), due(case(Stage.IN_PROCEEDINGS), "title")
    assert first and second and first.rule_key != second.rule_key
    assert not is_offered_again(first) and is_offered_again(second)


@pytest.mark.parametrize(
    "stage", [Stage.PREVENTION, Stage.INTERMEDIATE_RECOVERY, Stage.ON_HOLD, Stage.ENFORCEMENT]
)
def test_elsewhere_there_is_no_such_offer(stage: Stage) -> None:
    assert due(case(stage), "title") is None
    assert has_moved_on(case(stage)) and has_moved_on(None) and due(None) is None
    assert not has_moved_on(case(Stage.PRE_ACTION))


def test_one_that_was_put_off_waits() -> None:
    wish = due(case(Stage.PRE_ACTION))
    assert wish
    waits = {wish.rule_key: TODAY + DAY}
    assert due(case(Stage.PRE_ACTION), retry_on=waits) is None
    assert due(case(Stage.PRE_ACTION), retry_on=waits, on=TODAY + DAY) == wish


def test_the_day_from_which_an_offer_counts_lasts_until_the_case_leaves_the_way() -> None:
    state = case(Stage.INTERMEDIATE_RECOVERY, None)
    way = [
        (Stage.PRE_ACTION, TODAY),
        (Stage.JUDICIAL_RECOVERY, TODAY),
        (Stage.ON_HOLD, TODAY),
        (Stage.PRE_ACTION, TODAY),
        (Stage.JUDICIAL_RECOVERY, TODAY),
        (Stage.JUDICIAL_RECOVERY, TODAY),
        (Stage.FILING, TODAY),
        (Stage.INTERMEDIATE_RECOVERY, None),
        (Stage.PRE_ACTION, TODAY + 8 * DAY),
    ]
    for day, (to, since) in enumerate(way):
        on = TODAY + day * DAY
        followed, _ = follow("L-1", replace(state, definition=4), 1, Decision(to, "x"), on, 1)
        assert followed and followed.pre_action_since == since, to
        state = followed


def test_an_offer_counts_since_the_present_stage_where_no_other_day_is_known() -> None:
    old = replace(case(Stage.JUDICIAL_RECOVERY, None), target_stage_since=TODAY + DAY)
    assert offered_since(old) == TODAY + DAY

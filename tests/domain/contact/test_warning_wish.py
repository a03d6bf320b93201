"""One kind message for each warned due date, and none once something was said."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from recovery.domain.agreements.restraints import Block, Kind, Restraint
from recovery.domain.contact.warning_wish import OFFER_DUE_DAY, WARNING_REMINDER, warning_wish
from recovery.domain.monitoring.behaviour import RiskSignal, Warned
from tests.builders import FIRST_DUE

ON = FIRST_DUE - timedelta(days=7)
WARNING = Warned(
    on=ON,
    due_date=FIRST_DUE,
    signals=(RiskSignal("drifting later", "instalments 1, 2"),),
    acts=("offer_due_day", "call"),
)


def test_it_is_wished_for_from_its_day_until_the_due_date() -> None:
    for days, wished in ((-1, False), (0, True), (7, True), (8, False)):
        wish = warning_wish(WARNING, (), {}, {}, ON + timedelta(days=days))
        assert (wish is not None) == wished
    wish = warning_wish(WARNING, (), {}, {}, ON)
    assert wish is not None
    assert (wish.kind, wish.due_date, wish.until) == (OFFER_DUE_DAY, FIRST_DUE, FIRST_DUE)


@pytest.mark.parametrize(
    ("acts", "kind"),
    [(("reminder",), WARNING_REMINDER), (("call",), None), (("lesson",), None), ((), None)],
)
def test_the_treatment_chooses_the_message(acts, kind) -> None:
    wish = warning_wish(replace(WARNING, acts=acts), (), {}, {}, ON)
    assert (wish.kind if wish else None) == kind


@pytest.mark.parametrize("key", ["reminder_before_due-3", "due_today-0", WARNING_REMINDER])
def test_who_was_told_of_this_due_date_is_not_told_again(key: str) -> None:
    assert warning_wish(WARNING, (), {key: FIRST_DUE}, {}, ON) is None
    assert warning_wish(WARNING, (), {key: ON - timedelta(days=30)}, {}, ON) is not None


def test_while_reminders_are_held_or_put_off_or_nothing_warns_nobody_is_told() -> None:
    held = Restraint(Kind.STOP, ON, None, frozenset({Block.REMINDERS}), "said_so")
    assert warning_wish(WARNING, (held,), {}, {}, ON) is None
    assert warning_wish(WARNING, (), {}, {OFFER_DUE_DAY: ON + timedelta(days=1)}, ON) is None
    assert warning_wish(None, (), {}, {}, ON) is None

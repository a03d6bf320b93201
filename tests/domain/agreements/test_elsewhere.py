"""A plan that was agreed elsewhere, as it goes on record."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.accounting.agreed import Part
from recovery.domain.agreements.elsewhere import elsewhere_problems, taken_over
from recovery.domain.agreements.fact_request import AgreedElsewhere
from recovery.domain.agreements.policy import PlanPolicy
from recovery.domain.shared.actor import Role
from tests.builders import an_actor
from tests.builders import fields as fields_of
from tests.domain.agreements.test_agreeing import DAY, ON, agreeing, an_agreement, recorded

ANA = an_actor("Ana Torres", Role.SUPERVISOR)
SAID = AgreedElsewhere(ON, (Part(ON + 5 * DAY, 200), Part(ON + 35 * DAY, 100)), "DOC-7")
UNPAID = [(ON - 9 * DAY, 300), (ON + 5 * DAY, 150), (ON + 20 * DAY, 150), (ON + 50 * DAY, 150)]


def wrong(said: AgreedElsewhere = SAID, known=None, *, is_import: bool = True) -> set[str]:
    known = known or agreeing(recorded())
    agreed = taken_over(said, UNPAID, PlanPolicy(), ANA)
    return fields_of(elsewhere_problems(agreed, known, is_import=is_import))


def test_the_parts_come_beside_what_the_schedule_asks_for_meanwhile() -> None:
    agreed = taken_over(SAID, UNPAID, PlanPolicy(), ANA)
    dated = [((each.due_date - ON).days, each.amount_minor) for each in agreed.payments]
    assert dated == [(5, 350), (20, 150), (35, 100)]
    assert agreed.arrears_minor == 300 and agreed.tolerance_minor == 17
    assert wrong() == set()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"parts": (Part(ON - DAY, 100),)}, "parts"),
        ({"parts": SAID.parts[::-1]}, "parts"),
        ({"parts": (SAID.parts[0], SAID.parts[0])}, "parts"),
        ({"parts": (Part(ON + DAY, 301),)}, "parts"),
        ({"signed_by": ("B-9",)}, "signed_by"),
    ],
)
def test_what_no_plan_can_be_is_refused(changes, field) -> None:
    assert wrong(replace(SAID, **changes)) == {field}


def test_a_delivery_or_a_supervisor_tells_of_it_and_not_beside_a_plan_in_force() -> None:
    for by, refused in (
        (ANA, set()),
        (an_actor("Joy", Role.ADVISOR), {"by"}),
        (an_actor("bank", Role.SERVICE, Role.SUPERVISOR), {"by"}),
    ):
        assert wrong(known=agreeing(recorded(), by=by), is_import=False) == refused
    assert wrong(known=agreeing(recorded(AG=an_agreement()))) == {"parts"}


@given(st.lists(st.integers(1, 100), min_size=1, max_size=6))
def test_all_that_is_dated_is_the_parts_and_the_instalments(amounts) -> None:
    parts = tuple(Part(ON + at * 7 * DAY, minor) for at, minor in enumerate(amounts))
    agreed = taken_over(replace(SAID, parts=parts), UNPAID, PlanPolicy(), ANA)
    last = parts[-1].due_date
    meanwhile = sum(minor for on, minor in UNPAID if ON <= on <= last)
    assert sum(each.amount_minor for each in agreed.payments) == sum(amounts) + meanwhile

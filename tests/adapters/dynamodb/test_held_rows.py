"""Restraints in few bytes, and back."""

from __future__ import annotations

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from recovery.adapters.dynamodb.codec import restraints_to_json, state_to_fields
from recovery.adapters.dynamodb.held_rows import held_from_json, held_to_json
from recovery.domain.agreements.restraints import Block, Kind, Restraint
from tests.conftest import wiring_of_fakes
from tests.use_cases.agreements.test_agree import DAY, TODAY, a_life, agree, offer

DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
RESTRAINTS = st.builds(
    Restraint,
    kind=st.sampled_from(Kind),
    from_on=DAYS,
    until=st.none() | DAYS,
    blocks=st.frozensets(st.sampled_from([*(each.value for each in Block), "dreams"])),
    reason_code=st.sampled_from(["plan", "flood"]),
    part=st.none() | st.integers(0, 10**9),
    fact_id=st.sampled_from(["", "AG-1"]),
    of_person=st.booleans(),
)


@given(st.lists(RESTRAINTS, max_size=4))
def test_what_is_written_is_read(restraints) -> None:
    assert held_from_json(held_to_json(restraints)) == tuple(restraints)
    assert held_from_json(restraints_to_json(restraints)) == tuple(restraints)  # before format 4


def test_every_block_has_a_letter_of_its_own() -> None:
    whole = Restraint(Kind.DEATH, date(2026, 1, 1), None, frozenset(Block), "death")
    [row] = json.loads(held_to_json([whole]) or "")
    assert len(set(row[3])) == len(Block) and len(row) == 5


def test_the_state_of_a_loan_with_a_plan_stays_near_a_kilobyte() -> None:
    life = a_life(wiring_of_fakes())
    offer(life)
    agree(life)
    life.until(TODAY + DAY)
    fields = state_to_fields(life.ports.loans.load("L-1").state)
    size = sum(len(name) + len(str(each)) for name, each in fields.items() if each is not None)
    assert size <= 1040

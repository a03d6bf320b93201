"""What follows from a relief on record, and what its undoing takes with it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from recovery.domain.accounting.fact import FactRecord, Recorded, RecordedFact, Undo
from recovery.domain.accounting.history import Charge
from recovery.domain.accounting.party import Party
from recovery.domain.accounting.pauses import Pause
from recovery.domain.accounting.relief import Relief
from recovery.domain.agreements.relief import (
    guarantors_second,
    is_of,
    next_fact_id,
    parts_of,
    restraints_by,
    undo_problems,
    undoing,
    written_letters,
)
from recovery.domain.agreements.restraints import Kind

ON, KNOWN = date(2024, 11, 20), date(2024, 11, 28)
RELIEF = Relief(ON, "flood", date(2025, 2, 19), ("calls", "escalation"))


def record(fact_id: str, fact: RecordedFact, minute: int = 0) -> FactRecord:
    return FactRecord(
        fact_id=fact_id,
        loan_id="L-1",
        fact=fact,
        known_on=KNOWN,
        fingerprint=fact_id,
        reason="flood",
        recorded_by="ana",
        recorded_at=datetime(2024, 11, 28, 9, minute, tzinfo=UTC),
    )


GRANTED = Recorded(
    facts=(
        record("FEE", Charge(date(2024, 11, 22), "fee", 300)),
        record("RE-flood", RELIEF, 1),
        record("RE-flood.C1", Undo("FEE", KNOWN), 1),
        record("RE-flood.P", Pause(ON - timedelta(days=1), RELIEF.until), 1),
        record("RE-flood.x", Pause(date(2025, 3, 1)), 1),  # of another relief, flood.x
    )
)


def undone(recorded: Recorded) -> Recorded:
    undo = Undo("RE-flood", KNOWN)
    for each in (undo, *undoing(undo, recorded)):
        recorded = recorded.with_fact(record(f"undo-{each.fact_id}", each, 2))
    return recorded


def test_it_holds_the_loan_until_its_last_day() -> None:
    [restraint] = restraints_by(GRANTED)
    assert (restraint.kind, restraint.from_on, restraint.until) == (
        *(Kind.MORATORIUM, ON),
        RELIEF.until,
    )
    assert restraint.blocks == {"calls", "escalation"}
    assert is_of(restraint, "flood") and not is_of(restraint, "drought")


def test_its_letter_is_due_for_a_month() -> None:
    [letter] = written_letters(GRANTED, KNOWN + timedelta(days=30))
    assert (letter.to, letter.fact_id, letter.on) == ("relief", "RE-flood", KNOWN)
    assert written_letters(GRANTED, KNOWN + timedelta(days=31)) == ()


def test_its_undoing_takes_all_that_came_with_it_and_brings_the_charge_back() -> None:
    assert parts_of("RE-flood", GRANTED) == ("RE-flood.P", "RE-flood.C1")
    assert "FEE" in GRANTED.undone_ids
    after = undone(GRANTED)
    assert [each.fact_id for each in after.counting()] == ["FEE", "RE-flood.x"]
    assert list(restraints_by(after)) == [] and written_letters(after, KNOWN) == ()


def test_another_fact_is_undone_alone() -> None:
    assert undoing(Undo("FEE", KNOWN), GRANTED) == ()


def test_it_can_be_granted_anew_under_another_id() -> None:
    assert next_fact_id(Recorded(), "flood") == "RE-flood"
    assert next_fact_id(undone(GRANTED), "flood") == "RE-flood.R2"


def test_its_parts_are_not_undone_alone() -> None:
    assert [e.field for e in undo_problems(Undo("RE-flood.P", KNOWN), GRANTED)] == ["undoes"]
    assert list(undo_problems(Undo("RE-flood", KNOWN), GRANTED)) == []
    assert list(undo_problems(Undo("RE-flood.x", KNOWN), GRANTED)) == []
    assert list(undo_problems(RELIEF, GRANTED)) == []


def test_under_a_law_that_says_so_a_guarantor_comes_second() -> None:
    party = Party(person_id="G-1", role="guarantor", from_on=ON, liability="joint_and_several")
    assert guarantors_second([party], GRANTED, KNOWN) == (party,)
    second = Relief(ON, "flood", RELIEF.until, ("calls",), guarantors_second=True)
    recorded = Recorded(facts=(record("RE-flood", second),))
    [changed] = guarantors_second([party], recorded, KNOWN)
    assert not party.comes_after_debtors and changed.comes_after_debtors
    assert guarantors_second([party], recorded, ON - timedelta(days=1)) == (party,)

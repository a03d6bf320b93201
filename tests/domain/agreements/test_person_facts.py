"""What people tell of themselves, and what holds back because of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from recovery.domain.agreements.person_facts import (
    Cause,
    Complaint,
    ComplaintAbout,
    ComplaintEnd,
    ComplaintOutcome,
    Hardship,
    Hold,
    HoldEnd,
    PersonFact,
    PersonFactRecord,
    attacked,
    fact_problems,
    restraints_of,
)
from recovery.domain.agreements.restraints import Kind
from tests.builders import fields

DAY = timedelta(days=1)
ON = date(2026, 4, 10)
HARDSHIP = Hardship(ON, (Cause.INCOME_FELL,), ON + 30 * DAY, ("calls", "messages.arrears"))
DEATH = Hold("death", ON, None, "MD07", ("calls",))
COMPLAINT = Complaint(ON, ComplaintAbout.CONTACT, ON + 21 * DAY, ("calls",))


def record(fact_id: str, fact: PersonFact) -> PersonFactRecord:
    return PersonFactRecord(
        fact_id=fact_id,
        person_id="B-1",
        fact=fact,
        known_on=ON,
        fingerprint=fact_id,
        reason="told",
        recorded_by="ana",
        recorded_at=datetime(2026, 4, 10, tzinfo=UTC),
    )


def test_each_holds_back_until_it_ends_and_a_false_one_never_did() -> None:
    begun = [record("H", HARDSHIP), record("D", DEATH), record("C", COMPLAINT)]
    held = {each.fact_id: each for each in restraints_of(begun)}
    assert [held[e].kind for e in "HDC"] == [Kind.HARDSHIP, Kind.DEATH, Kind.COMPLAINT]
    assert all(each.of_person and each.until is None for each in held.values())
    ends = [
        record("HE", HoldEnd("H", ON + 5 * DAY)),
        record("DE", HoldEnd("D", ON + 5 * DAY, was_false=True)),
        record("CE", ComplaintEnd("C", ON + 7 * DAY, ComplaintOutcome.REJECTED, "No.")),
    ]
    held = {each.fact_id: each for each in restraints_of([*begun, *ends])}
    assert [held[e].until for e in "HDC"] == [ON + 4 * DAY, ON - DAY, ON + 6 * DAY]
    assert not held["D"].holds(ON)


def test_a_complaint_rests_what_it_attacks() -> None:
    assert attacked(ComplaintAbout.CHARGES) == {"late_charges"}
    assert "messages.notice" in attacked(ComplaintAbout.LEGAL_STEPS)
    assert attacked(ComplaintAbout.SERVICE) == frozenset()


def test_what_cannot_be_recorded() -> None:
    known = [record("H", HARDSHIP), record("D", DEATH), record("DE", HoldEnd("D", ON))]

    def wrong(fact: PersonFact) -> set[str]:
        return fields(fact_problems(fact, known, ON))

    assert wrong(HARDSHIP) == wrong(DEATH) == wrong(COMPLAINT) == set()
    assert wrong(Hardship(ON + DAY, (), ON, ())) == {"on", "causes", "review_on"}
    assert wrong(Hold("stop", ON, ON - DAY, "x", ("shouting",))) == {"until", "blocks"}
    assert wrong(HoldEnd("D", ON)) == wrong(HoldEnd("C", ON)) == {"fact_id"}
    assert wrong(HoldEnd("H", ON - DAY)) == {"on"}
    assert wrong(ComplaintEnd("H", ON, ComplaintOutcome.UPHELD)) == {"fact_id"}

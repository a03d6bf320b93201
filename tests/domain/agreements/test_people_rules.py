"""Deadlines, effects of restraints and retention, from rules that may only protect more."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.documents.packs.reading import careful_people_pack, people_pack
from recovery.domain.agreements.people_rules import (
    DeadlineRule,
    PeopleRules,
    RestraintRule,
    RetentionRule,
    answer_by,
    heirs_left_alone_until,
    people_problems,
    restraint_for,
    restraint_rule,
    retention,
    retention_days,
)
from recovery.domain.agreements.restraints import EVERYTHING, Block, Kind
from recovery.domain.shared.errors import RefusedError
from recovery.domain.shared.packs import Pack
from tests.builders import fields

FRIDAY = date(2026, 11, 27)
DAY = timedelta(days=1)
BASE = {
    "id": "xx.people.rule",
    "source": "An act",
    "confidence": "H",
    "valid_from": date(2020, 1, 1),
    "review_by": date(2027, 1, 1),
}
CAREFUL = careful_people_pack()
WEEK = DeadlineRule(**BASE, subject="complaint", days=30, counted="calendar")
HEIRS = "restraints.0.silence_heirs_days"
SHORT = RestraintRule(
    **BASE, kind=Kind.MORATORIUM, blocks=("judicial", "calls"), days=10, longest_days=20
)


def pack(*rules: object) -> Pack[PeopleRules]:
    kinds = {DeadlineRule: "deadlines", RestraintRule: "restraints", RetentionRule: "retention"}
    own = PeopleRules(
        **{
            name: tuple(each for each in rules if type(each) is kind)
            for kind, name in kinds.items()
        }
    )
    return Pack(own, CAREFUL.careful)


def test_an_answer_is_due_after_working_days_without_holidays() -> None:
    assert answer_by(CAREFUL, "acknowledgement", FRIDAY) == date(2026, 12, 1)
    holidays = frozenset({date(2026, 11, 30), date(2026, 12, 1)})
    assert answer_by(CAREFUL, "acknowledgement", FRIDAY, holidays) == date(2026, 12, 3)
    assert answer_by(CAREFUL, "complaint", FRIDAY) == date(2026, 12, 18)
    assert answer_by(CAREFUL, "access", FRIDAY, holidays) == date(2026, 12, 25)


@pytest.mark.parametrize(
    ("changes", "due"),
    [
        ({}, FRIDAY + 30 * DAY),  # verified: it holds alone, though the careful rule is shorter
        ({"confidence": "U"}, date(2026, 12, 18)),
        ({"review_by": FRIDAY - DAY}, date(2026, 12, 18)),
        ({"confidence": "U", "days": 3}, FRIDAY + 3 * DAY),
    ],
)
def test_a_deadline_that_nobody_verified_gives_no_more_time(changes, due) -> None:
    assert answer_by(pack(replace(WEEK, **changes)), "complaint", FRIDAY) == due


def test_an_unknown_subject_is_refused() -> None:
    with pytest.raises(RefusedError, match="gossip"):
        answer_by(CAREFUL, "gossip", FRIDAY)


def test_a_restraint_takes_its_blocks_and_length_from_its_rule() -> None:
    own = restraint_for(pack(SHORT), "moratorium", FRIDAY, None, "court")
    assert own.blocks == {Block.JUDICIAL, Block.CALLS}
    assert own.until == FRIDAY + 9 * DAY
    assert own.reason_code == "court"
    told = restraint_for(pack(SHORT), "moratorium", FRIDAY, FRIDAY + 19 * DAY, "court")
    assert told.until == FRIDAY + 19 * DAY
    assert restraint_for(CAREFUL, "hardship", FRIDAY, None, "told").until is None
    death = restraint_for(CAREFUL, "death", FRIDAY, None, "told")
    assert death.blocks == EVERYTHING


def test_a_dispute_of_a_part_lets_the_rest_be_spoken_of() -> None:
    whole = restraint_for(CAREFUL, "dispute", FRIDAY, None, "told")
    part = restraint_for(CAREFUL, "dispute", FRIDAY, None, "told", part=5_000)
    assert part.part == 5_000
    spoken_of = {Block.REMINDERS, Block.ARREARS, Block.NOTICES, Block.CALLS}
    assert whole.blocks - part.blocks == spoken_of
    assert {Block.ESCALATION, Block.JUDICIAL, Block.LATE_CHARGES} <= part.blocks


def test_a_complaint_also_pauses_what_it_attacks() -> None:
    held = restraint_for(CAREFUL, "complaint", FRIDAY, None, "told", also=frozenset({Block.CALLS}))
    assert held.blocks == {Block.CALLS, Block.ESCALATION, Block.JUDICIAL}


@pytest.mark.parametrize(
    ("kind", "until", "part", "also", "wrong"),
    [
        ("moratorium", FRIDAY + 20 * DAY, None, (), {"until"}),
        ("moratorium", FRIDAY - DAY, None, (), {"until"}),
        ("moratorium", FRIDAY + 20 * DAY, 5, ("visits",), {"until", "part", "blocks"}),
        ("dispute", None, 0, (), {"part"}),
        ("sulking", None, None, (), {"kind"}),
    ],
)
def test_what_may_not_be_recorded_is_refused_with_every_problem(
    kind, until, part, also, wrong
) -> None:
    with pytest.raises(RefusedError) as refused:
        restraint_for(pack(SHORT), kind, FRIDAY, until, "court", part, frozenset(also))
    assert fields(refused.value.problems) == wrong


@pytest.mark.parametrize("doubt", [{"confidence": "U"}, {"review_by": FRIDAY - DAY}])
def test_a_restraint_that_nobody_verified_holds_no_less_than_the_careful_one(doubt) -> None:
    held = restraint_for(
        pack(replace(SHORT, **doubt)), "moratorium", FRIDAY, FRIDAY + 99 * DAY, "court"
    )
    careful = restraint_for(CAREFUL, "moratorium", FRIDAY, None, "court")
    assert held.blocks == careful.blocks | {Block.JUDICIAL, Block.CALLS}
    assert restraint_rule(pack(replace(SHORT, **doubt)), "moratorium", FRIDAY).days is None


@given(
    kind=st.sampled_from(Kind),
    confidence=st.sampled_from(["H", "M", "U"]),
    blocked=st.sets(st.sampled_from(sorted(EVERYTHING)), min_size=1),
    days=st.none() | st.integers(1, 400),
)
def test_no_rule_in_doubt_ever_frees_what_the_careful_default_holds(
    kind, confidence, blocked, days
) -> None:
    rule = RestraintRule(
        **{**BASE, "confidence": confidence}, kind=kind, blocks=tuple(blocked), days=days
    )
    held = restraint_for(pack(rule), kind, FRIDAY, None, "x")
    careful = restraint_for(CAREFUL, kind, FRIDAY, None, "x")
    if confidence == "U":
        assert held.blocks >= careful.blocks
        assert held.until is None
    else:
        assert held.blocks == blocked


def test_heirs_are_left_alone_for_the_days_of_the_law() -> None:
    assert heirs_left_alone_until(CAREFUL, FRIDAY) == FRIDAY + 9 * DAY
    assert heirs_left_alone_until(people_pack("ES"), FRIDAY) == FRIDAY + 9 * DAY
    assert heirs_left_alone_until(people_pack("NL"), FRIDAY) == FRIDAY + 92 * DAY


def test_relatives_are_told_only_where_both_rules_say_so() -> None:
    told = RestraintRule(**BASE, kind=Kind.DEATH, blocks=("everything",), relatives_told=True)
    assert restraint_rule(pack(told), "death", FRIDAY).relatives_told
    doubtful = replace(told, confidence="U")
    assert not restraint_rule(pack(doubtful), "death", FRIDAY).relatives_told


def test_retention_says_the_days_and_from_when_they_count() -> None:
    assert retention_days(CAREFUL, "note", FRIDAY) == 180
    rule = retention(CAREFUL, "task", FRIDAY)
    assert rule is not None and rule.counted_from == "closed"
    own = RetentionRule(**BASE, item="note", days=30, counted_from="recorded")
    assert retention_days(pack(own), "note", FRIDAY) == 30
    assert retention_days(CAREFUL, "gossip", FRIDAY) is None


def restraint_rules(**changes: object) -> PeopleRules:
    return PeopleRules(restraints=(replace(SHORT, **changes),))


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        (restraint_rules(blocks=()), "restraints.0.blocks"),
        (restraint_rules(blocks=("visits",)), "restraints.0.blocks"),
        (restraint_rules(blocks=("everything", "calls")), "restraints.0.blocks"),
        (restraint_rules(part_blocks=("calls",)), "restraints.0.part_blocks"),
        (restraint_rules(silence_heirs_days=9), HEIRS),
        (
            restraint_rules(kind=Kind.DEATH, silence_heirs_days=-1),
            "restraints.0.silence_heirs_days",
        ),
        (restraint_rules(days=0, longest_days=None), "restraints.0.days"),
        (restraint_rules(days=30), "restraints.0.days"),
        (restraint_rules(days=None), "restraints.0.days"),
        (PeopleRules(deadlines=(replace(WEEK, days=0),)), "deadlines.0.days"),
        (PeopleRules(deadlines=(WEEK, replace(WEEK, id="b"))), "deadlines.1.valid_from"),
        (PeopleRules(restraints=(SHORT, replace(SHORT, id="b"))), "restraints.1.valid_from"),
        (
            PeopleRules(
                retention=(RetentionRule(**BASE, item="note", days=0, counted_from="recorded"),)
            ),
            "retention.0.days",
        ),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(rules, field) -> None:
    assert fields(tuple(people_problems(rules))) == {field}


def test_rules_with_one_subject_after_another_are_sound() -> None:
    before = replace(WEEK, id="b", valid_from=date(2010, 1, 1), valid_to=date(2019, 12, 31))
    assert not list(people_problems(PeopleRules(deadlines=(before, WEEK), restraints=(SHORT,))))

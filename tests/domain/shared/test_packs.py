"""Dated rules: when they hold, what may rest on them, and what is wrong with them."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from recovery.domain.shared.packs import Pack, Rule, in_force, may_permit, rule_problems
from tests.builders import fields

DAY = timedelta(days=1)
RULE = Rule(
    id="xx.people.answer",
    source="An act, article 1",
    confidence="H",
    valid_from=date(2026, 1, 1),
    valid_to=date(2026, 12, 31),
    review_by=date(2026, 6, 30),
)


@dataclass(frozen=True)
class Section:
    answer: tuple[Rule, ...] = ()
    silence: tuple[Rule, ...] = ()


@pytest.mark.parametrize(
    ("on", "holds"),
    [
        (RULE.valid_from - DAY, False),
        (RULE.valid_from, True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_a_rule_holds_from_its_first_day_to_its_last(on, holds) -> None:
    assert in_force([RULE], on) == ((RULE,) if holds else ())


def test_a_rule_without_a_last_day_goes_on() -> None:
    assert replace(RULE, valid_to=None).holds(date.max)


@pytest.mark.parametrize(
    ("changes", "on", "permits"),
    [
        ({}, RULE.review_by, True),
        ({}, RULE.review_by + DAY, False),
        ({}, RULE.valid_from - DAY, False),
        ({"confidence": "M"}, RULE.valid_from, True),
        ({"confidence": "U"}, RULE.valid_from, False),
        ({"review_by": date(2030, 1, 1)}, date(2027, 1, 1), False),
    ],
)
def test_an_adverse_step_needs_a_verified_rule_in_force_and_reviewed(changes, on, permits) -> None:
    assert may_permit(replace(RULE, **changes), on) == permits


def test_the_careful_default_holds_while_the_country_has_no_rule() -> None:
    careful = replace(RULE, id="careful.people.answer", valid_from=date(1970, 1, 1), valid_to=None)
    pack = Pack(Section(answer=(RULE,)), Section(answer=(careful,), silence=(careful,)))
    for on, expected in {RULE.valid_from: RULE, date(2027, 1, 1): careful}.items():
        assert pack.in_force(lambda rules: rules.answer, on) == (expected,)
    assert pack.in_force(lambda rules: rules.silence, RULE.valid_from) == (careful,)
    without = Pack(None, pack.careful)
    assert without.in_force(lambda rules: rules.answer, RULE.valid_from) == (careful,)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": "yy.people.answer"}, "answer.0.id"),
        ({"id": "xx.people"}, "answer.0.id"),
        ({"id": "xx.people.Answer"}, "answer.0.id"),
        ({"id": "xxxpeople.answer"}, "answer.0.id"),
        ({"source": " "}, "answer.0.source"),
        ({"source": "x" * 301}, "answer.0.source"),
        ({"valid_to": date(2025, 12, 31)}, "answer.0.valid_to"),
        ({"review_by": RULE.valid_from}, "answer.0.review_by"),
    ],
)
def test_a_wrong_id_source_or_date_is_reported(changes, field) -> None:
    section = Section(answer=(replace(RULE, **changes),))
    assert fields(rule_problems(section, "xx.people")) == {field}


def test_an_id_is_one_rule_at_a_time() -> None:
    later = replace(RULE, valid_from=date(2027, 1, 1), valid_to=None, review_by=date(2028, 1, 1))
    assert not fields(rule_problems(Section(answer=(RULE, later)), "xx.people"))
    last_day_twice = replace(later, valid_from=date(2026, 12, 31))
    for section in (
        Section(answer=(RULE, last_day_twice)),
        Section(answer=(last_day_twice, RULE)),
    ):
        assert fields(rule_problems(section, "xx.people")) == {"answer.1.valid_from"}
    elsewhere = Section(answer=(RULE,), silence=(last_day_twice,))
    assert fields(rule_problems(elsewhere, "xx.people")) == {"silence.0.valid_from"}

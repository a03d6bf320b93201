"""The rules on who signs, as a pack may have them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from recovery.domain.agreements.signing_rules import SigningRule, signing_problems
from tests.builders import fields as fields_of

ALL = SigningRule(
    id="es.people.signing",
    source="CC 1851",
    confidence="M",
    valid_from=date(2020, 1, 1),
    review_by=date(2030, 1, 1),
    debtors="all",
    frees_guarantors=True,
)
ONE = replace(
    ALL, id="es.people.signing.moratorium", debtors="one", kinds=("moratorium", "holiday")
)


def test_a_rule_is_about_its_kinds_or_about_all() -> None:
    assert ALL.is_about("settlement") and ONE.is_about("holiday")
    assert not ONE.is_about("settlement")


def test_two_rules_at_once_are_about_different_kinds() -> None:
    assert list(signing_problems((ALL, ONE))) == []
    again = replace(ONE, id="other", kinds=("holiday",))
    assert fields_of(signing_problems((ALL, ONE, again))) == {"signing.2.valid_from"}
    assert fields_of(signing_problems((ALL, replace(ALL, id="b")))) == {"signing.1.valid_from"}
    assert fields_of(signing_problems((replace(ONE, kinds=("gift",)),))) == {"signing.0.kinds"}

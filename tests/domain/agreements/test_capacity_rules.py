from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.documents.packs.reading import capacity_pack, careful_capacity_pack
from recovery.domain.agreements.capacity_rules import (
    AttachableRule,
    CapacityRules,
    LivingRule,
    MarginRule,
    ShareRule,
    capacity_rule_problems,
    duties_of,
    terms_of,
)
from recovery.domain.agreements.policy import CapacityPolicy, LivingFloor
from recovery.domain.shared.packs import Pack

ON = date(2026, 11, 27)
DATED = {
    "source": "law",
    "confidence": "H",
    "valid_from": date(2020, 1, 1),
    "review_by": date(2030, 1, 1),
}
LIVING = LivingRule(
    id="xx.capacity.living",
    currency="EUR",
    first_adult_minor=60_000,
    other_adult_minor=30_000,
    child_minor=20_000,
    **DATED,
)
LOOSE = ShareRule(id="xx.capacity.shares", percent=80, **DATED)


def terms(pack=None, policy=CapacityPolicy(), **changes):  # noqa: B008  frozen
    asked = {"currency": "EUR", "adults": 2, "children": 1, "on": ON, **changes}
    return terms_of(pack or careful_capacity_pack(), policy, **asked)


def own(**kinds):
    return Pack(CapacityRules(**kinds), careful_capacity_pack().careful)


def test_no_figure_is_invented_for_what_life_costs() -> None:
    for country in ("ES", "NL", "IN", "KE", "US"):
        assert terms(capacity_pack(country)).living_minor is None
    assert terms().margin_percent == 30 and terms().valid_days == 180


def test_a_living_counts_each_person_in_the_currency_of_the_rule() -> None:
    pack = own(living=(LIVING,))
    assert terms(pack).living_minor == 60_000 + 30_000 + 20_000
    assert terms(pack, adults=1, children=0).living_minor == 60_000
    assert terms(pack, currency="USD").living_minor is None


def test_the_institution_may_be_stricter_and_never_looser() -> None:
    high = LivingFloor(
        currency="EUR", first_adult_minor=70_000, other_adult_minor=30_000, child_minor=20_000
    )
    low = replace(high, first_adult_minor=10_000)
    pack = own(living=(LIVING,))
    assert terms(pack, CapacityPolicy(living=(high,))).living_minor == 120_000
    assert terms(pack, CapacityPolicy(living=(low,))).living_minor == 110_000
    strict = terms(policy=CapacityPolicy(margin_percent=40, income_share_percent=30, valid_days=9))
    assert (strict.margin_percent, strict.valid_days) == (40, 9)
    assert [each.percent for each in strict.caps] == [50, 30]
    loose = terms(policy=CapacityPolicy(margin_percent=1, income_share_percent=90, valid_days=999))
    assert (loose.margin_percent, loose.valid_days) == (30, 180)
    assert min(each.percent for each in loose.caps) == 50


@pytest.mark.parametrize(
    ("changes", "percents"),
    [
        ({}, [80]),
        ({"confidence": "U"}, [80, 50]),  # may restrain, never loosen
        ({"review_by": ON - timedelta(days=1)}, [80, 50]),
        ({"valid_to": ON - timedelta(days=1)}, [50]),
    ],
)
def test_a_rule_that_nobody_vouches_for_counts_beside_the_careful_one(changes, percents) -> None:
    pack = own(shares=(replace(LOOSE, **changes),))
    assert [each.percent for each in terms(pack).caps] == percents


def test_india_has_its_own_cap_and_says_which_rule_it_is() -> None:
    [cap] = terms(capacity_pack("IN"), currency="INR").caps
    assert (cap.percent, cap.of) == (50, "household_income")
    assert cap.source == "in.capacity.shares.household_income"


@pytest.mark.parametrize(
    ("income", "attachable"),
    [(122_099, 0), (122_100, 0), (150_000, 8_370), (200_000, 23_370), (300_000, 64_530)],
)
def test_what_a_court_in_spain_may_take(income, attachable) -> None:
    """LEC 607 with the minimum wage of 2026; figures as published."""
    rule = terms(capacity_pack("ES")).attachable
    assert rule and rule.attachable_minor(income) == attachable
    assert terms(capacity_pack("ES"), on=date(2027, 1, 1)).attachable is None
    assert terms(capacity_pack("ES"), currency="USD").attachable is None


def test_the_last_step_has_no_end() -> None:
    rule = AttachableRule(id="x", currency="EUR", free_minor=100, step_percents=(30, 50), **DATED)
    assert rule.attachable_minor(1_000) == 30 + 400


@pytest.mark.parametrize(
    ("country", "status"),
    [("ES", "target"), ("NL", "target"), ("FR", "target"), ("GB", "in_force")],
)
def test_both_duties_hold_everywhere_with_their_status(country, status) -> None:
    found = duties_of(capacity_pack(country), ON)
    assert {each.duty for each in found} == {"consider_forbearance", "name_debt_advice"}
    assert {each.status for each in found} == {status}


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        (CapacityRules(shares=(replace(LOOSE, percent=101),)), "shares.0.percent"),
        (CapacityRules(margins=(MarginRule(id="x", percent=100, **DATED),)), "margins.0.percent"),
        (CapacityRules(living=(replace(LIVING, child_minor=-1),)), "living.0.child_minor"),
        (CapacityRules(living=(LIVING, replace(LIVING, id="other"))), "living.1.valid_from"),
        (
            CapacityRules(
                attachable=(
                    AttachableRule(
                        id="x", currency="EUR", free_minor=0, step_percents=(30,), **DATED
                    ),
                )
            ),
            "attachable.0.free_minor",
        ),
    ],
)
def test_a_wrong_file_is_refused_where_it_is_wrong(rules, field) -> None:
    assert [each.field for each in capacity_rule_problems(rules)] == [field]

"""The law narrows late charges and never widens them."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.accounting.history import History
from recovery.domain.accounting.late_charges import LateCharge, late_charge_problems
from recovery.domain.accounting.ledger import build_ledger
from recovery.domain.accounting.lending import (
    ComponentOrderRule,
    DebtOrderRule,
    LateChargeRule,
    LendingRules,
    allowed_late_charges,
    component_order,
    debt_order,
    lending_problems,
)
from recovery.domain.accounting.loan import Components, Instalment
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.shared.money import Money
from recovery.domain.shared.packs import Pack
from tests.builders import fields

ON = date(2026, 3, 10)
DATED = {
    "source": "An act, article 1",
    "confidence": "H",
    "valid_from": date(2026, 1, 1),
    "review_by": date(2026, 12, 31),
}
BUSINESS = LateChargeRule(id="xx.lending.charges", capacity="business", allowed=True, **DATED)
CONSUMER = replace(BUSINESS, id="xx.lending.consumers", capacity="consumer")
CAREFUL = LendingRules(
    debt_order=(
        DebtOrderRule(
            id="careful.lending.debt_order", designation=True, by=("due_only", "pro_rata"), **DATED
        ),
    )
)
ORDER = replace(CAREFUL.debt_order[0], id="xx.lending.debt_order", by=("oldest", "pro_rata"))
COSTS_FIRST = ComponentOrderRule(
    id="xx.lending.component_order",
    first_to_last=(("fee", "penalty"), ("interest",), ("principal",)),
    **DATED,
)

FIXED = LateCharge(amount_minor=500, from_days=5)
PERCENT = LateCharge(percent=Decimal(2))
DAILY = LateCharge(per="day", percent=Decimal("0.1"))
COMPOUNDING = replace(DAILY, of=("principal", "penalty"))


def pack(*rules: LateChargeRule) -> Pack[LendingRules]:
    return Pack(LendingRules(late_charges=rules), CAREFUL)


def allowed(rules, *charges, capacity="business", currency="EUR", on=ON):
    return allowed_late_charges(charges, pack(*rules), capacity, currency, on)


def capped(*charges, **caps):
    return allowed([replace(BUSINESS, **caps)], *charges)


def test_without_caps_the_contract_decides() -> None:
    assert allowed([BUSINESS], FIXED, DAILY) == (FIXED, DAILY)


@pytest.mark.parametrize("capacity", ["consumer", "mixed", "unknown", "written later"])
def test_who_may_be_a_consumer_is_treated_as_one(capacity) -> None:
    assert allowed([BUSINESS], FIXED, capacity=capacity) == ()
    assert allowed([BUSINESS, CONSUMER], FIXED, capacity=capacity) == (FIXED,)
    off = replace(CONSUMER, allowed=False)
    assert allowed([BUSINESS, off], FIXED, capacity=capacity) == ()


@pytest.mark.parametrize(
    "rules",
    [
        [],
        [replace(BUSINESS, confidence="U")],
        [replace(BUSINESS, review_by=ON - timedelta(days=1))],
        [replace(BUSINESS, valid_to=ON - timedelta(days=1))],
        [replace(BUSINESS, valid_from=ON + timedelta(days=1))],
        [BUSINESS, replace(BUSINESS, id="xx.lending.other", allowed=False)],
        [BUSINESS, replace(BUSINESS, id="xx.lending.other", confidence="U")],
    ],
)
def test_nothing_is_charged_without_a_sound_rule_that_allows_it(rules) -> None:
    assert allowed(rules, FIXED) == ()


@pytest.mark.parametrize(
    ("caps", "charges", "expected"),
    [
        ({"no_compounding": True}, (COMPOUNDING,), (replace(DAILY, of=("principal",)),)),
        ({"no_compounding": True}, (replace(PERCENT, of=("fee", "penalty")), FIXED), (FIXED,)),
        ({"once_only": True}, (DAILY, FIXED), (replace(DAILY, per="instalment"),)),
        (
            {"cap_percent_of_instalment": Decimal(3)},
            (replace(DAILY, cap_percent=Decimal(2)), PERCENT, FIXED),
            (replace(DAILY, cap_percent=Decimal(2)), replace(PERCENT, cap_percent=Decimal(1))),
        ),
        (
            {"cap_percent_of_unpaid": Decimal(3)},
            (PERCENT, replace(FIXED, cap_minor=400), DAILY),
            (
                PERCENT,
                LateCharge(percent=Decimal(1), cap_minor=400, from_days=5),
            ),
        ),
        (
            {"cap_percent_of_unpaid": Decimal(3)},
            (DAILY, replace(FIXED, per="day")),
            (
                replace(DAILY, per="instalment"),
                LateCharge(percent=Decimal("2.9"), cap_minor=500, from_days=5),
            ),
        ),
        (
            {"cap_amounts": (Money(700, "USD"), Money(900, "EUR"))},
            (FIXED, DAILY, PERCENT),
            (replace(FIXED, cap_minor=500), replace(DAILY, cap_minor=400)),
        ),
        (
            {"cap_amounts": (Money(300, "EUR"),)},
            (replace(DAILY, cap_minor=200), FIXED),
            (replace(DAILY, cap_minor=200), replace(FIXED, cap_minor=100)),
        ),
        ({"cap_amounts": (Money(700, "USD"),)}, (FIXED,), ()),
        ({"cap_percent_of_unpaid": Decimal(0)}, (FIXED, PERCENT), ()),
        ({"cap_percent_of_instalment": Decimal(0)}, (FIXED, PERCENT), ()),
    ],
)
def test_a_cap_narrows_the_charges(caps, charges, expected) -> None:
    assert capped(*charges, **caps) == expected


def test_the_stricter_of_two_caps_wins() -> None:
    five = replace(BUSINESS, cap_amounts=(Money(500, "EUR"),))
    three = replace(five, id="xx.lending.other", cap_amounts=(Money(300, "EUR"),))
    for rules in ([five, three], [three, five]):
        assert allowed(rules, DAILY) == (replace(DAILY, cap_minor=300),)


percents = st.decimals("0.01", "100", places=2)
components = st.lists(
    st.sampled_from(["principal", "interest", "fee", "penalty"]), min_size=1, unique=True
).map(tuple)
late_charges = st.builds(
    LateCharge,
    component=st.sampled_from(["fee", "penalty"]),
    per=st.sampled_from(["instalment", "day"]),
    of=components,
    from_days=st.integers(1, 10),
    cap_minor=st.none() | st.integers(0, 5_000),
    cap_percent=st.none() | st.decimals("0", "50", places=1),
).flatmap(
    lambda charge: st.one_of(
        st.builds(lambda minor: replace(charge, amount_minor=minor), st.integers(1, 3_000)),
        st.builds(lambda percent: replace(charge, percent=percent), percents),
    )
)
by_law = st.builds(
    replace,
    st.just(BUSINESS),
    cap_percent_of_instalment=st.none() | st.decimals("0", "40", places=1),
    cap_percent_of_unpaid=st.none() | st.decimals("0", "40", places=1),
    cap_amounts=st.just(()) | st.builds(lambda m: (Money(m, "EUR"),), st.integers(0, 5_000)),
    once_only=st.booleans(),
    no_compounding=st.booleans(),
)
DUE = Components(10_000, 1_000, 200)


def charged_minor(charges: tuple[LateCharge, ...], days: int) -> int:
    schedule = (Instalment(1, ON, DUE),)
    as_of = ON + timedelta(days=days)
    ledger = build_ledger(schedule, History(), AllocationPolicy(), charges, as_of)
    return ledger.schedule[0].due.total - DUE.total


@given(st.lists(late_charges, max_size=4).map(tuple), by_law)
def test_the_law_never_makes_a_charge_higher_and_its_caps_hold(charges, rule) -> None:
    narrowed = allowed([rule], *charges)
    assert not list(late_charge_problems(narrowed))
    for days in (1, 2, 5, 12):
        total_minor = charged_minor(narrowed, days)
        assert total_minor <= charged_minor(charges, days)
        if rule.cap_amounts:
            assert total_minor <= rule.cap_amounts[0].amount_minor
        if rule.cap_percent_of_instalment is not None:
            assert total_minor <= rule.cap_percent_of_instalment * DUE.total / 100
        if rule.cap_percent_of_unpaid is not None:
            most = rule.cap_percent_of_unpaid * (DUE.total + total_minor) / 100
            assert total_minor <= most + Decimal("0.5") * len(narrowed)
        if rule.once_only:
            assert len(narrowed) <= 1


def test_the_country_s_order_over_debts_comes_before_the_careful_one() -> None:
    own = Pack(LendingRules(debt_order=(replace(ORDER, valid_to=ON),)), CAREFUL)
    assert debt_order(own, ON).id == "xx.lending.debt_order"
    assert debt_order(own, ON + timedelta(days=1)).id == "careful.lending.debt_order"


def test_an_order_within_a_debt_is_the_law_s_or_unknown() -> None:
    assert component_order(pack(), ON) is None
    known = Pack(LendingRules(component_order=(COSTS_FIRST,)), CAREFUL)
    assert component_order(known, ON) == COSTS_FIRST


@pytest.mark.parametrize(
    ("order", "agrees"),
    [
        (("penalty", "fee", "interest", "principal"), True),
        (("fee", "penalty", "interest", "principal"), True),
        (("fee", "interest", "penalty", "principal"), False),
        (("principal", "interest", "fee", "penalty"), False),
    ],
)
def test_components_of_one_group_may_come_in_any_order(order, agrees) -> None:
    assert COSTS_FIRST.agrees_with(order) == agrees


def test_a_component_the_law_does_not_name_may_come_anywhere() -> None:
    interest_first = replace(COSTS_FIRST, first_to_last=(("interest",), ("principal",)))
    assert interest_first.agrees_with(("fee", "interest", "penalty", "principal"))
    assert interest_first.agrees_with(("interest", "principal", "fee", "penalty"))
    assert not interest_first.agrees_with(("fee", "principal", "interest", "penalty"))


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        (
            LendingRules(late_charges=(replace(BUSINESS, allowed=False, once_only=True),)),
            "late_charges.0.allowed",
        ),
        (
            LendingRules(
                late_charges=(replace(BUSINESS, allowed=False, cap_percent_of_unpaid=Decimal(0)),)
            ),
            "late_charges.0.allowed",
        ),
        (
            LendingRules(late_charges=(replace(BUSINESS, cap_percent_of_unpaid=Decimal(101)),)),
            "late_charges.0.cap_percent_of_unpaid",
        ),
        (
            LendingRules(late_charges=(replace(BUSINESS, cap_percent_of_instalment=Decimal(-1)),)),
            "late_charges.0.cap_percent_of_instalment",
        ),
        (
            LendingRules(late_charges=(replace(BUSINESS, cap_amounts=(Money(1, "euro"),)),)),
            "late_charges.0.cap_amounts",
        ),
        (
            LendingRules(late_charges=(replace(BUSINESS, cap_amounts=(Money(1, "EUR"),) * 2),)),
            "late_charges.0.cap_amounts",
        ),
        (
            LendingRules(late_charges=(replace(BUSINESS, cap_amounts=(Money(-1, "EUR"),)),)),
            "late_charges.0.cap_amounts.0.amount_minor",
        ),
        *(
            (
                LendingRules(component_order=(replace(COSTS_FIRST, first_to_last=wrong),)),
                "component_order.0.first_to_last",
            )
            for wrong in ((), (("fee",),), (("fee",), ()), (("fee",), ("interest", "fee")))
        ),
        *(
            (LendingRules(debt_order=(replace(ORDER, by=wrong),)), "debt_order.0.by")
            for wrong in (
                (),
                ("oldest",),
                ("pro_rata", "oldest"),
                ("oldest", "oldest", "pro_rata"),
                ("due_only", "due_first", "pro_rata"),
            )
        ),
        (
            LendingRules(debt_order=(ORDER, replace(ORDER, id="xx.lending.other"))),
            "debt_order.1.valid_from",
        ),
        (
            LendingRules(
                component_order=(COSTS_FIRST, replace(COSTS_FIRST, id="xx.lending.other"))
            ),
            "component_order.1.valid_from",
        ),
    ],
)
def test_a_wrong_value_is_reported(rules, field) -> None:
    assert fields(lending_problems(rules)) == {field}


def test_sound_rules_have_no_problems() -> None:
    most = replace(
        BUSINESS,
        cap_percent_of_instalment=Decimal(1000),
        cap_percent_of_unpaid=Decimal(100),
        cap_amounts=(Money(0, "EUR"), Money(10**15, "KES")),
    )
    rules = LendingRules(
        late_charges=(most, CONSUMER), component_order=(COSTS_FIRST,), debt_order=(ORDER,)
    )
    assert not list(lending_problems(rules))

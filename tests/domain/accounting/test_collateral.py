"""Security on record: what opens a claim, and when savings may be set off."""

from dataclasses import replace
from datetime import date

import pytest

from recovery.domain.accounting.collateral import (
    Collateral,
    LifeEvent,
    SetOffRule,
    Valuation,
    claims_opened_by,
    collateral_problems,
    set_off_minor,
)
from recovery.domain.shared.errors import RefusedError
from tests.builders import fields

SIGNED = date(2026, 1, 2)
MAY = date(2026, 5, 4)
INSURANCE = Collateral(
    collateral_id="K-1",
    kind="credit_life_insurance",
    person_id="B",
    from_on=SIGNED,
    until=date(2026, 12, 31),
    valuations=(Valuation(SIGNED, 100_000),),
    covers=frozenset({"death", "disability"}),
)
SAVINGS = Collateral(
    collateral_id="K-2",
    kind="pledged_savings",
    person_id="B",
    from_on=SIGNED,
    valuations=(Valuation(SIGNED, 20_000), Valuation(date(2026, 4, 1), 25_000)),
)
DEATH = LifeEvent("death", "B", MAY)


def test_a_death_opens_the_claim_for_the_debt_up_to_the_sum_insured() -> None:
    [claim] = claims_opened_by(DEATH, [SAVINGS, INSURANCE], 60_000)
    assert (claim.collateral_id, claim.amount_minor) == ("K-1", 60_000)
    [capped] = claims_opened_by(DEATH, [INSURANCE], 150_000)
    assert capped.amount_minor == 100_000


def test_the_same_event_opens_the_same_claim() -> None:
    assert claims_opened_by(DEATH, [INSURANCE], 60_000) == claims_opened_by(
        DEATH, [INSURANCE], 60_000
    )
    [death] = claims_opened_by(DEATH, [INSURANCE], 1)
    [disability] = claims_opened_by(replace(DEATH, kind="disability"), [INSURANCE], 1)
    assert death.claim_id != disability.claim_id


def test_two_insurances_together_claim_no_more_than_the_debt() -> None:
    second = replace(INSURANCE, collateral_id="K-3")
    claims = claims_opened_by(DEATH, [second, INSURANCE], 130_000)
    assert [(each.collateral_id, each.amount_minor) for each in claims] == [
        ("K-1", 100_000),
        ("K-3", 30_000),
    ]


@pytest.mark.parametrize(
    ("event", "insurance"),
    [
        (replace(DEATH, person_id="A"), INSURANCE),
        (replace(DEATH, on=date(2027, 1, 1)), INSURANCE),
        (DEATH, replace(INSURANCE, covers=frozenset({"disability"}))),
        (DEATH, replace(INSURANCE, valuations=(Valuation(date(2026, 6, 1), 1),))),
    ],
)
def test_no_claim_opens_on_what_does_not_insure_that_event(event, insurance) -> None:
    assert claims_opened_by(event, [insurance], 60_000) == ()


def test_nothing_is_claimed_for_a_loan_that_is_paid() -> None:
    assert claims_opened_by(DEATH, [INSURANCE], 0) == ()


def test_the_value_is_the_last_one_known() -> None:
    assert SAVINGS.value_minor(date(2026, 3, 31)) == 20_000
    assert SAVINGS.value_minor(MAY) == 25_000
    assert SAVINGS.value_minor(date(2026, 1, 1)) == 0


LETS = SetOffRule(is_allowed=True, notice_days=30)
NOTICED = date(2026, 4, 4)


def test_savings_are_set_off_against_what_is_overdue_and_no_more() -> None:
    assert set_off_minor(SAVINGS, 12_000, LETS, NOTICED, MAY) == 12_000
    assert set_off_minor(SAVINGS, 90_000, LETS, NOTICED, MAY) == 25_000
    assert set_off_minor(SAVINGS, 90_000, LETS, NOTICED, MAY, used_minor=20_000) == 5_000


@pytest.mark.parametrize(
    ("savings", "rule", "noticed_on", "field"),
    [
        (SAVINGS, SetOffRule(), NOTICED, "set_off"),
        (SAVINGS, LETS, None, "noticed_on"),
        (SAVINGS, LETS, date(2026, 4, 5), "noticed_on"),
        (INSURANCE, LETS, NOTICED, "collateral_id"),
        (replace(SAVINGS, until=date(2026, 5, 3)), LETS, NOTICED, "collateral_id"),
    ],
)
def test_savings_are_not_set_off_without_law_notice_or_pledge(
    savings, rule, noticed_on, field
) -> None:
    with pytest.raises(RefusedError) as refused:
        set_off_minor(savings, 12_000, rule, noticed_on, MAY)
    assert fields(refused.value.problems) == {field}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (replace(SAVINGS, until=date(2026, 1, 1)), "until"),
        (replace(SAVINGS, valuations=()), "value"),
        (replace(SAVINGS, valuations=(Valuation(SIGNED, 0),)), "value"),
        (replace(INSURANCE, covers=frozenset()), "covers"),
        (replace(SAVINGS, covers=frozenset({"death"})), "covers"),
    ],
)
def test_what_cannot_be_is_not_recorded(wrong, field) -> None:
    assert fields(collateral_problems(wrong)) == {field}


@pytest.mark.parametrize("right", [SAVINGS, INSURANCE])
def test_an_ordinary_security_is_recorded(right) -> None:
    assert not fields(collateral_problems(right))

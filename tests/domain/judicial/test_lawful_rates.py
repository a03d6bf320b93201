"""The lawful rate on each day: what was agreed, what falls away, and what nobody knows."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from recovery.documents.packs.reading import careful_claim_pack, claim_pack
from recovery.domain.judicial.lawful_rates import (
    AgreedRates,
    LawfulRate,
    RateTable,
    last_days,
    lawful_rate,
    ordinary_rate,
    procedural_rate,
)
from recovery.domain.shared.packs import Pack

SPAIN, NETHERLANDS, UNKNOWN = claim_pack("ES"), claim_pack("NL"), careful_claim_pack()
ON = date(2026, 5, 15)


def agreed(ordinary=None, late=None, **more) -> AgreedRates:
    return AgreedRates(
        ordinary_pct=None if ordinary is None else Decimal(ordinary),
        late_pct=None if late is None else Decimal(late),
        **more,
    )


def rate(terms: AgreedRates, pack=SPAIN, on=ON) -> tuple[str, str] | str:
    found = lawful_rate(terms, pack, on)
    return (str(found.annual_pct), found.because) if isinstance(found, LawfulRate) else found


@pytest.mark.parametrize(
    ("ordinary", "late", "runs"),
    [
        ("18", "20", ("20", "late_rate_agreed")),
        ("18", "20.01", ("18", "surcharge_falls_away")),
        ("18", "25", ("18", "surcharge_falls_away")),
        ("18", "12", ("12", "late_rate_agreed")),
        (None, "20", "ordinary_rate_unknown"),
    ],
)
def test_a_consumers_surcharge_over_two_points_falls_away_whole(ordinary, late, runs) -> None:
    assert rate(agreed(ordinary, late)) == runs


def test_a_business_owes_what_it_agreed() -> None:
    assert rate(agreed("18", "40", capacity="business")) == ("40", "late_rate_agreed")
    assert rate(agreed(None, "40", capacity="business")) == ("40", "late_rate_agreed")


def test_on_a_home_mortgage_the_rate_is_reduced_to_three_points() -> None:
    assert rate(agreed("3", "9", home_mortgage=True)) == ("6", "late_rate_reduced")
    assert rate(agreed("3", "5", home_mortgage=True)) == ("5", "late_rate_agreed")


def test_without_an_agreed_late_rate_the_legal_one_runs_from_a_demand_in_spain() -> None:
    found = lawful_rate(agreed("18"), SPAIN, ON)
    assert isinstance(found, LawfulRate)
    assert (found.annual_pct, found.from_demand, found.compounds) == (Decimal("3.25"), True, False)


@pytest.mark.parametrize(
    ("on", "runs"),
    [
        (date(2023, 12, 31), "no_statutory_rate"),
        (date(2024, 1, 1), ("7", "set_by_law")),
        (date(2024, 12, 31), ("7", "set_by_law")),
        (date(2025, 1, 1), ("6", "set_by_law")),
        (date(2026, 1, 1), ("4", "set_by_law")),
        (date(2026, 12, 31), ("4", "set_by_law")),
        (date(2027, 1, 1), "no_statutory_rate"),
    ],
)
def test_each_day_has_the_rate_of_its_year_and_none_is_guessed(on, runs) -> None:
    assert rate(agreed(), NETHERLANDS, on) == runs


def test_the_statutory_rate_compounds_in_the_netherlands_and_an_agreed_one_does_not() -> None:
    found = lawful_rate(agreed(), NETHERLANDS, ON)
    assert isinstance(found, LawfulRate) and found.compounds and not found.from_demand
    higher = lawful_rate(agreed("9"), NETHERLANDS, ON)
    assert isinstance(higher, LawfulRate) and not higher.compounds
    assert (str(higher.annual_pct), higher.because) == ("9", "ordinary_rate_continues")
    assert rate(agreed("3"), NETHERLANDS) == ("4", "set_by_law")


@pytest.mark.parametrize(
    ("ordinary", "late", "on", "runs"),
    [
        ("9", "12", ON, ("12", "late_rate_agreed")),
        ("9", "12.01", ON, ("9", "surcharge_falls_away")),
        ("9", "14", date(2025, 6, 1), ("14", "late_rate_agreed")),
        ("13", "14", ON, "ordinary_rate_over_limit"),
        ("13", None, ON, "ordinary_rate_over_limit"),
        (None, "13", ON, "ordinary_rate_unknown"),
    ],
)
def test_dutch_consumer_credit_costs_the_statutory_rate_and_eight_points_at_most(
    ordinary, late, on, runs
) -> None:
    assert rate(agreed(ordinary, late), NETHERLANDS, on) == runs


def test_a_commercial_contract_has_its_own_rate() -> None:
    business = agreed(capacity="business", commercial=True)
    assert rate(business, NETHERLANDS, date(2025, 6, 30)) == ("11.15", "set_by_law")
    assert rate(business, NETHERLANDS, date(2026, 6, 30)) == ("10.15", "set_by_law")
    assert rate(business, NETHERLANDS, date(2026, 7, 1)) == "no_statutory_rate"


def test_under_an_unknown_law_no_rate_runs() -> None:
    assert rate(agreed("18", "20"), UNKNOWN) == "no_rule_for_late_rate"
    assert rate(agreed("18"), UNKNOWN) == "no_statutory_rate"
    assert procedural_rate(UNKNOWN, ON) == "no_procedural_rate"


def test_a_rate_that_nobody_verified_does_not_run() -> None:
    own = SPAIN.own
    unverified = replace(
        own,
        rates=tuple(replace(each, confidence="U") for each in own.rates),
        late_rates=tuple(replace(each, confidence="U") for each in own.late_rates),
    )
    pack = Pack(unverified, SPAIN.careful)
    assert rate(agreed("18"), pack) == "no_statutory_rate"
    assert rate(agreed("18", "19"), pack) == "no_rule_for_late_rate"
    assert procedural_rate(pack, ON) == "no_procedural_rate"


def test_procedural_interest_is_the_legal_rate_and_two_points_by_both_rules() -> None:
    found = procedural_rate(SPAIN, ON)
    assert isinstance(found, LawfulRate)
    assert found.annual_pct == Decimal("5.25")
    assert [each.id for each in found.rules] == [
        "es.claim.rates.procedural",
        "es.claim.rates.statutory",
    ]


def test_ordinary_interest_holds_as_agreed_unless_credit_may_not_cost_so_much() -> None:
    def ordinary(percent: str | None, pack) -> str:
        found = ordinary_rate(agreed(percent), pack, ON)
        return str(found.annual_pct) if isinstance(found, LawfulRate) else found

    assert ordinary("24", SPAIN) == "24"
    assert ordinary("24", UNKNOWN) == "24"
    assert ordinary("12", NETHERLANDS) == "12"
    assert ordinary("12.5", NETHERLANDS) == "ordinary_rate_over_limit"
    assert ordinary(None, SPAIN) == "ordinary_rate_unknown"


def test_every_day_on_which_a_rule_changes_is_known() -> None:
    days = last_days(NETHERLANDS)
    assert {date(2023, 12, 31), date(2024, 12, 31), date(2025, 12, 31), date(2026, 12, 31)} <= days


@pytest.mark.parametrize("pack", [SPAIN, NETHERLANDS, UNKNOWN])
def test_the_table_says_on_each_day_what_the_rules_say(pack) -> None:
    terms = agreed("9", "12")
    table = RateTable(terms, pack)
    for days in range(0, 2200, 3):
        day = date(2022, 1, 1) + timedelta(days=days)
        assert table.on(day) == (lawful_rate(terms, pack, day), procedural_rate(pack, day))
    for last in table.changes:
        for day in (last, last + timedelta(days=1)):
            assert table.on(day) == (lawful_rate(terms, pack, day), procedural_rate(pack, day))

"""Fees by amount and by who claims; lawyers; a court that costs more than the claim brings."""

from datetime import date

import pytest

from recovery.domain.judicial.amount import Claim
from recovery.domain.judicial.costs import costs, out_of_proportion
from tests.claims import a_claim, a_dutch_claim, a_law


def about(procedure, facts, minor, country="ES", on=date(2026, 5, 15)) -> dict:
    law, claim = a_law(country, on), Claim(minor)
    found = out_of_proportion(costs(procedure, facts, claim, law), claim, law)
    details = {name: value for each in found for name, value in each.details.items()}
    return {name: getattr(value, "amount_minor", value) for name, value in details.items()}


@pytest.mark.parametrize(
    ("procedure", "changes", "minor", "fee", "lawyer"),
    [
        ("ES_MONITORIO", {}, 200_000, 0, False),
        ("ES_MONITORIO", {}, 200_001, 10_000, False),
        ("ES_MONITORIO", {"title": "notarial_poliza"}, 30_000, 10_000, False),
        ("ES_MONITORIO", {"creditor_is_person": True}, 900_000, 0, False),
        ("ES_MONITORIO", {"creditor_is_person": None}, 900_000, 10_000, False),
        ("ES_JUICIO_VERBAL", {}, 200_000, 0, False),
        ("ES_JUICIO_VERBAL", {}, 200_001, 15_000, True),
        ("ES_JUICIO_ORDINARIO", {}, 1_600_000, 30_000, True),
        ("ES_CAMBIARIO", {}, 100_000, 15_000, True),
        ("ES_EJECUCION_TNJ", {}, 100_000, 20_000, True),
        ("ES_EJECUCION_TJ", {}, 200_000, 0, False),
        ("ES_EJECUCION_TJ", {}, 200_001, 0, True),
    ],
)
def test_what_filing_costs_in_spain(procedure, changes, minor, fee, lawyer) -> None:
    found = about(procedure, a_claim(**changes), minor)
    assert (found["court_fee"], found["lawyer_required"]) == (fee, lawyer)


@pytest.mark.parametrize(
    ("on", "minor", "person", "fee"),
    [
        (date(2026, 5, 15), 50_000, False, 13_900),
        (date(2026, 5, 15), 50_001, False, 35_000),
        (date(2026, 5, 15), 50_001, True, 23_300),
        (date(2026, 5, 15), 1_250_001, False, 150_400),
        (date(2024, 5, 15), 320_000, False, 49_600),
        (date(2023, 5, 15), 320_000, False, 48_700),
        (date(2025, 5, 15), 320_000, False, None),  # not found
    ],
)
def test_what_filing_costs_in_the_netherlands(on, minor, person, fee) -> None:
    facts = a_dutch_claim(creditor_is_person=person)
    found = about("NL_DAGVAARDING_KANTON", facts, minor, "NL", on)
    assert found.get("court_fee") == fee


def test_the_last_table_stands_beside_one_that_others_contradict() -> None:
    found = about("NL_DAGVAARDING_KANTON", a_dutch_claim(), 320_000, "NL")
    assert (found["court_fee"], found["court_fee_2024_table"]) == (52_900, 49_600)
    assert "a person confirms" in found["fee_note"]


def test_a_fee_that_nobody_found_is_not_made_up() -> None:
    found = about("NL_DAGVAARDING_RECHTBANK", a_dutch_claim(), 3_000_000, "NL")
    assert "court_fee" not in found and found["lawyer_required"]
    beyond = about("NL_DAGVAARDING_RECHTBANK", a_claim(), 20_000_000, "NL", date(2024, 5, 1))
    assert "court_fee" not in beyond


@pytest.mark.parametrize(("minor", "advised"), [(13_899, True), (13_900, False)])
def test_a_court_that_costs_more_than_it_brings_is_advised_against(minor, advised) -> None:
    assert ("advice" in about("NL_DAGVAARDING_KANTON", a_dutch_claim(), minor, "NL")) == advised

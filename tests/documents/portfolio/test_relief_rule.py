"""A collective relief as a file that people write."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from recovery.documents.portfolio.relief_rule import (
    drafted,
    read_relief_rule,
    relief_rule_document,
)
from recovery.documents.shared.problems import InvalidDocumentError

EXAMPLE = Path(__file__).parents[3] / "infra" / "command_line" / "examples" / "relief.toml"
TEXT = EXAMPLE.read_text(encoding="utf-8")


def problems(text: str) -> list[str]:
    with pytest.raises(InvalidDocumentError) as refused:
        read_relief_rule(text)
    return [each.field for each in refused.value.problems]


def test_the_example_reads_as_the_decree_says() -> None:
    rule = read_relief_rule(TEXT)
    assert (rule.relief_id, rule.months, rule.interest_only_months) == ("es.flood_2024", 3, 9)
    assert (rule.largest_turnover_minor, rule.currency) == (600_000_000, "EUR")
    assert rule.whom.places == ("Paiporta", "Catarroja") and rule.whom.secured is False
    assert rule.valid_to == date(2025, 2, 7) and rule.by_law and rule.on_application
    document = relief_rule_document(rule)
    assert document["largest_turnover"] == "6000000.00"
    assert document["whom"]["places"] == ["Paiporta", "Catarroja"]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('id = "es.flood_2024"', 'id = "Flood 2024"', "id"),
        ("months = 3  ", "months = 3.5", "months"),
        ("months = 3  ", "months = 99", "months"),
        ('currency = "EUR"', "", "currency"),
        ('"6000000.00"', '"much"', "largest_turnover"),
        ('["consumer", "business"]', '["anybody"]', "whom.purposes.0"),
        ("secured = false", "pledged = false", "whom.pledged"),
        ("months = 3  ", "", "months"),
        ("2024-11-12", '"soon"', "valid_from"),
    ],
)
def test_each_wrong_field_is_named(old: str, new: str, field: str) -> None:
    assert old in TEXT
    assert problems(TEXT.replace(old, new, 1)) == [field]


def test_what_is_no_toml_says_how_to_begin() -> None:
    assert problems("a relief") == ["file"]


@pytest.mark.parametrize(
    ("whom", "relief_id"),
    [
        ({"places": ["L'Horta Sud"]}, "l-horta-sud-20241029"),
        ({"sectors": ["Ñame"], "places": []}, "ame-20241029"),
        ({"employers": ["工場"]}, "relief-20241029"),
    ],
)
def test_a_draft_has_an_id_of_its_own_and_costs_the_borrower_nothing(whom, relief_id) -> None:
    rule = drafted(whom, date(2024, 10, 29), 3, date(2024, 11, 28), "The lender's own decision")
    assert (rule.relief_id, rule.starts_on) == (relief_id, date(2024, 10, 29))
    assert not (rule.interest_runs or rule.on_application or rule.by_law)


def test_a_draft_for_nobody_is_refused() -> None:
    with pytest.raises(InvalidDocumentError):
        drafted({}, date(2024, 10, 29), 3, date(2024, 11, 28), "The lender's own decision")

"""A pack with mistakes is refused; each problem names file, rule and field."""

import json

import pytest

from recovery.documents.packs.checking import check_pack, pack_schema
from recovery.documents.packs.sections import SECTIONS
from recovery.documents.shared.problems import InvalidDocumentError
from recovery.domain.shared.errors import RefusedError
from recovery.domain.shared.money import Money
from tests.builders import fields

RULE = """
[[late_charges]]
id = "xx.lending.charges"
capacity = "business"
allowed = true
cap_percent_of_unpaid = 2.5
cap_amounts = [{ amount_minor = 4000, currency = "EUR" }]
source = "An act, article 1"
confidence = "H"
valid_from = 2026-01-01
review_by = 2027-01-01
"""
FILE = "packs/xx/lending.toml"


def problems(text: str) -> set[str]:
    with pytest.raises(InvalidDocumentError) as refused:
        check_pack(text, "xx", "lending")
    return fields(refused.value.problems)


def test_a_sound_pack_is_read() -> None:
    [rule] = check_pack(RULE, "xx", "lending").late_charges
    assert str(rule.cap_percent_of_unpaid) == "2.5"
    assert rule.cap_amounts == (Money(4000, "EUR"),)


@pytest.mark.parametrize(
    ("right", "wrong", "field"),
    [
        ('"H"', '"X"', "confidence"),
        ('confidence = "H"', "", "confidence"),
        ("review_by = 2027-01-01", "", "review_by"),
        ("review_by = 2027-01-01", "review_by = 2025-01-01", "review_by"),
        ("valid_from = 2026-01-01", "valid_from = 2026", "valid_from"),
        ("valid_from = 2026-01-01", "valid_from = 2026-01-01T12:00:00", "valid_from"),
        ("review_by = 2027", "valid_to = 2025-12-31\nreview_by = 2027", "valid_to"),
        ("allowed = true", 'allowed = "yes"', "allowed"),
        ("allowed = true", "allowed = true\nalowed = true", "alowed"),
        ("2.5", "250", "cap_percent_of_unpaid"),
        ("2.5", "true", "cap_percent_of_unpaid"),
        ("4000", "40.5", "cap_amounts.0.amount_minor"),
        ('currency = "EUR"', 'currency = "EUR", unit = "cent"', "cap_amounts.0.unit"),
    ],
)
def test_a_problem_names_file_rule_and_field(right, wrong, field) -> None:
    assert right in RULE
    assert problems(RULE.replace(right, wrong)) == {f"{FILE}[xx.lending.charges].{field}"}


def test_a_rule_without_an_id_is_named_by_its_place() -> None:
    assert problems(RULE.replace('id = "xx.lending.charges"', "")) == {f"{FILE}[late_charges.0].id"}
    assert problems("late_charges = [5]") == {f"{FILE}[late_charges.0]"}


def test_an_id_of_another_country_is_refused() -> None:
    with pytest.raises(InvalidDocumentError) as refused:
        check_pack(RULE, "yy", "lending")
    assert fields(refused.value.problems) == {"packs/yy/lending.toml[xx.lending.charges].id"}


def test_several_problems_are_reported_together() -> None:
    twice = RULE.replace("2.5", "250") + RULE
    rule = f"{FILE}[xx.lending.charges]"
    assert problems(twice) == {f"{rule}.cap_percent_of_unpaid", f"{rule}.valid_from"}


def test_what_is_no_rule_of_the_section_is_refused() -> None:
    assert problems("[[calls]]\nmost = 3") == {f"{FILE}.calls"}
    assert problems("late_charges = 5") == {f"{FILE}.late_charges"}
    assert problems("late_charges = [") == {FILE}


@pytest.mark.parametrize("section", SECTIONS)
def test_each_section_has_a_schema(section) -> None:
    schema = json.loads(pack_schema(section))
    assert schema["additionalProperties"] is False
    for kind in schema["properties"].values():
        [name] = [kind["items"]["$ref"].rsplit("/")[-1]]
        rule = schema["$defs"][name]
        assert {"id", "source", "confidence", "valid_from", "review_by"} <= set(rule["required"])


@pytest.mark.parametrize("ask", [pack_schema, lambda name: check_pack("", "es", name)])
def test_an_unknown_section_is_refused(ask) -> None:
    with pytest.raises(RefusedError, match="lending"):
        ask("leading")

"""A pack's section on claims: each mistake is refused with rule and field."""

from datetime import date
from itertools import pairwise

import pytest

from recovery.documents.packs.checking import check_pack
from recovery.documents.packs.reading import claim_pack
from recovery.documents.shared.problems import InvalidDocumentError
from recovery.domain.judicial.claim_rules import vouched
from tests.builders import fields

COMMON = 'source = "An act"\nconfidence = "H"\nvalid_from = 2026-01-01\nreview_by = 2027-01-01\n'
RULES = {
    "limitation": """
[[limitation]]
id = "xx.claim.limitation"
says = "It is so"
claim = "contract"
years = 5
again_years = 3
""",
    "interruptions": """
[[interruptions]]
id = "xx.claim.interruptions"
act = "negotiation_request"
proofs = ["proven"]
silence_days = 30
""",
    "reach": """
[[reach]]
id = "xx.claim.reach"
acts = ["demand"]
relation = "guarantor"
reaches = false
""",
    "suspensions": """
[[suspensions]]
id = "xx.claim.suspensions"
region = "XX-A"
first_on = 2026-01-01
last_on = 2026-01-31
""",
    "rates": """
[[rates]]
id = "xx.claim.rates"
rate = "procedural"
annual_pct = 5.5
""",
    "late_rates": """
[[late_rates]]
id = "xx.claim.late_rates"
says = "It is so"
capacity = "consumer"
most_over_ordinary_points = 2
""",
    "cost_scales": """
[[cost_scales]]
id = "xx.claim.cost_scales"
says = "It is so"
currency = "EUR"
bands = [
    { percent = 15, up_to_minor = 1000 },
    { percent = 10, up_to_minor = 2000 },
    { percent = 1 },
]
least_minor = 40
most_minor = 5000
""",
    "cumulation": """
[[cumulation]]
id = "xx.claim.cumulation"
says = "It is so"
currency = "EUR"
months = 6
up_to_minor = 26667
most_minor = 4000
""",
    "letters": """
[[letters]]
id = "xx.claim.letters"
says = "It is so"
capacity = "consumer"
days = 14
delivery_days = 2
no_delivery = ["sun"]
""",
}


def text(kind: str) -> str:
    return RULES[kind] + COMMON


def problems(toml: str) -> set[str]:
    with pytest.raises(InvalidDocumentError) as refused:
        check_pack(toml, "xx", "claim")
    return fields(refused.value.problems)


@pytest.mark.parametrize("kind", RULES)
def test_a_sound_rule_is_read_and_a_second_on_the_same_is_not(kind) -> None:
    [rule] = getattr(check_pack(text(kind), "xx", "claim"), kind)
    assert rule.id == f"xx.claim.{kind}"
    if kind != "suspensions":  # of these there may be many
        other = text(kind).replace(rule.id, f"{rule.id}.other")
        assert problems(text(kind) + other) == {f"packs/xx/claim.toml[{rule.id}.other].valid_from"}


@pytest.mark.parametrize(
    ("kind", "right", "wrong", "field"),
    [
        ("limitation", "years = 5", "years = 51", "years"),
        ("limitation", "again_years = 3", "again_years = 6", "again_years"),
        ("limitation", '"contract"', '"tort"', "claim"),
        ("interruptions", '["proven"]', "[]", "proofs"),
        ("interruptions", "silence_days = 30", "silence_days = 0", "silence_days"),
        ("interruptions", "silence_days = 30", "failed_months = 6", "failed_months"),
        ("interruptions", '"negotiation_request"', '"demand"', "silence_days"),
        ("reach", '["demand"]', "[]", "acts"),
        ("suspensions", "XX-A", "Valencia", "region"),
        ("suspensions", "2026-01-31", "2025-12-31", "last_on"),
        ("rates", "annual_pct = 5.5", "", "annual_pct"),
        ("rates", "annual_pct = 5.5", "annual_pct = 101", "annual_pct"),
        ("rates", "annual_pct = 5.5", "annual_pct = 5.5\nover_statutory_points = 2", "annual_pct"),
        ("late_rates", "points = 2", "points = 101", "most_over_ordinary_points"),
        ("cost_scales", "    { percent = 1 },\n", "", "bands"),
        ("cost_scales", "up_to_minor = 2000", "up_to_minor = 1000", "bands.1.up_to_minor"),
        ("cost_scales", "percent = 10,", "percent = -1,", "bands.1.percent"),
        ("cost_scales", "percent = 10, up_to_minor = 2000", "percent = 10", "bands.1.up_to_minor"),
        ("cost_scales", "most_minor = 5000", "most_minor = 39", "most_minor"),
        ("cost_scales", '"EUR"', '"euro"', "currency"),
        ("cumulation", "months = 6", "months = 0", "months"),
        ("letters", "days = 14", "days = 0", "days"),
        ("letters", '["sun"]', '["mon","tue","wed","thu","fri","sat","sun"]', "no_delivery"),
    ],
)
def test_a_mistake_names_rule_and_field(kind, right, wrong, field) -> None:
    assert right in text(kind)
    rule = f"packs/xx/claim.toml[xx.claim.{kind}]"
    assert problems(text(kind).replace(right, wrong)) == {f"{rule}.{field}"}


def test_the_statutory_rate_is_a_percentage() -> None:
    points = text("rates").replace("annual_pct = 5.5", "over_statutory_points = 2")
    assert check_pack(points, "xx", "claim").rates[0].over_statutory_points == 2
    assert problems(points.replace("procedural", "statutory")) == {
        "packs/xx/claim.toml[xx.claim.rates].over_statutory_points"
    }


def test_a_rule_that_has_ended_is_still_vouched_for_until_its_review() -> None:
    [of_2023, *_] = claim_pack("ES").own.rates
    assert of_2023.valid_to == date(2023, 12, 31)
    assert vouched(of_2023, of_2023.review_by)
    assert not vouched(of_2023, date(2040, 1, 1))


@pytest.mark.parametrize("country", ["ES", "NL"])
def test_rates_of_one_name_leave_no_day_out_between_them(country) -> None:
    by_rate: dict[str, list] = {}
    for rule in claim_pack(country).own.rates:
        by_rate.setdefault(rule.rate, []).append(rule)
    for rules in by_rate.values():
        for one, following in pairwise(rules):
            assert one.valid_to is not None
            assert (following.valid_from - one.valid_to).days == 1

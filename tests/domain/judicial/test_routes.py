"""The first procedure that fits and is not closed, with what closed the others."""

from dataclasses import replace
from datetime import date

import pytest

from recovery.domain.judicial.amount import Claim
from recovery.domain.judicial.facts import Agreement
from recovery.domain.judicial.routes import choose
from tests.claims import a_claim, a_dutch_claim, a_law

ORDER, VERBAL, ORDINARY = "ES_MONITORIO", "ES_JUICIO_VERBAL", "ES_JUICIO_ORDINARIO"
DEED, NOTE = "ES_EJECUCION_TNJ", "ES_CAMBIARIO"
KANTON, RECHTBANK = "NL_DAGVAARDING_KANTON", "NL_DAGVAARDING_RECHTBANK"


def route(facts, minor, country="ES", on=date(2026, 5, 15), interest=0):
    law = a_law(country, on)
    found = choose(facts, Claim(minor, interest), law, law.procedures())
    return found.rule and found.rule.procedure, [e.code for e in found.findings if e.code]


@pytest.mark.parametrize(
    ("changes", "minor", "procedure", "codes"),
    [
        ({}, 5_000_000, ORDER, []),
        ({"dispute": None}, 5_000_000, ORDER, []),
        ({"dispute": "contested"}, 1_500_000, VERBAL, []),
        ({"dispute": "contested"}, 1_500_001, ORDINARY, []),
        ({"dispute": "formal"}, 1_500_000, VERBAL, []),
        ({"address_known": False}, 1_500_001, ORDINARY, ["MONITORIO_NO_EDICTS"]),
        ({"liquid": False}, 100_000, VERBAL, ["NOT_LIQUID"]),
        ({"title": "no_document"}, 100_000, VERBAL, ["NO_DOCUMENT"]),
        ({"title": "unilateral_document"}, 100_000, ORDER, []),
        ({"title": "public_deed"}, 30_000, ORDER, ["ETNJ_AMOUNT_NOT_OVER_300"]),
        ({"title": "public_deed"}, 30_001, DEED, []),
        ({"title": "public_deed", "address_known": False}, 30_001, DEED, []),
        (
            {"title": "notarial_poliza", "liquidation_clause": False},
            900_000,
            ORDER,
            ["NO_EXECUTIVE_TITLE"],
        ),
        ({"title": "promissory_note_valid"}, 900_000, NOTE, []),
        ({"title": "promissory_note_without_due_date", "due": None}, 900_000, NOTE, []),
        (
            {"title": "promissory_note_valid", "due": date(2023, 5, 14)},
            900_000,
            ORDER,
            ["CAMBIARIO_ACTION_PRESCRIBED"],
        ),
        ({"title": "promissory_note_valid", "due": date(2023, 5, 15)}, 900_000, NOTE, []),
        (
            {"title": "promissory_note_without_the_word_pagare", "dispute": "contested"},
            900_000,
            VERBAL,
            ["CAMBIARIO_TITLE_DEFECT"],
        ),
        (
            {"title": "blank_promissory_note_linked_to_consumer_loan"},
            900_000,
            ORDER,
            ["POSSIBLE_UNFAIR_TERM_BLANK_NOTE"],
        ),
        ({"agreement": Agreement(form="deed")}, 900_000, DEED, []),
        ({"agreement": Agreement(form="homologated")}, 900_000, "ES_EJECUCION_TJ", []),
        ({"agreement": Agreement(form=None)}, 900_000, ORDER, ["NO_EXECUTIVE_TITLE"]),
        ({"home_mortgage": True}, 900_000, "ES_EJECUCION_HIPOTECARIA", []),
    ],
)
def test_the_route_in_spain(changes, minor, procedure, codes) -> None:
    assert route(a_claim(**changes), minor) == (procedure, codes)


@pytest.mark.parametrize(
    ("minor", "changes", "procedure"),
    [
        (2_500_000, {}, KANTON),
        (2_500_001, {}, RECHTBANK),
        (3_200_000, {"consumer_credit": True, "credit_sum_minor": 4_000_000}, KANTON),
        (3_200_000, {"consumer_credit": True, "credit_sum_minor": 4_000_001}, RECHTBANK),
        (3_200_000, {"consumer_credit": True, "credit_sum_minor": None}, RECHTBANK),
        (3_200_000, {"consumer_credit": False, "credit_sum_minor": 3_300_000}, RECHTBANK),
        (2_500_001, {"dispute": "contested"}, RECHTBANK),
    ],
)
def test_the_route_in_the_netherlands(minor, changes, procedure) -> None:
    assert route(a_dutch_claim(**changes), minor, "NL") == (procedure, [])


def test_interest_that_accrued_counts_for_the_limit() -> None:
    contested = a_claim(dispute="contested")
    assert route(contested, 1_480_000, interest=20_000)[0] == VERBAL
    assert route(contested, 1_480_000, interest=20_001)[0] == ORDINARY


def test_the_limit_is_that_of_the_day() -> None:
    contested = a_claim(dispute="contested")
    for on, minor, procedure in (
        (date(2024, 3, 19), 600_000, VERBAL),
        (date(2024, 3, 19), 600_001, ORDINARY),
        (date(2024, 3, 20), 600_001, VERBAL),
    ):
        assert route(contested, minor, on=on)[0] == procedure


def test_the_others_are_named_open_or_with_what_closes_them() -> None:
    law = a_law()
    facts = a_claim(title="public_deed")
    found = choose(facts, Claim(30_000), law, law.procedures())
    assert [(e.procedure, e.code, e.rule is None) for e in found.alternatives] == [
        (DEED, "ETNJ_AMOUNT_NOT_OVER_300", False),
        (VERBAL, "", True),
        (ORDINARY, "", False),
    ]
    assert found.alternatives[2].rule and "short oral" in found.alternatives[2].rule.says


def test_where_all_are_closed_there_is_none() -> None:
    law = a_law()
    only = [each for each in law.procedures() if each.procedure == ORDER]
    found = choose(replace(a_claim(), address_known=False), Claim(30_000), law, only)
    assert found.rule is None and [each.code for each in found.findings] == ["MONITORIO_NO_EDICTS"]


def test_filing_rests_on_the_limit_that_leads_to_a_court_and_shows_it() -> None:
    law = a_law()
    found = choose(a_claim(dispute="contested"), Claim(1_500_001), law, law.procedures())
    effects = {each.rule.id: each.effect for each in found.findings}
    assert effects["es.judicial.bar.order_contested"] == "closes"
    assert effects["es.judicial.bar.verbal_amount"] == "permits"
    shown = [e.details["threshold_in_force"] for e in found.findings if e.details]
    assert {each.amount_minor for each in shown} == {1_500_000}


def test_a_limit_that_only_closes_is_no_threshold_of_a_court() -> None:
    law = a_law()
    found = choose(a_claim(title="public_deed"), Claim(30_001), law, law.procedures())
    assert all("threshold_in_force" not in each.details for each in found.findings)

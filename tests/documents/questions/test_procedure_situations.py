"""Situations beside the worked cases, answered by hand from the facts, on both sides of a line."""

from __future__ import annotations

from typing import Any

import pytest

from recovery.documents.questions.claim_words import days_named
from recovery.documents.questions.procedure import answer_procedure

ON = "2026-03-02"
OWED = {
    "debtor_type": "consumer",
    "creditor_type": "legal_person",
    "creditor_role": "own_book",
    "title": "signed_private_contract",
    "liquid_due": True,
    "address_known": True,
    "due": "2025-11-01",
    "dispute": None,
    "interruptions": [],
}
ASKED = {"kind": "invitation to negotiate", "received": "2026-01-10", "reply": None}
MASC = {"masc": {**ASKED, "proof": "burofax"}}
WORDING = "binnen {} dagen vanaf de dag nadat deze brief bij u is bezorgd"
DEED = {
    "title": "notarial_poliza",
    "liquidation_clause": True,
    "balance_certificate": True,
    "notarised_liquidation": True,
    "debtor_notified": "2026-02-01",
    "guarantor": None,
}
HOME = {
    "title": "public_deed",
    "secured": "mortgage on habitual home",
    "elapsed": "first half of the term",
    "overdue_capital_ratio": "0.0299",
    "notice_sent": "2026-01-31",
}
ABROAD = {"cross_border": True, "civil_commercial": True, "creditor": "ES lender"}


def letter(days: str = "veertien", stated: str = "150", **changes: Any) -> dict[str, Any]:
    said = {"sent": "2026-02-02", "wording": WORDING.format(days), "amount_stated": stated}
    return {"letter14": {**said, **changes}}


def proven_by(proof: str) -> dict[str, Any]:
    return {"masc": {**ASKED, "proof": proof}}


READY, NEEDS, BLOCKED = "READY", "NEEDS_PREREQUISITE", "BLOCKED"
ROWS: list[tuple[str, dict[str, Any], tuple[str, str], dict[str, Any]]] = [
    # Fees of an order for payment: none up to 2,000.
    ("ES", {"principal": "2000", **MASC}, ("ES_MONITORIO", READY), {"court_fee": 0}),
    ("ES", {"principal": "2000.01", **MASC}, ("ES_MONITORIO", READY), {"court_fee": 100}),
    # Interest that has accrued counts for the limit.
    (
        "ES",
        {"principal": "14999", "interest": "1", "title": "no_document", **MASC},
        ("ES_JUICIO_VERBAL", READY),
        {"blocking": ["NO_DOCUMENT"], "amount_in_dispute": 15000},
    ),
    (
        "ES",
        {"principal": "14999", "interest": "1.01", "title": "no_document", **MASC},
        ("ES_JUICIO_ORDINARIO", READY),
        {"court_fee": 300},
    ),
    # An attempt to settle is proven or it is none.
    *(
        ("ES", {"principal": "3000", **proven_by(proof)}, ("ES_MONITORIO", status), {})
        for proof, status in (
            ("certified e-mail by a trusted third party", READY),
            ("burofax uncollected after notice", READY),
            ("registered letter, acknowledgement of receipt returned signed", READY),
            ("burofax returned, unknown at address", NEEDS),
            ("registered letter, was returned", NEEDS),
            ("burofax to a wrong address", NEEDS),
            ("ordinary e-mail", NEEDS),
        )
    ),
    # A deed is enforced for more than 300, with notice of the balance to each guarantor.
    ("ES", {"principal": "300.01", **DEED}, ("ES_EJECUCION_TNJ", READY), {"court_fee": 200}),
    (
        "ES",
        {"principal": "300", **DEED, **MASC},
        ("ES_MONITORIO", READY),
        {"blocking": ["ETNJ_AMOUNT_NOT_OVER_300"], "court_fee": 100},
    ),
    (
        "ES",
        {"principal": "5000", **DEED, "guarantor": {}},
        ("ES_EJECUCION_TNJ", NEEDS),
        {"missing": ["NOTICE_OF_LIQUIDATED_BALANCE_TO_GUARANTOR"]},
    ),
    # A loan on a home: late enough, and a month after the demand.
    (
        "ES",
        {"principal": "5", **HOME, "overdue_months": 12},
        ("ES_EJECUCION_HIPOTECARIA", READY),
        {},
    ),
    (
        "ES",
        {"principal": "5", **HOME, "overdue_months": 11},
        ("ES_EJECUCION_HIPOTECARIA", BLOCKED),
        {"blocking": ["LCCI24_THRESHOLD_NOT_MET"]},
    ),
    # Late interest of a consumer: the ordinary rate and two points.
    (
        "ES",
        {"principal": "3000", "ordinary_rate": "10", "late_rate": "12", **MASC},
        ("ES_MONITORIO", READY),
        {},
    ),
    (
        "ES",
        {"principal": "3000", "ordinary_rate": "10", "late_rate": "12.01", **MASC},
        ("ES_MONITORIO", NEEDS),
        {"missing": ["RECALCULATE_INTEREST"], "claimable_rate_after_default": 10},
    ),
    # Dutch costs: a letter of 14 days, from the day after it came, for no more than is due.
    ("NL", {"principal": "1000", **letter()}, ("NL_DAGVAARDING_KANTON", READY), {"bik": 150}),
    ("NL", {"principal": "1000", **letter("20")}, ("NL_DAGVAARDING_KANTON", READY), {}),
    (
        "NL",
        {"principal": "1000", **letter("10")},
        ("NL_DAGVAARDING_KANTON", NEEDS),
        {"missing": ["NEW_VALID_LETTER_14_DAYS"], "blocking": ["LETTER_TERM_TOO_SHORT"], "bik": 0},
    ),
    (
        "NL",
        {"principal": "1000", **letter("tien")},
        ("NL_DAGVAARDING_KANTON", NEEDS),
        {"blocking": ["LETTER_TERM_TOO_SHORT"]},
    ),
    (
        "NL",
        {"principal": "1000", **letter(stated="150.01")},
        ("NL_DAGVAARDING_KANTON", NEEDS),
        {"missing": ["NEW_VALID_LETTER_14_DAYS"]},
    ),
    (
        "NL",
        {"principal": "1000", "vat_lost": "21", **letter(stated="181.50")},
        ("NL_DAGVAARDING_KANTON", READY),
        {"bik": 150, "bik_vat": 31.5},
    ),
    # The kantonrechter's limit, and that of a consumer credit.
    (
        "NL",
        {"principal": "25000.01", **letter(stated="1025")},
        ("NL_DAGVAARDING_RECHTBANK", READY),
        {},
    ),
    (
        "NL",
        {
            "principal": "25000.01",
            "product": "consumer_credit",
            "credit_sum": "40000",
            **letter(stated="1025"),
        },
        ("NL_DAGVAARDING_KANTON", READY),
        {"alternatives": [("NL_DAGVAARDING_RECHTBANK", False)]},
    ),
    # A company needs no letter.
    (
        "NL",
        {"principal": "3000", "debtor_type": "company", "letter14": None},
        ("NL_DAGVAARDING_KANTON", READY),
        {"bik": 425},
    ),
    # Too old, and not known whether.
    (
        "ES",
        {"principal": "3000", "due": "2021-03-01", "region": "ES-M"},
        ("NONE", BLOCKED),
        {"blocking": ["PRESCRIBED"], "prescribed_on": "2026-03-01"},
    ),
    (
        "ES",
        {"principal": "3000", "due": "2021-03-02", "region": "ES-M", **MASC},
        ("ES_MONITORIO", READY),
        {"prescribes": "2031-02-09"},
    ),
    (
        "ES",
        {"principal": "3000", "due": "2015-04-10"},
        ("HUMAN_REVIEW", BLOCKED),
        {"blocking": ["LAW_UNKNOWN"]},
    ),
    # Across a border: the order for payment; small claims up to 5,000; Denmark has neither.
    (
        "EU",
        {"principal": "5000", **ABROAD, "debtor": "FR company", "debtor_type": "company"},
        ("EU_ORDER_FOR_PAYMENT", READY),
        {"alternative": "EU_SMALL_CLAIMS", "masc_required": False},
    ),
    (
        "EU",
        {"principal": "3000", **ABROAD, "debtor": "FR company", "debtor_type": "company",
         "dispute": "reasoned"},
        ("EU_SMALL_CLAIMS", READY),
        {"alternatives": [("EU_ORDER_FOR_PAYMENT", False)]},
    ),
    (
        "EU",
        {"principal": "3000", **ABROAD, "debtor": "DK company", "debtor_type": "company"},
        ("HUMAN_REVIEW", BLOCKED),
        {"blocking": ["DENMARK_EXCLUDED"]},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("place", "facts", "answered", "more"), ROWS)
def test_a_situation_is_answered_as_the_facts_say(place, facts, answered, more) -> None:
    answer = answer_procedure({"jurisdiction": place, "as_of": ON, "facts": {**OWED, **facts}})
    assert (answer["procedure"], answer["status"]) == answered
    if "alternatives" in more:
        shown = [(each["procedure"], each["open"]) for each in answer["alternatives"]]
        assert shown == more.pop("alternatives")
    assert {name: answer[name] for name in more} == more
    assert answer["reasons"] and all(each["rule"] and each["source"] for each in answer["reasons"])


def test_a_loan_on_a_home_that_may_not_be_called_in_is_so_by_no_other_route() -> None:
    facts = {**OWED, **HOME, "principal": "50000", "overdue_months": 11}
    answer = answer_procedure({"jurisdiction": "ES", "as_of": ON, "facts": facts})
    assert answer["alternatives"]
    assert not any(each["open"] for each in answer["alternatives"])


def test_days_that_stood_still_and_that_nobody_verified_are_asked_about() -> None:
    facts = {**OWED, "principal": "3000", "due": "2020-01-10", "region": "ES-M"}
    answer = answer_procedure({"jurisdiction": "ES", "as_of": "2025-02-01", "facts": facts})
    assert answer["blocking"] == ["PRESCRIBED"]
    assert (answer["prescribed_on"], answer["may_prescribe_on"]) == ("2025-01-10", "2025-04-02")
    [asked] = [each["why"] for each in answer["ask"] if each["fact"] == "suspension"]
    assert "from 2020-03-14 to 2020-06-03" in asked
    asked_of = {each["fact"] for each in answer["ask"]}
    assert "region" not in asked_of


@pytest.mark.parametrize(
    ("wording", "days"),
    [("binnen 14 dagen", 14), ("within one week", 7), ("binnen twee weken", 14), ("soon", None)],
)
def test_a_letter_names_its_days(wording: str, days: int | None) -> None:
    assert days_named(wording) == days

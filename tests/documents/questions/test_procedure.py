"""Questions about a claim: what words mean, what contradicts itself, what an answer holds."""

import json
from datetime import date
from typing import Any

import pytest

from recovery.documents.questions.claim_reading import read_claim
from recovery.documents.questions.procedure import answer_procedure, answer_procedure_body
from recovery.documents.questions.procedure_question import ProcedureQuestion
from recovery.documents.shared.problems import InvalidDocumentError
from tests.builders import fields

CLAIM: dict[str, Any] = {
    "debtor_type": "consumer",
    "creditor_type": "legal_person",
    "title": "signed_private_contract",
    "principal": 3200,
    "due": "2026-01-31",
    "liquid_due": True,
    "address_known": True,
    "dispute": None,
    "masc": {"kind": "invitation", "received": "2026-03-20", "reply": None, "proof": "burofax"},
}


def ask(jurisdiction="ES", as_of="2026-05-15", drop=(), **changes) -> dict[str, Any]:
    facts = {k: v for k, v in (CLAIM | changes).items() if k not in drop}
    return answer_procedure({"jurisdiction": jurisdiction, "as_of": as_of, "facts": facts})


def read(**facts):
    question = {"jurisdiction": "ES", "as_of": "2026-05-15", "facts": facts}
    return read_claim(ProcedureQuestion.model_validate(question))


def wrong(**changes) -> set[str]:
    with pytest.raises(InvalidDocumentError) as refused:
        ask(**changes)
    assert all(each.reason and each.remedy for each in refused.value.problems)
    return fields(refused.value.problems)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"principal": "12.345"}, "facts.principal"),
        ({"principal": -1}, "facts.principal"),
        ({"principal": True}, "facts.principal"),
        ({"principal": 3200, "claims": [100, 150]}, "facts.principal"),
        ({"claims": [100, "x"], "principal": None}, "facts.claims.1.principal"),
        ({"claims": [True], "principal": None}, "facts.claims.0"),
        ({"debtors": [{"nme": "Ana", "name": "Ana"}]}, "facts.debtors.0.nme"),
        ({"interruptions": [{"date": "2026-01-01", "kind": "x", "proof": 3}]},
         "facts.interruptions.0.proof"),
        ({"paid_in_time": 3201}, "facts.paid_in_time"),
        ({"debtor_type": "cat"}, "facts.debtor_type"),
        ({"debtor": "ES company"}, "facts.debtor_type"),
        ({"creditor_role": "friend"}, "facts.creditor_role"),
        ({"title": "napkin"}, "facts.title"),
        ({"stage": "somewhere"}, "facts.stage"),
        ({"stage": "opposition served 2026-02-30"}, "facts.stage"),
        ({"stage": "opposition served 2026-05-16"}, "facts.stage"),
        ({"secured": "pledge of a car"}, "facts.secured"),
        ({"elapsed": "most of it"}, "facts.elapsed"),
        ({"acceleration_clause": "when we like"}, "facts.acceleration_clause"),
        ({"ordinary_rate": "0.08", "late_rate": "0.2"}, "facts.late_rate"),
        ({"late_rate": -1}, "facts.late_rate"),
        ({"overdue_capital_ratio": "3"}, "facts.overdue_capital_ratio"),
        ({"prior_agreement": {"form": "smoke"}}, "facts.prior_agreement.form"),
        ({"masc": "later"}, "facts.masc"),
        ({"masc": {"recieved": "2026-03-20"}}, "facts.masc.recieved"),
        ({"masc": CLAIM["masc"] | {"received": "2026-05-16"}}, "facts.masc.received"),
        ({"masc": CLAIM["masc"] | {"closed": "2026-03-19"}}, "facts.masc.closed"),
        ({"letter14": {"sent": "2026-05-16"}}, "facts.letter14.sent"),
        ({"debtor_notified": "2026-06-01"}, "facts.debtor_notified"),
        ({"interruptions": [{"date": "2027-01-01", "kind": "x"}]}, "facts.interruptions.0.date"),
        ({"debtor_insolvency": {"kind": "concurso", "declared": "2027-01-01"}},
         "facts.debtor_insolvency.declared"),
        ({"creditor": "ES", "debtor": "ES consumer", "cross_border": True}, "facts.cross_border"),
        ({"due": "31-01-2026"}, "facts.due"),
        ({"shoe_size": 43}, "facts.shoe_size"),
        ({"as_of": "yesterday"}, "as_of"),
        ({"jurisdiction": "Spain"}, "jurisdiction"),
        ({"jurisdiction": "XX"}, "jurisdiction"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_with_a_remedy(changes, field) -> None:
    assert wrong(**changes) == {field}


def test_every_problem_is_reported_together() -> None:
    assert wrong(principal="1.234", title="x", debtor_type="x") >= {"facts.title"}
    assert wrong(principal="1.234", debtor_type="x") == {"facts.principal", "facts.debtor_type"}


@pytest.mark.parametrize(
    ("facts", "name", "value"),
    [
        ({"debtor_type": "company (25 staff)"}, "debtor_type", "company"),
        ({"debtor_type": "natural_person_non_consumer"}, "debtor_type",
         "natural_person_non_consumer"),
        ({"debtor": "NL consumer"}, "debtor_type", "consumer"),
        ({"debtor": "DK company"}, "debtor_country", "DK"),
        ({"creditor": "ES lender"}, "creditor_country", "ES"),
        ({"creditor": "a lender"}, "creditor_country", None),
        ({"creditor_role": "third-party collector or debt purchaser"}, "creditor_role",
         "collector"),
        ({"creditor_role": "debt purchaser"}, "creditor_role", "purchaser"),
        ({"creditor_role": "own book"}, "creditor_role", "own_book"),
        ({"creditor_role": "bailiff"}, "creditor_role", "exempt_professional"),
        ({"dispute": None}, "dispute", "none"),
        ({}, "dispute", None),
        ({"dispute": "the rate is wrong"}, "dispute", "contested"),
        ({"dispute": "complaint to the authority"}, "dispute", "formal"),
        ({"stage": "monitorio decree, no opposition"}, "stage", "order_unopposed"),
        ({"stage": "opposition served on creditor 2026-05-11"}, "stage", "order_opposed"),
        ({"stage": "opposition served on creditor 2026-05-11"}, "on_stage", date(2026, 5, 11)),
        ({"stage": "judgment of 2026-05-01"}, "stage", "judgment"),
        ({"secured": "mortgage on habitual home"}, "home_mortgage", True),
        ({"elapsed": "second half of the term"}, "half", "second"),
        ({"product": "consumer_credit"}, "consumer_credit", True),
        ({"product": "lease"}, "consumer_credit", False),
        ({}, "consumer_credit", None),
        ({"acceleration_clause": "any missed instalment"}, "accelerates_after", 1),
        ({"acceleration_clause": "on one missed payment"}, "accelerates_after", 1),
        ({"acceleration_clause": "three missed instalments"}, "accelerates_after", 3),
        ({"acceleration_clause": "after 12 instalments"}, "accelerates_after", 12),
        ({"claims": [100, {"principal": "150.50"}]}, "principal_minor", 25_050),
        ({"accrued_interest_claimed": 4, "interest": "1.50"}, "interest_minor", 550),
        ({"guarantor": None}, "guarantor", False),
        ({"guarantor": {"notified": None}}, "guarantor", True),
        ({}, "guarantor", None),
        ({"debtors": ["borrower", {"name": "guarantor"}]}, "debtors", ("borrower", "guarantor")),
        ({"debtor_insolvency": {"kind": "communication_art_585", "filed": "2026-04-20"}},
         "insolvency", "standstill"),
        ({"debtor_insolvency": {"kind": "concurso", "declared": "2026-04-20"}}, "insolvency",
         "declared"),
        ({"debtor_insolvency": {"kind": "something new"}}, "insolvency", "declared"),
        ({"debtor_insolvency": {"kind": "discharge (EPI)"}}, "insolvency", "discharged"),
        ({"masc": "n/a"}, "negotiation", None),
        ({"wki_registered": False}, "registered", False),
    ],
)  # fmt: skip
def test_words_are_read_as_they_are_meant(facts, name, value) -> None:
    assert getattr(read(**facts), name) == value


def test_a_reply_that_refuses_ends_the_talks_and_another_does_not() -> None:
    for reply, ended in (("refused in writing", True), ("let us talk it over", False)):
        talks = read(masc=CLAIM["masc"] | {"reply": reply}).negotiation
        assert talks is not None and talks.reply and talks.ended_in_writing == ended


def test_an_act_without_proof_is_told_so() -> None:
    acts = [
        {"date": "2026-01-01", "kind": "letter", "proof": False},
        {"date": "2026-01-02", "kind": "letter", "proof": "certified"},
        {"date": "2026-01-03", "kind": "letter"},
    ]
    assert [each.kind for each in read(interruptions=acts).acts or ()] == [
        "letter, without proof",
        "letter, certified",
        "letter",
    ]


def test_help_by_a_court_is_told_from_other_help() -> None:
    for kind, by_court in (("court_ordered_moratorium", True), ("debt counselling", False)):
        given = read(debt_help={"kind": kind, "until": None}).help
        assert given is not None and given.by_court == by_court


def test_an_answer_says_why_this_route_and_why_today() -> None:
    answer = ask(principal=2000)
    assert (answer["procedure"], answer["status"]) == ("ES_MONITORIO", "READY")
    assert (answer["court_fee"], answer["lawyer_required"]) == (0, False)
    assert (answer["masc_closed_on"], answer["file_before"]) == ("2026-04-19", "2027-03-20")
    assert answer["alternative"] == "ES_JUICIO_VERBAL"
    assert {each["procedure"]: each["open"] for each in answer["alternatives"]} == {
        "ES_JUICIO_VERBAL": True,
        "ES_JUICIO_ORDINARIO": False,
    }
    by_rule = {each["rule"]: each for each in answer["reasons"]}
    silence = by_rule["es.judicial.term.silence"]
    assert "10.4" in silence["source"] and silence["effect"] == "permits"
    assert silence["age_days"] == (date(2026, 5, 15) - date(2025, 4, 3)).days
    assert json.loads(json.dumps(answer)) == answer


def test_what_is_known_only_second_hand_says_so_and_what_is_unverified_too() -> None:
    answer = ask("NL", letter14={"sent": "2026-04-14", "wording": "valid", "amount_stated": 445})
    assert (answer["status"], answer["confidence"]) == ("READY", "M")
    warned = {each["rule"]: each.get("warning", "") for each in answer["reasons"]}
    assert "others write" in warned["nl.judicial.procedure.kanton"]
    assert "never permit" in warned["nl.judicial.lawyer.kanton"]
    assert not warned["nl.claim.cost_scales.bik"]


def test_past_its_review_a_reason_says_so_and_a_person_decides() -> None:
    masc = CLAIM["masc"] | {"received": "2029-01-01"}
    answer = ask(as_of="2029-06-01", due="2028-01-01", masc=masc)
    assert (answer["procedure"], answer["blocking"]) == ("HUMAN_REVIEW", ["RULE_NOT_RELIABLE"])
    assert any("past its review" in each.get("warning", "") for each in answer["reasons"])


@pytest.mark.parametrize("debtor", ["consumer", "company", None])
def test_a_claim_across_a_border_is_asked_of_the_union_even_in_a_countrys_name(debtor) -> None:
    kinds = {"debtor_type": debtor, "creditor": "NL", "cross_border": True}
    assert ask(**kinds)["procedure"] == "EU_ORDER_FOR_PAYMENT"
    assert ask("EU", **kinds | {"debtor": "ES"})["file_in"] == "ES"


def test_amounts_are_numbers_to_the_cent() -> None:
    answer = ask("NL", debtor_type="company", principal="123456.78", letter14=None)
    assert answer["bik"] == 2009.57
    assert ask(principal=3200, accrued_interest_claimed="0.01")["amount_in_dispute"] == 3200.01


def test_a_body_keeps_its_cents_and_says_when_it_is_none() -> None:
    facts = CLAIM | {"dispute": "reasoned"}
    body = json.dumps({"jurisdiction": "ES", "as_of": "2026-05-15", "facts": facts})
    asked = body.replace("3200", "15000.01")
    assert answer_procedure_body(asked)["procedure"] == "ES_JUICIO_ORDINARIO"
    for text in (None, "", "[]", "{"):
        with pytest.raises(InvalidDocumentError):
            answer_procedure_body(text)


def test_no_country_without_a_pack_gets_an_answer_by_guess() -> None:
    answer = ask("KE")
    assert (answer["procedure"], answer["blocking"]) == ("HUMAN_REVIEW", ["LAW_UNKNOWN"])
    assert answer["ask"][0]["fact"] == "law"


def test_the_evidence_of_friendly_ways_is_answered_item_by_item() -> None:
    given = [
        {"item": "contact", "on": "2026-03-01", "reference": "N-1", "arrival": "arrived"},
        {"item": "contact", "on": "2026-03-02", "reference": "N-2", "arrival": "failed"},
    ]
    answer = ask(amicable=given)
    assert answer["missing"] == ["AMICABLE_NOT_EXHAUSTED"]
    contact = answer["checklist"][0]
    assert (contact["item"], contact["met"]) == ("contact", False)
    assert contact["evidence"] == [{"on": "2026-03-01", "reference": "N-1"}]
    assert contact["not_counted"][0]["reference"] == "N-2"
    across = ask("EU", creditor="NL", debtor="FR company", drop=("debtor_type",), amicable=given)
    assert (across["status"], len(across["checklist"])) == ("NEEDS_PREREQUISITE", 7)
    assert "checklist" not in ask()
    later = {"item": "contact", "on": "2026-05-16", "reference": "N-3"}
    assert wrong(amicable=[later]) == {"facts.amicable.0.on"}

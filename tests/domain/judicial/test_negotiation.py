"""The attempt to settle: proven, over, fresh, and one for each who is sued."""

from dataclasses import replace
from datetime import date

import pytest

from recovery.domain.judicial.facts import Agreement
from recovery.domain.judicial.negotiation import negotiation
from tests.claims import ATTEMPT, a_claim, a_law


def needs(facts, on=date(2026, 5, 15)) -> list[str]:
    return [each.code for each in negotiation(facts, a_law(on=on)) if each.effect == "needs"]


def details(facts, on=date(2026, 5, 15)) -> dict:
    return {
        name: value
        for each in negotiation(facts, a_law(on=on))
        for name, value in each.details.items()
    }


@pytest.mark.parametrize(
    ("on", "missing"),
    [
        (date(2026, 3, 20), ["MASC_PERIOD_RUNNING"]),
        (date(2026, 4, 19), ["MASC_PERIOD_RUNNING"]),  # the thirtieth day
        (date(2026, 4, 20), []),
        (date(2027, 3, 20), []),
        (date(2027, 3, 21), ["MASC_EXPIRED_RENEW"]),
    ],
)
def test_silence_ends_it_after_thirty_days_and_it_serves_for_a_year(on, missing) -> None:
    assert needs(a_claim(), on) == missing


def test_while_it_runs_the_first_day_to_file_is_known() -> None:
    assert details(a_claim(), date(2026, 4, 1)) == {
        "earliest_filing": date(2026, 4, 20),
        "file_before": date(2027, 3, 20),
    }
    assert details(a_claim()) == {
        "masc_closed_on": date(2026, 4, 19),
        "file_before": date(2027, 3, 20),
    }


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"kind": "plain demand that announces suit"}, ["MASC"]),
        ({"kind": None}, ["MASC"]),
        ({"kind": "telegram"}, ["MASC"]),
        ({"kind": "mediation"}, []),
        ({"proof": None}, ["MASC"]),
        ({"proof": "none"}, ["MASC"]),
        ({"proof": "ordinary post"}, ["MASC"]),
        ({"proof": "e-mail certified by a trusted third party"}, []),
        ({"received": None}, ["MASC"]),
    ],
)
def test_only_what_the_law_knows_and_can_be_proven_is_an_attempt(changes, missing) -> None:
    assert needs(a_claim(negotiation=replace(ATTEMPT, **changes))) == missing


def test_none_is_asked_for_before_the_law_did() -> None:
    facts = a_claim(negotiation=None)
    assert needs(facts, date(2025, 4, 2)) == []
    assert needs(facts, date(2025, 4, 3)) == ["MASC"]


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"reply": True}, ["MASC_PERIOD_RUNNING"]),
        ({"reply": True, "closed": date(2026, 4, 1)}, []),
        ({"reply": True, "ended_in_writing": True, "received": date(2026, 5, 10)}, []),
    ],
)
def test_after_a_reply_only_an_end_ends_it(changes, missing) -> None:
    assert needs(a_claim(negotiation=replace(ATTEMPT, **changes))) == missing


def test_nobody_knows_the_day_of_a_refusal_that_names_none() -> None:
    refused = replace(ATTEMPT, reply=True, ended_in_writing=True, received=date(2026, 5, 10))
    assert details(a_claim(negotiation=refused)) == {"file_before": date(2027, 5, 10)}
    older = replace(refused, received=date(2026, 4, 15))  # silence would have ended it today
    assert details(a_claim(negotiation=older))["masc_closed_on"] == date(2026, 5, 15)


def test_talks_that_closed_serve_for_a_year_from_their_end() -> None:
    closed = replace(ATTEMPT, kind="direct_negotiation", received=None, closed=date(2026, 3, 10))
    assert details(a_claim(negotiation=closed))["file_before"] == date(2027, 3, 10)
    assert needs(a_claim(negotiation=closed), date(2027, 3, 11)) == ["MASC_EXPIRED_RENEW"]


@pytest.mark.parametrize(("on", "running"), [(date(2026, 6, 2), True), (date(2026, 6, 3), False)])
def test_a_binding_offer_stands_for_a_month(on, running) -> None:
    offer = replace(ATTEMPT, kind="binding_offer", received=date(2026, 5, 2))
    assert bool(needs(a_claim(negotiation=offer), on)) == running


@pytest.mark.parametrize(
    ("debtors", "to", "each_needed"),
    [
        (("Borrower", "guarantor"), ("borrower", "guarantor"), False),
        (("borrower", "guarantor"), ("borrower",), True),
        (("borrower", "guarantor"), None, True),
        (("borrower",), None, False),
        ((), ("borrower",), False),
        (("guarantor",), ("borrower",), True),
    ],
)
def test_each_who_is_sued_had_an_attempt(debtors, to, each_needed) -> None:
    facts = a_claim(debtors=debtors, negotiation=replace(ATTEMPT, to=to))
    assert needs(facts) == (["MASC_FOR_EACH_DEFENDANT"] if each_needed else [])


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({}, ["RESPONSIBLE_DECLARATION_ADDRESS_UNKNOWN", "ADDRESS_SEARCH"]),
        ({"address_searched": True}, ["RESPONSIBLE_DECLARATION_ADDRESS_UNKNOWN"]),
        ({"address_declared": True}, ["ADDRESS_SEARCH"]),
        ({"address_declared": True, "address_searched": True}, []),
        ({"negotiation": ATTEMPT}, ["ADDRESS_SEARCH"]),
    ],
)
def test_a_declaration_replaces_the_attempt_on_whom_nobody_finds(changes, missing) -> None:
    facts = a_claim(**({"address_known": False, "negotiation": None} | changes))
    assert needs(facts) == missing


def test_a_broken_agreement_gets_an_attempt_of_its_own() -> None:
    facts = a_claim(agreement=Agreement(form="private", breached=True), negotiation=None)
    assert needs(facts) == ["MASC (on the agreement)"]


def test_a_country_whose_law_asks_for_none_has_none() -> None:
    assert list(negotiation(a_claim(negotiation=None), a_law("NL"))) == []


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"negotiation": None}, "negotiation"),
        ({"negotiation": replace(ATTEMPT, proof="none")}, "negotiation_proof"),
        ({"negotiation": None, "agreement": Agreement(form="private")}, "new_negotiation"),
    ],
)
def test_what_is_missing_says_by_which_rule(changes, rule) -> None:
    [found] = negotiation(a_claim(**changes), a_law())
    assert found.rule.id == f"es.judicial.point.{rule}"


@pytest.mark.parametrize("done", [{"address_declared": True}, {"address_searched": True}])
def test_half_of_what_replaces_the_attempt_permits_nothing(done) -> None:
    facts = a_claim(address_known=False, negotiation=None, **done)
    assert {each.effect for each in negotiation(facts, a_law())} == {"needs"}

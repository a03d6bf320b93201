"""Across a border: a European procedure, the debtor's courts, or a person."""

from datetime import date

import pytest

from recovery.documents.packs.reading import eu_members, judicial_pack
from recovery.domain.judicial.cross_border import decide_across_borders
from recovery.domain.judicial.finding import Decision
from tests.claims import a_claim, a_law

EPO, ESCP = "EU_ORDER_FOR_PAYMENT", "EU_SMALL_CLAIMS"
ACROSS = {
    "creditor_country": "NL",
    "debtor_country": "ES",
    "cross_border": True,
    "civil_commercial": True,
    "debtor_type": "company",
    "negotiation": None,
}


def ask(minor: int, on: date = date(2026, 5, 15), **changes) -> Decision:
    facts = a_claim(**(ACROSS | {"principal_minor": minor} | changes))
    country = facts.debtor_country
    known = country and judicial_pack(country).own
    national = a_law(country, on) if country and known else None
    return decide_across_borders(facts, a_law("EU", on), national, eu_members())


@pytest.mark.parametrize(
    ("minor", "changes", "procedure", "status", "blocking"),
    [
        (1_200_000, {}, EPO, "READY", ()),
        (1_200_000, {"dispute": None}, EPO, "READY", ()),
        (500_000, {"dispute": "contested"}, ESCP, "READY", ()),
        (500_000, {"dispute": "contested", "interest_minor": 90_000}, ESCP, "READY", ()),
        (
            500_001,
            {"dispute": "contested"},
            "ES_JUICIO_VERBAL",
            "NEEDS_PREREQUISITE",
            ("ESCP_OVER_5000",),
        ),
        (
            550_000,
            {"dispute": "formal"},
            "ES_JUICIO_VERBAL",
            "NEEDS_PREREQUISITE",
            ("ESCP_OVER_5000",),
        ),
        (
            550_001,
            {"dispute": "contested"},
            "ES_JUICIO_VERBAL",
            "NEEDS_PREREQUISITE",
            ("EPO_CONTESTED",),
        ),
        (
            1_500_001,
            {"dispute": "contested"},
            "ES_JUICIO_ORDINARIO",
            "NEEDS_PREREQUISITE",
            ("EPO_CONTESTED",),
        ),
        (
            250_000,
            {"cross_border": False},
            "ES_MONITORIO",
            "NEEDS_PREREQUISITE",
            ("NOT_CROSS_BORDER",),
        ),
        (250_000, {"debtor_country": "DK"}, "HUMAN_REVIEW", "BLOCKED", ("DENMARK_EXCLUDED",)),
        (250_000, {"creditor_country": "DK"}, "HUMAN_REVIEW", "BLOCKED", ("DENMARK_EXCLUDED",)),
        (250_000, {"debtor_country": "GB"}, "HUMAN_REVIEW", "BLOCKED", ("OUTSIDE_THE_UNION",)),
        (
            250_000,
            {"civil_commercial": False},
            "HUMAN_REVIEW",
            "BLOCKED",
            ("NOT_CIVIL_OR_COMMERCIAL",),
        ),
        (250_000, {"debtor_country": "FR"}, EPO, "READY", ()),
        (
            900_000,
            {"debtor_country": "FR", "dispute": "contested"},
            "HUMAN_REVIEW",
            "BLOCKED",
            ("EPO_CONTESTED", "LAW_UNKNOWN"),
        ),
        (250_000, {"deceased": True}, "HUMAN_REVIEW", "BLOCKED", ("DECEASED",)),
        (250_000, {"due": date(2020, 1, 1)}, "NONE", "BLOCKED", ("PRESCRIBED",)),
        (250_000, {"principal_minor": None}, "HUMAN_REVIEW", "BLOCKED", ("FACTS_UNKNOWN",)),
    ],
)
def test_the_route_across_a_border(minor, changes, procedure, status, blocking) -> None:
    found = ask(minor, **changes)
    assert (found.procedure, found.status, found.blocking) == (procedure, status, blocking)


def test_a_consumer_is_sued_at_home_and_opposes_within_thirty_days() -> None:
    found = ask(900_000, debtor_country="NL", creditor_country="ES", debtor_type="consumer")
    assert found.procedure == EPO
    expected = {"form": "A", "file_in": "NL", "opposition_days": 30, "masc_required": False}
    assert expected.items() <= found.details.items()


def test_only_an_order_has_a_term_to_oppose() -> None:
    assert "opposition_days" not in ask(400_000, dispute="contested").details
    assert ask(400_000).details["opposition_days"] == 30


def test_what_nobody_stated_is_asked_for_by_name() -> None:
    assert {each.fact for each in ask(900_000, amicable=()).ask} == {"due"}
    done = {each.fact for each in ask(900_000).ask}
    assert done == {"amicable", "due"}
    unknown = {"cross_border": None, "civil_commercial": None, "dispute": None}
    asked = {each.fact for each in ask(900_000, debtor_country=None, **unknown).ask}
    assert asked == done | {*unknown, "debtor"}


def test_a_fee_is_known_only_where_the_courts_pack_knows_it() -> None:
    assert ask(900_000).details["court_fee"].amount_minor == 10_000
    assert "court_fee" not in ask(900_000, debtor_country="FR").details


def test_what_closes_the_other_european_procedure_is_named_too() -> None:
    found = ask(500_001, dispute="contested")
    closed = {each.procedure: each.code for each in found.alternatives}
    assert closed[EPO] == "EPO_CONTESTED" and closed[ESCP] == "ESCP_OVER_5000"


def test_two_countries_make_a_border_where_nobody_spoke_of_one() -> None:
    assert ask(900_000, cross_border=None).procedure == EPO
    assert ask(900_000, cross_border=None, creditor_country="ES").procedure == "ES_MONITORIO"
    unknown = ask(900_000, cross_border=None, debtor_country=None)
    assert {"cross_border", "debtor"} <= {each.fact for each in unknown.ask}


def test_a_rule_of_the_union_that_nobody_reviewed_permits_nothing() -> None:
    found = ask(900_000, date(2030, 1, 1), due=date(2029, 1, 1))
    assert (found.procedure, found.status) == ("HUMAN_REVIEW", "BLOCKED")
    assert "RULE_NOT_RELIABLE" in found.blocking


def test_a_day_that_no_rule_covers_is_for_a_person() -> None:
    found = ask(900_000, date(2010, 1, 1), due=date(2009, 1, 1))
    assert (found.procedure, found.blocking) == ("HUMAN_REVIEW", ("LAW_UNKNOWN",))


def test_a_loan_called_too_early_is_so_across_a_border_too() -> None:
    at_home = {"debtor_country": "NL", "creditor_country": "ES", "debtor_type": "consumer"}
    found = ask(900_000, accelerated=True, overdue_days=10, **at_home)
    assert (found.procedure, found.blocking) == ("AMICABLE", ("ACCELERATION_TOO_EARLY",))

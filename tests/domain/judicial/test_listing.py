"""Listing with a credit bureau: what the law asks for, all of it, and for how long."""

from datetime import date

import pytest

from recovery.domain.judicial.facts import Act
from recovery.domain.judicial.listing import decide_listing
from tests.claims import a_claim, a_law

LISTED = {"certain_due": True, "informed": True, "principal_minor": 5_000}


def ask(country="ES", on=date(2026, 5, 15), **changes):
    found = decide_listing(a_claim(**(LISTED | changes)), a_law(country, on))
    return found.procedure, found.status, found.blocking


@pytest.mark.parametrize(
    ("changes", "procedure", "blocking"),
    [
        ({}, "LIST", ()),
        ({"principal_minor": 4_999}, "NONE", ("UNDER_50_EUR",)),
        ({"principal_minor": None}, "HUMAN_REVIEW", ("FACTS_UNKNOWN",)),
        ({"dispute": "formal"}, "NONE", ("DISPUTED_FORMALLY",)),
        ({"dispute": "contested"}, "HUMAN_REVIEW", ("NOT_CERTAIN_AND_DUE",)),
        ({"certain_due": False}, "NONE", ("NOT_CERTAIN_AND_DUE",)),
        ({"certain_due": None}, "HUMAN_REVIEW", ("NOT_CERTAIN_AND_DUE",)),
        ({"informed": False}, "NONE", ("NO_PRIOR_INFORMATION",)),
        ({"informed": None}, "NONE", ("NO_PRIOR_INFORMATION",)),
        ({"deceased": True}, "HUMAN_REVIEW", ("DECEASED",)),
        ({"due": date(2021, 5, 14), "negotiation": None}, "NONE", ("PRESCRIBED",)),
        (
            {"informed": False, "principal_minor": 1},
            "NONE",
            ("UNDER_50_EUR", "NO_PRIOR_INFORMATION"),
        ),
    ],
)
def test_what_may_be_listed(changes, procedure, blocking) -> None:
    assert ask(**changes) == (procedure, "BLOCKED" if blocking else "READY", blocking)


def test_five_years_after_it_fell_due_an_entry_is_over_even_if_the_debt_is_not() -> None:
    acts = (Act(on=date(2024, 1, 1), kind="burofax"),)
    assert ask(due=date(2021, 5, 15), acts=acts)[0] == "LIST"
    assert ask(due=date(2021, 5, 14), acts=acts) == ("NONE", "BLOCKED", ("LISTED_TOO_LONG",))


def test_its_terms_are_given_and_an_unknown_due_day_is_asked_for() -> None:
    found = decide_listing(a_claim(**LISTED), a_law())
    assert found.details == {"block_days_after_notice": 30, "delete_by": date(2031, 1, 31)}
    unknown = decide_listing(a_claim(**(LISTED | {"due": None, "dispute": None})), a_law())
    assert [each.fact for each in unknown.ask] == ["due", "dispute"]


def test_without_reviewed_law_nobody_is_listed() -> None:
    assert ask("NL")[2] == ("LAW_UNKNOWN",)
    assert ask("KE")[2] == ("LAW_UNKNOWN",)
    [asked] = decide_listing(a_claim(**LISTED), a_law("NL")).ask
    assert "credit bureau" in asked.why
    assert ask(on=date(2030, 1, 1))[2] == ("RULE_NOT_RELIABLE",)
    assert ask(on=date(2010, 1, 1), due=date(2009, 1, 1))[2] == ("LAW_UNKNOWN",)

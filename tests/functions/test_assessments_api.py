"""Assessments and options over the API, driven by its events: who may, what is kept and told."""

from __future__ import annotations

import copy
import json
import logging
from datetime import timedelta

import pytest

from functions.notes_api import handler
from recovery.domain.accounting.loan import Components
from recovery.domain.shared.actor import Role
from recovery.domain.shared.audit import Act
from recovery.ports.accounting import StoredLoan
from tests.builders import a_borrower, a_loan, a_schedule, a_state, an_actor
from tests.conftest import Context

ANA = "arn:aws:iam::111122223333:user/advisor-ana"


@pytest.fixture
def ana(wiring):
    """Say which roles the caller of the events has; None: not one of the institution's people."""

    def with_roles(*roles: Role, name: str = "Ana Torres") -> None:
        wiring.institutions.save_actor("umoja", an_actor(name, *roles, id=ANA))

    return with_roles


@pytest.fixture
def call(wiring, load_event):
    def call(name: str, path: str | None = None, **changes):
        event = copy.deepcopy(load_event(name))
        if changes:
            body = {**json.loads(event["body"] or "{}"), **changes}
            event["body"] = json.dumps({k: v for k, v in body.items() if v is not None})
        event["path"] = path or event["path"]
        answer = handler(event, Context(), wiring)
        return answer["statusCode"], json.loads(answer["body"])

    return call


@pytest.fixture
def lent(wiring) -> None:
    """The person's own loan, 60.00 a month, of which the first is a day late."""
    loan = a_loan(schedule=a_schedule(12, Components(5_500, 500)))
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    wiring.borrowers.loans["B-1"] = ["L-1"]


def test_an_assessment_is_made_once_and_kept_with_who_and_by_which_rules(call, ana, wiring) -> None:
    ana(Role.ADVISOR)
    code, made = call("notes_api.assess")
    assert (code, made["verdict"], made["decided_by"]) == (201, "refer", "a person")
    assert (made["assessed_on"], made["assessed_by"]) == ("2026-02-02", "Ana Torres")
    assert (made["valid_until"], made["policy_version"]) == ("2026-08-01", 1)
    assert "careful.capacity.shares.household_income" in made["rules"]
    assert call("notes_api.assess") == (200, made)
    code, problem = call("notes_api.assess", currency="KES")
    assert (code, problem["errors"][0]["field"]) == (409, "assessment_id")
    assert call("notes_api.read_assessment") == (200, made)
    assert call("notes_api.list_assessments")[1]["assessments"] == [made]
    assert [each.act for each in wiring.audit.of_person("B-1")] == [
        Act.CAPACITY_ASSESSED,
        Act.ASSESSMENTS_READ,
        Act.ASSESSMENTS_READ,
    ]


def test_income_is_asked_for_once_until_the_pack_lets_it_expire(call, ana, wiring) -> None:
    ana(Role.ADVISOR)
    code, problem = call("notes_api.assess", household=None)
    assert (code, problem["errors"][0]["field"]) == (422, "household")
    call("notes_api.assess")
    code, again = call("notes_api.assess", assessment_id="A-2", household=None)
    assert (code, again["question"]["household"]["expenses"]) == (201, {"amount": "150.00"})
    wiring.clock.at += timedelta(days=181)
    assert call("notes_api.assess", assessment_id="A-3", household=None)[0] == 422


@pytest.mark.parametrize("roles", [(), (Role.AUDITOR,), (Role.SERVICE,)])
def test_only_people_who_lend_and_help_may(call, ana, lent, roles) -> None:
    if roles:
        ana(*roles)
    for name in ("assess", "list_assessments", "read_assessment", "decide_assessment", "options"):
        assert call(f"notes_api.{name}")[0] == 403


def test_a_field_that_may_not_be_asked_never_enters(call, ana, wiring) -> None:
    ana(Role.ADVISOR)
    for name in ("religion", "sex", "health", "marital_status"):
        code, problem = call("notes_api.assess", **{name: "any"})
        assert (code, problem["errors"][0]["code"]) == (422, "unknown_field")
        code, problem = call("notes_api.assess", household={"incomes": [], name: "any"})
        assert (code, problem["errors"][0]["field"]) == (422, f"household.{name}")
    assert wiring.assessments.of_person("B-1") == []


def test_a_person_decides_and_another_reviews(call, ana) -> None:
    ana(Role.ADVISOR)
    call("notes_api.assess")
    code, decided = call("notes_api.decide_assessment")
    [decision] = decided["decisions"]
    assert (code, decision["outcome"], decision["by"]) == (200, "declined", "Ana Torres")
    assert call("notes_api.decide_assessment") == (200, decided)
    code, problem = call("notes_api.decide_assessment", outcome="accepted")
    assert (code, problem["errors"][0]["field"]) == (422, "caller")


def test_own_books_are_looked_up_and_what_is_replaced_does_not_count(call, ana, lent) -> None:
    ana(Role.ADVISOR)
    _, made = call("notes_api.assess")
    assert made["own_loans"] == ["L-1"]
    [found] = [e for e in made["reasons"] if e["code"] == "debt_found_on_our_books"]
    assert (found["amount"], found["about"]) == ("60.00", "L-1")
    _, other = call("notes_api.assess", assessment_id="A-2", replaces="L-1")
    assert other["own_loans"] == []


def test_a_loan_that_the_person_secures_may_be_called(call, ana, lent, wiring) -> None:
    ana(Role.ADVISOR)
    wiring.borrowers.loans.clear()
    wiring.borrowers.roles["B-1"] = {"L-1": "guarantor"}
    _, made = call("notes_api.assess")
    [found] = [e for e in made["reasons"] if e["code"] == "guarantee_may_be_called"]
    assert found["amount"] == "60.00"


def test_options_need_a_capacity_that_holds(call, ana, lent, wiring) -> None:
    ana(Role.ADVISOR)
    code, problem = call("notes_api.options")
    assert (code, problem["errors"][0]["field"]) == (422, "capacity")
    call("notes_api.assess")
    code, found = call("notes_api.options")
    assert (code, found["assessment_id"], found["today"]["overdue"]) == (200, "A-1", "60.00")
    assert 2 <= len(found["options"]) <= 3
    assert all(each["in_words"]["facts"] for each in found["options"])
    assert {each["duty"] for each in found["duties"]} == {
        "consider_forbearance",
        "name_debt_advice",
    }
    assert wiring.audit.of_person("B-1")[-1].act == Act.OPTIONS_CONSIDERED
    wiring.clock.at += timedelta(days=181)
    assert call("notes_api.options")[0] == 422


def test_the_words_are_in_the_persons_language(call, ana, lent, wiring) -> None:
    ana(Role.ADVISOR)
    wiring.borrowers.save_contact_details(a_borrower(language="sw"))
    _, made = call("notes_api.assess")
    assert made["in_words"]["language"] == "sw"
    assert call("notes_api.options")[1]["language"] == "sw"
    wiring.borrowers.save_contact_details(a_borrower(language="qu", second_language="es"))
    assert call("notes_api.options")[1]["language"] == "es"
    code, problem = call("notes_api.options", language="qu")
    assert (code, problem["errors"][0]["field"]) == (422, "language")


def test_nothing_of_the_household_is_logged(call, ana, caplog) -> None:
    ana(Role.ADVISOR)
    with caplog.at_level(logging.DEBUG):
        call("notes_api.assess")
        call("notes_api.decide_assessment")
    assert "sister" not in caplog.text and "600.00" not in caplog.text

"""recovery offer, agree, plan: from what is offered to what became of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from typer.testing import CliRunner, Result

from infra.command_line import app
from infra.deployment.target import TargetError
from recovery.domain.agreements.assessment_record import CapacityInForce
from tests.households import a_capacity

run = CliRunner()
BY = ("--by", "Ana Torres", "--why", "as told in the branch")
AGREE = ("agree", "L-1", *BY, "--offer", "OF-1", "--option", "payment_plan", "--id", "AG-1")


@pytest.fixture
def lending(lending):
    lending.people.capacities["B-1"] = CapacityInForce(
        assessment_id="A-1",
        person_id="B-1",
        assessed_on=date(2026, 1, 1),
        valid_until=date(2027, 1, 1),
        policy_version=1,
        capacity=a_capacity(30_000),
    )
    return lending


def recovery(*arguments: str) -> Result:
    return run.invoke(app, arguments)


def offered() -> Result:
    return recovery("offer", "L-1", *BY, "--difficulty", "more_costs", "--id", "OF-1")


def test_an_offer_is_shown_with_what_was_refused_and_agreed_on_once(lending) -> None:
    shown = offered()
    assert shown.exit_code == 0, shown.exception
    assert "payment_plan" in shown.output and "- not settlement: no_authority" in shown.output
    signed = ("--signed-by", "B-1", "--proof", "DOC-1")
    first, again = recovery(*AGREE, *signed), recovery(*AGREE, *signed)
    assert first.output.startswith("Recorded: agreement"), first.exception
    assert again.output.startswith("On record already")
    listed = recovery("plan", "L-1").output
    assert "payment_plan of offer OF-1" in listed and "kept; breached on" not in listed
    assert "kept; late on" in listed
    [plan] = json.loads(recovery("plan", "L-1", "--json").output)["plans"]
    assert (plan["agreement_id"], plan["status"]) == ("AG-1", "kept")


def test_a_yes_without_proof_or_debtor_says_what_is_missing(lending) -> None:
    offered()
    result = recovery(*AGREE, "--signed-by", "B-9")
    assert isinstance(result.exception, TargetError)
    assert "- proof: is missing" in str(result.exception)
    assert "- signed_by: lacks B-1" in str(result.exception)


def test_without_an_assessment_nothing_is_offered(lending) -> None:
    known = lending.people.capacities["B-1"]
    lending.people.capacities["B-1"] = replace(known, valid_until=date(2026, 1, 2))
    assert "recovery assess" in str(offered().exception)


def test_the_same_words_on_the_same_day_are_one_offer(lending) -> None:
    words = ("offer", "L-1", *BY, "--due-day", "5", "--expires-on", "2026-12-01")
    assert recovery(*words).output.startswith("Recorded: offer")
    assert recovery(*words).output.startswith("On record already")

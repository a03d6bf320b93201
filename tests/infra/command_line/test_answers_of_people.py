"""promise, dispute, hardship, hold and complaint: what people answer, by command."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner, Result

from infra.command_line import app
from infra.deployment.target import TargetError
from tests.builders import a_borrower

BY = ("--by", "Ana Torres")
run = CliRunner()


@pytest.fixture(autouse=True)
def borrower(lending) -> None:
    lending.borrowers.save_contact_details(a_borrower())
    lending.borrowers.loans["B-1"] = ["L-1"]


def recovery(*arguments: str) -> str:
    result: Result = run.invoke(app, arguments)
    assert result.exit_code == 0, result.output or result.exception
    return result.output


def refused(*arguments: str) -> str:
    result = run.invoke(app, arguments)
    assert isinstance(result.exception, TargetError), result.output
    return str(result.exception)


def test_a_promise_is_made_once_weighed_listed_and_taken_back() -> None:
    make = ("promise", "make", "L-1", "--amount", "50.00", "--on", "2026-02-06", *BY)
    said = recovery(*make)
    assert said.startswith("Mind: ") and "Recorded: promise of 50.00 EUR" in said
    assert "On record already" in recovery(*make)
    [listed] = json.loads(recovery("promise", "list", "L-1", "--json"))["promises"]
    assert (listed["pay_on"], listed["outcome"]) == ("2026-02-06", "open")
    recovery("promise", "cancel", "L-1", listed["promise_id"], "--why", "wages come later", *BY)
    assert "cancelled" in recovery("promise", "list", "L-1")
    assert "pay_on" in refused(
        "promise", "make", "L-1", "--amount", "50.00", "--on", "2027-01-01", *BY
    )


def test_a_dispute_is_opened_listed_and_answered_by_another_than_the_officer() -> None:
    recovery(
        *("dispute", "open", "L-1", "--about", "charges", "--amount", "15.00"),
        *("--why", "a fee she did not know of", *BY),
    )
    [listed] = json.loads(recovery("dispute", "list", "L-1", "--json"))["disputes"]
    assert (listed["answer_by"], listed["ended"]) == ("2026-02-09", None)
    answer = ("dispute", "answer", "L-1", listed["dispute_id"], "--outcome", "rejected")
    words = ("--answer", "It is in the contract.", "--why", "contract seen")
    assert "officer" in refused(*answer, *words, "--by", "Peter Otieno")
    recovery(*answer, *words, *BY)
    assert "rejected on 2026-02-02" in recovery("dispute", "list", "L-1")


def test_hardship_and_holds_are_told_listed_and_ended() -> None:
    said = recovery("hardship", "tell", "B-1", "--cause", "income_fell", "--id", "H-1", *BY)
    assert "to be answered or asked again by 2026-03-04" in said
    assert "Nothing automatic" in recovery(
        "hold", "report", "B-1", "--because", "death", "--why", "her son came", *BY
    )
    assert "hardship, death" in recovery("hold", "list")
    of_person = json.loads(recovery("hold", "list", "B-1", "--json"))
    assert [each["kind"] for each in of_person["held_by"]] == ["hardship", "death"]
    recovery("hardship", "end", "B-1", "H-1", "--why", "found work", *BY)
    assert "hardship" not in recovery("hold", "list")
    assert "there is no person" in refused("hold", "list", "B-9")
    assert "because" in refused("hold", "report", "B-1", "--because", "boredom", "--why", "x", *BY)


def test_complaints_are_numbered_answered_and_counted() -> None:
    recovery(
        *("complaint", "make", "B-1", "--about", "contact", "--why", "called at work"),
        *("--id", "C-1", "--loan", "L-1", *BY),
    )
    [waiting] = json.loads(recovery("complaint", "count", "--json"))["complaints"]
    assert (waiting["about"], waiting["waiting"], waiting["late"]) == ("contact", 1, 0)
    recovery(
        *("complaint", "answer", "B-1", "C-1", "--outcome", "upheld"),
        *("--answer", "We will not call there.", "--why", "calls seen", *BY),
    )
    [closed] = json.loads(recovery("complaint", "count", "--json"))["complaints"]
    assert (closed["waiting"], closed["upheld"], closed["days_to_close"]) == (0, 1, 0)
    assert "contact" in recovery("complaint", "count")

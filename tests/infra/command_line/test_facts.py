"""recovery fact: record, list and undo facts; every example is one that can be recorded."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from typer.testing import CliRunner, Result

from functions import payments_api
from infra.command_line import app
from infra.command_line.facts import KINDS
from infra.deployment.target import TargetError
from recovery.documents.accounting.fact_request import AnyFact
from tests.conftest import Context
from tests.domain.agreements.test_realism import known

run = CliRunner()
BY = ("--by", "Ana Torres")


def fact(*arguments: str, text: str | None = None) -> Result:
    return run.invoke(app, ["fact", *arguments], input=text)


def example(kind: str) -> str:
    return fact("example", kind).stdout


def refused(result: Result) -> str:
    assert isinstance(result.exception, TargetError), result.output
    return str(result.exception)


def test_there_is_an_example_of_every_kind() -> None:
    kinds = (get_args(each.model_fields["kind"].annotation) for each in get_args(AnyFact))
    assert set(KINDS) == {kind for names in kinds for kind in names}
    assert fact("example").stdout.replace("\n", " ").split(", ")[0] == "acknowledgement"
    said = refused(fact("example", "gift"))
    assert "is no kind of fact. Use one of: acknowledgement, agreed_elsewhere, agreement" in said


AFTER_ANOTHER = {"chargeback", "resume", "undo", "promise_end", "dispute_end"}
AFTER_ANOTHER |= {"offer", "agreement", "agreement_end", "booked", "agreed_elsewhere"}
AFTER_ANOTHER |= {"called_in", "negotiation_step", "suit_end", "listing_change", "court_step"}


@pytest.mark.parametrize("kind", sorted({*KINDS} - AFTER_ANOTHER))
def test_an_example_can_be_recorded_as_it_is(lending, kind: str) -> None:
    result = fact("record", "L-1", "-", *BY, text=example(kind))
    assert result.exit_code == 0, result.output or result.exception
    (record,) = lending.loans.recorded("L-1").facts
    assert record.fact_id == json.loads(example(kind))["fact_id"]
    assert record.recorded_by == "typed:Ana Torres"


def test_an_example_about_something_before_can_be_recorded_after_it(lending, load_event) -> None:
    payments_api.handler(load_event("payments_api.post_payment"), Context(), lending)
    order = ("chargeback", "pause", "resume", "waiver", "undo")
    for kind in (*order, "promise", "promise_end", "dispute", "dispute_end"):
        result = fact("record", "L-1", "-", *BY, text=example(kind))
        assert result.exit_code == 0, result.exception


def test_the_examples_of_acts_can_be_recorded_in_their_order(lending) -> None:
    order = ("demand", "called_in", "negotiation", "negotiation_step", "suit", "court_step")
    for kind in (*order, "suit_end", "listing", "listing_change"):
        result = fact("record", "L-1", "-", *BY, text=example(kind))
        assert result.exit_code == 0, result.exception
    told = fact("list", "L-1", "--json").stdout
    assert {each["kind"] for each in json.loads(told)["facts"]} >= {*order}
    [demand] = [e for e in json.loads(told)["facts"] if e["kind"] == "demand"]
    assert demand | {"recorded_at": ""} == {
        "loan_id": "L-1",
        "fact_id": "D-2026-001",
        "kind": "demand",
        "on": "2026-02-02",
        "known_on": "2026-02-02",
        "amount": "310.00",
        "currency": "EUR",
        "persons": ["B-1"],
        "medium": "burofax",
        "proof": "proven",
        "reference": "NB00012345",
        "reason": "demand before anything else",
        "recorded_by": "typed:Ana Torres",
        "recorded_at": "",
    }


def test_the_example_of_a_booking_can_be_recorded_after_that_of_a_schedule(lending) -> None:
    for kind in ("reage", "booked"):
        result = fact("record", "L-1", "-", *BY, text=example(kind))
        assert result.exit_code == 0, result.exception
    assert lending.loans.load("L-1").state.facts.unbooked_since is None


def test_the_example_of_an_agreement_can_be_recorded_after_that_of_an_offer(lending) -> None:
    lending.people.capacities["B-1"] = replace(known(30_000), assessed_on=date(2026, 1, 1))
    for kind in ("offer", "agreement", "agreement_end"):
        result = fact("record", "L-1", "-", *BY, text=example(kind))
        assert result.exit_code == 0, result.exception


def test_a_fact_is_recorded_from_a_file_once_and_said_in_words(lending, tmp_path: Path) -> None:
    file = tmp_path / "fact.json"
    file.write_text("\ufeff" + example("waiver"), encoding="utf-8")
    first, again = (fact("record", "L-1", str(file), *BY).output for _ in range(2))
    assert first.startswith("Recorded: waiver of 5.00 EUR of interest: agreed after illness\n")
    assert "L-1 now: 1 day past due since 2026-02-01" in first
    assert "1375.00 EUR outstanding." in first
    assert again.startswith("On record already, nothing has changed: waiver")
    assert len(lending.loans.recorded("L-1").facts) == 1


def test_a_fact_that_cannot_be_recorded_says_why(lending, tmp_path: Path) -> None:
    wrong = json.loads(example("waiver")) | {"amount": "5.001", "component": "luck"}
    problems = refused(fact("record", "L-1", "-", *BY, text=json.dumps(wrong)))
    assert problems.startswith("- component: ")
    too_much = json.loads(example("waiver")) | {"amount": "999.00"}
    assert "Waive at most that" in refused(
        fact("record", "L-1", "-", *BY, text=json.dumps(too_much))
    )
    assert "is not JSON" in refused(fact("record", "L-1", "-", *BY, text="no"))
    assert "Say who you are with --by" in refused(fact("record", "L-1", "-", text="{}"))
    assert "Import it first" in refused(fact("record", "L-9", "-", *BY, text="{}"))
    file = tmp_path / "latin.json"
    file.write_bytes(b"\xe9")
    assert "is not UTF-8 text" in refused(fact("record", "L-1", str(file), *BY))
    fact("record", "L-1", "-", *BY, text=example("waiver"))
    other = json.loads(example("waiver")) | {"amount": "6.00"}
    assert "use a new id" in refused(fact("record", "L-1", "-", *BY, text=json.dumps(other)))


@pytest.mark.parametrize("fact_id", ["W-1", "W" * 64])
def test_a_fact_is_undone_with_a_reason_once(lending, fact_id: str) -> None:
    body = json.loads(example("waiver")) | {"fact_id": fact_id}
    fact("record", "L-1", "-", *BY, text=json.dumps(body))
    undo = ("undo", "L-1", fact_id, "--why", "wrong loan", *BY)
    result = fact(*undo)
    assert "Recorded: fact W" in result.output and "undone: wrong loan" in result.output
    assert "1380.00 EUR outstanding" in result.output
    assert "is undone already" in fact(*undo).output
    facts = json.loads(fact("list", "L-1", "--json").stdout)["facts"]
    assert [(each["kind"], each.get("undone", False)) for each in facts] == [
        ("waiver", True),
        ("undo", False),
    ]


def test_what_cannot_be_undone_says_why(lending) -> None:
    assert "is no fact of this loan" in refused(fact("undo", "L-1", "X", "--why", "x", *BY))
    assert "reason: " in refused(fact("undo", "L-1", "X", "--why", "x" * 141, *BY))
    assert "Import it first" in refused(fact("undo", "L-9", "X", "--why", "x", *BY))


def test_facts_are_listed_as_a_table_or_as_json(lending) -> None:
    assert "has no facts but its payments" in fact("list", "L-1").output
    assert json.loads(fact("list", "L-1", "--json").stdout) == {"loan_id": "L-1", "facts": []}
    fact("record", "L-1", "-", *BY, text=example("waiver"))
    table = fact("list", "L-1").output
    assert "W-2026-001" in table and "5.00 EUR, interest" in table and "Ana Torres" in table


@pytest.mark.parametrize("command", ["record", "undo", "example"])
def test_each_command_that_needs_something_shows_how_it_is_used(command: str) -> None:
    result = fact(command, "--help")
    assert result.exit_code == 0
    assert "Try: recovery fact" in " ".join(result.output.split())


def test_the_first_who_says_that_it_was_fraud_asks_a_second(lending) -> None:
    claim = {"fact_id": "D-1", "kind": "dispute", "about": "not_mine", "reason": "as told"}
    proven = {"fact_id": "E-1", "kind": "dispute_end", "dispute_id": "D-1", "reason": "forged"}
    fact("record", "L-1", "-", *BY, text=json.dumps(claim))
    text = json.dumps({**proven, "outcome": "fraud_proven"})
    asked = fact("record", "L-1", "-", *BY, text=text)
    assert "It counts once a second person answers the same." in asked.output
    assert len(lending.loans.recorded("L-1").facts) == 1
    done = fact("record", "L-1", "-", "--by", "Grace Njeri", text=text)
    assert done.output.startswith("Recorded: "), done.output
    assert len(lending.loans.recorded("L-1").facts) == 2

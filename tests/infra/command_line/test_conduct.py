"""conduct and why: what people read, and the exit codes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from infra.command_line import app, conduct, why
from infra.command_line.options import console
from infra.deployment.target import Target, TargetError
from recovery.domain.portfolio.conduct import RULES
from tests.life import Life

START, DAY = date(2026, 2, 1), timedelta(days=1)
PERIOD = ["--from", "2026-02-01", "--to", "2026-02-04"]
run = CliRunner()


@pytest.fixture
def life(monkeypatch: pytest.MonkeyPatch, wiring: SimpleNamespace) -> Life:
    """One loan is a day late on the second, and its borrower hears of it."""
    life = Life(wiring, START)
    life.lend()
    life.until(START + 3 * DAY)
    target = SimpleNamespace(wiring=wiring, of=wiring.of, embedded=object())
    target.institution = partial(Target.institution, target)
    for module in (conduct, why):
        monkeypatch.setattr(module, "find_target", lambda *, real: target)
    monkeypatch.setattr(console, "_width", 200)
    return life


def test_zero_is_shown_as_zero_beside_what_was_looked_at(life) -> None:
    result = run.invoke(app, ["conduct", *PERIOD])
    assert result.exit_code == 0, result.output
    for what in RULES.values():
        [line] = [each for each in result.output.splitlines() if f" {what} " in each]
        assert " 0 " in line
    assert "1 people, 1 messages" in result.output


def test_the_json_has_every_rule_with_its_cases(life) -> None:
    document = json.loads(run.invoke(app, ["conduct", *PERIOD, "--json"]).output)
    assert (document["from"], document["found"]) == ("2026-02-01", 0)
    assert {each["rule"]: each["cases"] for each in document["rules"]} == {e: [] for e in RULES}


def test_what_is_found_ends_with_two_and_names_ids_alone(life) -> None:
    person = life.ports.borrowers.load("B-1")

    life.ports.borrowers.save_contact_details(replace(person, email_consent=False))
    result = run.invoke(app, ["conduct", *PERIOD])
    assert result.exit_code == 2
    assert "2026-02-02 B-1 L-1 L-1/first_days_late+1/2026-02-01" in result.output
    assert person.name not in result.output and str(person.email) not in result.output


def test_what_cannot_be_read_ends_with_one(life, monkeypatch) -> None:
    monkeypatch.setattr(life.ports.borrowers, "contacts", lambda of: 1 / 0)
    result = run.invoke(app, ["conduct", *PERIOD])
    assert result.exit_code == 1
    assert "Not in the report: L-1" in result.output


def test_a_period_to_come_is_refused_in_words(life) -> None:
    result = run.invoke(app, ["conduct", "--from", "2026-02-01", "--to", "2026-03-01"])
    assert isinstance(result.exception, TargetError)
    assert "is in the future" in str(result.exception)


def test_why_says_what_was_heard_by_which_rule_and_that_it_is_recomputed(life) -> None:
    heard = run.invoke(app, ["why", "L-1", "--on", "2026-02-02"]).output
    assert "Heard first days late by email, about L-1." in heard
    assert "policy.contact.messages.2" in heard and "Recomputed" in heard
    nothing = run.invoke(app, ["why", "L-1", "--on", "2026-02-03"]).output
    assert "Heard nothing." in nothing and "days_between_demands" in nothing


def test_why_as_json(life) -> None:
    document = json.loads(run.invoke(app, ["why", "L-1", "--on", "2026-02-03", "--json"]).output)
    assert document["recomputed"] is True
    assert (document["said"], document["days_past_due"]) == ([], 2)
    assert all({"rule", "words"} <= set(each) for each in document["reasons"])


def test_why_of_an_unknown_loan_says_what_to_do(life) -> None:
    result = run.invoke(app, ["why", "L-9", "--on", "2026-02-03"])
    assert isinstance(result.exception, TargetError)

"""A collective relief from the command line: looked at, given, taken back."""

from __future__ import annotations

import json
from datetime import date
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from infra.command_line import app, relief
from infra.command_line.options import console
from infra.deployment.target import Target, TargetError
from recovery.domain.accounting.loan import LoanProfile
from recovery.ports.accounting import StoredLoan
from recovery.ports.institutions import InstitutionDay
from recovery.use_cases.monitoring.review_loans import review_changed
from recovery.use_cases.route_changes import route_loan
from tests.builders import a_borrower, a_loan, a_state

TODAY = date(2026, 3, 20)
ANA = ["--by", "Ana Torres"]
QUICK = ["relief", "apply", "--place", "Paiporta", "--from", "2026-03-10"]
HEADER = "loan_id,applied_on,proof,turnover\n"
run = CliRunner()


@pytest.fixture
def ports(monkeypatch, wiring) -> SimpleNamespace:
    """L-1 and L-2 in Paiporta, L-3 next door, L-4 who knows where; all late by two instalments."""
    monkeypatch.setattr(console, "width", 200)
    wiring.institutions.days["umoja"] = InstitutionDay(TODAY, TODAY, "replay")
    places = {"L-1": "Paiporta", "L-2": "Paiporta", "L-3": "Valencia", "L-4": None}
    for number, (loan_id, place) in enumerate(places.items()):
        wiring.borrowers.save_contact_details(a_borrower(f"B-{number}"))
        loan = a_loan(
            loan_id, borrower_id=f"B-{number}", profile=LoanProfile(place=place, purpose="consumer")
        )
        wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
        wiring.borrowers.loans[f"B-{number}"] = [loan_id]
    review_changed("umoja", list(places), wiring.now(), wiring)
    made = SimpleNamespace(embedded=True, wiring=wiring, of=lambda institution_id: wiring)
    made.institution = partial(Target.institution, made)
    monkeypatch.setattr(relief, "find_target", lambda *, real: made)
    return wiring


def call(*arguments: str, code: int = 0, **options) -> str:
    result = run.invoke(app, arguments, **options)
    assert result.exit_code == code, result.output
    return result.output


def stopped(*arguments: str) -> str:
    result = run.invoke(app, arguments)
    assert isinstance(result.exception, TargetError), result.output
    return str(result.exception)


@pytest.mark.parametrize("command", ["", "example", "add", "show", "apply", "undo"])
def test_each_command_explains_itself(command: str) -> None:
    assert len(call("relief", *command.split(), "--help").split()) > 20


def test_a_few_options_show_what_a_relief_would_do_and_nobody_has_to_say_who_asks(ports) -> None:
    before = {each: ports.loans.load(each) for each in ("L-1", "L-2")}
    shown = call(*QUICK, "--dry-run")
    assert "paiporta-20260310: would be given, by place" in shown
    [row] = [line for line in shown.splitlines() if "Paiporta" in line and "│" in line]
    assert row.replace("│", "").split()[:5] == ["Paiporta", "EUR", "2", "2760.00", "460.00"]
    assert "2 loans, 0 had it, 0 not" in shown
    assert "Of 1 loans nobody said whether" in shown
    assert {each: ports.loans.load(each) for each in before} == before
    assert ports.reliefs.all() == []


def test_it_is_given_once_shown_and_taken_back_as_one(ports) -> None:
    assert "given, by place" in call(*QUICK, *ANA)
    assert ports.loans.load("L-1").state.facts.frozen_days_past_due == 37
    assert "0 loans, 2 had it" in call(*QUICK, *ANA)
    shown = call("relief", "show")
    assert "paiporta-20260310" in shown and "The lender's own decision" in shown
    undo = ["relief", "undo", "paiporta-20260310", "--why", "the wrong place"]
    assert "Would be undone: 2 loans" in call(*undo, "--dry-run")
    assert "Undone: 2 loans; 0 had the letter" in call(*undo, *ANA)
    assert ports.loans.load("L-1").loan.schedule == a_loan().schedule
    assert "Undone: 0 loans" in call(*undo, *ANA)


def test_the_example_goes_on_record_and_is_asked_for_by_a_list(ports, tmp_path: Path) -> None:
    file = tmp_path / "relief.toml"
    example = call("relief", "example")
    file.write_text(example.replace("2024", "2026").replace("2025", "2027"))
    assert "is on record" in call("relief", "add", str(file))
    assert "was on record" in call("relief", "add", str(file))
    name = "es.flood_2026"
    ports.institutions.days["umoja"] = InstitutionDay(date(2026, 11, 28))
    rows = "L-1,2026-11-20,P-1,\nL-3,2026-11-20,P-3,\nL-4,2026-11-20,,\nL-2,soon,,\n"
    asked = ["relief", "apply", name, "--applications", "-", *ANA]
    shown = call(*asked, "--json", code=1, input=HEADER + rows)
    document = json.loads(shown[shown.index("{") :])
    assert [each["loan_id"] for each in document["granted"]] == ["L-1"]
    assert {each["loan_id"]: each["by_person"] for each in document["refused"]} == {
        "L-3": False,
        "L-4": True,
    }
    assert [each["loan_id"] for each in document["unread"]] == ["L-2"]
    route_loan("umoja", "L-4", ports)
    assert [each.loan_id for each in ports.tasks.open_tasks() if each.kind == "relief"] == ["L-4"]
    decided = call(*asked, "--decided", "L-4", input=HEADER + "L-4,2026-11-20,,\n")
    assert "1 loans, 0 had it" in decided
    assert "who wants this relief has to ask for it" in stopped("relief", "apply", name, *ANA)


def test_what_cannot_be_done_says_what_to_do(ports, tmp_path: Path) -> None:
    assert "say for whom" in stopped("relief", "apply", "--place", "Paiporta")
    assert "There is no relief flood. On record: none." in stopped("relief", "apply", "flood")
    assert "Say who you are with --by" in stopped(*QUICK)
    call(*QUICK, *ANA)
    assert "give the new rule another id" in stopped(*QUICK, "--months", "6", *ANA)
    name = "paiporta-20260310"
    assert "the relief says so" in stopped("relief", "apply", name, "--place", "Paiporta")
    assert "There is no relief other" in stopped("relief", "undo", "other", "--why", "x", *ANA)
    assert "No relief is on record" not in call("relief", "show", name)


def test_without_any_on_record_the_list_says_where_to_begin(ports) -> None:
    assert "Begin with `recovery relief example`" in call("relief", "show")

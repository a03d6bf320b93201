"""Reports and lists of loans from the command line."""

from __future__ import annotations

import json
from datetime import date
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from infra.command_line import app, portfolio, transfers
from infra.command_line.options import console
from infra.deployment.target import Target, TargetError
from recovery.domain.accounting.loan_facts import LoanFacts
from recovery.domain.accounting.refinancing import Carried
from recovery.domain.agreements.restraints import MESSAGES, Kind, Restraint
from recovery.domain.cases.approval import DecisionKind, PendingDecision
from recovery.ports.accounting import StoredLoan
from recovery.ports.institutions import InstitutionDay
from recovery.use_cases.accounting.carry_over import refinancing_decision_id
from tests.builders import a_loan, a_state, an_actor

JULY_1 = date(2026, 7, 1)
run = CliRunner()
SELL = [
    "portfolio",
    "transfer",
    "-",
    "--list",
    "list-7",
    "--on",
    "2026-06-30",
    "--by",
    "Ana Torres",
]


@pytest.fixture
def target(monkeypatch, wiring) -> SimpleNamespace:
    """Three loans of 1,380.00 EUR, 150 days late on 1 July, on an embedded AWS of fakes."""
    monkeypatch.setattr(console, "width", 200)
    wiring.institutions.days["umoja"] = InstitutionDay(JULY_1)
    for number in range(1, 4):
        loan = a_loan(f"L-{number}")
        wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    made = SimpleNamespace(embedded=True, wiring=wiring, of=lambda institution_id: wiring)
    made.institution = partial(Target.institution, made)
    for module in (portfolio, transfers):
        monkeypatch.setattr(module, "find_target", lambda *, real: made)
    return made


COMMANDS = ["", "report", "owners", "transfer", "buy-back", "notice", "refinancing"]


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(command) -> None:
    result = run.invoke(app, ["portfolio", *command.split(), "--help"])
    assert result.exit_code == 0
    assert len(result.output.split()) > 40


@pytest.mark.parametrize("command", [["portfolio"], ["portfolio", "report"]])
def test_the_report_of_a_day_as_a_table_and_as_json(target, command) -> None:
    shown = run.invoke(app, [*command, "--as-of", "2026-07-01"])
    assert shown.exit_code == 0, shown.output
    assert "Portfolio on 2026-07-01, EUR" in shown.output
    par_90 = next(line for line in shown.output.splitlines() if "PAR90" in line)
    assert par_90.replace("│", "").split() == ["PAR90", "3", "3600.00", "100.0%"]
    document = json.loads(run.invoke(app, [*command, "--json"]).stdout)
    assert (document["as_of"], document["loans"]) == ("2026-07-01", 3)
    assert document["currencies"][0]["par30"]["share"] == "100.0%"


def test_one_creditors_report(target) -> None:
    assert run.invoke(app, [*SELL, "--to", "Fondo Norte"], input="loan_id\nL-2\n").exit_code == 0
    command = ["portfolio", "--as-of", "2026-07-01", "--creditor", "Fondo Norte", "--json"]
    document = json.loads(run.invoke(app, command).stdout)
    assert (document["creditor"], document["loans"]) == ("Fondo Norte", 1)
    nobody = run.invoke(app, ["portfolio", "--creditor", "nobody"])
    assert "there is no loan of nobody" in nobody.output


def test_options_before_a_command_of_the_group_are_not_lost_in_silence(target) -> None:
    result = run.invoke(app, ["portfolio", "--as-of", "2026-07-01", "owners"])
    assert result.exit_code == 2


def test_a_day_to_come_is_refused_in_words(target) -> None:
    result = run.invoke(app, ["portfolio", "--as-of", "2026-07-02"])
    assert isinstance(result.exception, TargetError)
    assert "2026-07-02 is in the future" in str(result.exception)


def test_a_list_is_checked_sold_told_about_and_bought_back(target, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("loan_id;proof\nL-1;RR1\nL-2;RR2\n")
    listed = ["portfolio", "transfer", str(file), *SELL[3:], "--to", "Fondo Norte"]
    checked = run.invoke(app, [*listed, "--check"])
    assert "All 2 loans may change hands" in checked.output
    assert "2 loans changed hands; 0 had before" in run.invoke(app, listed).output
    assert "0 loans changed hands; 2 had before" in run.invoke(app, listed).output

    told = ["portfolio", "notice", str(file), "--list", "list-7", "--by", "Ana Torres",
            "--sent-on", "2026-07-01", "--medium", "registered_letter"]  # fmt: skip
    assert "Recorded: 2 notices; 0 were on record" in run.invoke(app, told).output
    assert "Recorded: 0 notices; 2 were on record" in run.invoke(app, told).output

    back = ["portfolio", "buy-back", str(file), "--list", "list-9", "--on", "2026-07-01",
            "--by", "Ana Torres"]  # fmt: skip
    assert "2 loans changed hands" in run.invoke(app, back).output

    period = ["portfolio", "owners", "--from", "2026-06-01", "--until", "2026-07-01"]
    reports = {each["creditor"]: each for each in json.loads(
        run.invoke(app, [*period, "--json"]).stdout)}  # fmt: skip
    assert reports["umoja"]["sold"] == reports["Fondo Norte"]["bought"] == "2760.00"
    assert reports["umoja"]["bought_back"] == reports["Fondo Norte"]["given_back"] == "2760.00"
    shown = run.invoke(app, period).output
    assert "Fondo Norte, 2026-06-01 to 2026-07-01, EUR" in shown


def test_rows_that_are_refused_are_listed_with_what_to_do(target) -> None:
    loan = a_loan("L-8")
    dispute = Restraint(Kind.DISPUTE, JULY_1, None, MESSAGES, "form-9")
    target.wiring.loans.add_loan(StoredLoan(loan, a_state(loan, restraints=(dispute,))), [])
    result = run.invoke(app, [*SELL, "--to", "Fondo"], input="loan_id\nL-8\nnobody\n")
    assert result.exit_code == 1
    assert "No loan changed hands." in result.output
    assert "L-8 is disputed" in result.output and "name who excepts it" in result.output
    assert "there is no loan nobody" in result.output
    excepted = 'loan_id,exception_by,exception_why\nL-8,Ana Torres,"the buyer knows, and agreed"\n'
    assert run.invoke(app, [*SELL, "--to", "Fondo"], input=excepted).exit_code == 0


@pytest.mark.parametrize("text", [b"name\nGrace\n", b"loan_id\n\xff\n"])
def test_a_list_that_cannot_be_read_changes_nothing(target, text) -> None:
    result = run.invoke(app, [*SELL, "--to", "Fondo"], input=text)
    assert result.exit_code == 1
    assert target.wiring.loans.recorded("L-1").owners == ()


def test_a_notice_for_a_loan_that_was_not_sold_is_listed(target) -> None:
    told = ["portfolio", "notice", "-", "--list", "list-7", "--by", "Ana Torres",
            "--sent-on", "2026-07-01", "--medium", "letter"]  # fmt: skip
    result = run.invoke(app, told, input="loan_id,proof\nL-1,RR1\nnobody,RR2\n")
    assert result.exit_code == 1
    assert "list-7 is no sale" in result.output and "there is no loan nobody" in result.output


def test_a_placement_names_the_servicer_and_a_recall_nobody(target) -> None:
    placed = run.invoke(
        app, [*SELL, "--kind", "placement", "--to", "Bufete Sol"], input="loan_id\nL-1\n"
    )
    assert placed.exit_code == 0, placed.output
    owner = target.wiring.loans.load("L-1").state.ownership.owner_on(JULY_1, "umoja")
    assert (owner.creditor, owner.servicer, owner.handled_outside) == ("umoja", "Bufete Sol", True)
    recall = [*SELL[:3], "--list", "firm-2", "--on", "2026-07-01", "--by", "Ana Torres"]
    recalled = run.invoke(app, [*recall, "--kind", "recall"], input="loan_id\nL-1\n")
    assert recalled.exit_code == 0, recalled.output


def test_a_refinancing_is_reviewed(target) -> None:
    loan, ports = a_loan("L-9"), target.wiring
    carried = Carried(("L-1",), 45, date(2025, 3, 2))
    ports.loans.add_loan(StoredLoan(loan, a_state(loan, facts=LoanFacts(carried=carried))), [])
    ports.cases.save_decision(
        PendingDecision(
            decision_id=refinancing_decision_id("L-9"),
            kind=DecisionKind.REFINANCING,
            loan_id="L-9",
            case_id="",
            asked_by=an_actor(),
            asked_at=ports.now(),
            reason="repaid L-1",
            not_by=("Peter Otieno",),
        )
    )
    answer = ["portfolio", "refinancing", "L-9", "declined", "--why", "Another lender paid."]
    officer = run.invoke(app, [*answer, "--by", "Peter Otieno"])
    assert isinstance(officer.exception, TargetError)
    result = run.invoke(app, [*answer, "--by", "Eva Li"])
    assert "declined" in result.output
    assert ports.loans.load("L-9").state.facts.carried is None
    unknown = run.invoke(app, ["portfolio", "refinancing", "nobody", *answer[3:], "--by", "Eva Li"])
    assert "there is no loan nobody" in str(unknown.exception)

"""recovery claim, limitation: from a file, a pipe, or a loan's record."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from infra.command_line import app
from infra.deployment.target import TargetError
from recovery.domain.accounting.loan import LoanProfile
from recovery.ports.accounting import StoredLoan
from tests.builders import a_loan, a_state

run = CliRunner()
_READ = {
    "claim": ("278.19", "late interest", "it is disputed"),
    "limitation": ("2031-04-19", "does not reach", "Next dates"),
}
COMMANDS = pytest.mark.parametrize("command", ["claim", "limitation"])


def answers(*words: str, text: str = "") -> tuple[int, list[dict]]:
    result = run.invoke(app, [*words], input=text)
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


@COMMANDS
def test_the_sample_question_is_answered(command) -> None:
    sample = run.invoke(app, [command, "--example"]).stdout
    code, [answer] = answers(command, "-", text=sample)
    assert (code, answer["id"]) == (0, json.loads(sample)["id"])
    assert answer["rules"]
    if command == "claim":
        assert answer["may_be_filed"] and answer["costs"] == "278.19"


@COMMANDS
def test_lines_are_answered_in_order_and_a_mistake_in_its_place(command) -> None:
    sample = json.loads(run.invoke(app, [command, "--example"]).stdout)
    lines = [{**sample, "id": 1}, {**sample, "id": 2, "law": "es"}, {**sample, "id": 3}]
    code, found = answers(command, "-", text="\n".join(map(json.dumps, lines)))
    assert code == 1
    assert [each["id"] for each in found] == [1, 2, 3]
    [error] = found[1]["errors"]
    assert error["field"] == "law" and error["remedy"]
    assert "errors" not in found[0] and "errors" not in found[2]


@COMMANDS
def test_the_schema_documents_the_question(command) -> None:
    shown = json.loads(run.invoke(app, [command, "--schema"]).stdout)
    assert shown["properties"]["as_of"]


@COMMANDS
def test_a_table_shows_what_a_person_reads(command) -> None:
    sample = run.invoke(app, [command, "--example"]).stdout
    shown = run.invoke(app, [command, "--table", "-"], input=sample).stdout
    for word in _READ[command]:
        assert word in shown
    mistaken = run.invoke(app, [command, "--table", "-"], input="{}")
    assert mistaken.exit_code == 1 and "errors" in mistaken.stdout


@COMMANDS
def test_without_a_question_the_error_says_what_to_do(command) -> None:
    assert isinstance(run.invoke(app, [command]).exception, TargetError)


@pytest.fixture
def spanish(lending):
    profile = LoanProfile(purpose="consumer", law="ES", place="ES-V")
    loan = replace(a_loan(), profile=profile)
    lending.loans.add_loan(StoredLoan(replace(loan, loan_id="L-2"), a_state(loan)), [])


@pytest.mark.usefixtures("spanish")
def test_a_loan_on_record_is_claimed_with_the_origin_of_each_fact() -> None:
    code, [found] = answers("claim", "--loan", "L-2", "--as-of", "2026-06-15")
    assert code == 0
    assert (found["law"], found["principal"], found["total"]) == ("ES", "500.00", "575.00")
    assert {"fact": "law", "origin": "profile of the loan"} in found["facts_from"]
    asked = [each["fact"] for each in found["ask"]]
    assert asked[0] == "late_rate_pct" and {"history.acts", "demanded_on"} <= set(asked)
    code, [found] = answers("limitation", "--loan", "L-2")
    assert code == 0
    assert found["clocks"][0]["prescribes_on"] == "2031-02-01"
    shown = run.invoke(app, ["claim", "--loan", "L-2", "--table"]).stdout
    assert "profile of the loan" in shown


@pytest.mark.usefixtures("spanish")
@COMMANDS
def test_the_question_can_be_completed_and_asked_again(command) -> None:
    saved = run.invoke(app, [command, "--loan", "L-2", "--question"]).stdout
    code, [found] = answers(command, "-", text=saved)
    assert (code, found["id"]) == (0, "L-2")


def test_the_ways_to_go_on_are_compared() -> None:
    sample = run.invoke(app, ["sue-or-settle", "--example"]).stdout
    code, [answer] = answers("sue-or-settle", "-", text=sample)
    assert code == 0 and answer["options"][0]["assumptions"]["months"]["origin"]
    shown = run.invoke(app, ["sue-or-settle", "--table", "-"], input=sample).stdout
    assert "a person decides" in shown
    assert json.loads(run.invoke(app, ["sue-or-settle", "--schema"]).stdout)
    assert run.invoke(app, ["sue-or-settle", "--table", "-"], input="{}").exit_code == 1


@pytest.mark.usefixtures("lending")
@COMMANDS
def test_an_unknown_loan_is_named(command) -> None:
    refused = run.invoke(app, [command, "--loan", "L-9"]).exception
    assert isinstance(refused, TargetError) and "L-9" in str(refused)


@pytest.mark.usefixtures("spanish")
def test_the_procedure_of_a_loan_on_record_has_origins_a_checklist_and_what_to_ask() -> None:
    code, [found] = answers("procedure", "--loan", "L-2", "--as-of", "2026-06-15")
    assert code == 0 and found["status"] != "READY"
    assert {each["item"] for each in found["checklist"]} >= {"contact", "options_offered"}
    origins = {each["fact"] for each in found["facts_from"]}
    assert {"principal", "history", "amicable"} <= origins
    asked = [each["fact"] for each in found["ask"]]
    assert {"title", "masc"} <= set(asked) and len(asked) == len(set(asked))


@pytest.mark.usefixtures("spanish")
def test_what_the_record_lacks_can_be_added_to_the_question_on_procedure() -> None:
    saved = run.invoke(app, ["procedure", "--loan", "L-2", "--question"]).stdout
    question = json.loads(saved)
    question["facts"]["title"] = "signed_private_contract"
    again = run.invoke(app, ["procedure", "-"], input=json.dumps(question).encode())
    assert again.exit_code == 0
    assert json.loads(again.stdout)["id"] == "L-2"

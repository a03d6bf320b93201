"""recovery schedule, evaluate, restructure: from a file or a pipe, one answer per line."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from typer.testing import CliRunner

from infra.command_line import app
from infra.command_line.answers import questions
from infra.deployment.target import TargetError
from recovery.documents.shared.problems import InvalidDocumentError

run = CliRunner()
TERMS = {"instalments": 3, "amortisation": "equal_principal"}
LOAN = {
    "currency": "EUR",
    "principal": "300",
    "disbursed_on": "2026-01-01",
    "annual_rate_pct": "24",
    "terms": TERMS,
}


def question(number: int, **changes) -> dict:
    return {"id": number, "loan": LOAN, "as_of": "2026-03-01", **changes}


def ask(command: str, text: str | bytes) -> tuple[int, list[dict]]:
    result = run.invoke(app, [command, "-"], input=text)
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


def test_one_question_json_lines_or_an_array_are_answered_in_order() -> None:
    asked = [question(n) for n in range(3)]
    lines = "\n".join(map(json.dumps, asked))
    code, answers = ask("evaluate", lines + "\n\n")
    assert (code, [each["id"] for each in answers]) == (0, [0, 1, 2])
    assert ask("evaluate", json.dumps(asked)) == (0, answers)
    assert ask("evaluate", json.dumps(asked, indent=2)) == (0, answers)
    assert ask("evaluate", "[\n" + ",\n".join(map(json.dumps, asked)) + "\n]") == (0, answers)
    assert ask("evaluate", "\ufeff" + json.dumps(asked[0], indent=2)) == (0, answers[:1])
    assert answers[0]["days_past_due"] == 28


def test_an_invalid_question_gets_errors_in_its_place_and_the_rest_are_answered() -> None:
    lines = [json.dumps(question(1)), "not json", json.dumps(question(3, as_of="x")), "[1]"]
    code, answers = ask("evaluate", "\n".join([*lines, json.dumps(question(5))]))
    assert code == 1
    assert [each.get("id") for each in answers] == [1, None, 3, None, 5]
    assert [each.get("line") for each in answers] == [None, 2, 3, 4, None]
    assert answers[1]["errors"][0]["reason"] == "is not JSON: Expecting value at column 1"
    assert answers[2]["errors"][0]["field"] == "as_of"
    assert all(e["remedy"] for each in answers for e in each.get("errors", ()))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"{\n 'a': 1\n}", "at line 2, column 2"),
        (b'{"id": 1, "id": 2}', "has a duplicate field: 'id'"),
        (b'{"id": NaN}', "NaN"),
        (b"\xff\xfe", "is not UTF-8 text"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"id": ' + b"9" * 5000 + b"}", "4300 digits"),
    ],
)
def test_invalid_json_is_reported(text, reason) -> None:
    code, [answer] = ask("evaluate", text)
    assert code == 1
    assert reason in answer["errors"][0]["reason"]


def test_an_empty_input_is_reported() -> None:
    result = run.invoke(app, ["evaluate", "-"], input="\n")
    assert result.exit_code == 1
    assert "no question" in result.stderr
    assert isinstance(run.invoke(app, ["evaluate"]).exception, TargetError)


def test_lines_are_answered_as_they_arrive() -> None:
    class Endless(BytesIO):
        """Fails if anything reads ahead of the first questions."""

        def __iter__(self):
            yield b'{"id": 1}\n'
            yield b'{"id": 2}\n'
            raise AssertionError("read ahead")

    found = questions(Endless())
    assert [next(found), next(found)] == [(1, {"id": 1}), (2, {"id": 2})]


def test_a_progress_bar_does_not_mix_with_the_answers(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(json.dumps(question(n)) for n in range(3)), encoding="utf-8")
    result = run.invoke(app, ["evaluate", str(file)], env={"FORCE_COLOR": "1", "COLUMNS": "60"})
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == [0, 1, 2]
    assert "Answering" in result.stderr


@pytest.mark.parametrize("asked", [b'{"loan": 2}', b'{"loans": [2]}'])
def test_an_invalid_first_line_does_not_lose_the_rest(asked) -> None:
    found = list(questions(BytesIO(b"nope\n" + asked + b"\n\nnope\n")))
    assert [line for line, _ in found] == [1, 2, 4]
    assert [isinstance(each, InvalidDocumentError) for _, each in found] == [True, False, True]


def test_the_output_of_one_command_feeds_the_next(tmp_path: Path) -> None:
    code, [built] = ask("schedule", json.dumps({"loan": LOAN}))
    assert (code, built["total"]["total"]) == (0, "312.00")
    action = {"kind": "reamortise"}
    asked = {"loan": built["loan"], "action": action, "as_of": "2026-02-20"}
    file = tmp_path / "question.json"
    file.write_text(json.dumps(asked))
    result = run.invoke(app, ["restructure", str(file)])
    restructured = json.loads(result.stdout)
    assert [each["due"] for each in restructured["instalments"]] == ["0.00", "157.00", "155.00"]
    code, [answer] = ask("evaluate", json.dumps(question(1, loan=restructured["loan"])))
    assert (code, answer["restructured"]["days_past_due"]) == (0, 19)


@pytest.mark.parametrize("command", ["schedule", "evaluate", "restructure", "assess", "options"])
def test_each_example_gets_an_answer(command) -> None:
    example = run.invoke(app, [command, "--example"])
    assert example.exit_code == 0
    code, [answer] = ask(command, example.stdout)
    assert (code, answer["id"]) == (0, json.loads(example.stdout)["id"])
    assert command in run.invoke(app, [command, "--help"]).output


def test_answers_can_be_printed_as_tables(monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    lines = json.dumps(question(1)) + "\n" + json.dumps({"loans": [question(2)]}) + "\nnope"
    result = run.invoke(app, ["evaluate", "--table", "-"], input=lines).stdout
    assert "1: 28 days past due, bucket 1-30, overdue 106.00 of 312.00" in " ".join(result.split())
    assert "paid off on" in " ".join(result.split())
    assert "is not JSON" in result
    built = run.invoke(app, ["schedule", "--table", "-"], input=json.dumps({"loan": LOAN}))
    assert "due date" in built.stdout
    example = run.invoke(app, ["restructure", "--example"]).stdout
    result = run.invoke(app, ["restructure", "--table", "-"], input=example).stdout
    assert "version 2 (reage), days past due 73 -> 0, net present value" in result


def test_a_narrow_screen_does_not_cut_amounts_and_dates(monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    example = run.invoke(app, ["restructure", "--example"]).stdout
    _, [answer] = ask("restructure", example)
    table = run.invoke(app, ["restructure", "--table", "-"], input=example).stdout
    assert "\u2026" not in table
    for row in answer["instalments"]:
        assert all(str(value) in table for value in row.values() if value is not None)


@pytest.mark.parametrize("command", ["schedule", "evaluate", "restructure"])
def test_each_has_a_json_schema(command) -> None:
    schema = json.loads(run.invoke(app, [command, "--schema"]).stdout)
    assert "loan" in schema["properties"]


def test_a_claim_is_read_to_the_cent_and_answered_with_its_id() -> None:
    text = run.invoke(app, ["procedure", "--example"]).output
    asked = json.loads(text)
    code, [answer] = ask("procedure", text)
    assert (code, answer["id"], answer["status"]) == (0, "L-1", "READY")
    over = text.replace('"1850.00"', "15000.01").replace("null", '"written, reasoned"', 1)
    for amount, procedure in (("15000.01", "ES_JUICIO_ORDINARIO"), ("15000", "ES_JUICIO_VERBAL")):
        code, [answer] = ask("procedure", over.replace("15000.01", amount))
        assert (code, answer["procedure"]) == (0, procedure)
    assert json.loads(run.invoke(app, ["procedure", "--schema"]).output)["title"]
    assert asked["facts"]["dispute"] is None


def test_claims_on_lines_keep_their_order_and_one_bad_line_spoils_no_other() -> None:
    good = json.loads(run.invoke(app, ["procedure", "--example"]).output)
    lines = [json.dumps(good | {"id": 1}), "{", json.dumps(good | {"id": 3, "facts": {"x": 1}})]
    code, answers = ask("procedure", "\n".join([*lines, json.dumps(good | {"id": 4})]))
    assert code == 1
    assert [each.get("id") for each in answers] == [1, None, 3, 4]
    [error] = answers[2]["errors"]
    assert (error["field"], error["code"]) == ("facts.x", "unknown_field")

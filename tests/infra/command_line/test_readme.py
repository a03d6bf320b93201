"""The commands of the README's section on reading work as they are written there."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
import typer
from typer.exceptions import TyperException
from typer.testing import CliRunner

from infra.command_line import app
from tests.api_document import document

ROOT = Path(__file__).parents[3]


def test_the_commands_for_reading_run_in_their_order(
    lending, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"^\*\*Read\.\*\*.*?^```sh\n(.*?)^```", readme, re.M | re.S)
    assert found
    shown = []
    for line in found[1].splitlines():
        words = ["L-1" if word == "LOAN" else word for word in shlex.split(line, comments=True)]
        command, _, file = " ".join(map(shlex.quote, words)).partition(" '>' ")
        name, *arguments = shlex.split(command)
        result = CliRunner().invoke(app, arguments)
        assert (name, result.exit_code) == ("recovery", 0), (line, result.exception)
        if file:
            Path(file).write_text(result.stdout, encoding="utf-8")
        shown.append(result.stdout)
    assert "1 day past due" in shown[0]
    assert shown[2].startswith("Recorded: waiver")
    assert "undone: entered on the wrong loan" in shown[4]
    assert [each.fact_id for each in lending.loans.recorded("L-1").facts] == [
        "W-2026-001",
        "undo-W-2026-001",
    ]


def test_the_readme_names_every_path_for_reading_a_loan() -> None:
    api = (ROOT / "infra" / "accounting" / "payments_api.py").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    tails = re.findall(r'"GET", f"\{_?INSTITUTION\}/loans/\{\{loan_id\}\}(/\w+)?"', api)
    assert len(tails) >= 4
    for tail in tails:
        named = f"`{tail}`" in readme or f"/loans/{{loan_id}}{tail}`" in readme
        assert named if tail else "`GET /loans/{loan_id}`" in readme


README = (ROOT / "README.md").read_text(encoding="utf-8")
_FENCED = re.compile(r"^```(\w+)\n(.*?)^```", re.M | re.S)


def fenced_commands() -> list[str]:
    """Return every command in a fenced block, continued lines joined, comments left out."""
    blocks = [body for kind, body in _FENCED.findall(README) if kind == "sh"]
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]


def recovery_calls(line: str) -> list[list[str]]:
    """Return the arguments of each `recovery` in a line, without pipes and redirections."""
    words = shlex.shlex(line, posix=True, punctuation_chars="|;><&")
    words.whitespace_split, words.commenters = True, "#"
    calls: list[list[str]] = []
    current: list[str] | None = None
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word in ("|", ";", "&&"):
            current = None
        elif word in (">", "<"):
            skip = True
        elif current is not None:
            current.append(word)
        elif word == "recovery":
            current = []
            calls.append(current)
    return calls


CALLS = [call for line in fenced_commands() for call in recovery_calls(line)]


def parse(arguments: list[str], folder: Path) -> None:
    """Parse as the command line does, without running; raise typer's error if it would."""
    command, context, words = typer.main.get_command(app), None, list(arguments)
    for word in words:  # a file of the reader's: any will do
        if re.fullmatch(r"[\w-]+\.(json|csv|toml|jsonl)", word):
            (folder / word).write_text("{}", encoding="utf-8")
    (folder / "DIR").mkdir(exist_ok=True)
    name = "recovery"
    while True:
        context = command.make_context(name, words, parent=context)
        rest = [*context._protected_args, *context.args]
        if not hasattr(command, "resolve_command") or not rest:
            return
        found, command, words = command.resolve_command(context, rest)
        assert command is not None, f"{name} has no command {rest[0]}"
        name = found or name


def test_the_readme_has_commands_to_parse() -> None:
    assert len(CALLS) > 80


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_every_fenced_command_exists_with_these_options(
    call: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    parse(call, tmp_path)


@pytest.mark.parametrize(
    "wrong",
    [["reviews"], ["status", "LOAN", "--nothing"], ["tasks", "lists"], ["status", "LOAN", "MORE"]],
    ids=" ".join,
)
def test_a_command_that_does_not_exist_would_be_noticed(wrong: list[str], tmp_path: Path) -> None:
    with pytest.raises(TyperException):
        parse(wrong, tmp_path)


ASKED = [line for line in fenced_commands() if " --example " in line]


@pytest.mark.parametrize("line", ASKED, ids=lambda line: line.partition("#")[0].strip())
def test_every_question_of_the_readme_is_answered(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that need no AWS are run, each with what its example prints."""
    monkeypatch.chdir(tmp_path)
    first, *others = recovery_calls(line)
    example = CliRunner().invoke(app, first)
    assert example.exit_code == 0, example.output
    for call in others:
        answer = CliRunner().invoke(app, call, input=example.stdout)
        assert answer.exit_code == 0, (call, answer.output)
        assert answer.stdout.strip()


def test_every_json_of_the_readme_is_json() -> None:
    blocks = [body for kind, body in _FENCED.findall(README) if kind == "json"]
    assert blocks
    for body in blocks:
        assert json.loads(body)


def test_every_call_of_the_readme_is_in_the_document() -> None:
    """A path of a table, a request's fields among those that the document knows."""
    known = [
        (verb.upper(), re.sub(r"^/institutions/{institution_id}", "", path), call)
        for path, calls in document()["paths"].items()
        for verb, call in calls.items()
    ]
    named = re.findall(r"`(GET|POST|PATCH|DELETE) (/[^` ?]*)", README)
    assert len(named) > 30
    for verb, path in named:
        tail = re.sub(r"^/v1", "", path)
        assert any(verb == v and (tail == p) for v, p, _ in known), f"{verb} {path}"

"""What alarms tell operators to type is what the command line takes."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer

from infra.command_line import app

ALARM = "AWS::CloudWatch::Alarm"
ROOT = Path(__file__).parents[2]
# What operators fill in; a test may not pass as a placeholder was taken for a value.
FILLED_IN = {
    "LOAN": "L-1",
    "PERSON": "B-1",
    "TASK": "T-1",
    "DISPUTE": "D-1",
    "COMPLAINT": "C-1",
    "DELIVERY": "d-1",
    "EXPERIMENT": "earlier_reminder",
    "INSTITUTION": "umoja",
    "HASH": "0" * 64,
    "REASON": "seen by Ana",
    "TEXT": "You were right",
    "DAY": "2026-12-01",
    "AMOUNT": "125.00",
    "CURRENCY": "EUR",
    "ID": "P-1",
    "CASE": "L-1-C1",
    "FILE": str(ROOT / "pyproject.toml"),
    "NAME": "Ana Torres",
    "QUEUE": "FailedMessages",
    "FUNCTION": "SendMessages",
}
COMMAND = re.compile(r"`(recovery[^`]*)`")


def parsed(command: str) -> list[str]:
    """Parse the command as the command line does, without running it; return its path of names."""
    name, *words = shlex.split(command)
    assert name == "recovery"
    left = [word for word in words if word.isupper() and word not in FILLED_IN]
    assert not left, f"say what {left} is"
    arguments = [FILLED_IN.get(word, word) for word in words]
    found: typer.core.TyperGroup = typer.main.get_command(app)  # type: ignore[assignment]
    path: list[str] = []
    while hasattr(found, "commands"):
        path.append(arguments.pop(0))
        found = found.commands[path[-1]]
    with found.make_context(" ".join(path), arguments) as context:
        assert context.params
    return path


def told(stack) -> dict[str, str]:
    return {name: alarm["AlarmDescription"] for name, alarm in stack.of_type(ALARM).items()}


def test_every_alarm_tells_what_shows_it_and_what_mends_it(either_stack) -> None:
    for name, text in told(either_stack).items():
        happened, shows, mends = re.split(r" See: | Mend: ", text)
        assert happened.endswith("."), name
        assert COMMAND.search(shows), name
        assert COMMAND.search(mends), name
        assert len(text) <= 1024  # CloudWatch's limit


def test_no_two_alarms_read_alike(either_stack) -> None:
    texts = told(either_stack).values()
    assert len(set(texts)) == len(texts)
    assert len({each.partition(" See: ")[0] for each in texts}) == len(texts)


def test_every_command_in_an_alarm_is_one_that_the_command_line_takes(either_stack) -> None:
    commands = {each for text in told(either_stack).values() for each in COMMAND.findall(text)}
    assert len(commands) > 30
    for command in commands:
        assert parsed(command), command


def test_on_an_account_the_commands_are_for_the_account(stack, embedded_stack) -> None:
    for text in told(stack).values():
        assert all(each.endswith(" --aws") for each in COMMAND.findall(text))
    for text in told(embedded_stack).values():
        assert not any("--aws" in each for each in COMMAND.findall(text))


def test_only_queues_and_functions_that_there_are_are_named(stack) -> None:
    queues = {name[:-8] for name in stack.of_type("AWS::SQS::Queue")}
    functions = {name[:-8] for name in stack.of_type("AWS::Lambda::Function")}
    for text in told(stack).values():
        for queue in re.findall(r"`recovery (?:redrive|failures) (\w*[a-z]\w*)", text):
            assert any(each.endswith(queue) for each in queues), queue
        for function in re.findall(r"`recovery logs (\w+)", text):
            assert any(each.endswith(function) for each in functions), function


def test_every_command_of_the_runbook_is_one_that_the_command_line_takes() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    operate = readme.partition("\n## Operate\n")[2]
    runbook = [line for line in operate.splitlines() if line.startswith("| ")]
    assert len(runbook) > 10
    for line in runbook[2:]:
        symptom, shows, mends = line.strip("| ").split(" | ")
        assert symptom and COMMAND.search(shows)
        for command in COMMAND.findall(f"{shows} {mends}"):
            assert parsed(command), command


def test_a_command_with_a_wrong_option_is_noticed() -> None:
    for wrong in ("recovery decide LOAN approve --reason REASON", "recovery tasks grab TASK"):
        with pytest.raises((typer.Exit, typer._click.exceptions.ClickException, KeyError)):
            parsed(wrong)

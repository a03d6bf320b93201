"""recovery pre-action: shows which letters come before court, and saves them."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from infra.command_line import app, pre_action
from infra.deployment.target import Target, TargetError
from recovery.domain.shared.actor import Role
from tests.builders import an_actor
from tests.use_cases.judicial.test_write_court_letters import in_pre_action

run = CliRunner()


@pytest.fixture
def ports(wiring, monkeypatch):
    in_pre_action(wiring)
    wiring.institutions.save_actor("umoja", an_actor("Ana Torres", Role.ADVISOR))
    target = SimpleNamespace(wiring=wiring, of=wiring.of, embedded=object())
    target.institution = partial(Target.institution, target)
    monkeypatch.setattr(pre_action, "find_target", lambda *, real: target)
    return wiring


def recovery(*arguments: str):
    return run.invoke(app, ["pre-action", *arguments])


def test_it_shows_what_is_due_for_whom_and_by_which_rule(ports) -> None:
    shown = recovery("L-1")
    assert shown.exit_code == 0, shown.exception
    assert "ES_MONITORIO" in shown.output
    assert "negotiation request to B-1: to be written: not sent" in shown.output
    assert "LO 1/2025" in shown.output
    found = json.loads(recovery("L-1", "--json").output)
    assert [each["state"] for each in found["letters"]] == ["due"]
    assert not ports.court_letters.of_loan("L-1")  # looking writes nothing


def test_a_letter_is_written_once_and_saved_as_it_is_kept(ports, tmp_path: Path) -> None:
    asked = ("letter", "L-1", "--kind", "negotiation-request", "--by", "Ana Torres")
    for _ in range(2):
        saved = recovery(*asked, "--save-to", str(tmp_path))
        assert saved.exit_code == 0, saved.exception
    [letter] = ports.court_letters.of_loan("L-1")
    [path] = tmp_path.iterdir()
    assert path.read_bytes() == ports.letter_files.files[letter.sha256]
    assert letter.sha256 in saved.output and letter.task_id in saved.output
    assert "written, a person sends it" in recovery("L-1").output


def test_one_that_is_not_due_and_one_that_is_unknown_are_told(ports) -> None:
    none = recovery("letter", "L-1", "--kind", "balance-notice")
    assert none.exit_code == 0 and "No such letter is due" in none.output
    for wrong in (("letter", "L-1"), ("letter", "L-1", "--kind", "threat"), ("send", "L-1")):
        assert isinstance(recovery(*wrong).exception, TargetError)

"""`recovery backtest` needs no AWS and says what it found and what it cannot know."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from infra.command_line import app
from infra.deployment.target import TargetError
from tests.back_test_histories import by_habit, histories
from tests.infra.back_test.test_run import write

run = CliRunner()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, histories(by_habit, people=100))
    return tmp_path


def test_it_prints_figures_with_intervals_and_writes_picture_and_weights(folder: Path) -> None:
    picture, weights = folder / "picture.svg", folder / "weights.json"
    result = run.invoke(
        app,
        [
            *("backtest", str(folder), "--draws", "20"),
            *("--picture", str(picture), "--calibrate", str(weights)),
        ],
        env={"COLUMNS": "200"},
    )
    assert result.exit_code == 0
    for part in ("contacted", "lateness", "AUC", " to ", "are not tested"):
        assert part in result.output
    assert picture.read_text().startswith("<svg")
    assert json.loads(weights.read_text())["trials"] >= 200


def test_json_has_every_group_and_rule(folder: Path) -> None:
    result = run.invoke(app, ["backtest", str(folder), "--draws", "20", "--json"])
    found = json.loads(result.output)
    assert set(found["groups"]) == {"all", "known_before", "unpaid", "unpaid_known_before"}
    assert "late_last_time" in found["groups"]["all"]["rules"]


def test_a_policy_that_is_not_valid_is_named(folder: Path) -> None:
    policy = folder / "policy.json"
    policy.write_text('{"monitoring": {"warning": {"days_before": 0}}}')
    result = run.invoke(app, ["backtest", str(folder), "--policy", str(policy)])
    assert isinstance(result.exception, TargetError)
    assert "monitoring.warning.days_before" in str(result.exception)

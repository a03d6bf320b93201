"""The commands of the README's section on reading work as they are written there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from infra.command_line import app

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

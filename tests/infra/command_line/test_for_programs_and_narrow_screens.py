"""What commands show is there for programs, in pipes, and on narrow screens."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from infra.command_line import (
    actors,
    app,
    deliveries,
    experiments,
    institutions,
    payments,
    tell_case,
)
from infra.command_line.loan_status import table_of
from infra.command_line.options import console
from infra.command_line.whole_tables import WholeTable

ROOT = Path(__file__).parents[3]
run = CliRunner()

# Commands that show, and have no --json, each for its reason.
ALWAYS_JSON = "prints JSON anyway"
WITHOUT = {
    "payment show": ALWAYS_JSON,
    "payment list": ALWAYS_JSON,
    "rights access": ALWAYS_JSON,
    "policy show": ALWAYS_JSON,
    "policy schema": ALWAYS_JSON,
    "events schema": ALWAYS_JSON,
    "fact example": ALWAYS_JSON,
    "party example": ALWAYS_JSON,
    "institution access": ALWAYS_JSON,
    "lesson show": "prints what a person reads, as it is sent",
    "relief example": "prints the TOML to start from",
    "post-payment": ALWAYS_JSON,
}
SHOWS = re.compile(r"^(show|list|print|tell|report|count|look|explain)\b", re.I)


def commands(group: typer.core.TyperGroup, *path: str) -> Iterator[tuple[str, object]]:
    for name, found in group.commands.items():
        if hasattr(found, "commands"):
            yield from commands(found, *path, name)
        else:
            yield " ".join((*path, name)), found


def every_command() -> dict[str, object]:
    return dict(commands(typer.main.get_command(app)))


def test_every_command_that_shows_has_json_or_a_reason() -> None:
    showing = {
        name
        for name, command in every_command().items()
        if SHOWS.match(command.help or "")
        and not any("--json" in option.opts for option in command.params)
    }
    assert showing <= WITHOUT.keys(), showing - WITHOUT.keys()


def test_a_reason_is_for_a_command_that_there_is_and_has_no_json() -> None:
    known = every_command()
    for name in WITHOUT:
        assert not any("--json" in option.opts for option in known[name].params), name


ROWS = [
    ("L-2026-000417", "2026-11-27", "1,234,567.89 EUR", "a rather long reason " * 4, "2027-01-31"),
    ("L-2", "2026-12-01", "0.50 EUR", "short", None),
]
COLUMNS = ("loan", "value date", "amount", "reason", "ends on")


def printed(renderable: object, width: int) -> str:
    file = io.StringIO()
    Console(file=file, width=width).print(renderable)
    return file.getvalue()


@pytest.mark.parametrize("width", [20, 40, 60, 80, 200])
def test_an_amount_or_a_date_is_never_cut(width: int) -> None:
    text = printed(table_of("Payments", COLUMNS, ROWS), width)
    for whole in ("2026-11-27", "1,234,567.89", "2027-01-31", "2026-12-01", "0.50"):
        assert whole in text
    assert "…" not in text


def test_where_there_is_room_it_is_a_table_and_else_a_list() -> None:
    table = table_of("Payments", COLUMNS, ROWS)
    assert isinstance(table, WholeTable)
    assert "│" in printed(table, 200)
    narrow = printed(table, 30)
    assert "│" not in narrow
    assert "amount: 1,234,567.89 EUR" in narrow
    assert narrow.startswith("Payments")


def ours(monkeypatch: pytest.MonkeyPatch, lending, *modules) -> None:
    from infra.command_line import loan_status

    for module in modules:
        monkeypatch.setattr(module, "find_target", loan_status.find_target)
    monkeypatch.setattr(console, "_width", 60)


@pytest.mark.parametrize(
    "command",
    [
        "person list",
        "institution list",
        "deliveries",
        "suspense list",
        "experiment list",
        "lesson list",
        "texts",
        "packs due --by 2030-01-01",
        "packs show es.judicial",
        "case L-1",
        "status L-1",
    ],
)
def test_what_is_shown_is_json_for_programs(monkeypatch, lending, command: str) -> None:
    ours(monkeypatch, lending, actors, institutions, deliveries, payments, experiments, tell_case)
    as_json = run.invoke(app, [*command.split(), "--json"])
    assert as_json.exit_code == 0, as_json.exception
    assert isinstance(json.loads(as_json.stdout), dict | list)
    shown = run.invoke(app, command.split())
    assert shown.exit_code == 0, shown.exception


def test_a_loan_is_shown_whole_on_sixty_columns(monkeypatch, lending) -> None:
    ours(monkeypatch, lending, tell_case)
    document = json.loads(run.invoke(app, ["status", "L-1", "--json"]).stdout)
    text = run.invoke(app, ["status", "L-1"]).stdout
    for each in document["schedule"]:
        assert each["due_date"] in text
        assert each["due"]["total"] in text
    assert "…" not in text


def test_there_are_no_colours_in_pipes() -> None:
    code = "from infra.command_line.options import console, entry, title; title('x'); entry('y')"
    piped = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert piped.stdout.split() == [b"x", b"y"]
    assert b"\x1b" not in piped.stdout

"""What a supervisor is told to try after a shock is a command that there is."""

from __future__ import annotations

import shlex
from datetime import date

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from infra.command_line import app
from recovery.domain.cases.tasks import LONGEST_REASON
from recovery.domain.monitoring.shock_policy import ShockPolicy
from recovery.domain.portfolio.shock import Group, Measure, Shock, groups_of
from recovery.use_cases.portfolio.detect_shocks import dry_run, shock_task
from tests.builders import a_loan

SINCE = date(2026, 6, 29)
KINDS = ("place", "sector", "employer", "portfolio")
names = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=40)


def a_shock(kind: str, name: str) -> Shock:
    return Shock(Group(kind, name), Measure.LATENESS, 30, 12, 80, 0.0001, "B-1")


def parsed(command: str) -> dict[str, object]:
    """Read the command as the shell and the command line do."""
    program, group, name, *arguments = shlex.split(command)
    assert program == "recovery"
    relief = typer.main.get_command(app).commands[group]
    return dict(relief.commands[name].make_context(name, arguments).params)


@given(st.sampled_from(KINDS), names)
def test_the_dry_run_is_of_the_group_that_rose_whatever_its_name(kind: str, name: str) -> None:
    asked = parsed(dry_run(a_shock(kind, name), SINCE))
    assert asked[kind] == [name] and asked["dry_run"] is True
    assert asked["from_"].date() == SINCE
    others = {each for each in (*KINDS, "branch", "product") if asked[each]}
    assert others == {kind}


def test_every_group_that_is_looked_at_can_be_relieved() -> None:
    assert {each.kind for each in groups_of(a_loan())} <= set(KINDS)


@pytest.mark.parametrize("name", ["Paiporta", "Sant Joan d'Alacant", "x" * 120])
def test_the_task_has_room_for_the_whole_command(name: str) -> None:
    task = shock_task(a_shock("place", name), SINCE, ShockPolicy())
    [command] = [each for each in task.reason.split("`") if each.startswith("recovery")]
    assert parsed(command)["place"] == [name]
    assert len(task.reason) <= LONGEST_REASON and task.reason.count("`") == 2

"""recovery events: the schemas of what other systems receive."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from infra.command_line import app
from infra.deployment.target import TargetError
from recovery.documents.events.models import EVENTS, event_schema

run = CliRunner()


@pytest.mark.parametrize("name", EVENTS)
def test_the_schema_of_an_event_is_printed(name: str) -> None:
    result = run.invoke(app, ["events", "schema", name])
    assert json.loads(result.stdout) == event_schema(name)


def test_without_a_name_all_schemas_are_printed() -> None:
    schemas = json.loads(run.invoke(app, ["events", "schema"]).stdout)
    assert schemas == {name: event_schema(name) for name in EVENTS}


def test_an_unknown_event_is_refused_with_those_known() -> None:
    result = run.invoke(app, ["events", "schema", "Paid"])
    assert isinstance(result.exception, TargetError)
    assert "There is no event Paid. Known: AgreementBreached, " in str(result.exception)

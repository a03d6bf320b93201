"""Events have a versioned schema each, a sample, and nothing about a person."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from recovery.documents.events.models import EVENTS, event_schema
from recovery.domain.outbox import DomainEvent
from tests.bus_events import PERSONAL, check_event, names_in

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "layers" / "recovery" / "python" / "recovery"
BUS = ROOT / "events" / "bus"


# About money that belongs to no loan, tasks about a person, or a group of loans.
WITHOUT_A_LOAN = {
    *("PaymentSuspended", "SuspenseMatched", "SuspenseRefunded", "SuspenseReversed"),
    *("RestraintChanged", "LearningChanged", "ShockDetected"),
    *("TaskDone", "TaskOpened"),
}


def sample(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((BUS / f"{name}.json").read_text(encoding="utf-8"))
    return event


def published_names() -> Iterator[str]:
    """Yield the name in every ``DomainEvent(`` of the code, which must be written there."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("DomainEvent"):
                named = (each.value for each in node.keywords if each.arg == "name")
                name = node.args[0] if node.args else next(named)
                assert isinstance(name, ast.Constant), f"{path}:{node.lineno} has no written name"
                yield str(name.value)


def test_every_event_in_the_code_has_a_schema_and_no_schema_is_left_over() -> None:
    assert set(published_names()) == EVENTS.keys()


def test_every_event_has_one_sample() -> None:
    assert {path.stem for path in BUS.iterdir()} == EVENTS.keys()


@pytest.mark.parametrize("name", EVENTS)
def test_a_sample_is_an_event_of_the_bus_that_fits_its_schema(name: str) -> None:
    event = sample(name)
    assert (event["source"], event["detail-type"]) == ("recovery", name)
    detail = dict(event["detail"])
    version, institution_id = detail.pop("version"), detail.pop("institution_id")
    assert (version, institution_id) == (1, "umoja")
    check_event(DomainEvent(name, detail, version))


@pytest.mark.parametrize("name", EVENTS)
def test_a_schema_is_versioned_closed_to_persons_and_describes_itself(name: str) -> None:
    schema: Any = json.loads(json.dumps(event_schema(name)))
    assert (schema["$id"], schema["title"]) == (f"recovery:{name}:1", name)
    assert schema["description"]
    assert schema["properties"]["version"]["const"] == 1
    assert {"version", "institution_id"} <= set(schema["required"])
    assert "loan_id" in schema["required"] or name in WITHOUT_A_LOAN
    fields = {field for each in (schema, *schema.get("$defs", {}).values())
              for field in each["properties"]}  # fmt: skip
    assert not [each for each in fields if PERSONAL.search(each)]
    assert set(names_in(sample(name)["detail"])) <= fields


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("PaymentPosted", {"amount": 115}),
        ("PaymentPosted", {"currency": None}),
        ("PaymentPosted", {"reference": "x"}),
        ("StandingChanged", {"as_of": "soon"}),
        ("StandingChanged", {"overdue_minor": "1"}),
        ("StandingChanged", {"overdue_minor": 1.5}),
        ("FactRecorded", {"component": "luck"}),
        ("StageChanged", {"stage": None}),
    ],
)
def test_an_event_that_does_not_fit_fails_the_test_that_publishes_it(name, change) -> None:
    detail = {k: v for k, v in sample(name)["detail"].items() if k not in
              ("version", "institution_id")}  # fmt: skip
    with pytest.raises(ValidationError):
        check_event(DomainEvent(name, detail | change))


@pytest.mark.parametrize(
    "change", [{"version": 2}, {"reason": "write to ana@example.org"}, {"reason": "+254711000001"}]
)
def test_neither_the_envelope_nor_a_way_to_reach_a_person_is_in_a_detail(change) -> None:
    detail = {k: v for k, v in sample("StageChanged")["detail"].items() if k not in
              ("version", "institution_id")}  # fmt: skip
    with pytest.raises(AssertionError):
        check_event(DomainEvent("StageChanged", detail | change))

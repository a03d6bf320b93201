"""Names of stages, and which definition of the state machine knows which."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recovery.domain.cases.record import ADVISOR_TASKS
from recovery.domain.cases.stages import (
    CONTINUE_AS_NEW,
    DEFINITION,
    Outcome,
    Stage,
    in_words,
    lacks,
)

MACHINE = json.loads(
    (Path(__file__).parents[3] / "infra" / "cases" / "recovery_case.asl.json").read_text("utf-8")
)


def test_the_state_machine_knows_every_stage_and_outcome() -> None:
    choices = {each["StringEquals"] for each in MACHINE["States"]["TakeSignal"]["Choices"]}
    assert choices == {*Stage, *Outcome, CONTINUE_AS_NEW}
    assert set(ADVISOR_TASKS) == set(Stage)


@pytest.mark.parametrize("stage", list(Stage))
def test_every_state_that_waits_leads_to_wherever_a_signal_says(stage: Stage) -> None:
    """So each of them can be left for an agreement, a hold, an end, or friendly ways."""
    waits = [
        each
        for each in MACHINE["States"].values()
        if each.get("Parameters", {}).get("Payload", {}).get("stage") == stage
    ]
    assert [each["Next"] for each in waits] == ["TakeSignal"]


@pytest.mark.parametrize(
    ("definition", "to", "is_lacking"),
    [
        (1, "on_hold", True),
        (2, "keep_agreement", True),
        (3, "pre_action", True),
        (3, "judicial_recovery", True),  # it had no dossier
        (3, "enforcement", True),
        (3, "filing", False),
        (DEFINITION, "in_proceedings", False),
        (1, "paid_off", False),
    ],
)
def test_an_older_definition_lacks_what_came_later(definition, to, is_lacking) -> None:
    assert lacks(definition, to) is is_lacking


def test_a_stage_has_words() -> None:
    assert in_words(Stage.PRE_ACTION) == "pre action"

"""S12: after the flood, limitation terms of the province leave out twelve days of autumn 2024."""

from __future__ import annotations

from typing import Any

import pytest

from recovery.documents.questions.limitation import answer_limitation
from recovery.documents.questions.procedure import answer_procedure

CLAIM = {"debtor_type": "consumer", "title": "signed_private_contract", "principal": 1200}


def ask(region: str | None, as_of: str) -> dict[str, Any]:
    facts = {**CLAIM, "due": "2021-01-10", "interruptions": [], "region": region}
    return answer_procedure({"jurisdiction": "ES", "as_of": as_of, "facts": facts})


@pytest.mark.parametrize(
    ("region", "last_day"),
    [("ES-V", "2026-01-22"), ("ES-M", "2026-01-10"), (None, "2026-01-10")],
)
def test_in_the_province_there_are_twelve_days_more_and_nowhere_else(region, last_day) -> None:
    answer = ask(region, "2026-01-05")
    assert (answer["prescribes"], answer["blocking"]) == (last_day, [])
    later = ask(region, "2026-01-15")
    assert later["blocking"] == ([] if region == "ES-V" else ["PRESCRIBED"])
    assert ask(region, "2026-01-23")["blocking"] == ["PRESCRIBED"]


def test_where_nobody_said_which_courts_a_person_is_asked_in_the_days_that_depend_on_it() -> None:
    asked = {each["fact"]: each["why"] for each in ask(None, "2026-01-15")["ask"]}
    assert "there the last day is 2026-01-22" in asked["region"]
    assert ask(None, "2026-01-15")["may_prescribe_on"] == "2026-01-22"
    for region, as_of in ((None, "2026-01-23"), ("ES-M", "2026-01-15")):
        assert "region" not in {each["fact"] for each in ask(region, as_of)["ask"]}


def test_what_fell_due_afterwards_has_its_usual_term() -> None:
    question = {
        "as_of": "2025-01-15",
        "law": "ES",
        "region": "ES-V",
        "parts": [{"part": "1", "due_date": "2024-11-11"}, {"part": "2", "due_date": "2024-11-01"}],
    }
    clocks = answer_limitation(question)["clocks"]
    assert [(each["parts"], each["prescribes_on"]) for each in clocks] == [
        (["2"], "2029-11-10"),
        (["1"], "2029-11-11"),
    ]

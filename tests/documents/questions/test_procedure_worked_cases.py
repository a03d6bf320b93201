"""Every worked case is answered as a lawyer did, with the rule and source of each reason.

The cases are not part of this repository: without them these tests are skipped.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from recovery.documents.questions.procedure import answer_procedure
from recovery.documents.shared.json_text import read_json

_SHARED = os.environ.get("RECOVERY_SHARED") or Path(__file__).parents[4] / "shared"
FILE = Path(_SHARED) / "cases" / "legal-decisions.json"
# Sentences, not codes: how they are worded is ours.
_SENTENCES = {
    *("advice", "contact", "contrast", "fee_note", "next_step", "note", "required", "sanction"),
    "wrong_answer",  # what it must not be
}
_CONTACT = "CONTACT"  # whether a person may be contacted: test_contact_worked_cases.py


def _cases() -> list[dict[str, Any]]:
    if not FILE.exists():
        return []
    return read_json(FILE.read_text(encoding="utf-8"), digits_of="fractions")["cases"]


CASES = _cases()
needs_cases = pytest.mark.skipif(
    not CASES, reason=f"{FILE} does not exist; set RECOVERY_SHARED to the folder that holds it"
)


def _ours() -> Iterator[Any]:
    for case in CASES:
        if case["expected"]["procedure"] != _CONTACT:
            yield pytest.param(case, id=case["id"])


@needs_cases
@pytest.mark.parametrize("case", list(_ours()))
def test_a_worked_case_is_answered_with_its_codes_amounts_and_days(case) -> None:
    answer = answer_procedure({key: case[key] for key in ("id", "jurisdiction", "as_of", "facts")})
    assert answer["id"] == case["id"]
    for key, expected in case["expected"].items():
        if key not in _SENTENCES:
            is_number = isinstance(answer[key], int | float) and isinstance(expected, str)
            assert answer[key] == (float(expected) if is_number else expected), key
    for reason in answer["reasons"]:
        assert reason["says"] and reason["source"] and reason["confidence"] in "HMU"
        assert reason["age_days"] >= 0


@needs_cases
def test_all_cases_but_those_of_contact_are_tried() -> None:
    assert len([case for case in CASES if case["expected"]["procedure"] != _CONTACT]) >= 30

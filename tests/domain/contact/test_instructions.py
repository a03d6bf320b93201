"""What a person asked for is checked, and said to whoever contacts them."""

from datetime import time

import pytest

from recovery.domain.contact.instructions import (
    LONGEST_INSTRUCTION,
    Instructions,
    instruction_problems,
)
from tests.builders import fields

EVENING = {"from_time": time(18), "until_time": time(20)}


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({}, set()),
        (EVENING, set()),
        ({"only_by": "visit"}, set()),
        ({"only_by": "letter", "no_visits": True, "text": "x" * LONGEST_INSTRUCTION}, set()),
        ({"from_time": time(18)}, {"hours"}),
        ({"until_time": time(18)}, {"hours"}),
        ({"from_time": time(20), "until_time": time(18)}, {"hours"}),
        ({"from_time": time(18), "until_time": time(18)}, {"hours"}),
        ({"only_by": "visit", "no_visits": True}, {"no_visits"}),
        ({"text": "x" * (LONGEST_INSTRUCTION + 1)}, {"instruction"}),
        ({"text": "a\nb"}, {"instruction"}),
        ({"text": "a\u202eb"}, {"instruction"}),
    ],
)
def test_instructions_that_cannot_be_kept_are_named(said, wrong) -> None:
    assert fields(instruction_problems(Instructions(**said))) == wrong

"""What a person asked for is checked, and said to whoever contacts them."""

from datetime import time

import pytest

from recovery.domain.contact.instructions import (
    LONGEST_INSTRUCTION,
    NO_INSTRUCTIONS,
    Instructions,
    in_words,
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


def test_whoever_does_a_task_reads_all_of_them() -> None:
    said = Instructions(
        phone_privacy="unsafe", only_by="phone", no_visits=True, text="Ask for Grace.", **EVENING
    )
    assert [*in_words(said)] == [
        "Their phone is unsafe: say nothing of a debt there.",
        "Contact only by phone.",
        "Only from 18:00 to 20:00, their local time.",
        "No visits.",
        "Their instruction: Ask for Grace.",
    ]
    assert [*in_words(NO_INSTRUCTIONS)] == [*in_words(Instructions(email_privacy="private"))] == []

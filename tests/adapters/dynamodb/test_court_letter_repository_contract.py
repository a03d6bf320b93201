"""What the fake and the DynamoDB repository of letters before court both promise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from recovery.adapters.dynamodb.court_letter_repository import DynamoDbCourtLetterRepository
from recovery.ports.judicial import CourtLetterRepository
from tests.domain.judicial.test_letters_due import a_letter
from tests.fakes import FakeCourtLetterRepository

LETTER = a_letter(costs_minor=9_000, wording="14 dagen", term_days=14)


@pytest.fixture(params=["fake", "dynamodb"])
def letters(request: pytest.FixtureRequest) -> CourtLetterRepository:
    if request.param == "fake":
        return FakeCourtLetterRepository()
    request.getfixturevalue("table")
    return DynamoDbCourtLetterRepository("umoja")


def test_those_of_a_loan_come_in_the_order_in_which_they_were_written(letters) -> None:
    later = replace(LETTER, letter_id="ahead-1", written_at=LETTER.written_at + timedelta(days=1))
    others = (replace(LETTER, person_id="B"), replace(LETTER, loan_id="L-2"))
    for each in (later, LETTER, *others):
        letters.add(each)
    assert letters.of_loan("L-1") == [LETTER, others[0], later]
    assert letters.of_loan("L-3") == []


def test_one_that_is_there_stays_until_its_end_is_saved(letters) -> None:
    letters.add(LETTER)
    letters.add(replace(LETTER, sha256="1" * 64))
    assert letters.find("L-1", "talk-1", "A") == LETTER
    assert letters.find("L-1", "talk-1", "B") is None
    letters.save(replace(LETTER, ended="received"))
    assert letters.of_loan("L-1") == [replace(LETTER, ended="received")]

"""Codes and letters: the fakes behave as the repositories in DynamoDB do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from recovery.adapters.dynamodb.items import YesCodeItem
from recovery.adapters.dynamodb.letter_repository import DynamoDbLetterRepository
from recovery.adapters.dynamodb.yes_code_repository import DynamoDbYesCodeRepository
from recovery.domain.agreements.kept_letter import KeptLetter
from recovery.domain.agreements.yes_code import YesCode, answered, tried
from recovery.ports.agreements import YesCodeRepository
from recovery.ports.letters import LetterRepository
from recovery.ports.shared import StaleWriteError
from tests import fakes
from tests.builders import an_actor

NOW = datetime(2026, 2, 2, 7, 0, tzinfo=UTC)
CODE = YesCode(
    code_id="000001",
    loan_id="L-1",
    offer_id="OF-1",
    option="payment_plan",
    terms="ab",
    person_id="B-1",
    channel="sms",
    salt="00",
    digest="ff",
    asked_by=an_actor("Ana Torres"),
    asked_at=NOW,
    until=NOW + timedelta(minutes=10),
)
LETTER = KeptLetter(
    loan_id="L-1",
    agreement_id="AG-1",
    person_id="B-1",
    language="en",
    template="agreement-1",
    sha256="00",
    written_at=NOW,
)


@pytest.fixture(params=["dynamodb", "fake"])
def codes(request: pytest.FixtureRequest) -> YesCodeRepository:
    if request.param == "fake":
        return fakes.FakeYesCodeRepository()
    request.getfixturevalue("table")
    return DynamoDbYesCodeRepository("umoja")


@pytest.fixture(params=["dynamodb", "fake"])
def letters(request: pytest.FixtureRequest) -> LetterRepository:
    if request.param == "fake":
        return fakes.FakeLetterRepository()
    request.getfixturevalue("table")
    return DynamoDbLetterRepository("umoja")


def test_the_codes_of_an_offer_are_listed_in_order(codes: YesCodeRepository) -> None:
    second = replace(CODE, code_id="000002", person_id="B-2")
    others = (
        replace(CODE, offer_id="OF-10"),
        replace(CODE, offer_id="OF"),
        replace(CODE, loan_id="L-2"),
    )
    for each in (second, CODE, *others):
        codes.add(each)
    assert codes.of_offer("L-1", "OF-1") == [CODE, second]
    assert codes.of_offer("L-1", "OF-9") == []
    with pytest.raises(StaleWriteError):
        codes.add(replace(CODE, person_id="B-9"))


def test_nobody_tries_twice_at_once_or_after_the_answer(codes: YesCodeRepository) -> None:
    codes.add(CODE)
    once = tried(CODE)
    codes.save(once, tries=0)
    with pytest.raises(StaleWriteError):
        codes.save(once, tries=0)
    said = answered(once, an_actor(), NOW)
    codes.save(said, tries=1)
    with pytest.raises(StaleWriteError):
        codes.save(tried(said), tries=1)
    assert codes.of_offer("L-1", "OF-1") == [said]
    with pytest.raises(StaleWriteError):
        codes.save(replace(CODE, code_id="000009"), tries=0)


def test_only_a_code_that_was_never_answered_is_erased(table: str) -> None:
    repository = DynamoDbYesCodeRepository("umoja")
    repository.add(CODE)
    key = "LOAN#umoja#L-1", "YES#OF-1#000001"
    assert YesCodeItem.get(*key).expires_at is not None
    repository.save(answered(tried(CODE), an_actor(), NOW), tries=0)
    assert YesCodeItem.get(*key).expires_at is None


def test_a_letter_on_record_stays_until_it_is_known_how_it_went(letters: LetterRepository) -> None:
    second = replace(LETTER, person_id="B-2")
    for each in (second, LETTER, replace(LETTER, agreement_id="AG-10")):
        letters.add(each)
    letters.add(replace(LETTER, sha256="ff"))
    assert letters.of_agreement("L-1", "AG-1") == [LETTER, second]
    done = replace(LETTER, sent_by="email", sent_on=NOW.date())
    letters.save(done)
    assert letters.of_agreement("L-1", "AG-1") == [done, second]
    assert letters.of_agreement("L-1", "AG-2") == []

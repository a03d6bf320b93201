"""Sensitive notes: short enough to encrypt in one piece, and never without consent."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.adapters.dynamodb.codec import to_json
from recovery.domain.agreements.notes import Consent, Note, NoteMark, note_problems
from tests.builders import fields

TODAY = date(2026, 2, 2)
MARK = NoteMark(
    note_id="N-1",
    person_id="B-1",
    consent=Consent(TODAY, "by_phone"),
    recorded_on=TODAY,
    recorded_by="Ana Torres",
    expires_on=date(2026, 8, 1),
)
NOTE = Note(mark=MARK, topic="health", text="In hospital.\nBack in March.")


def test_a_note_may_have_several_lines() -> None:
    assert not list(note_problems(NOTE))


@pytest.mark.parametrize(
    "text", ["", " \n", "x" * 2_001, "\U00010348" * 1_900, "a\x00b", "\u202ea"]
)
def test_a_text_that_cannot_be_kept_is_refused(text) -> None:
    assert fields(tuple(note_problems(replace(NOTE, text=text)))) == {"text"}


def test_consent_comes_before_the_note() -> None:
    mark = replace(MARK, consent=Consent(date(2026, 2, 3), "online"))
    assert fields(tuple(note_problems(replace(NOTE, mark=mark)))) == {"consent.given_on"}


@given(st.text(max_size=2_000))
def test_what_may_be_recorded_fits_into_one_encryption(text) -> None:
    if not list(note_problems(replace(NOTE, text=text))):
        assert len(to_json({"topic": "violence", "text": text}).encode()) <= 4_096

"""A letter is done once it was sent, or is left to a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from recovery.domain.agreements.kept_letter import KeptLetter

LETTER = KeptLetter(
    loan_id="L-1",
    agreement_id="AG-1",
    person_id="B-1",
    language="en",
    template="agreement-1",
    sha256="00",
    written_at=datetime(2026, 2, 2, tzinfo=UTC),
)


def test_a_letter_is_done_once_it_is_known_how_it_reaches_the_person() -> None:
    assert not LETTER.is_done
    assert replace(LETTER, sent_by="email").is_done
    assert replace(LETTER, not_sent="no address").is_done

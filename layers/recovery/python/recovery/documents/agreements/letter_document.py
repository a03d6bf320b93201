"""Codes and letters about agreements as JSON: never the code, nor an address."""

from __future__ import annotations

from typing import Any

from recovery.domain.agreements.kept_letter import KeptLetter
from recovery.domain.agreements.yes_code import MOST_TRIES, YesCode


def code_document(code: YesCode) -> dict[str, Any]:
    """Show how a code was sent and until when it works, or who typed it and when."""
    answered = code.answered_at.isoformat(timespec="seconds") if code.answered_at else None
    return {
        "loan_id": code.loan_id,
        "offer_id": code.offer_id,
        "option": code.option,
        "person_id": code.person_id,
        "channel": code.channel,
        "terms": code.terms,
        "until": code.until.isoformat(timespec="seconds"),
        "tries_left": max(0, MOST_TRIES - code.tries),
        "said_yes_at": answered,
        "typed_by": code.answered_by.in_words() if code.answered_by else None,
    }


def letter_document(letter: KeptLetter, link: str) -> dict[str, Any]:
    """Show what is known of a letter, with where it can be fetched."""
    return {**held_letter_document(letter), "link": link}


def held_letter_document(letter: KeptLetter) -> dict[str, Any]:
    """Show what is known of a letter."""
    return {
        "person_id": letter.person_id,
        "language": letter.language,
        "template": letter.template,
        "sha256": letter.sha256,
        "written_at": letter.written_at.isoformat(timespec="seconds"),
        "sent_by": letter.sent_by or None,
        "sent_on": letter.sent_on.isoformat() if letter.sent_on else None,
        "not_sent": letter.not_sent or None,
    }

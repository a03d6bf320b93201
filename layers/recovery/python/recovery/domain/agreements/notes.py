"""Sensitive notes: what a person told of health, family or violence, with consent, for a while."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from recovery.domain.shared.errors import Problem
from recovery.domain.shared.free_text import is_printable_line

Topic = Literal["health", "family", "violence", "work", "money", "other"]
Means = Literal["in_person", "by_phone", "in_writing", "online"]

LONGEST_NOTE = 2_000  # characters
LARGEST_NOTE = 3_900  # bytes, so that with its topic it can be encrypted in one piece of 4,096


@dataclass(frozen=True, slots=True)
class Consent:
    """The person's explicit yes to keeping the note, and how it was given.

    Source: Regulation (EU) 2016/679 art. 9(2)(a), where it is about health; policy for the rest.
    """

    given_on: date
    means: Means


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteMark:
    """That a note exists, without what it says. ``expires_on`` None: a legal hold keeps it.

    ``consent`` None: the words are the person's own, who wrote them to us.
    """

    note_id: str
    person_id: str
    consent: Consent | None
    recorded_on: date
    recorded_by: str
    expires_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note as it was told; only who is trained may read topic and text."""

    mark: NoteMark
    topic: str
    text: str


def note_problems(note: Note) -> Iterator[Problem]:
    """Yield everything wrong with a note to be recorded."""
    if not note.text.strip():
        yield Problem("text", "is empty", "Write what the person told", "missing")
    elif len(note.text) > LONGEST_NOTE or len(note.text.encode("utf-8", "replace")) > LARGEST_NOTE:
        reason = f"has more than {LONGEST_NOTE} characters, or {LARGEST_NOTE} bytes"
        yield Problem("text", reason, "Keep to what is needed", "out_of_range")
    elif not all(map(is_printable_line, note.text.split("\n"))):
        reason = "has a control character or a direction mark"
        yield Problem("text", reason, "Write plain text, on as many lines as needed")
    if note.mark.consent and note.mark.consent.given_on > note.mark.recorded_on:
        reason = f"is after today, {note.mark.recorded_on}"
        yield Problem("consent.given_on", reason, "Give the day on which the person said yes")

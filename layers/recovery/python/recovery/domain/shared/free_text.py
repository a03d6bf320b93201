"""Text that a person typed, safe to show on one line beside other text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from recovery.domain.shared.errors import Problem

# Control characters, lone surrogates, line separators: none belongs in a name or a reason.
_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
# These reorder the surrounding text, so that a name could disguise it.
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def is_printable_line(text: str) -> bool:
    """Whether the text is one line without control characters or direction marks."""
    return text.isprintable() or not any(
        unicodedata.category(character) in _UNPRINTABLE or character in _BIDI_CONTROLS
        for character in text
    )


def free_text_problems(field: str, text: str, longest: int) -> Iterator[Problem]:
    """Yield why this text may not go on record."""
    if not text.strip():
        yield Problem(field, "is empty", "Write a few words; they go on record", "missing")
    elif len(text) > longest:
        remedy = f"Use at most {longest} characters"
        yield Problem(field, f"has more than {longest} characters", remedy, "out_of_range")
    elif not is_printable_line(text):
        reason = "has a line break, a control character or a direction mark"
        yield Problem(field, reason, "Write plain text on one line")

"""Read the words by which replies are understood, one file per language."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from recovery.domain.contact.reply_words import ReplyWords, folded, phrase
from recovery.messages.writing import LANGUAGES

_FOLDER = Path(__file__).parent / "replies"
_SINGLE = ("negation", "filler", "in_days", "days", "weeks", "day_of_month", "lessons")


@cache
def reply_words() -> tuple[ReplyWords, ...]:
    """Return the words of every language: whoever answers need not use the one on record."""
    return tuple(map(_words, LANGUAGES))


def _words(language: str) -> ReplyWords:
    with (_FOLDER / f"{language}.toml").open("rb") as file:
        written: dict[str, Any] = tomllib.load(file)
    return ReplyWords(
        language=language,
        alone={code: _set(each) for code, each in written["alone"].items()},
        anywhere={code: tuple(map(phrase, each)) for code, each in written["anywhere"].items()},
        otherwise=tuple(map(phrase, written["otherwise"])),
        weekdays=tuple(map(_set, written["weekdays"])),
        months=tuple(map(_set, written["months"])),
        near={phrase(each): days for each, days in written["near"].items()},
        month_end=tuple(map(phrase, written["month_end"])),
        **{name: _set(written[name]) for name in _SINGLE},
    )


def _set(words: Iterable[str]) -> frozenset[str]:
    return frozenset(map(folded, words))

"""The words by which a reply is understood, and how they are compared with what a person wrote."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

NAME = "{name}"  # in a phrase: any of the person's own names
_SAFE_LENGTH = 8  # in shorter words one letter makes another: shop, pagar, shoppen
_NEGATION_REACH = 2
_TOKEN = re.compile(r"[a-z0-9]+|[.!?;,\n]")
_STOPS = frozenset(".!?;,\n")
_RUN = re.compile(r"(.)\1{2,}")

Phrase = tuple[str, ...]
Clause = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyWords:
    """One language's words, folded as ``folded`` does.

    ``alone`` are words by code that count if a clause says nothing else but ``filler``;
    ``anywhere`` are phrases that count wherever they stand, unless a word of ``negation`` comes
    just before.
    ``otherwise`` are phrases that hold such a word and mean something else, ``lessons`` the words
    for lessons. ``near`` are words by
    the days that they are away, ``in_days`` what comes before a number of days, and ``days`` after.
    ``day_of_month`` stands before or after a day alone, such as "the".
    """

    language: str
    alone: Mapping[str, frozenset[str]] = field(default_factory=dict)
    anywhere: Mapping[str, tuple[Phrase, ...]] = field(default_factory=dict)
    otherwise: tuple[Phrase, ...] = ()
    lessons: frozenset[str] = frozenset()
    negation: frozenset[str] = frozenset()
    filler: frozenset[str] = frozenset()
    weekdays: tuple[frozenset[str], ...] = ()
    months: tuple[frozenset[str], ...] = ()
    near: Mapping[Phrase, int] = field(default_factory=dict)
    in_days: frozenset[str] = frozenset()
    days: frozenset[str] = frozenset()
    weeks: frozenset[str] = frozenset()
    day_of_month: frozenset[str] = frozenset()
    month_end: tuple[Phrase, ...] = ()


def folded(text: str) -> str:
    """Return it in small letters of the plain alphabet, without accents and apostrophes."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(each for each in plain if not unicodedata.combining(each))
    return re.sub("['’‘`´]", "", bare.replace("\u200b", ""))


def phrase(text: str) -> Phrase:
    """Return a phrase of the words' files as tokens; ``{name}`` stays one."""
    return tuple(each if each == NAME else folded(each) for each in text.replace("-", " ").split())


def clauses_of(text: str) -> list[Clause]:
    """Return the words of each clause."""
    found: list[list[str]] = [[]]
    for token in _TOKEN.findall(folded(text)):
        if token in _STOPS:
            found.append([])
        else:
            found[-1].append(token)
    return [tuple(each) for each in found if each]


def says_alone(clause: Clause, wanted: frozenset[str], filler: frozenset[str]) -> bool:
    """Whether the clause says one of the wanted words and nothing besides but filler."""
    said = [each for each in clause if not any(is_word(each, one) for one in wanted)]
    return len(said) < len(clause) and filler.issuperset(said)


def says(
    clause: Clause,
    phrases: Iterable[Phrase],
    words: ReplyWords,
    names: frozenset[str] = frozenset(),
) -> bool:
    """Whether the clause holds one of the phrases where nothing denies it.

    What denies something itself, such as "cannot pay", may have more such words before it.
    """
    for each in phrases:
        for start in _places(clause, each, names):
            before = clause[max(0, start - _NEGATION_REACH) : start]
            if words.negation.isdisjoint(before) or not words.negation.isdisjoint(each):
                return True
    return False


def without(clause: Clause, phrases: Iterable[Phrase], names: frozenset[str]) -> Clause:
    """Return the clause with these phrases, letter by letter, blotted out."""
    left = list(clause)
    for each in phrases:
        for start in _places(clause, each, names, slips=False):
            left[start : start + len(each)] = ["#"] * len(each)
    return tuple(left)


def is_word(written: str, word: str) -> bool:
    """Whether this is the word, perhaps with a slip of one letter.

    Only in a long word that begins alike: a slip in a short one makes another ordinary word.
    """
    if written == word or _RUN.sub(r"\1", written) == word:
        return True
    if len(word) < _SAFE_LENGTH or written[:1] != word[:1]:
        return False
    return _is_one_slip(written, word)


def _places(
    clause: Clause, wanted: Phrase, names: frozenset[str], *, slips: bool = True
) -> Iterator[int]:
    def matches(written: str, word: str) -> bool:
        if word == NAME:
            return written in names
        return is_word(written, word) if slips else written == word

    for start in range(len(clause) - len(wanted) + 1):
        if all(map(matches, clause[start : start + len(wanted)], wanted)):
            yield start


def _is_one_slip(one: str, other: str) -> bool:
    """Whether one letter is missing, too many, another, or two have changed places."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = _common(one, other)
    rest, wanted = one[start:], other[start:]
    swapped = len(rest) > 1 and rest[1::-1] == wanted[:2] and rest[2:] == wanted[2:]
    return swapped or rest[1:] == wanted[1:] or rest == wanted[1:] or rest[1:] == wanted


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    for index, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return index
    return min(len(one), len(other))

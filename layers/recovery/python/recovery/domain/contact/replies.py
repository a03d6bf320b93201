"""What a person's reply means: told by words alone, in any of our languages.

Nothing here guesses: what no word tells is for a person to read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from recovery.domain.contact.reply_dates import named
from recovery.domain.contact.reply_words import (
    Clause,
    ReplyWords,
    clauses_of,
    folded,
    is_word,
    says,
    says_alone,
    without,
)


class ReplyKind(StrEnum):
    """What a reply means, the most pressing first."""

    WRONG_PERSON = "wrong_person"
    STOP = "stop"
    START = "start"
    STOP_LESSONS = "stop_lessons"
    START_LESSONS = "start_lessons"
    DISPUTE = "dispute"
    COMPLAINT = "complaint"
    HELP = "help"
    WILL_PAY = "will_pay"
    PAID = "paid"
    GOAL = "goal"
    LESSON_ANSWER = "lesson_answer"
    OTHER = "other"


NOT_MINE = "not_mine"  # a code of the words: a dispute of its own kind
_IN_ORDER = tuple(ReplyKind)
_OPTIONS = (("1",), ("2",))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reply means: ``kind``, and what it ``also`` says, in order.

    ``pay_on`` and ``amount`` are the day and the amount (in units of the currency) named, if it is
    one each; ``unclear`` if there are several. ``not_mine``: the dispute is about whose loan it is.
    ``option`` is the number that answers a lesson's question. ``language`` is the one of the word
    that told, None if it is in several or none told.
    """

    kind: ReplyKind
    also: tuple[ReplyKind, ...] = ()
    pay_on: date | None = None
    amount: Decimal | None = None
    unclear: bool = False
    not_mine: bool = False
    option: int | None = None
    language: str | None = None


def read_reply(
    text: str,
    languages: Sequence[ReplyWords],
    received_on: date,
    *,
    names: str = "",
    month_first: bool = False,
) -> Reading:
    """Read the new part of a reply; ``names`` are the person's own."""
    own = frozenset(each for each in folded(names).split() if len(each) > 1)
    found: dict[str, set[str]] = {}
    options = {int(each[0]) for each in clauses_of(text) if each in _OPTIONS}
    if len(options) == 1:
        found[ReplyKind.LESSON_ANSWER] = set()
    for clause in clauses_of(text):
        for words in languages:
            for code in _codes(clause, words, own):
                found.setdefault(code, set()).add(words.language)
    day = named(text, languages, received_on, month_first=month_first)
    if not found and day.on and _says_only_when(text, languages):
        found[ReplyKind.WILL_PAY] = set()
    is_not_mine = NOT_MINE in found
    if is_not_mine:
        found.setdefault(ReplyKind.DISPUTE, found[NOT_MINE])
    kinds = tuple(each for each in _IN_ORDER if each in found) or (ReplyKind.OTHER,)
    told = found.get(kinds[0], set())
    return Reading(
        kind=kinds[0],
        also=kinds[1:],
        pay_on=day.on,
        amount=day.amount,
        unclear=day.unclear,
        not_mine=is_not_mine,
        option=next(iter(options)) if len(options) == 1 else None,
        language=next(iter(told)) if len(told) == 1 else None,
    )


def _codes(clause: Clause, words: ReplyWords, names: frozenset[str]) -> set[str]:
    """Return the codes of everything that the clause says in this language."""
    clause = without(clause, words.otherwise, names)
    if about_lessons := _of_lessons(clause, words, names):
        return about_lessons
    found = {code for code, alone in words.alone.items() if says_alone(clause, alone, words.filler)}
    found |= {
        code for code, phrases in words.anywhere.items() if says(clause, phrases, words, names)
    }
    return found


def _of_lessons(clause: Clause, words: ReplyWords, names: frozenset[str]) -> set[str]:
    """Return what a clause that names lessons wants of them; () if it names none, or wants nothing.

    To stop lessons is not to stop messages: whoever names lessons means them.
    """
    rest = tuple(each for each in clause if not any(is_word(each, one) for one in words.lessons))
    if len(rest) == len(clause):
        return set()
    for code, meant in (
        (ReplyKind.STOP, ReplyKind.STOP_LESSONS),
        (ReplyKind.START, ReplyKind.START_LESSONS),
    ):
        phrases = (*words.anywhere[code], *words.anywhere[meant])
        alone = words.alone.get(code, frozenset())
        if says_alone(rest, alone, words.filler) or says(clause, phrases, words, names):
            return {meant}
    return {ReplyKind.START_LESSONS} if words.filler.issuperset(rest) else set()


def _says_only_when(text: str, languages: Sequence[ReplyWords]) -> bool:
    """Whether the text is a day, perhaps with an amount, and nothing else."""
    said = [each for clause in clauses_of(text) for each in clause]
    for words in languages:
        known = {*words.filler, *words.in_days, *words.days, *words.weeks, *words.day_of_month}
        known |= {one for each in (*words.weekdays, *words.months) for one in each}
        known |= {one for each in (*words.near, *words.month_end) for one in each}
        if all(each in known or each[0].isdigit() for each in said):
            return True
    return False

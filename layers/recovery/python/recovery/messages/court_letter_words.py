"""Letters before court: values for ``letters/court_letter.typ``, in plain words.

What each has to say is the pack's: its parts are the names of texts here. The text in the language
of the law counts; who reads another one gets it in theirs beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date

from recovery.domain.judicial.rules import LetterTextRule
from recovery.messages.agreement_letter import Sender
from recovery.messages.amounts import money
from recovery.messages.writing import (
    language_and_locale,
    language_of,
    language_with_text,
    one_line,
    templates,
)

TEMPLATE, TEXTS = "court_letter", "court_letters"
VERSION = "pre-1"  # another text, layout or value is another version
_FALLBACK = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtLetterFacts:
    """What a letter tells, to whom. Amounts are minor units of ``currency``.

    ``since`` is the due date of the oldest amount that is open, or the day of a change of creditor;
    ``free_on`` the first day on which a guarantor may be told. ``term_days`` is how long there is
    to answer or to pay. ``one_of_several``: others owe parts of their own. ``language`` is the
    reader's (BCP 47); ``limit_minor`` and ``after_debtors`` are of a guarantee; ``old`` and
    ``new`` are creditors' names.
    """

    rule: LetterTextRule
    sender: Sender
    pay_account: str
    to_name: str
    language: str
    country: str | None
    loan_id: str
    letter_id: str
    currency: str
    written_on: date
    principal_minor: int = 0
    interest_minor: int = 0
    costs_minor: int = 0
    term_days: int = 0
    since: date | None = None
    free_on: date | None = None
    one_of_several: bool = False
    limit_minor: int | None = None
    after_debtors: bool = False
    old: str = ""
    new: str = ""


def languages_of(facts: CourtLetterFacts) -> tuple[str, str]:
    """Return the language of the text that counts, and the reader's own; "" if it is the same."""
    own = language_of(language_with_text((facts.language,)) or "")
    counts = facts.rule.language or own or _FALLBACK
    return counts, own if own != counts else ""


def court_letter(facts: CourtLetterFacts) -> dict[str, Any]:
    """Return the values of the letter."""
    counts, also = languages_of(facts)
    voice = _Voice(facts, counts)
    sender = facts.sender
    beside = [_beside(facts, voice, _Voice(facts, also))] if also else []
    return {
        **_texts(facts, voice),
        "author": one_line(sender.name),
        "footer": " · ".join((one_line(facts.loan_id), facts.letter_id, VERSION)),
        "sender": {"name": one_line(sender.name), "lines": [sender.phone] if sender.phone else []},
        "addressee": {"name": one_line(facts.to_name), "lines": []},
        "place_and_date": voice.day(facts.written_on),
        "also": beside,
    }


def term_words(facts: CourtLetterFacts) -> str:
    """Return the sentence that states the term, as the law reads it; "" for a letter without."""
    voice = _Voice(facts, languages_of(facts)[0])
    return voice.say(facts.rule.letter, "term") if "term" in facts.rule.parts else ""


class _Voice:
    """The texts of one language, with amounts and days as its readers write them."""

    def __init__(self, facts: CourtLetterFacts, language: str) -> None:
        self.language, self.locale = language_and_locale(language, facts.country)
        sender = facts.sender
        self._facts: Mapping[str, object] = {
            "name": one_line(facts.to_name),
            "institution": one_line(sender.name),
            "loan_id": one_line(facts.loan_id),
            "letter_id": facts.letter_id,
            "phone": sender.advisor_phone or sender.phone,
            "pay_account": one_line(facts.pay_account),
            "debt_advice": one_line(sender.debt_advice),
            "overseer": one_line(sender.complaints_to) or self._layout("overseer"),
            "days": facts.term_days,
            "date": self.day(facts.written_on),
            "since": self.day(facts.since),
            "free_on": self.day(facts.free_on),
            "costs": self.money(facts.costs_minor, facts.currency),
            "limit": self.money(facts.limit_minor, facts.currency) if facts.limit_minor else "",
            "after_debtors": facts.after_debtors,
            "old": one_line(facts.old),
            "new": one_line(facts.new),
        }

    def say(self, section: str, name: str, **more: object) -> str:
        """Return one text on one line."""
        return one_line(self._text(section, name, more))

    def items(self, section: str, name: str) -> list[str]:
        """Return a text of several lines, each an item of a list."""
        lines = self._text(section, name, {}).splitlines()
        return [one_line(each) for each in lines if each.strip()]

    def closing(self) -> str:
        return one_line(self._layout("closing"))

    def of_sender(self, name: str, **facts: object) -> str:
        return one_line(self._layout(name, **facts))

    def money(self, amount_minor: int, currency: str) -> str:
        return money(amount_minor, currency, self.locale)

    def day(self, day: date | None) -> str:
        return format_date(day, "long", locale=self.locale) if day else ""

    def _text(self, section: str, name: str, more: Mapping[str, object]) -> str:
        return templates(self.language, TEXTS)[section, name].render({**self._facts, **more})

    def _layout(self, name: str, **facts: object) -> str:
        return templates(self.language)["layout", name].render(facts)


def _texts(facts: CourtLetterFacts, voice: _Voice) -> dict[str, Any]:
    sender = facts.sender
    return {
        "language": str(voice.locale).replace("_", "-"),
        "title": voice.say(facts.rule.letter, "title"),
        "reference": voice.say("common", "reference"),
        "greeting": voice.say("common", "greeting"),
        "body": [block for part in facts.rule.parts for block in _part(part, facts, voice)],
        "closing": voice.closing(),
        "signature": [one_line(each) for each in (sender.advisor_name, sender.name) if each],
        "complain": list(_complaints(sender, voice)),
    }


def _beside(facts: CourtLetterFacts, counts: _Voice, own: _Voice) -> dict[str, Any]:
    name = counts.locale.get_language_name(own.language) or counts.language
    note = [own.say("common", "translation"), own.say("common", "counts", language=name)]
    return {**_texts(facts, own), "note": note}


_COMMON = ("no_step", "change", "advice")


def _part(part: str, facts: CourtLetterFacts, voice: _Voice) -> Iterator[dict[str, Any]]:
    if special := _SPECIAL.get(part):
        yield from special(facts, voice)
        return
    section = "common" if part in _COMMON else facts.rule.letter
    yield {"text": voice.say(section, part)}


def _object(facts: CourtLetterFacts, voice: _Voice) -> Iterator[dict[str, Any]]:
    """What it is about: the amount, and since when."""
    yield {"text": voice.say(facts.rule.letter, "object")}
    amounts = [("principal", facts.principal_minor)]
    total_minor = facts.principal_minor + facts.interest_minor
    if facts.interest_minor:
        amounts += [("interest", facts.interest_minor), ("in_all", total_minor)]
    yield {
        "facts": [
            [voice.say("common", name), voice.money(minor, facts.currency)]
            for name, minor in amounts
        ]
    }
    if facts.one_of_several:
        yield {"text": voice.say("common", "your_part")}
    if facts.since:
        yield {"text": voice.say("common", "since", date=voice.day(facts.since))}


def _ways(facts: CourtLetterFacts, voice: _Voice) -> Iterator[dict[str, Any]]:
    yield {"heading": voice.say("common", "ways_heading")}
    yield {"list": voice.items("common", "ways")}


def _rights(facts: CourtLetterFacts, voice: _Voice) -> Iterator[dict[str, Any]]:
    yield {"heading": voice.say("common", "ways_heading")}
    yield {"list": voice.items(facts.rule.letter, "rights")}


def _boxed(name: str) -> Callable[[CourtLetterFacts, _Voice], Iterator[dict[str, Any]]]:
    def of(facts: CourtLetterFacts, voice: _Voice) -> Iterator[dict[str, Any]]:
        yield {"box": [voice.say(facts.rule.letter, name)]}

    return of


_SPECIAL: dict[str, Callable[[CourtLetterFacts, _Voice], Iterator[dict[str, Any]]]] = {
    "object": _object,
    "ways": _ways,
    "rights": _rights,
    **{name: _boxed(name) for name in ("invitation", "term", "next", "change_of_creditor")},
}


def _complaints(sender: Sender, voice: _Voice) -> Iterator[str]:
    yield voice.say("common", "complain")
    if sender.grievance_officer:
        officer = one_line(sender.grievance_officer)
        yield voice.of_sender("grievance", grievance_officer=officer)
    if sender.registration_mark:
        mark = one_line(sender.registration_mark)
        yield voice.of_sender("registration", registration_mark=mark)

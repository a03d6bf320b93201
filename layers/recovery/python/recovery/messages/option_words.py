"""Say the options for a borrower in difficulty side by side, in words that they understand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from recovery.domain.agreements.option_kinds import Kind
from recovery.domain.agreements.option_search import Miss
from recovery.domain.agreements.options import Option, Options
from recovery.messages.assessment_words import Words

_IF_MISSED = {Kind.PLAN: "missed_plan", Kind.SETTLEMENT: "missed_settlement"}


@dataclass(frozen=True, slots=True)
class OptionWords:
    """One option for its borrower: name, what changes, the facts, what happens if it is missed."""

    name: str
    what: str
    facts: tuple[str, ...]
    if_missed: str


@dataclass(frozen=True, slots=True)
class OptionsWords:
    """All options in one language, out of LANGUAGES; ``refused`` pairs a name with why not."""

    language: str
    best: tuple[OptionWords, ...]
    refused: tuple[tuple[str, str], ...]


def options_words(
    options: Options, currency: str, language: str, country: str | None = None
) -> OptionsWords:
    """Say them in the language of a BCP 47 tag. Raises LanguageNotSupportedError."""
    words = Words(language, country, currency)
    return OptionsWords(
        words.language,
        tuple(_option(each, words) for each in options.best),
        tuple((_name(each.kind, words), _why_not(each, words)) for each in options.refused),
    )


def _option(option: Option, words: Words) -> OptionWords:
    found = option.found
    count = len(found.parts) or len(found.payments)
    what = words.say(
        "option",
        option.kind,
        count=count,
        date=_day(option.next_payment[0], words),
        let_go=words.money(found.let_go_minor),
    )
    missed = _IF_MISSED.get(option.kind, "missed_schedule")
    return OptionWords(
        _name(option.kind, words),
        what,
        tuple(_facts(option, words)),
        words.say("option_facts", missed),
    )


def _facts(option: Option, words: Words) -> Iterator[str]:
    day, amount_minor = option.next_payment
    yield words.say("option_facts", "next", amount=words.money(amount_minor), date=_day(day, words))
    largest = words.money(option.largest_month_minor)
    yield words.say("option_facts", "each", amount=largest)
    yield words.say("option_facts", "last", date=_day(option.last_on, words))
    yield words.say("option_facts", "total", amount=words.money(option.found.total_minor))
    extra = option.extra_minor
    name = "same" if not extra else "more" if extra > 0 else "less"
    yield words.say("option_facts", name, amount=words.money(abs(extra)))


def _why_not(miss: Miss, words: Words) -> str:
    short = miss.short
    return words.say(
        "refused",
        miss.code,
        amount=words.money(short.by_minor if short else 0),
        month=words.month(short.month if short else None),
    )


def _name(kind: Kind, words: Words) -> str:
    return words.say("option_name", kind)


def _day(day: date, words: Words) -> str:
    return format_date(day, "long", locale=words.locale)

"""Say what was found about repayment capacity in words that the applicant understands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from babel import Locale
from babel.dates import format_date, get_month_names
from babel.lists import format_list

from recovery.domain.agreements.assessment import Assessment, Reason, Verdict
from recovery.domain.agreements.would_be_yes import Change
from recovery.messages.amounts import money, percent
from recovery.messages.writing import language_and_locale, one_line, templates

ABOUT = "agreements"


@dataclass(frozen=True, slots=True)
class AssessmentWords:
    """Sentences for the applicant; ``language`` is the one used, out of LANGUAGES."""

    language: str
    verdict: str
    reasons: tuple[str, ...]
    would_be_yes: tuple[str, ...]
    notes: tuple[str, ...]


def assessment_words(
    assessment: Assessment, language: str, country: str | None = None
) -> AssessmentWords:
    """Say it in the language of a BCP 47 tag. Raises LanguageNotSupportedError."""
    words = Words(language, country, assessment.careful.currency)
    verdict = assessment.verdict or "capacity"
    until = format_date(assessment.valid_until, "long", locale=words.locale)
    notes = [words.say("assessment", "valid_until", date=until)]
    if assessment.verdict is Verdict.DECLINE:
        notes.append(words.say("assessment", "again"))
    return AssessmentWords(
        words.language,
        words.say("verdict", verdict),
        tuple(_reason(each, words) for each in assessment.reasons),
        tuple(_change(each, words) for each in assessment.changes),
        tuple(notes),
    )


class Words:
    """One language's texts about agreements, with amounts as its readers write them."""

    def __init__(self, language: str, country: str | None, currency: str) -> None:
        self.language, self.locale = language_and_locale(language, country)
        self._currency = currency
        self._templates = templates(self.language, ABOUT)

    def say(self, section: str, name: str, **facts: object) -> str:
        """Return one text on one line."""
        return one_line(self._templates[section, name].render(facts))

    def money(self, amount_minor: int) -> str:
        """Format an amount of the loan's currency."""
        return money(amount_minor, self._currency, self.locale)

    def month(self, month: int | None) -> str:
        """Return a calendar month's name; empty for none."""
        return get_month_names("wide", locale=self.locale)[month] if month else ""


def _reason(reason: Reason, words: Words) -> str:
    facts = {
        "amount": words.money(reason.amount_minor),
        "month": words.month(reason.month),
        "about": reason.about,
        **dict(_percents(reason, words.locale)),
    }
    return words.say("reason", reason.code, **facts)


def _percents(reason: Reason, locale: Locale) -> Iterator[tuple[str, str]]:
    proven, believed = reason.percents or (None, None)
    yield "proven", "" if proven is None else percent(proven, locale)
    yield "believed", "" if believed is None else percent(believed, locale)
    most = reason.of_percent
    yield "most", "" if most is None else percent(Decimal(most), locale)


def _change(change: Change, words: Words) -> str:
    months = [words.month(each) for each in change.months]
    return words.say(
        "change",
        change.kind,
        amount=words.money(change.amount_minor),
        total=words.money(change.total_minor),
        instalments=change.instalments,
        day=change.day,
        months=format_list(months, locale=words.locale) if months else "",
    )

"""Say which code accepts an offer, and what it accepts: it goes to private addresses alone."""

from __future__ import annotations

from datetime import date, timedelta

from babel.dates import format_date, format_skeleton

from recovery.domain.accounting.agreed import OfferedOption
from recovery.messages.amounts import money
from recovery.messages.assessment_words import Words
from recovery.messages.sms import first_that_fits
from recovery.messages.writing import (
    RenderedMessage,
    mail,
    one_line,
    paragraphs,
    short_name,
    templates,
)

LETTERS = "letters"
_SECTION = "yes_code"
_LONGEST_NAME = 30


def render_yes_code(
    code: str,
    option: OfferedOption,
    currency: str,
    language: str,
    country: str | None,
    institution_name: str,
    lasts: timedelta,
) -> RenderedMessage:
    """Write the message in the language of a BCP 47 tag. Raises LanguageNotSupportedError."""
    words = Words(language, country, currency)
    first, name = option.payments[0], words.say("option_name", option.kind)
    institution = short_name(institution_name, _LONGEST_NAME)

    def say(text: str, *, for_sms: bool = False, institution: str = institution) -> str:
        said = {
            "code": code,
            "institution": institution,
            "option": name,
            "amount": money(first.amount_minor, currency, words.locale, for_sms=for_sms),
            "total": money(option.total_minor, currency, words.locale, for_sms=for_sms),
            "date": _day(first.due_date, words, short=for_sms),
            "minutes": lasts // timedelta(minutes=1),
        }
        return templates(words.language, LETTERS)[_SECTION, text].render(said).strip()

    subject = one_line(say("subject"))
    text, html = mail(words.locale, subject, "", paragraphs(say("text")), [institution], [])
    named = (institution, institution.split()[0] if institution else "")
    sms = first_that_fits(one_line(say("sms", for_sms=True, institution=each)) for each in named)
    return RenderedMessage(subject, text.lstrip(), html, sms, words.language, institution)


def _day(day: date, words: Words, *, short: bool) -> str:
    """Return the day, in an SMS without the year."""
    if short:
        return str(format_skeleton("MMMMd", day, locale=words.locale))
    return format_date(day, "long", locale=words.locale)

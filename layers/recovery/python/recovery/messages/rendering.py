"""Render a message: text from TOML, facts formatted for the borrower's locale."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import get_currency_symbol

from recovery.domain.shared.money import minor_digits, to_decimal_text
from recovery.messages.writing import (
    GSM,
    RenderedMessage,
    in_gsm,
    language_and_locale,
    mail,
    one_line,
    paragraphs,
    short_name,
    templates,
)

KINDS: tuple[str, ...] = (
    "reminder_before_due",
    "due_today",
    "first_days_late",
    "we_would_like_to_help",
    "meeting_with_your_advisor",
    "notice_before_judicial_recovery",
    "thank_you",
    "payment_received",
    "apology",
    "clearance_letter",
    "promise_reminder",
    "after_a_missed_promise",
    "dispute_upheld",
    "dispute_rejected",
    "complaint_upheld",
    "complaint_rejected",
)
_NO_BREAK_SPACE = "\u00a0"


class UnknownMessageKindError(ValueError):
    """The message kind is not one of KINDS."""


class MissingFactError(ValueError):
    """A message kind lacks a fact it needs."""


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """The facts of a message about one loan; money in minor units of ``currency``.

    ``amount_minor`` is the instalment due (reminders), its unpaid part (``first_days_late``) or
    the payment received (``thank_you``, ``apology``, ``clearance_letter``, and ``payment_received``
    for one that somebody else made, who is not named), or what was promised for ``due_date``
    (``promise_reminder``); the others use ``overdue_minor`` instead. ``answer`` is what was decided
    on a dispute or complaint, ``complaints_to`` who hears further complaints.
    ``country`` (ISO 3166 alpha-2) selects the format of money and dates.
    """

    borrower_name: str
    advisor_name: str
    institution_name: str
    loan_id: str
    currency: str
    amount_minor: int
    due_date: date
    overdue_minor: int
    outstanding_minor: int
    days_past_due: int
    answer_by: date | None = None
    paid_off: bool = False
    country: str | None = None
    answer: str = ""
    complaints_to: str = ""


def render(kind: str, language: str, facts: MessageFacts) -> RenderedMessage:
    """Render the message; ``language`` is a BCP 47 tag, falling back to English.

    Raises UnknownMessageKindError, or MissingFactError for a notice without ``answer_by``.
    """
    if kind not in KINDS:
        raise UnknownMessageKindError(
            f"{kind!r} is not a message kind; the kinds are {', '.join(KINDS)}"
        )
    if kind == "notice_before_judicial_recovery" and facts.answer_by is None:
        raise MissingFactError(f"{kind} needs answer_by, the last day to answer")
    used, locale = language_and_locale(language, facts.country)
    voice = _Voice(used, _words_of(facts, locale))
    greeting = voice.say("layout", "greeting")
    blocks = paragraphs(voice.say(kind, "email"))
    closing = [voice.say("layout", name) for name in ("closing", "advisor", "your_advisor_at")]
    footer = [one_line(voice.say("layout", name)) for name in ("stop", "loan")]
    subject = one_line(voice.say(kind, "subject"))
    text, html = mail(locale, subject, greeting, blocks, closing, footer)
    phone = _Voice(used, _words_of(facts, locale, for_sms=True))
    sms = in_gsm(one_line(f"{phone.say(kind, 'sms')} {phone.say('layout', 'sms_signature')}"))
    return RenderedMessage(subject, text, html, sms, used)


class _Voice:
    """One language's templates, filled in for one message."""

    def __init__(self, language: str, words: dict[str, object]) -> None:
        self._templates = templates(language)
        self._words = words
        for name in ("advisor", "greeting", "help_is_free"):
            self._words[name] = self.say("layout", name)
        self._words["complain_to"] = self._words["complaints_to"] or self.say("layout", "overseer")

    def say(self, section: str, name: str) -> str:
        return self._templates[section, name].render(self._words).strip()


def _words_of(facts: MessageFacts, locale: Locale, *, for_sms: bool = False) -> dict[str, object]:
    """The variables available to templates, each safe within a single line of text."""
    currency = one_line(facts.currency)
    longest = 40 if for_sms else 80

    def money(amount_minor: int) -> str:
        return _money(amount_minor, currency, locale, in_gsm=for_sms)

    words: dict[str, object] = {
        "borrower_name": short_name(facts.borrower_name, longest),
        "advisor_name": short_name(facts.advisor_name, longest),
        "institution_name": short_name(facts.institution_name, longest),
        "loan_id": short_name(facts.loan_id, longest),
        "amount": money(facts.amount_minor),
        "overdue": money(facts.overdue_minor),
        "outstanding": money(facts.outstanding_minor),
        "days_past_due": facts.days_past_due,
        "paid_off": facts.paid_off,
        "answer": one_line(facts.answer),
        "complaints_to": short_name(facts.complaints_to, longest),
        "due_date": format_date(facts.due_date, "full", locale=locale),
        "due_day": format_skeleton("MMMMd", facts.due_date, locale=locale),
    }
    if facts.answer_by:
        words["answer_by"] = format_date(facts.answer_by, "full", locale=locale)
        words["answer_by_day"] = format_skeleton("MMMMd", facts.answer_by, locale=locale)
    return words


def _money(amount_minor: int, currency: str, locale: Locale, *, in_gsm: bool) -> str:
    digits = minor_digits(currency)
    text: str = locale.currency_formats["standard"].apply(
        Decimal(to_decimal_text(amount_minor, currency)),
        locale,
        currency=currency,
        currency_digits=False,  # use ISO 4217's digits, as elsewhere, not CLDR's
        force_frac=(digits, digits),
    )
    symbol = get_currency_symbol(currency, locale)
    if in_gsm and not GSM.issuperset(symbol):
        text = text.replace(symbol, currency)
    # CLDR puts a space between letters and digits ("KES 100"); babel does not.
    return re.sub(r"(?<=[^\W\d_])(?=\d)", _NO_BREAK_SPACE, text)

"""Render a message: text from TOML, facts formatted for the borrower's locale."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.numbers import get_currency_symbol
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from recovery.domain.shared.money import minor_digits, to_decimal_text

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
LANGUAGES: tuple[str, ...] = ("en", "es", "nl")

_FOLDER = Path(__file__).parent
_NO_BREAK_SPACE = "\u00a0"
# GSM 03.38, base and extension: one character outside it can triple the cost of an SMS.
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡¿§ÄÖÑÜäöñüà^{}\\[~]|€"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)
_COMBINING = re.compile("[\u0300-\u036f]")
_GSM_PUNCTUATION = str.maketrans("‘’´`“”«»–—", "''''\"\"\"\"--")


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


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """A message ready to send; ``language`` is the one used, out of LANGUAGES.

    ``subject`` and ``sms`` are single lines; ``text`` and ``html`` are the parts of one e-mail.
    """

    subject: str
    text: str
    html: str
    sms: str
    language: str


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
    used, locale = _language_and_locale(language, facts.country)
    mail = _Voice(used, _words_of(facts, locale))
    greeting = mail.say("layout", "greeting")
    blocks = _blocks(mail.say(kind, "email"))
    closing = [mail.say("layout", name) for name in ("closing", "advisor", "your_advisor_at")]
    footer = [_one_line(mail.say("layout", name)) for name in ("stop", "loan")]
    subject = _one_line(mail.say(kind, "subject"))
    html = _layout().render(
        lang=str(locale).replace("_", "-"),
        subject=subject,
        greeting=greeting,
        blocks=blocks,
        closing=closing,
        footer=footer,
    )
    text = "\n\n".join("\n".join(block) for block in ([greeting], *blocks, closing, footer))
    phone = _Voice(used, _words_of(facts, locale, for_sms=True))
    sms = _in_gsm(_one_line(f"{phone.say(kind, 'sms')} {phone.say('layout', 'sms_signature')}"))
    return RenderedMessage(subject, f"{text}\n", html, sms, used)


class _Voice:
    """One language's templates, filled in for one message."""

    def __init__(self, language: str, words: dict[str, object]) -> None:
        self._templates = _templates(language)
        self._words = words
        for name in ("advisor", "greeting", "help_is_free"):
            self._words[name] = self.say("layout", name)
        self._words["complain_to"] = self._words["complaints_to"] or self.say("layout", "overseer")

    def say(self, section: str, name: str) -> str:
        return self._templates[section, name].render(self._words).strip()


def _words_of(facts: MessageFacts, locale: Locale, *, for_sms: bool = False) -> dict[str, object]:
    """The variables available to templates, each safe within a single line of text."""
    currency = _one_line(facts.currency)
    longest = 40 if for_sms else 80

    def money(amount_minor: int) -> str:
        return _money(amount_minor, currency, locale, in_gsm=for_sms)

    words: dict[str, object] = {
        "borrower_name": _name(facts.borrower_name, longest),
        "advisor_name": _name(facts.advisor_name, longest),
        "institution_name": _name(facts.institution_name, longest),
        "loan_id": _name(facts.loan_id, longest),
        "amount": money(facts.amount_minor),
        "overdue": money(facts.overdue_minor),
        "outstanding": money(facts.outstanding_minor),
        "days_past_due": facts.days_past_due,
        "paid_off": facts.paid_off,
        "answer": _one_line(facts.answer),
        "complaints_to": _name(facts.complaints_to, longest),
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
    if in_gsm and not _GSM.issuperset(symbol):
        text = text.replace(symbol, currency)
    # CLDR puts a space between letters and digits ("KES 100"); babel does not.
    return re.sub(r"(?<=[^\W\d_])(?=\d)", _NO_BREAK_SPACE, text)


def _language_and_locale(tag: str, country: str | None) -> tuple[str, Locale]:
    language, *subtags = re.split(r"[-_]", tag.strip().lower())
    if language not in LANGUAGES:
        return "en", _locale("en", country)
    regions = (part for part in subtags if re.fullmatch(r"[a-z]{2}|\d{3}", part, re.ASCII))
    return language, _locale(language, country or next(regions, None))


def _locale(language: str, region: str | None) -> Locale:
    try:
        return Locale(language, region.strip().upper() if region else None)
    except UnknownLocaleError:
        return Locale(language)


@cache
def _templates(language: str) -> dict[tuple[str, str], Template]:
    plain = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    with (_FOLDER / f"{language}.toml").open("rb") as file:
        sections = tomllib.load(file)
    return {
        (section, name): plain.from_string(source)
        for section, sources in sections.items()
        for name, source in sources.items()
    }


@cache
def _layout() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("layout.html.j2")


def _blocks(text: str) -> list[list[str]]:
    """Split into paragraphs of one line each, and lists of lines beginning with ``- ``."""
    blocks = (block.split("\n") for block in re.split(r"\n{2,}", text))
    return [lines if lines[0].startswith("- ") else [" ".join(lines)] for lines in blocks]


def _one_line(text: str) -> str:
    """Strip line breaks, control characters and invisible formatting."""
    text = unicodedata.normalize("NFC", text)
    visible = (
        " " if unicodedata.category(char) == "Cc" else char
        for char in text
        # Keep the two joiners: some scripts need them to spell a name.
        if char in "\u200c\u200d" or unicodedata.category(char) not in ("Cf", "Cs")
    )
    return " ".join("".join(visible).split())


def _name(text: str, longest: int) -> str:
    line = _one_line(text)
    return line if len(line) <= longest else f"{line[: longest - 3].rstrip()}..."


def _in_gsm(text: str) -> str:
    """Fold to the GSM alphabet (``á`` to ``a``) if all of it can be; else leave unchanged."""
    folded = "".join(
        char if char in _GSM else _COMBINING.sub("", unicodedata.normalize("NFKD", char))
        for char in text.translate(_GSM_PUNCTUATION)
    )
    return folded if _GSM.issuperset(folded) else text

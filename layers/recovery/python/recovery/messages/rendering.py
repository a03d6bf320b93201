"""Render a message: text from TOML, facts formatted for the borrower's locale."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from babel import Locale
from babel.dates import format_date, format_skeleton

from recovery.domain.contact.contact_rules import Said
from recovery.messages.amounts import money as amount_in_words
from recovery.messages.sms import first_that_fits
from recovery.messages.writing import (
    RenderedMessage,
    language_and_locale,
    mail,
    one_line,
    paragraphs,
    person_name,
    short_name,
    templates,
)

KINDS: tuple[str, ...] = (
    "reminder_before_due",
    "warning_reminder",
    "offer_due_day",
    "due_today",
    "first_days_late",
    "we_would_like_to_help",
    "meeting_with_your_advisor",
    "notice_before_judicial_recovery",
    "thank_you",
    "payment_received",
    "apology",
    "clearance_letter",
    "saving_reminder",
    "loan_end_thanks",
    "settlement_letter",
    "promise_reminder",
    "after_a_missed_promise",
    "relief_granted",
    "dispute_upheld",
    "dispute_rejected",
    "complaint_upheld",
    "complaint_rejected",
)
# Their e-mails name who advises on debts for free, where the institution says who does.
NAMES_DEBT_ADVICE = frozenset({"we_would_like_to_help", "notice_before_judicial_recovery"})
NOTICE, RELIEF = "notice_before_judicial_recovery", "relief_granted"
ASKING = frozenset(  # these say how to pay
    (
        "reminder_before_due",
        "warning_reminder",
        "due_today",
        "first_days_late",
        "we_would_like_to_help",
        "meeting_with_your_advisor",
        NOTICE,
        "promise_reminder",
        "after_a_missed_promise",
    )
)
# In the order in which an SMS does without them until it fits; the institution's name stays.
_SPARED = (
    frozenset[str](),
    frozenset({"borrower_name"}),
    frozenset({"borrower_name", "advisor_name"}),
    frozenset({"borrower_name", "advisor_name", "loan_id"}),
    frozenset({"borrower_name", "advisor_name", "loan_id", "pay"}),
)
_NAMED = {"registration": "registration_mark", "grievance": "grievance_officer"}
_LONGEST_PHONE = 20


class UnknownMessageKindError(ValueError):
    """The message kind is not one of KINDS."""


class MissingFactError(ValueError):
    """A message kind lacks a fact it needs."""


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """The facts of a message about one loan; money in minor units of ``currency``.

    ``amount_minor`` is the instalment due (reminders), its unpaid part (``first_days_late``) or
    the payment received (``thank_you``, ``apology``, letters at the end; ``payment_received`` for
    one that somebody else made, who is not named), or what was promised for ``due_date``
    (``promise_reminder``), or to be laid aside for it (``saving_reminder``); ``due_date`` of a
    payment is its day. The others use ``overdue_minor`` instead. ``answer`` is what was decided
    on a dispute or complaint, ``complaints_to`` who hears
    further complaints. ``phone`` is the number to call about the loan, ``institution_phone`` the
    one to complain at. ``pay_account`` and ``pay_link`` say how to pay, ``debt_advice`` who advises
    on debts for free and independently. ``allocated`` is what became of a payment received: minor
    units by component, and ``credit``. ``registration_mark`` and ``grievance_officer`` are the
    institution's, ``must_say`` what the law asks each message to say. ``again``: the same was said
    before, in other words. ``too_old``: what is left can no longer be claimed, and is not asked
    for. ``nothing_asked``: nothing overdue may be asked for now, as an agreement is kept, or the
    person waits for an answer. ``rest_until`` is the last day on which a relief asks for nothing
    (``relief_granted``: then ``amount_minor`` is due on ``due_date``), ``sorry``: something was
    asked meanwhile.
    ``why_seen`` and ``why_help`` are the two sentences of an early warning, ``later_days`` by how
    many days a due date might move. ``country`` (ISO 3166 alpha-2) selects the format of money and
    dates.
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
    phone: str = ""
    institution_phone: str = ""
    pay_account: str = ""
    pay_link: str = ""
    debt_advice: str = ""
    allocated: Mapping[str, int] = field(default_factory=dict)
    registration_mark: str = ""
    grievance_officer: str = ""
    must_say: frozenset[Said] = frozenset()
    again: bool = False
    rest_until: date | None = None
    sorry: bool = False
    too_old: bool = False
    nothing_asked: bool = False
    why_seen: str = ""
    why_help: str = ""
    later_days: int = 0


def render(kind: str, language: str, facts: MessageFacts) -> RenderedMessage:
    """Render the message in the language of a BCP 47 tag.

    The SMS has one part wherever it fits without the names and the way to pay. A notice that the
    law asks for offers no end of messages, as it has to be given, unless the law asks for that too.
    Raises UnknownMessageKindError, LanguageNotSupportedError, or MissingFactError for a notice
    without ``answer_by`` or a relief without ``rest_until``.
    """
    if kind not in KINDS:
        raise UnknownMessageKindError(
            f"{kind!r} is not a message kind; the kinds are {', '.join(KINDS)}"
        )
    if kind == NOTICE and facts.answer_by is None:
        raise MissingFactError(f"{kind} needs answer_by, the last day to answer")
    if kind == RELIEF and facts.rest_until is None:
        raise MissingFactError(f"{kind} needs rest_until, the last day of the relief")
    used, locale = language_and_locale(language, facts.country)
    words = _words_of(facts, locale)
    voice = _Voice(used, words)
    greeting = voice.say("layout", "greeting")
    blocks = paragraphs(voice.say(kind, "email"))
    if kind in ASKING and (words["pay_account"] or words["pay_link"]):
        blocks += paragraphs(voice.say("layout", "how_to_pay"))
    closing = [voice.say("layout", name) for name in ("closing", "advisor", "your_advisor_at")]
    if words["phone"]:
        closing.append(voice.say("layout", "phone"))
    ends = [*(("stop",) if _may_end(kind, facts) else ()), "complain", "loan"]
    ends += [name for name, fact in _NAMED.items() if words[fact]]
    footer = [one_line(voice.say("layout", name)) for name in ends]
    subject = one_line(voice.say(kind, "subject"))
    link = str(words["pay_link"])
    text, html = mail(locale, subject, greeting, blocks, closing, footer, link)
    sms = first_that_fits(_texts(kind, used, _words_of(facts, locale, for_sms=True), facts))
    return RenderedMessage(subject, text, html, sms, used, str(words["institution_name"]))


def _may_end(kind: str, facts: MessageFacts) -> bool:
    """Whether the message says how to stop messages."""
    return kind != NOTICE or "opt_out" in facts.must_say


def _texts(
    kind: str, language: str, words: dict[str, object], facts: MessageFacts
) -> Iterator[str]:
    """Yield the SMS, each time with less that it can do without."""
    for spared in _SPARED:
        left = {name: "" if name in spared else value for name, value in words.items()}
        voice = _Voice(language, left)
        parts = [voice.say("layout", "sms_greeting"), voice.say(kind, "sms")]
        if kind in ASKING and "pay" not in spared and (left["pay_account"] or left["pay_link"]):
            parts.append(voice.say("layout", "sms_pay"))
        signature = ", ".join(str(left[name]) for name in ("advisor_name", "phone") if left[name])
        if signature:
            parts.append(f"{signature}.")
        for name, fact in _NAMED.items():
            if fact in facts.must_say and words[fact]:
                parts.append(f"{voice.say('layout', name)}.")
        if _may_end(kind, facts):
            parts.append(voice.say("layout", "sms_stop"))
        yield one_line(f"{words['institution_name']}: {' '.join(filter(None, parts))}")


class _Voice:
    """One language's templates, filled in for one message."""

    def __init__(self, language: str, words: dict[str, object]) -> None:
        self._templates = templates(language)
        self._words = words
        for name in ("advisor", "greeting", "help_is_free", "money_went"):
            self._words[name] = self.say("layout", name)
        self._words["complain_to"] = self._words["complaints_to"] or self.say("layout", "overseer")

    def say(self, section: str, name: str) -> str:
        return self._templates[section, name].render(self._words).strip()


def _later_day(facts: MessageFacts, locale: Locale) -> str:
    if not facts.later_days:
        return ""
    later = facts.due_date + timedelta(days=facts.later_days)
    return format_date(later, "full", locale=locale)


def _words_of(facts: MessageFacts, locale: Locale, *, for_sms: bool = False) -> dict[str, object]:
    """The variables available to templates, each safe within a single line of text."""
    currency = one_line(facts.currency)
    longest = 40 if for_sms else 80

    def money(amount_minor: int) -> str:
        return amount_in_words(amount_minor, currency, locale, for_sms=for_sms)

    words: dict[str, object] = {
        "borrower_name": person_name(facts.borrower_name, longest),
        "advisor_name": person_name(facts.advisor_name, longest),
        "institution_name": short_name(facts.institution_name, longest),
        "loan_id": short_name(facts.loan_id, longest),
        "amount": money(facts.amount_minor),
        "overdue": money(facts.overdue_minor),
        "outstanding": money(facts.outstanding_minor),
        "days_past_due": facts.days_past_due,
        "paid_off": facts.paid_off,
        "answer": one_line(facts.answer),
        "still_open": facts.overdue_minor > 0,
        "nothing_asked": facts.overdue_minor > 0 and facts.nothing_asked,
        "again": facts.again,
        "sorry": facts.sorry,
        "falls_due": facts.amount_minor > 0,
        "too_old": facts.too_old,
        "why_seen": one_line(facts.why_seen),
        "why_help": one_line(facts.why_help),
        "later_day": _later_day(facts, locale),
        "complaints_to": short_name(facts.complaints_to, longest),
        "phone": short_name(facts.phone, _LONGEST_PHONE),
        "institution_phone": short_name(facts.institution_phone, _LONGEST_PHONE),
        "pay_account": short_name(facts.pay_account, longest),
        "pay_link": one_line(facts.pay_link),
        "debt_advice": short_name(facts.debt_advice, longest),
        "registration_mark": short_name(facts.registration_mark, longest),
        "grievance_officer": short_name(facts.grievance_officer, longest),
        "due_date": format_date(facts.due_date, "full", locale=locale),
        "due_day": format_skeleton("MMMMd", facts.due_date, locale=locale),
    }
    went_to = Counter(facts.allocated)
    for name, amount_minor in (
        ("to_principal", went_to["principal"]),
        ("to_interest", went_to["interest"]),
        ("to_charges", went_to["fee"] + went_to["penalty"]),
        ("to_credit", went_to["credit"]),
    ):
        words[name] = money(amount_minor) if amount_minor > 0 else ""
    if facts.rest_until:
        words["rest_until"] = format_date(facts.rest_until, "full", locale=locale)
        words["rest_day"] = format_skeleton("MMMMd", facts.rest_until, locale=locale)
    if facts.answer_by:
        words["answer_by"] = format_date(facts.answer_by, "full", locale=locale)
        words["answer_by_day"] = format_skeleton("MMMMd", facts.answer_by, locale=locale)
    return words

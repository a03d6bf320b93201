"""The letter that says what was agreed: values for ``letters/letter.typ``, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date

from recovery.domain.accounting.agreed import Agreement, OfferedOption, Part
from recovery.domain.agreements.option_kinds import Kind
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
from recovery.messages.yes_code_words import LETTERS

TEMPLATE = "letter"
VERSION = "agreement-1"  # another text, layout or value is another version
_LONGEST_NAME = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who writes a letter; each is empty if unknown."""

    name: str
    advisor_name: str = ""
    advisor_phone: str = ""
    phone: str = ""
    debt_advice: str = ""
    registration_mark: str = ""
    grievance_officer: str = ""
    complaints_to: str = ""


@dataclass(frozen=True, slots=True)
class SaidYes:
    """Who said yes and on which day; ``channel`` is how a code was sent, empty for other ways."""

    name: str
    on: date
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementFacts:
    """What the letter tells, to whom; ``overdue_minor`` was late when the offer was made.

    ``consented`` and ``lost`` are names of guarantors, ``approved_by`` is the name of who agreed
    for the institution.
    """

    sender: Sender
    to_name: str
    language: str
    country: str | None
    loan_id: str
    agreement_id: str
    currency: str
    overdue_minor: int
    agreed: Agreement
    option: OfferedOption
    said_yes: tuple[SaidYes, ...]
    consented: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    approved_by: str = ""


def agreement_letter(facts: AgreementFacts) -> dict[str, Any]:
    """Return the values of the letter. Raises LanguageNotSupportedError."""
    voice = _Voice(facts)
    sender, name = facts.sender, one_line(facts.to_name)
    ids = {"loan_id": facts.loan_id, "agreement_id": facts.agreement_id}
    return {
        "language": str(voice.locale).replace("_", "-"),
        "title": voice.say(f"title_{_about(facts.option)}"),
        "author": one_line(sender.name),
        "footer": f"{one_line(facts.loan_id)} · {facts.agreement_id} · {VERSION}",
        "sender": {"name": one_line(sender.name), "lines": [sender.phone] if sender.phone else []},
        "addressee": {"name": name, "lines": []},
        "place_and_date": voice.day(facts.agreed.on),
        "reference": voice.say("reference", **ids),
        "greeting": voice.say("greeting", name=name),
        "body": list(_body(facts, voice)),
        "closing": voice.layout("closing"),
        "signature": [one_line(each) for each in (sender.advisor_name, sender.name) if each],
        "complain": list(_complaints(sender, voice)),
    }


def render_letter_sent(facts: AgreementFacts) -> RenderedMessage:
    """Write the message that brings the letter, or that tells that it is ready."""
    voice, sender = _Voice(facts), facts.sender
    institution = short_name(sender.name, _LONGEST_NAME)

    def say(name: str) -> str:
        day, phone = voice.day(facts.agreed.on), _phone(sender)
        said = {"institution": institution, "date": day, "phone": phone}
        return templates(voice.language, LETTERS)["sent", name].render(said).strip()

    subject = one_line(say("subject"))
    greeting = voice.say("greeting", name=one_line(facts.to_name))
    closing = [voice.layout("closing"), one_line(sender.advisor_name), institution]
    blocks, signed = paragraphs(say("text")), [each for each in closing if each]
    text, html = mail(voice.locale, subject, greeting, blocks, signed, [])
    sms = first_that_fits([one_line(say("sms"))])
    return RenderedMessage(subject, text, html, sms, voice.language, institution)


class _Voice:
    """The words of letters, with amounts and days as their readers write them."""

    def __init__(self, facts: AgreementFacts) -> None:
        self._words = Words(facts.language, facts.country, facts.currency)
        self.language, self.locale = self._words.language, self._words.locale
        self.money = self._words.money
        self.of_option = self._words.say

    def say(self, text: str, **facts: object) -> str:
        """Return one text about an agreement, on one line."""
        return one_line(templates(self.language, LETTERS)["agreement", text].render(facts))

    def layout(self, name: str, **facts: object) -> str:
        """Return a text that all messages share."""
        return one_line(templates(self.language)["layout", name].render(facts))

    def day(self, day: date) -> str:
        return format_date(day, "long", locale=self.locale)


def _about(option: OfferedOption) -> str:
    if option.kind == Kind.SETTLEMENT:
        return "settlement"
    return "plan" if option.parts else "schedule"


def _body(facts: AgreementFacts, voice: _Voice) -> Iterator[dict[str, Any]]:
    option = facts.option
    yield {"text": voice.say("intro", date=voice.day(facts.agreed.on))}
    yield {"heading": voice.say("agreed")}
    yield {"box": list(_what(facts, voice))}
    yield {"heading": voice.say("payments")}
    yield {"table": _payments(facts, voice)}
    if option.parts:
        yield {"text": voice.say("after_plan")}
    yield {"heading": voice.say("cost")}
    yield {"text": " ".join(_cost(option, voice))}
    yield {"heading": voice.say("missed")}
    yield {"text": " ".join(_if_missed(facts, voice))}
    yield {"heading": voice.say("rights")}
    yield {"list": list(_rights(facts.sender, voice))}
    yield {"heading": voice.say("yes")}
    yield {"list": list(_yes(facts, voice))}


def _what(facts: AgreementFacts, voice: _Voice) -> Iterator[str]:
    option = facts.option
    yield voice.of_option(
        "option",
        option.kind,
        count=len(option.parts) or len(option.payments),
        date=voice.day(option.payments[0].due_date),
        let_go=voice.money(option.let_go_minor),
    )
    if facts.overdue_minor:
        yield voice.say("was_late", amount=voice.money(facts.overdue_minor))


def _payments(facts: AgreementFacts, voice: _Voice) -> dict[str, Any]:
    """Return the table: of a plan with what of each payment is for the arrears."""
    parts = {each.due_date: each.amount_minor for each in facts.option.parts}
    columns, shown = [voice.say("day")], facts.option.payments
    if parts:
        columns.append(voice.say("late"))
        shown = facts.agreed.payments or shown
    columns.append(voice.say("all" if parts else "amount"))
    return {
        "columns": columns,
        "rows": [_row(each, parts, voice) for each in shown],
        "total": _total(shown, parts, voice),
        "right": list(range(1, len(columns))),
    }


def _row(paid: Part, parts: Mapping[date, int], voice: _Voice) -> list[str]:
    late = [voice.money(parts.get(paid.due_date, 0))] if parts else []
    return [voice.day(paid.due_date), *late, voice.money(paid.amount_minor)]


def _total(shown: tuple[Part, ...], parts: Mapping[date, int], voice: _Voice) -> list[str]:
    late = [voice.money(sum(parts.values()))] if parts else []
    return [voice.say("in_all"), *late, voice.money(sum(each.amount_minor for each in shown))]


def _cost(option: OfferedOption, voice: _Voice) -> Iterator[str]:
    yield voice.say("total", amount=voice.money(option.total_minor))
    extra = option.extra_minor
    name = "same" if not extra else "more" if extra > 0 else "less"
    yield voice.say(name, amount=voice.money(abs(extra)))
    if option.let_go_minor and option.kind != Kind.SETTLEMENT:  # which says so itself
        yield voice.say("let_go", amount=voice.money(option.let_go_minor))


def _if_missed(facts: AgreementFacts, voice: _Voice) -> Iterator[str]:
    about = _about(facts.option)
    yield voice.of_option("option_facts", f"missed_{about}")
    if about == "plan" and facts.agreed.grace_days:
        yield voice.say("grace", days=facts.agreed.grace_days)
    yield voice.say("call", phone=_phone(facts.sender))


def _rights(sender: Sender, voice: _Voice) -> Iterator[str]:
    for name in ("right_copy", "right_change", "right_data"):
        yield voice.say(name)
    if sender.debt_advice:
        yield voice.say("right_advice", who=one_line(sender.debt_advice))


def _yes(facts: AgreementFacts, voice: _Voice) -> Iterator[str]:
    agreed = facts.agreed
    for each in facts.said_yes:
        how = f"yes_code_{each.channel}" if each.channel else f"yes_{agreed.yes}"
        said = {"name": one_line(each.name), "date": voice.day(each.on)}
        yield voice.say(how, **said, proof=agreed.proof, witness=agreed.witness)
    for name in ("consented", "lost"):
        for guarantor in getattr(facts, name):
            yield voice.say(name, name=one_line(guarantor))
    if facts.approved_by:
        institution = one_line(facts.sender.name)
        yield voice.say("approved", name=one_line(facts.approved_by), institution=institution)


def _complaints(sender: Sender, voice: _Voice) -> Iterator[str]:
    overseer = one_line(sender.complaints_to) or voice.layout("overseer")
    yield voice.say("complain", phone=sender.phone, overseer=overseer)
    if sender.grievance_officer:
        yield voice.layout("grievance", grievance_officer=one_line(sender.grievance_officer))
    if sender.registration_mark:
        yield voice.layout("registration", registration_mark=one_line(sender.registration_mark))


def _phone(sender: Sender) -> str:
    return sender.advisor_phone or sender.phone

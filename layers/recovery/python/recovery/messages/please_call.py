"""The neutral word for addresses that others may see: please call."""

from __future__ import annotations

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

_SECTION = "please_call"
_GSM_TWICE = frozenset("^{}\\[~]|€")  # of the extension: each takes two places
_LONGEST_NAME, _LONGEST_PHONE = 40, 20


def render_please_call(
    language: str, borrower_name: str, advisor_name: str, advisor_phone: str
) -> RenderedMessage:
    """Ask the borrower to call, in the language of a BCP 47 tag or in English.

    It takes nothing that would tell others of a debt, not even the institution's name. The SMS has
    one part: names that do not fit are left out, the borrower's first.
    """
    used, locale = language_and_locale(language, None)
    borrower, advisor = (short_name(each, _LONGEST_NAME) for each in (borrower_name, advisor_name))
    phone = short_name(advisor_phone, _LONGEST_PHONE)

    def say(name: str, borrower: str = borrower, advisor: str = advisor) -> str:
        words = {"borrower_name": borrower, "advisor_name": advisor, "advisor_phone": phone}
        words["greeting"] = templates(used)[_SECTION, "greeting"].render(words)
        return templates(used)[_SECTION, name].render(words).strip()

    subject = one_line(say("subject"))
    closing = [line for line in (say("closing"), advisor) if line]
    footer = [one_line(say("stop"))]
    text, html = mail(locale, subject, say("greeting"), paragraphs(say("email")), closing, footer)
    named = ((borrower, advisor), ("", advisor), ("", ""))
    written = [in_gsm(one_line(say("sms", *each))) for each in named]
    sms = next((each for each in written if _fits(each)), written[-1])
    return RenderedMessage(subject, text, html, sms, used)


def _fits(sms: str) -> bool:
    """Whether it goes in one part: 160 places of the GSM alphabet, or 70 of UTF-16."""
    if GSM.issuperset(sms):
        return len(sms) + sum(each in _GSM_TWICE for each in sms) <= 160
    return len(sms.encode("utf-16-le")) <= 140

"""The neutral word for addresses that others may see: please call."""

from __future__ import annotations

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

_SECTION = "please_call"
_LONGEST_NAME, _LONGEST_PHONE = 40, 20


def render_please_call(
    language: str, borrower_name: str, advisor_name: str, advisor_phone: str
) -> RenderedMessage:
    """Ask the borrower to call, in the language of a BCP 47 tag.

    It takes nothing that would tell others of a debt, not even the institution's name. The SMS has
    one part: names that do not fit are left out, the borrower's first. Raises
    LanguageNotSupportedError.
    """
    used, locale = language_and_locale(language, None)
    borrower, advisor = (person_name(each, _LONGEST_NAME) for each in (borrower_name, advisor_name))
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
    sms = first_that_fits(one_line(say("sms", *each)) for each in named)
    return RenderedMessage(subject, text, html, sms, used)

"""The few words that answer a reply at once: they tell nobody of a debt, or whose it is."""

from __future__ import annotations

from typing import Literal

from recovery.messages.sms import in_gsm
from recovery.messages.writing import (
    RenderedMessage,
    language_and_locale,
    mail,
    one_line,
    templates,
)

AnswerKind = Literal["stopped_sms", "stopped_email", "sorry_wrong_person"]


def render_answer(kind: AnswerKind, language: str) -> RenderedMessage:
    """Write the answer in the language of a BCP 47 tag. Raises LanguageNotSupportedError."""
    used, locale = language_and_locale(language, None)
    subject, said = (one_line(templates(used)[kind, name].render()) for name in ("subject", "text"))
    text, html = mail(locale, subject, subject, [], [said], [])
    return RenderedMessage(subject, text, html, in_gsm(said), used)

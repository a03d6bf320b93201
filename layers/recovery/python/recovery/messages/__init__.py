"""Messages to borrowers: kind e-mail and SMS texts in the borrower's language."""

from recovery.messages.answering import render_answer
from recovery.messages.please_call import render_please_call
from recovery.messages.rendering import (
    KINDS,
    MessageFacts,
    MissingFactError,
    UnknownMessageKindError,
    render,
)
from recovery.messages.writing import (
    LANGUAGES,
    LanguageNotSupportedError,
    RenderedMessage,
    fingerprint,
    language_of,
    language_with_text,
)

__all__ = [
    "KINDS",
    "LANGUAGES",
    "LanguageNotSupportedError",
    "MessageFacts",
    "MissingFactError",
    "RenderedMessage",
    "UnknownMessageKindError",
    "fingerprint",
    "language_of",
    "language_with_text",
    "render",
    "render_answer",
    "render_please_call",
]

"""Messages to borrowers: kind e-mail and SMS texts in the borrower's language."""

from recovery.messages.please_call import render_please_call
from recovery.messages.rendering import (
    KINDS,
    MessageFacts,
    MissingFactError,
    UnknownMessageKindError,
    render,
)
from recovery.messages.writing import LANGUAGES, RenderedMessage

__all__ = [
    "KINDS",
    "LANGUAGES",
    "MessageFacts",
    "MissingFactError",
    "RenderedMessage",
    "UnknownMessageKindError",
    "render",
    "render_please_call",
]

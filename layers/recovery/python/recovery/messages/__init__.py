"""Messages to borrowers: kind e-mail and SMS texts in the borrower's language."""

from recovery.messages.rendering import (
    KINDS,
    LANGUAGES,
    MessageFacts,
    MissingFactError,
    RenderedMessage,
    UnknownMessageKindError,
    render,
)

__all__ = [
    "KINDS",
    "LANGUAGES",
    "MessageFacts",
    "MissingFactError",
    "RenderedMessage",
    "UnknownMessageKindError",
    "render",
]

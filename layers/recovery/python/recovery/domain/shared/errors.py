"""Errors that say what is wrong with a request and how to fix it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Code = Literal[
    "invalid",
    "missing",
    "unknown_field",
    "out_of_range",
    "duplicate",
    "not_found",
    "conflict",
    "not_allowed",
]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and how to fix it.

    ``field`` is its dotted path, outermost first; ``reason`` continues the sentence the field
    starts; ``remedy`` says what to do; ``code`` is stable, for programs.
    """

    field: str
    reason: str
    remedy: str
    code: Code = "invalid"

    def within(self, parent: str) -> Problem:
        """Return the same problem with ``parent`` prefixed to the field."""
        return replace(self, field=f"{parent}.{self.field}")

    def __str__(self) -> str:
        return f"{self.field}: {self.reason}. {self.remedy}"


class RefusedError(Exception):
    """The request cannot be carried out; ``problems`` lists everything wrong with it."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


class ConflictError(Exception):
    """The id is already in use for something else."""


class PaymentReversedError(ConflictError):
    """The id belongs to a payment that does not count there any more.

    ``is_repeat``: it was sent again as it was then.
    """

    def __init__(self, text: str, *, is_repeat: bool) -> None:
        super().__init__(text)
        self.is_repeat = is_repeat


class FactConflictError(ConflictError):
    """The loan has another fact with this id."""


class PaymentNotFoundError(Exception):
    """No payment has this id."""


class NotOnRecordError(Exception):
    """Nothing has this id; ``field`` is where it was given."""

    def __init__(self, field: str, what: str) -> None:
        super().__init__(f"there is no {what}")
        self.field = field


class SheetConflictError(ConflictError):
    """The group has another collection sheet with this id."""


class IdTakenError(ConflictError):
    """Something else has this id; ``field`` is where it was given."""

    def __init__(self, field: str, what: str) -> None:
        super().__init__(f"{what} is on record with other content")
        self.field = field


class NotAllowedError(Exception):
    """The actor may not do this; the text says who may."""

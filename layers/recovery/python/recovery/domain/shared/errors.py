"""What is wrong with what somebody sent, said so that they can put it right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Code = Literal[
    "invalid", "missing", "unknown_field", "out_of_range", "duplicate", "not_found", "conflict"
]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and what to do about it.

    ``field`` is its place, dotted from the outside in; ``reason`` reads on from the field;
    ``remedy`` says what to do; ``code`` is for programs and never changes.
    """

    field: str
    reason: str
    remedy: str
    code: Code = "invalid"

    def within(self, parent: str) -> Problem:
        """The same problem, seen from the outside: ``parent`` leads the field."""
        return replace(self, field=f"{parent}.{self.field}")

    def __str__(self) -> str:
        return f"{self.field}: {self.reason}. {self.remedy}"


class RefusedError(Exception):
    """A request that cannot be carried out, with every problem found."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


class ConflictError(Exception):
    """The id was used before for something else."""


class PaymentNotFoundError(Exception):
    """There is no payment with this id."""

"""A loan: who owes what by when, and the payments received."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from operator import add, sub
from typing import NamedTuple


class Components(NamedTuple):
    """An amount split by component, in minor units of the loan's currency."""

    principal: int = 0
    interest: int = 0
    fee: int = 0
    penalty: int = 0

    @property
    def total(self) -> int:
        return sum(self)

    def with_total(self) -> dict[str, int]:
        return {**self._asdict(), "total": self.total}

    def less(self, other: Components) -> Components:
        return Components(*map(sub, self, other))

    def plus(self, other: Components) -> Components:
        return Components(*map(add, self, other))


NOTHING = Components()


def sum_components(parts: Iterable[Components]) -> Components:
    """Add up the parts, component by component."""
    return Components(*map(sum, zip(*parts, strict=True)))


class Instalment(NamedTuple):
    """One scheduled amount; overdue from the day after its due date."""

    number: int
    due_date: date
    due: Components


@dataclass(frozen=True, slots=True)
class Payment:
    """Money received for one loan, in minor units above zero; it counts from its value date.

    ``instalment`` is the number of the instalment the payer named, if any.
    """

    payment_id: str
    value_date: date
    amount_minor: int
    instalment: int | None = None


@dataclass(frozen=True, slots=True)
class Loan:
    """The contract as it stands: parties, currency and the schedule in force.

    ``schedule`` is ordered by number and due date; only a restructuring raises
    ``schedule_version``.
    """

    loan_id: str
    institution_id: str
    portfolio: str
    borrower_id: str
    currency: str
    disbursed_on: date
    schedule: tuple[Instalment, ...]
    advisor_name: str
    advisor_phone: str | None = None
    schedule_version: int = 1

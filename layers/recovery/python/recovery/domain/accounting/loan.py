"""A loan: who owes what by when, and the payments received."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import add, sub
from typing import Literal, NamedTuple

PayerKind = Literal[
    "borrower",
    "co_borrower",
    "guarantor",
    "group_member",
    "relative",
    "insurer",
    "court",
    "other",
]
Purpose = Literal["consumer", "business", "mixed"]


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

    ``instalment`` is the number of the instalment the payer named, if any. ``payer_id`` is the
    party who paid, None for the borrower or somebody who is not a party.
    """

    payment_id: str
    value_date: date
    amount_minor: int
    instalment: int | None = None
    payer_kind: PayerKind = "borrower"
    payer_id: str | None = None


@dataclass(frozen=True, slots=True)
class LoanProfile:
    """What rules and reports ask of a loan besides its money; None: not said.

    ``purpose`` None counts as consumer. ``law`` is the country whose law the contract follows.
    """

    product: str | None = None
    branch: str | None = None
    place: str | None = None
    sector: str | None = None
    employer: str | None = None
    purpose: Purpose | None = None
    law: str | None = None


@dataclass(frozen=True, slots=True)
class Loan:
    """The contract as it stands: parties, currency and the schedule that is owed.

    ``schedule`` is what is owed once every fact is taken up, ordered by due date;
    ``first_schedule`` is the first one agreed, None if that is the same. Only a restructuring
    raises ``schedule_version``. ``core_terms`` tells whether the core banking system still has the
    schedule that it delivered last; None: the first one.
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
    first_schedule: tuple[Instalment, ...] | None = None
    annual_rate_pct: Decimal | None = None
    profile: LoanProfile = LoanProfile()
    core_terms: str | None = None

    @property
    def schedule_agreed(self) -> tuple[Instalment, ...]:
        """The first schedule, to which the facts are applied."""
        return self.schedule if self.first_schedule is None else self.first_schedule

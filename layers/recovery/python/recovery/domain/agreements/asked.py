"""The loan that somebody asks for, as dated payments that capacity is measured against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from recovery.domain.accounting.loan import Instalment
from recovery.domain.agreements.capacity import Payments
from recovery.domain.schedules.building import build_schedule
from recovery.domain.schedules.contract import frequency_of
from recovery.domain.schedules.due_dates import MONTHLY, Frequency, due_dates_after
from recovery.domain.schedules.terms import Terms

_A_YEAR = {"months": 12, "weeks": 52, "days": 365}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``payments`` from ``on``; with ``terms`` other ones can be tried, without only the instalment
    is known, which is then taken to last a year."""

    on: date
    payments: Payments
    frequency: Frequency
    terms: Terms | None = None

    @property
    def instalment_minor(self) -> int:
        """The largest instalment."""
        return max(amount_minor for _, amount_minor in self.payments)

    @property
    def dates(self) -> tuple[date, ...]:
        return tuple(day for day, _ in self.payments)


def asked_by_terms(terms: Terms) -> Asked:
    """Return what these terms ask. Raises RefusedError for terms that make no schedule."""
    return asked_by_schedule(build_schedule(terms), terms, terms.disbursed_on)


def asked_by_schedule(schedule: tuple[Instalment, ...], terms: Terms | None, on: date) -> Asked:
    """Return what a schedule asks from ``on``; other terms can be tried if they are given."""
    frequency = terms.frequency if terms else frequency_of(schedule, on)
    return Asked(on=on, payments=payments_of(schedule), frequency=frequency or MONTHLY, terms=terms)


def asked_by_instalment(instalment_minor: int, frequency: Frequency, on: date) -> Asked:
    """Return what an instalment of this size asks, over a year."""
    count = max(_A_YEAR[frequency.unit] // frequency.every, 1)
    dates = due_dates_after(on, frequency, count)
    payments = tuple((day, instalment_minor) for day in dates)
    return Asked(on=on, payments=payments, frequency=frequency)


def payments_of(schedule: tuple[Instalment, ...]) -> tuple[tuple[date, int], ...]:
    """Return what a schedule asks on each date."""
    return tuple((each.due_date, each.due.total) for each in schedule)

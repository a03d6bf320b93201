"""Portfolios with a stated mechanism behind lateness, or with none; the same at every run."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

from recovery.domain.accounting.loan import Components, Instalment, Payment
from recovery.domain.portfolio.back_test import LoanHistory
from tests.builders import months_after

DUE_MINOR = 10_000
# The borrower's chance and the number of the instalment give the days late.
Mechanism = Callable[[random.Random, int, int], int]


def by_chance(chance: random.Random, person: int, number: int) -> int:
    """Anyone may be late at any time, whatever they did before: there is nothing to find."""
    return 6 if chance.random() < 0.25 else 0


def by_habit(chance: random.Random, person: int, number: int) -> int:
    """One in four is late three times out of four, the others one time in twenty."""
    return 6 if chance.random() < (0.75 if person % 4 == 0 else 0.05) else 0


def by_drift(chance: random.Random, person: int, number: int) -> int:
    """One in four pays two thirds of a day later each time; the others within a day."""
    return 2 * number // 3 if person % 4 == 0 else chance.randint(-1, 0)


def by_season(chance: random.Random, person: int, number: int) -> int:
    """One in four is late in two months of the year; the others one time in twenty."""
    if person % 4 == 0:
        return 8 if number % 12 in (5, 6) else 0
    return 3 if chance.random() < 0.05 else 0


def histories(
    mechanism: Mechanism, people: int = 80, instalments: int = 12, seed: int = 1
) -> list[LoanHistory]:
    """One loan each, the first due dates spread over a year."""
    chance = random.Random(seed)
    found = []
    for person in range(people):
        first = months_after(date(2022, 1, 5), person % 12)
        dues = [months_after(first, number) for number in range(instalments)]
        schedule = tuple(
            Instalment(number, due, Components(DUE_MINOR)) for number, due in enumerate(dues, 1)
        )
        payments = tuple(
            Payment(
                f"P-{person}-{number}",
                due + timedelta(days=mechanism(chance, person, number)),
                DUE_MINOR,
            )
            for number, due in enumerate(dues, 1)
        )
        loan_id, borrower_id = f"L-{person}", f"B-{person}"
        paid_out = first - timedelta(days=30)
        found.append(LoanHistory(loan_id, borrower_id, paid_out, schedule, payments))
    return found

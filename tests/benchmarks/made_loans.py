"""Generates loans for benchmarks, fast and reproducibly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from recovery.domain.accounting.loan import Components, Instalment, Payment
from tests.builders import months_after

INSTALMENTS = 24
AS_OF = date(2027, 9, 15)
# From three days early to this many late, depending on the borrower.
DELAYS = [[timedelta(days) for days in range(-3, most + 1)] for most in (0, 0, 10, 75)]


class MadeLoan(NamedTuple):
    """A schedule and the payments on it up to ``AS_OF``."""

    schedule: tuple[Instalment, ...]
    payments: tuple[Payment, ...]


def made_loans(count: int, seed: int = 7) -> list[MadeLoan]:
    """Make loans of 24 monthly instalments, from recently disbursed to past their last due date.

    Borrowers pay on time, late, in part or in advance; some stop, some never start, and some
    overpay.
    """
    random = Random(seed)
    starts = [months_after(date(2025, 1, day), n) for day in range(1, 29) for n in range(34)]
    due_dates = [[months_after(start, n) for n in range(INSTALMENTS)] for start in starts]
    loans = []
    for _ in range(count):
        schedule = tuple(_instalments(random, random.choice(due_dates)))
        loans.append(MadeLoan(schedule, tuple(_payments(random, schedule))))
    return loans


def _instalments(random: Random, due_dates: list[date]) -> Iterator[Instalment]:
    principal = random.randrange(5_000, 50_000)
    interest = principal * random.randrange(5, 40) // 100
    step = interest // INSTALMENTS  # declining balance
    fee, penalty = random.choice((0, 0, 100, 250)), random.choice((0, 0, 0, 75))
    for index, due_date in enumerate(due_dates):
        due = Components(principal, interest - index * step, fee, penalty)
        yield Instalment(index + 1, due_date, due)


def _payments(random: Random, schedule: tuple[Instalment, ...]) -> Iterator[Payment]:
    reached = sum(each.due_date <= AS_OF for each in schedule)
    stops_at = random.choice((reached, reached, reached, random.randint(0, reached)))
    in_part, delays = random.choice((0.0, 0.0, 0.2, 0.6)), random.choice(DELAYS)
    paid = 0
    for number, due_date, due in schedule[:stops_at]:
        amount = sum(due)
        if random.random() < in_part:
            amount = amount * random.randrange(20, 95) // 100
        value_date = due_date + random.choice(delays)
        yield Payment(f"P-{number:02}", min(value_date, AS_OF), amount)
        paid += amount
    if random.random() < 0.05:  # pay the rest at once, or less, or more
        rest = sum(sum(each.due) for each in schedule) - paid
        amount = rest * random.randrange(20, 180) // 100
        if amount:
            yield Payment("P-99", AS_OF, amount)

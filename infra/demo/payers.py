"""How sample borrowers pay: each kind of payer turns instalments into dated payments.

Amounts are in minor units. Only the over-payer pays more in total than is owed.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

Paid = tuple[date, int]


@dataclass(frozen=True, slots=True)
class Due:
    """An instalment as the payer sees it; amounts in minor units."""

    day: date
    principal: int
    interest: int
    fee: int

    @property
    def total(self) -> int:
        return self.principal + self.interest + self.fee


def payments_of(payer: str, rng: random.Random, dues: Sequence[Due], start: date) -> Sequence[Paid]:
    """Return one loan's payments, at most one a day, past ``start`` to the end of the loan.

    Raises KeyError for a payer not in ``PAYER_WEIGHTS``.
    """
    by_day: defaultdict[date, int] = defaultdict(int)
    for day, amount in _PAYERS[payer](rng, dues, start):
        by_day[day] += amount
    return sorted(by_day.items())


def _days(number: int) -> timedelta:
    return timedelta(days=number)


def _punctual(rng: random.Random, dues: Sequence[Due], start: date) -> list[Paid]:
    return [(due.day, due.total) for due in dues]


def _early(rng: random.Random, dues: Sequence[Due], start: date) -> list[Paid]:
    return [(due.day - _days(rng.randint(1, 3)), due.total) for due in dues]


def _slightly_late(rng: random.Random, dues: Sequence[Due], start: date) -> list[Paid]:
    def lag() -> int:
        return rng.randint(3, 9) if rng.random() < 0.65 else 0

    return [(due.day + _days(lag()), due.total) for due in dues]


def _partial(rng: random.Random, dues: Sequence[Due], start: date) -> list[Paid]:
    paid: list[Paid] = []
    for due in dues:
        part = due.total * rng.choice((40, 50, 60, 70, 100)) // 100
        paid.append((due.day + _days(rng.randint(0, 2)), part))
        if part < due.total:
            paid.append((due.day + _days(rng.randint(8, 25)), due.total - part))
    return paid


def _struggling(rng: random.Random, dues: Sequence[Due], start: date) -> list[Paid]:
    trouble = dues[rng.randint(1, len(dues) // 2)].day
    back = trouble + _days(rng.randint(35, 70))
    return [(due.day if due.day < trouble else max(due.day, back), due.total) for due in dues]


def _seasonal(rng: random.Random, dues: Sequence[Due], start: date) -> list[Paid]:
    lean_from = dues[rng.randint(1, len(dues) // 2)].day
    lean_to = lean_from + _days(61)
    paid: list[Paid] = []
    skipped: list[int] = []
    for due in dues:
        if lean_from <= due.day < lean_to:
            skipped.append(due.total)
        else:
            paid.append((due.day, due.total + (skipped.pop(0) if skipped else 0)))
    first_after = max(dues[-1].day, lean_to)
    return paid + [
        (first_after + _days(30 * month), total)
        for month, total in zip(count(1), skipped, strict=False)
    ]


def _over_payer(rng: random.Random, dues: Sequence[Due], start: date) -> list[Paid]:
    return [
        (due.day + _days(rng.randint(-1, 1)), due.total + 1 + due.total * rng.randint(3, 10) // 100)
        for due in dues
    ]


def _pays_off_early(rng: random.Random, dues: Sequence[Due], start: date) -> list[Paid]:
    last = rng.randint(len(dues) // 3, len(dues) - 2)
    paid = [(due.day, due.total) for due in dues[:last]]
    return [*paid, (dues[last].day, sum(due.total for due in dues[last:]))]


def _deteriorating(rng: random.Random, dues: Sequence[Due], start: date) -> list[Paid]:
    lags = [min(number * (number + 1) // 2, 100) for number in range(len(dues))]
    return [(due.day + _days(lag), due.total) for due, lag in zip(dues, lags, strict=True)]


def _silent(rng: random.Random, dues: Sequence[Due], start: date) -> list[Paid]:
    stopped = start - _days(rng.randint(60, 120))
    last = sum(due.day <= stopped for due in dues)
    if last == 0 or rng.random() < 0.4:
        last = rng.randint(0, len(dues) // 2)
    paying = dues[: min(last, len(dues) - 2)]
    return [(due.day + _days(rng.randint(0, 2)), due.total) for due in paying]


_PAYERS: Mapping[str, Callable[[random.Random, Sequence[Due], date], list[Paid]]] = {
    "punctual": _punctual,
    "early": _early,
    "slightly_late": _slightly_late,
    "partial": _partial,
    "struggling": _struggling,
    "seasonal": _seasonal,
    "over_payer": _over_payer,
    "pays_off_early": _pays_off_early,
    "deteriorating": _deteriorating,
    "silent": _silent,
}
PAYER_WEIGHTS: Mapping[str, int] = {
    "punctual": 30,
    "early": 10,
    "slightly_late": 16,
    "partial": 9,
    "struggling": 9,
    "seasonal": 6,
    "over_payer": 4,
    "pays_off_early": 4,
    "deteriorating": 6,
    "silent": 6,
}

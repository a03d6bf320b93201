"""Works out a claim day by day from plain figures, sharing no code with ``claim.py``."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

DAY = timedelta(days=1)
RateOn = Callable[[date], Fraction | None]


@dataclass
class Owed:
    """One part: what is owed on it, and the interest of the line that runs."""

    name: str
    due_on: date
    principal: int
    interest: int
    bears_interest: int = 0
    late: int = 0
    running: Fraction = Fraction()


def recomputed(
    parts: list[tuple[str, date, int, int]],
    payments: list[tuple[date, int, str | None]],
    as_of: date,
    rate_on: RateOn,
    *,
    compounds: bool,
) -> dict[str, int]:
    """Return principal, interest and credit; a payment pays interest before principal.

    ``rate_on`` gives the percentage of a day, None for none; it must not change within a year.
    """
    owed = [Owed(*each) for each in sorted(parts, key=lambda each: (each[1], each[0]))]
    owed = [each for each in owed if each.due_on < as_of]
    credit = [0] * len(payments)
    day = min([each.due_on for each in owed] + [paid[0] for paid in payments] + [as_of])
    while day <= as_of:
        for each in owed:
            if each.due_on < day:
                _run(each, day, rate_on(day), compounds=compounds)
                ends = (day.month, day.day) == (12, 31) or day == as_of
                ends = ends or any(paid[0] == day for paid in payments)
                ends = ends or rate_on(day) != rate_on(day + DAY)
                ends = ends or (compounds and _same_day(each.due_on, day))
                if ends:
                    each.late += int(each.running + Fraction(1, 2))
                    each.running = Fraction()
                if compounds and _same_day(each.due_on, day):
                    each.bears_interest, each.late = each.bears_interest + each.late, 0
        due = [each for each in owed if each.due_on <= day]
        for index, (on, amount, name) in enumerate(payments):
            if on == day:
                credit[index] = amount
                credit[index] = _spend([e for e in due if e.name == name], credit[index])
            credit[index] = _spend(due, credit[index])
        day += DAY
    return {
        "principal": sum(each.principal for each in owed),
        "interest": sum(each.interest + each.bears_interest + each.late for each in owed),
        "credit": sum(credit),
    }


def _run(each: Owed, day: date, percent: Fraction | None, *, compounds: bool) -> None:
    if percent is not None:
        base = each.principal + (each.bears_interest if compounds else 0)
        each.running += base * percent / 100 / (366 if isleap(day.year) else 365)


def _same_day(due_on: date, day: date) -> bool:
    if day.year == due_on.year:
        return False
    if (due_on.month, due_on.day) == (2, 29) and not isleap(day.year):
        return (day.month, day.day) == (2, 28)
    return (day.month, day.day) == (due_on.month, due_on.day)


def _spend(owed: list[Owed], amount: int) -> int:
    for each in owed:
        for name in ("interest", "bears_interest", "late"):
            used = min(amount, getattr(each, name))
            setattr(each, name, getattr(each, name) - used)
            amount -= used
    for each in owed:
        used = min(amount, each.principal)
        each.principal -= used
        amount -= used
    return amount

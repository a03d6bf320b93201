"""Shorthand for tables of published figures: schedules, facts and the rows of an answer.

Dates are ISO strings; amounts are numbers as published, in one currency.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

Row = tuple[Any, ...]
COMPONENTS = ("principal", "interest", "fee", "penalty")
ORDER = ["penalty", "fee", "interest", "principal"]


def schedule(*rows: Row) -> list[dict[str, Any]]:
    """Build instalments from (due date, principal[, interest[, fee[, penalty]]])."""
    return [
        {"number": number, "due_date": day, **_amounts(zip(COMPONENTS, parts, strict=False))}
        for number, (day, *parts) in enumerate(rows, start=1)
    ]


def level(dates: str, principal: float, interest: float = 0) -> list[dict[str, Any]]:
    """Build identical instalments due on these dates."""
    return schedule(*((day, principal, interest) for day in dates.split()))


def facts(
    paid: Sequence[Row] = (),
    penalties: Sequence[Row] = (),
    fees: Sequence[Row] = (),
    charged_back: Sequence[Row] = (),
    waived: Sequence[Row] = (),
    pauses: Sequence[Row] = (),
) -> dict[str, Any]:
    """Build a loan's facts, each from (date, amount); ``paid`` rows may add a reversal date.

    Payments are numbered from 1: ``charged_back`` has (payment number, date, amount). ``waived``
    waives principal; ``pauses`` are (from, to[, resumed on]).
    """
    charged = [*(("penalty", *each) for each in penalties), *(("fee", *each) for each in fees)]
    return {
        "payments": [
            {"id": f"{n}", "value_date": day, "amount": str(amount), "reversed_on": _first(rest)}
            for n, (day, amount, *rest) in enumerate(paid, start=1)
        ],
        "charges": [
            {"on": day, "component": component, "amount": str(amount)}
            for component, day, amount in charged
        ],
        "chargebacks": [
            {"payment": f"{n}", "on": day, "amount": str(amount)} for n, day, amount in charged_back
        ],
        "waivers": [
            {"on": day, "component": "principal", "amount": str(amount)} for day, amount in waived
        ],
        "pauses": [
            {"from": start, "to": end, "resumed_on": _first(rest)} for start, end, *rest in pauses
        ],
    }


def table(*rows: Row) -> list[Row]:
    """Build expected rows: (due, paid, in advance, late, outstanding[, paid off on])."""
    return [(*map(_exact, row[:5]), _exact(row[0]) and _first(row[5:])) for row in rows]


def rows_of(answer: dict[str, Any]) -> list[Row]:
    """Return an answer's rows, as ``table``; with nothing due, the paid-off date is left out."""
    names = ("due", "paid", "paid_in_advance", "paid_late", "outstanding")
    return [
        (*(_exact(each[name]) for name in names), _exact(each["due"]) and each["paid_off_on"])
        for each in answer["instalments"]
    ]


def amounts(parts: dict[str, Any]) -> dict[str, Decimal]:
    """Return the nonzero amounts by name."""
    return {name: _exact(each) for name, each in parts.items() if _exact(each)}


def _amounts(parts: Iterable[tuple[str, float]]) -> dict[str, str]:
    return {name: str(amount) for name, amount in parts}


def _first(rest: Sequence[Any]) -> Any:
    return rest[0] if rest else None


def _exact(amount: Any) -> Decimal:
    return Decimal(str(amount))

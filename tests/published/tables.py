"""Short forms for tables of published figures: schedules, facts, and the rows of an answer.

Dates are ISO strings, amounts are numbers as published, in one currency.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

Row = tuple[Any, ...]
COMPONENTS = ("principal", "interest", "fee", "penalty")
ORDER = ["penalty", "fee", "interest", "principal"]


def schedule(*rows: Row) -> list[dict[str, Any]]:
    """Instalments from (due date, principal[, interest[, fee[, penalty]]])."""
    return [
        {"number": number, "due_date": day, **_amounts(zip(COMPONENTS, parts, strict=False))}
        for number, (day, *parts) in enumerate(rows, start=1)
    ]


def level(dates: str, principal: float, interest: float = 0) -> list[dict[str, Any]]:
    """Instalments that are all alike, due on these dates."""
    return schedule(*((day, principal, interest) for day in dates.split()))


def facts(
    paid: Sequence[Row] = (),
    penalties: Sequence[Row] = (),
    fees: Sequence[Row] = (),
    taken_back: Sequence[Row] = (),
    let_go: Sequence[Row] = (),
    pauses: Sequence[Row] = (),
) -> dict[str, Any]:
    """What happened to a loan, each as (date, amount); a payment reversed later has that date too.

    Payments are numbered from 1: ``taken_back`` has (number of the payment, date, amount).
    ``let_go`` waives principal; ``pauses`` are (from, to[, resumed on]).
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
            {"payment": f"{n}", "on": day, "amount": str(amount)} for n, day, amount in taken_back
        ],
        "waivers": [
            {"on": day, "component": "principal", "amount": str(amount)} for day, amount in let_go
        ],
        "pauses": [
            {"from": start, "to": end, "resumed_on": _first(rest)} for start, end, *rest in pauses
        ],
    }


def table(*rows: Row) -> list[Row]:
    """Expected rows: (due, paid, in advance, late, outstanding[, paid off on])."""
    return [(*map(_exact, row[:5]), _exact(row[0]) and _first(row[5:])) for row in rows]


def rows_of(answer: dict[str, Any]) -> list[Row]:
    """The same of an answer. What asks for nothing was not paid off on any day."""
    names = ("due", "paid", "paid_in_advance", "paid_late", "outstanding")
    return [
        (*(_exact(each[name]) for name in names), _exact(each["due"]) and each["paid_off_on"])
        for each in answer["instalments"]
    ]


def amounts(parts: dict[str, Any]) -> dict[str, Decimal]:
    """Amounts by name, without those that are nothing."""
    return {name: _exact(each) for name, each in parts.items() if _exact(each)}


def _amounts(parts: Iterable[tuple[str, float]]) -> dict[str, str]:
    return {name: str(amount) for name, amount in parts}


def _first(rest: Sequence[Any]) -> Any:
    return rest[0] if rest else None


def _exact(amount: Any) -> Decimal:
    return Decimal(str(amount))

"""Build what is known of a payer: how late each instalment was paid, oldest first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from recovery.domain.monitoring.pattern import Behaviour, Pattern, PatternKind
from recovery.domain.monitoring.pattern_policy import PatternPolicy
from recovery.domain.monitoring.patterns import patterns_of
from recovery.domain.monitoring.payment_lines import PaymentLine
from tests.builders import FIRST_DUE, months_after

DUE_MINOR = 10_000


def a_line(
    number: int,
    late: int | None,
    *,
    first_due: date = FIRST_DUE,
    gap_days: int | None = None,
    paid_minor: int | None = None,
    by_others: bool = False,
    loan_id: str = "L-1",
) -> PaymentLine:
    """Instalment ``number`` (from 1) paid so many days late; None: not paid off."""
    months = months_after(first_due, number - 1)
    due_date = months if gap_days is None else first_due + timedelta(days=gap_days * (number - 1))
    paid = DUE_MINOR if paid_minor is None and late is not None else paid_minor or 0
    return PaymentLine(
        due_date=due_date,
        number=number,
        due_minor=DUE_MINOR,
        paid_minor=paid,
        paid_off_on=None if late is None else due_date + timedelta(days=late),
        is_complete=late is not None,
        by_others=by_others,
        loan_id=loan_id,
    )


def a_payer(*late: int | None, as_of: date | None = None, **changes: Any) -> Behaviour:
    """Monthly instalments paid so late, seen a week before the next one, which is not paid."""
    lines = [a_line(number, days) for number, days in enumerate((*late, None), start=1)]
    on = as_of or lines[-1].due_date - timedelta(days=7)
    return Behaviour(**{"as_of": on, "lines": tuple(lines), **changes})


def kinds(behaviour: Behaviour, policy: PatternPolicy | None = None) -> set[PatternKind]:
    return {each.kind for each in found(behaviour, policy)}


def found(behaviour: Behaviour, policy: PatternPolicy | None = None) -> tuple[Pattern, ...]:
    return patterns_of(behaviour, policy or PatternPolicy())


def one(patterns: Iterable[Pattern], kind: PatternKind) -> Pattern:
    [only] = [each for each in patterns if each.kind is kind]
    return only

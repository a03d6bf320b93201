"""Late charges: fees and penalties that follow from lateness by rule.

A rule charges each instalment once, or for each day, from so many days past due on; a fixed amount,
or a percent of what is unpaid. Penalties are taken into the base only by a rule that names them:
by default nobody pays a penalty on a penalty. Paused days cost nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from recovery.domain.accounting.history import ComponentName
from recovery.domain.accounting.loan import Components
from recovery.domain.accounting.pauses import Pause, paused_days
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.domain.shared.limits import MOST_DAYS, MOST_MINOR, outside

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LateCharge:
    """One rule. Give ``amount_minor`` (fixed) or ``percent`` (of the unpaid ``of`` components).

    Nothing is charged while nothing of the ``of`` components is unpaid.

    ``per`` "instalment" charges once, on the first day from ``from_days`` past due on that is not
    paused; "day" charges each of those days. At most ``cap_minor``, and ``cap_percent`` of what the
    schedule asked for, is charged on one instalment; None is no cap.
    """

    component: Literal["fee", "penalty"] = "penalty"
    per: Literal["instalment", "day"] = "instalment"
    amount_minor: int = 0
    percent: Decimal = Decimal(0)
    of: tuple[ComponentName, ...] = ("principal", "interest")
    from_days: int = 1
    cap_minor: int | None = None
    cap_percent: Decimal | None = None

    def base_minor(self, unpaid: Components) -> int:
        """The part of what is unpaid that is charged for; without any, nothing is charged."""
        names = zip(Components._fields, unpaid, strict=True)
        return sum(part for name, part in names if name in self.of)

    def capped_minor(self, exact: int, unit: int, scheduled_minor: int) -> int:
        """``exact / unit`` rounded half to even, and no more than the caps allow."""
        charge_minor, rest = divmod(exact, unit)
        charge_minor += 2 * rest > unit or (2 * rest == unit and charge_minor % 2)
        if self.cap_minor is not None:
            charge_minor = min(charge_minor, self.cap_minor)
        if self.cap_percent is not None:
            most = int(Fraction(self.cap_percent) * scheduled_minor / 100)
            charge_minor = min(charge_minor, most)
        return charge_minor


class Lateness:
    """What lateness has cost so far, by rule and instalment: exact until it is charged."""

    def __init__(self, rules: tuple[LateCharge, ...], pauses: tuple[Pause, ...]) -> None:
        # Amounts are whole numbers of a part of a minor unit, by rule: many times faster than
        # fractions, and as exact.
        self._rules = [
            (index, rule, Fraction(rule.percent) / 100) for index, rule in enumerate(rules)
        ]
        self._pauses = pauses
        self._exact: dict[tuple[int, int], int] = {}
        # Whether what was charged yesterday changes what is charged today.
        self.compounds = any(
            other.component in rule.of and (rule.percent or other is not rule)
            for rule in rules
            for other in rules
        )

    def charges(
        self,
        number: int,
        due_date: date,
        unpaid: Components,
        scheduled_minor: int,
        first: date,
        last: date,
    ) -> Iterator[tuple[int, int]]:
        """The (component, minor units) that instalment ``number`` costs for the days from ``first``
        to ``last``, both included, while nothing was paid. Raises RefusedError when it is more than
        any loan can owe: a percent of each day's penalties soon is."""
        for index, rule, percent_fraction in self._rules:
            known = self._exact.get((index, number))
            if known is not None and rule.per == "instalment":
                continue
            start = max(first, due_date + timedelta(days=rule.from_days))
            base_minor = rule.base_minor(unpaid) if start <= last else 0
            days = self._days(start, last) if base_minor else 0
            if not days:
                continue
            before, unit = known or 0, percent_fraction.denominator
            once = rule.amount_minor * unit + percent_fraction.numerator * base_minor
            after = before + (once * days if rule.per == "day" else once)
            self._exact[index, number] = after
            in_all_minor = rule.capped_minor(after, unit, scheduled_minor)
            more_minor = in_all_minor - rule.capped_minor(before, unit, scheduled_minor)
            if in_all_minor >= MOST_MINOR:
                raise RefusedError(
                    Problem(
                        f"policy.late_charges.{index}",
                        f"charges more on instalment {number} than any loan can owe",
                        "Give it a cap, or do not name in its base what it adds to",
                    ),
                )
            if more_minor:
                yield Components._fields.index(rule.component), more_minor

    def _days(self, start: date, last: date) -> int:
        """The days from ``start`` to ``last``, both included, that no pause covers."""
        span = (last - start).days + 1
        if not self._pauses:
            return span
        return span - paused_days(self._pauses, start - _DAY, last, lambda a, b: (b - a).days)


def late_charge_problems(rules: tuple[LateCharge, ...]) -> Iterator[Problem]:
    """Why a rule makes no sense; nothing when all do."""
    for index, rule in enumerate(rules):
        field = f"late_charges.{index}"
        if (rule.amount_minor > 0) == (rule.percent > 0):
            reason = "give either amount_minor or percent, above 0"
            yield Problem(field, reason, "Keep one of the two")
        if rule.amount_minor < 0 or not 0 <= rule.percent <= 100:
            reason = "amount_minor must not be negative, percent 100 or less"
            yield Problem(field, reason, "Correct the one that is outside", "out_of_range")
        yield from outside(f"{field}.from_days", rule.from_days, 1, MOST_DAYS)
        if rule.cap_minor is not None and rule.cap_minor < 0:
            remedy = "Use 0 or more, or leave it out"
            yield Problem(f"{field}.cap_minor", "must not be negative", remedy, "out_of_range")
        if rule.cap_percent is not None and not 0 <= rule.cap_percent <= 1000:
            reason = "must be 0 or more, and 1000 or less"
            yield Problem(f"{field}.cap_percent", reason, "Use a percentage", "out_of_range")
        if rule.percent and not rule.of:
            reason = "name at least one component the percent is taken of"
            yield Problem(f"{field}.of", reason, "Name principal, for example", "missing")

"""Late charges: rule-based fees and penalties for late payment.

A rule charges each instalment once or daily, starting a given number of days past due: a fixed
amount or a percentage of what is unpaid. Penalties enter the base only if the rule names them, so
by default there is no penalty on a penalty. Paused days are not charged.
"""

from __future__ import annotations

import hashlib
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
from recovery.domain.shared.limits import MAX_DAYS, MAX_MINOR, range_problems

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LateCharge:
    """One rule. Give ``amount_minor`` (fixed) or ``percent`` (of the unpaid ``of`` components).

    Nothing is charged unless some ``of`` component is unpaid.

    ``per`` "instalment" charges once, on the first unpaused day at least ``from_days`` past due;
    "day" charges every such day. The total per instalment is capped at ``cap_minor`` and at
    ``cap_percent`` of the originally scheduled amount; None means no cap.
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
        """Return the unpaid amount this rule charges on; 0 means no charge."""
        names = zip(Components._fields, unpaid, strict=True)
        return sum(part for name, part in names if name in self.of)

    def capped_minor(self, exact: int, unit: int, scheduled_minor: int) -> int:
        """Round ``exact / unit`` half to even and apply the caps."""
        charge_minor, rest = divmod(exact, unit)
        charge_minor += 2 * rest > unit or (2 * rest == unit and charge_minor % 2)
        if self.cap_minor is not None:
            charge_minor = min(charge_minor, self.cap_minor)
        if self.cap_percent is not None:
            most = int(Fraction(self.cap_percent) * scheduled_minor / 100)
            charge_minor = min(charge_minor, most)
        return charge_minor


@dataclass(frozen=True, slots=True)
class ChargeRules:
    """The rules in force on each day: ``spans`` are ``(from date, rules)``, earliest first.

    No rule charges on a day within ``held``, however long the instalment is late by then.
    """

    spans: tuple[tuple[date, tuple[LateCharge, ...]], ...] = ()
    held: tuple[Pause, ...] = ()

    def on(self, day: date) -> tuple[LateCharge, ...]:
        """Return the rules of a day."""
        return next((rules for start, rules in reversed(self.spans) if start <= day), ())

    def unchanged_until(self, day: date) -> date:
        """Return the last day on which the rules are those of ``day``."""
        later = (start for start, _ in self.spans if start > day)
        return min(later, default=date.max) - _DAY

    def __bool__(self) -> bool:
        return any(rules for _, rules in self.spans)


NO_CHARGES = ChargeRules()


def always(rules: tuple[LateCharge, ...]) -> ChargeRules:
    """Return rules in force on every day."""
    return ChargeRules(((date.min, rules),)) if rules else NO_CHARGES


@dataclass(frozen=True, slots=True)
class Accrued:
    """Late charges up to and including ``through``: enough to go on without the facts.

    ``exact`` has, per rule and instalment, what it charged in its own fractions of a minor unit;
    ``scheduled`` the originally scheduled amounts of open instalments, where what is due differs.
    ``charged_minor`` is the total charged on the loan so far.
    """

    through: date
    charged_minor: int = 0
    exact: tuple[tuple[str, int, int], ...] = ()
    scheduled: tuple[tuple[int, int], ...] = ()


def rule_keys(rules: tuple[LateCharge, ...]) -> list[str]:
    """Return a short key for each rule, by its value; the second of two equal ones has its own."""
    return [
        hashlib.sha256(repr((rule, rules[:index].count(rule))).encode()).hexdigest()[:8]
        for index, rule in enumerate(rules)
    ]


class Lateness:
    """Late charges accrued so far by rule and instalment, kept exact until charged."""

    def __init__(self, pauses: tuple[Pause, ...]) -> None:
        self._pauses = pauses
        self._in_force: tuple[LateCharge, ...] | None = None
        self._exact: dict[tuple[str, int], int] = {}

    def resume(self, accrued: Accrued) -> None:
        """Go on from what was accrued before."""
        self._exact = {(rule, number): exact for rule, number, exact in accrued.exact}

    def exact(self, numbers: frozenset[int]) -> tuple[tuple[str, int, int], ...]:
        """Return what was charged on these instalments, per rule."""
        found = ((rule, number, each) for (rule, number), each in self._exact.items())
        return tuple(sorted(each for each in found if each[1] in numbers))

    def use(self, rules: tuple[LateCharge, ...]) -> None:
        """Charge by these rules from now on."""
        if rules == self._in_force:
            return
        self._in_force = rules
        # Each rule counts in whole fractions of a minor unit: as exact as Fraction, much faster.
        self._rules = [
            (index, key, rule, Fraction(rule.percent) / 100)
            for index, (key, rule) in enumerate(zip(rule_keys(rules), rules, strict=True))
        ]
        # Whether yesterday's charges affect today's.
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
        """Yield (component, minor units) charged on instalment ``number`` from ``first`` to
        ``last`` inclusive, days on which nothing was paid.

        Raises RefusedError when a charge exceeds the largest supported amount, as a daily
        percentage of penalties soon does.
        """
        for index, key, rule, percent_fraction in self._rules:
            known = self._exact.get((key, number))
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
            self._exact[key, number] = after
            total_minor = rule.capped_minor(after, unit, scheduled_minor)
            more_minor = total_minor - rule.capped_minor(before, unit, scheduled_minor)
            if total_minor >= MAX_MINOR:
                raise RefusedError(
                    Problem(
                        f"policy.late_charges.{index}",
                        f"charges more than the largest supported amount on instalment {number}",
                        "Add a cap, or remove the component it charges from its base",
                    ),
                )
            if more_minor:
                yield Components._fields.index(rule.component), more_minor

    def _days(self, start: date, last: date) -> int:
        """Count the unpaused days from ``start`` to ``last`` inclusive."""
        span = (last - start).days + 1
        if not self._pauses:
            return span
        return span - paused_days(self._pauses, start - _DAY, last, lambda a, b: (b - a).days)


def late_charge_problems(rules: tuple[LateCharge, ...]) -> Iterator[Problem]:
    """Yield every problem with the rules."""
    for index, rule in enumerate(rules):
        field = f"late_charges.{index}"
        if (rule.amount_minor > 0) == (rule.percent > 0):
            reason = "must have either amount_minor or percent, above 0"
            yield Problem(field, reason, "Set exactly one of the two")
        if rule.amount_minor < 0 or not 0 <= rule.percent <= 100:
            reason = "must have amount_minor of 0 or more and percent between 0 and 100"
            yield Problem(field, reason, "Correct the value out of range", "out_of_range")
        yield from range_problems(f"{field}.from_days", rule.from_days, 1, MAX_DAYS)
        if rule.cap_minor is not None and rule.cap_minor < 0:
            remedy = "Use 0 or more, or leave it out"
            yield Problem(f"{field}.cap_minor", "must not be negative", remedy, "out_of_range")
        if rule.cap_percent is not None and not 0 <= rule.cap_percent <= 1000:
            reason = "must be between 0 and 1000"
            yield Problem(f"{field}.cap_percent", reason, "Use a percentage", "out_of_range")
        if rule.percent and not rule.of:
            reason = "must name at least one component to charge the percentage on"
            yield Problem(f"{field}.of", reason, "Add a component, such as principal", "missing")

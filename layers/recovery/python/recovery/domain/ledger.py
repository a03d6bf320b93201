"""The ledger: every fact of a loan taken up in the order of its date.

This is the whole engine of allocation. ``settle`` walks through charges, chargebacks, payments and
waivers day by day, adds late charges for the days between, and says what is due and paid on every
instalment. The sum of what was paid on instalments and of the credit is the sum of the payments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby
from operator import itemgetter

from recovery.domain.history import Charge, Chargeback, Fact, History, Waiver
from recovery.domain.late_charges import LateCharge
from recovery.domain.loan import NOTHING, Components, Instalment, Payment
from recovery.domain.pauses import Pause, is_paused
from recovery.domain.payment_path import Place, component_indices, path
from recovery.domain.policy import AllocationPolicy
from recovery.domain.position import Position

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ledger:
    """A loan with all its facts: the schedule as it is owed, and what was paid on it.

    ``schedule`` has what is due after charges, chargebacks and waivers, with one instalment more if
    a charge or a chargeback came after the last due date. ``paid_in_advance`` and ``paid_late``
    are, per instalment, what was paid before and after its due date; ``waived`` what was let go.
    """

    schedule: tuple[Instalment, ...]
    position: Position
    paid_in_advance: tuple[int, ...]
    paid_late: tuple[int, ...]
    waived: Components = NOTHING


def settle(
    schedule: tuple[Instalment, ...],
    history: History,
    policy: AllocationPolicy | Callable[[date], AllocationPolicy],
    late_charges: tuple[LateCharge, ...] = (),
    as_of: date | None = None,
) -> Ledger:
    """The ledger at ``as_of`` (None: after the last fact; late charges need a date).

    With a policy by date, each payment is spread by the one of its value date: a new order does not
    change how the past was paid.
    """
    if as_of is not None:
        history = history.until(as_of)
    book = _Book(schedule, policy, late_charges, history.pauses)
    for on, facts in groupby(history.facts(), key=itemgetter(0)):
        book.charge_lateness(on - _DAY)
        for _, fact in facts:
            book.take_up(on, fact)
    if as_of is not None:
        book.charge_lateness(as_of)
    return book.ledger()


class _Book:
    """The working state of one ``settle``; lists by instalment, amounts in minor units."""

    def __init__(
        self,
        schedule: tuple[Instalment, ...],
        policy: AllocationPolicy | Callable[[date], AllocationPolicy],
        late_charges: tuple[LateCharge, ...],
        pauses: Iterable[Pause],
    ) -> None:
        self.numbers = [instalment.number for instalment in schedule]
        self.due_dates = [instalment.due_date for instalment in schedule]
        self.due = [list(instalment.due) for instalment in schedule]
        self.owed = [list(instalment.due) for instalment in schedule]
        self.paid_off_on: list[date | None] = [None] * len(schedule)
        self.in_advance = [0] * len(schedule)
        self.late = [0] * len(schedule)
        self.waived = [0, 0, 0, 0]
        self.credit_minor = 0
        self.last_value_date: date | None = None
        self.policy = policy
        self.paid_by: dict[str, list[int]] = {}
        self.lateness = _Lateness(self, late_charges, tuple(pauses)) if late_charges else None

    def take_up(self, on: date, fact: Fact) -> None:
        """One fact of this date; facts come in the order of their dates."""
        match fact:
            case Payment():
                self.last_value_date = on
                paid = self.paid_by.setdefault(fact.payment_id, [0, 0, 0, 0])
                self.credit_minor += self._spend(fact.amount_minor, on, fact.instalment, paid)
            case Charge():
                parts = {component_indices((fact.component,))[0]: fact.amount_minor}
                self.owe(self._index(fact.instalment, on), parts, on)
            case Chargeback():
                self.owe(self._index(None, on), self._taken_back(fact, on), on)
            case Waiver():
                self._waive(on, fact)

    def charge_lateness(self, through: date) -> None:
        """Late charges for the days since the last fact up to and including ``through``."""
        if self.lateness:
            self.lateness.charge(through)

    def owe(self, index: int, parts: dict[int, int], on: date) -> None:
        """So much more is due on this instalment; credit pays it at once."""
        for component, amount_minor in parts.items():
            self.due[index][component] += amount_minor
            self.owed[index][component] += amount_minor
        if any(self.owed[index]):
            self.paid_off_on[index] = None
        if self.credit_minor:
            self.credit_minor = self._spend(self.credit_minor, on, None, [0, 0, 0, 0])

    def _spend(self, left: int, on: date, instalment: int | None, paid: list[int]) -> int:
        """Pay what is owed, add up in ``paid`` what for; what remains is given back."""
        rule = self.policy(on) if callable(self.policy) else self.policy
        order = component_indices(rule.order)
        if instalment is not None:
            named = self._index(instalment, on)
            left = self._pay(((named, component) for component in order), left, on, paid)
        left = self._pay(path(self.due_dates, self._first_unpaid(), rule, on), left, on, paid)
        while left and rule.advance == "reduce_instalment":
            # Each coming instalment gets an equal share; a small one gives its rest to the others.
            coming = [index for index, owed in enumerate(self.owed) if any(owed)]
            if not coming:
                break
            for at, index in enumerate(coming):
                share = left // (len(coming) - at) or left
                places = ((index, component) for component in order)
                left -= share - self._pay(places, share, on, paid)
        return left

    def _pay(self, places: Iterable[Place], left: int, on: date, paid: list[int]) -> int:
        for index, component in places:
            if not left:
                break
            taken = min(left, self.owed[index][component])
            if not taken:
                continue
            left -= taken
            self.owed[index][component] -= taken
            paid[component] += taken
            if on < self.due_dates[index]:
                self.in_advance[index] += taken
            elif on > self.due_dates[index]:
                self.late[index] += taken
            if not any(self.owed[index]):
                self.paid_off_on[index] = on
        return left

    def _taken_back(self, fact: Chargeback, on: date) -> dict[int, int]:
        """What the payment had paid, the last paid component first; its credit as principal."""
        rule = self.policy(on) if callable(self.policy) else self.policy
        paid = self.paid_by.get(fact.payment_id, [0, 0, 0, 0])
        parts, left = dict.fromkeys(range(4), 0), fact.amount_minor
        for component in reversed(component_indices(rule.order)):
            parts[component] = min(left, paid[component])
            paid[component] -= parts[component]
            left -= parts[component]
        parts[0] += left
        return parts

    def _waive(self, on: date, fact: Waiver) -> None:
        [component] = component_indices((fact.component,))
        left = fact.amount_minor
        for index, owed in enumerate(self.owed):
            if fact.instalment is not None and self.numbers[index] != fact.instalment:
                continue
            taken = owed[component] if left is None else min(left, owed[component])
            if not taken:
                continue
            owed[component] -= taken
            self.due[index][component] -= taken
            self.waived[component] += taken
            left = None if left is None else left - taken
            if not any(owed):
                self.paid_off_on[index] = on if any(self.due[index]) else None

    def _first_unpaid(self) -> int:
        for index, owed in enumerate(self.owed):
            if any(owed):
                return index
        return len(self.owed)

    def _index(self, instalment: int | None, on: date) -> int:
        """The named instalment, else the first due on this date or later, else a new last one."""
        if instalment is not None:
            return self.numbers.index(instalment)
        for index, due_date in enumerate(self.due_dates):
            if due_date >= on:
                return index
        self.numbers.append(max(self.numbers) + 1)
        self.due_dates.append(on)
        self.due.append([0, 0, 0, 0])
        self.owed.append([0, 0, 0, 0])
        self.paid_off_on.append(None)
        self.in_advance.append(0)
        self.late.append(0)
        return len(self.numbers) - 1

    def ledger(self) -> Ledger:
        """What the book says now."""
        rows = zip(self.numbers, self.due_dates, self.due, strict=True)
        schedule = tuple(Instalment(number, on, Components(*due)) for number, on, due in rows)
        paid = tuple(
            Components(*(each - rest for each, rest in zip(due, owed, strict=True)))
            for due, owed in zip(self.due, self.owed, strict=True)
        )
        return Ledger(
            schedule,
            Position(paid, tuple(self.paid_off_on), self.credit_minor, self.last_value_date),
            tuple(self.in_advance),
            tuple(self.late),
            Components(*self.waived),
        )


class _Lateness:
    """What lateness has cost so far, by rule and instalment, exact until it is charged."""

    def __init__(
        self, book: _Book, rules: tuple[LateCharge, ...], pauses: tuple[Pause, ...]
    ) -> None:
        self.book, self.rules, self.pauses = book, rules, pauses
        self.scheduled_minor = [sum(due) for due in book.due]
        self.exact: dict[tuple[int, int], Fraction] = {}
        self.charged_through = min(book.due_dates, default=date.min)
        self.daily = any(rule.compounds for rule in rules)

    def charge(self, through: date) -> None:
        if not self.daily:
            self._charge(self.charged_through + _DAY, through)
        while self.daily and self.charged_through < through:
            day = self.charged_through + _DAY
            self._charge(day, day)
            self.charged_through = day
        self.charged_through = max(self.charged_through, through)

    def _charge(self, first: date, last: date) -> None:
        for at, rule in enumerate(self.rules):
            [component] = component_indices((rule.component,))
            for index, scheduled_minor in enumerate(self.scheduled_minor):
                base_minor = rule.base_minor(Components(*self.book.owed[index]))
                start = max(first, self.book.due_dates[index] + rule.from_days * _DAY)
                days = self._days(start, last) if base_minor else 0
                known = self.exact.get((at, index))
                if not days or (known is not None and rule.per == "instalment"):
                    continue
                before = known or Fraction(0)
                after = before + rule.exact_minor(base_minor, days)
                self.exact[at, index] = after
                more = rule.capped_minor(after, scheduled_minor) - rule.capped_minor(
                    before, scheduled_minor
                )
                if more:
                    self.book.owe(index, {component: more}, last)

    def _days(self, start: date, last: date) -> int:
        """The days from ``start`` to ``last``, both included, that no pause covers."""
        span = (last - start).days + 1
        if not self.pauses or span <= 0:
            return max(0, span)
        return sum(not is_paused(self.pauses, start + n * _DAY) for n in range(span))

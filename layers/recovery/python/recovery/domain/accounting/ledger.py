"""The ledger: every fact of a loan taken up in the order of its date.

This is the whole allocation engine. ``build_ledger`` walks through charges, chargebacks, payments,
waivers and restructurings day by day, adds late charges for the days between, and says what is due
and paid on every instalment. The sum of what was paid on instalments and of the credit is the sum
of the payments.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, groupby
from operator import itemgetter, sub

from recovery.domain.accounting.history import (
    Charge,
    Chargeback,
    Fact,
    History,
    ScheduleVersion,
    Waiver,
)
from recovery.domain.accounting.late_charges import LateCharge, Lateness
from recovery.domain.accounting.ledger_row import LedgerRow, pay, row_of
from recovery.domain.accounting.loan import NOTHING, Components, Instalment, Payment, sum_components
from recovery.domain.accounting.payment_path import component_indices, path
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.accounting.position import Position

_DAY = timedelta(days=1)
PolicyOn = AllocationPolicy | Callable[[date], AllocationPolicy]


@dataclass(frozen=True, slots=True)
class Ledger:
    """A loan with all its facts: the schedule as it is owed, and what was paid on it.

    ``schedule`` has what is due after charges, chargebacks, waivers and restructurings, with one
    instalment more if a charge or a chargeback came after the last due date. ``paid_in_advance``
    and ``paid_late`` are, per instalment, what was paid before and after its due date; ``waived``
    what was let go.
    """

    schedule: tuple[Instalment, ...]
    position: Position
    paid_in_advance: tuple[int, ...]
    paid_late: tuple[int, ...]
    waived: Components = NOTHING


def build_ledger(
    schedule: tuple[Instalment, ...],
    history: History,
    policy: PolicyOn,
    late_charges: tuple[LateCharge, ...] = (),
    as_of: date | None = None,
) -> Ledger:
    """The ledger at ``as_of`` (None: after the last fact; late charges need a date).

    With a policy by date, each payment is spread by the one of its value date: a new order does not
    change how the past was paid.
    """
    history = history.until(as_of or date.max)
    builder = _LedgerBuilder(schedule, policy, late_charges, history)
    for on, facts in groupby(history.facts(), key=itemgetter(0)):
        builder.charge_lateness(on - _DAY)
        for _, fact in facts:
            builder.take_up(on, fact)
    if as_of is not None:
        builder.charge_lateness(as_of)
    return builder.ledger()


class _LedgerBuilder:
    """The working state of one ``build_ledger``."""

    def __init__(
        self,
        schedule: tuple[Instalment, ...],
        policy: PolicyOn,
        late_charges: tuple[LateCharge, ...],
        history: History,
    ) -> None:
        self._take_rows(schedule)
        self.policy = policy
        self.credit_minor = 0
        self.paid_in_minor = 0
        self.last_value_date: date | None = None
        self.waived = [0, 0, 0, 0]
        self.paid_by: dict[str, list[int]] = {}
        self.lateness = Lateness(late_charges, history.pauses) if late_charges else None
        self.late_through = min((row.due_date for row in self.rows), default=date.min)
        versions = (each.instalments for each in history.versions)
        self.last_number = max((each.number for each in chain(schedule, *versions)), default=0)

    def _take_rows(self, schedule: tuple[Instalment, ...]) -> None:
        self.rows = [row_of(instalment) for instalment in schedule]
        self.due_dates = [row.due_date for row in self.rows]
        self.unpaid_from = 0  # nothing is owed before this index

    def take_up(self, on: date, fact: Fact) -> None:
        """One fact of this date; facts come in the order of their dates."""
        match fact:
            case Payment():
                self.last_value_date = on
                self.paid_in_minor += fact.amount_minor
                paid = self.paid_by.setdefault(fact.payment_id, [0, 0, 0, 0])
                self.credit_minor += self._spend(fact.amount_minor, on, fact.instalment, paid)
            case Charge():
                [component] = component_indices((fact.component,))
                row = self._named(fact.instalment) or self._row_on(on)
                self._owe(row, {component: fact.amount_minor}, on)
            case Chargeback():
                self._owe(self._row_on(on), self._taken_back(fact, on), on)
            case Waiver():
                self.charge_lateness(on)  # what this day costs can be let go, too
                self._waive(on, fact)
            case ScheduleVersion():
                self.charge_lateness(on)  # what this day costs is in the new instalments already
                self._replace_schedule(on, fact)

    def charge_lateness(self, through: date) -> None:
        """Late charges for the days since the last fact up to and including ``through``."""
        while self.lateness and self.late_through < through:
            first = self.late_through + _DAY
            last = first if self.lateness.compounds else through
            for row in self.rows[self._first_unpaid() :]:
                if row.due_date >= last:
                    break
                if not any(row.unpaid):
                    continue
                unpaid, known = Components(*row.unpaid), (row.number, row.due_date)
                for component, charge_minor in self.lateness.charges(
                    *known, unpaid, row.scheduled_minor, first, last
                ):
                    self._owe(row, {component: charge_minor}, last)
            self.late_through = last

    def ledger(self) -> Ledger:
        """The ledger as it stands now."""
        rows = self.rows
        allocated_minor = sum(sum(row.due) - sum(row.unpaid) for row in rows)
        assert self.paid_in_minor == allocated_minor + self.credit_minor, "money lost or created"
        position = Position(
            tuple(Components(*row.due).less(Components(*row.unpaid)) for row in rows),
            tuple(row.paid_off_on for row in rows),
            self.credit_minor,
            self.last_value_date,
        )
        return Ledger(
            tuple(Instalment(row.number, row.due_date, Components(*row.due)) for row in rows),
            position,
            tuple(row.in_advance for row in rows),
            tuple(row.late for row in rows),
            Components(*self.waived),
        )

    def _rule(self, on: date) -> AllocationPolicy:
        return self.policy(on) if callable(self.policy) else self.policy

    def _owe(self, row: LedgerRow, parts: dict[int, int], on: date) -> None:
        """So much more is due on this instalment; credit pays it at once."""
        for component, amount_minor in parts.items():
            row.due[component] += amount_minor
            row.unpaid[component] += amount_minor
        if any(row.unpaid):
            row.paid_off_on = None
            self.unpaid_from = min(self.unpaid_from, bisect_left(self.due_dates, row.due_date))
        self._spend_credit(on)

    def _spend_credit(self, on: date) -> None:
        if self.credit_minor:
            self.credit_minor = self._spend(self.credit_minor, on, None, [0, 0, 0, 0])

    def _spend(self, left: int, on: date, instalment: int | None, paid: list[int]) -> int:
        """Pay what is owed, add up in ``paid`` what for; what remains is given back."""
        rule = self._rule(on)
        order = component_indices(rule.order)
        if named := self._named(instalment):
            left = pay(((named, component) for component in order), left, on, paid)
        first = self._first_unpaid()
        steps = path(self.due_dates, first, rule, on)
        places = ((self.rows[index], component) for index, component in steps)
        left = pay(places, left, on, paid)
        while left and rule.prepayment == "reduce_instalment":
            # Each coming instalment gets an equal share; a small one gives its rest to the others.
            coming = [row for row in self.rows[first:] if any(row.unpaid)]
            if not coming:
                break
            for index, row in enumerate(coming):
                share = left // (len(coming) - index) or left
                left -= share - pay(((row, component) for component in order), share, on, paid)
        return left

    def _first_unpaid(self) -> int:
        while self.unpaid_from < len(self.rows) and not any(self.rows[self.unpaid_from].unpaid):
            self.unpaid_from += 1
        return self.unpaid_from

    def _taken_back(self, fact: Chargeback, on: date) -> dict[int, int]:
        """What the payment had paid, the last paid component first; its credit as principal."""
        paid = self.paid_by.setdefault(fact.payment_id, [0, 0, 0, 0])
        parts, left = {}, fact.amount_minor
        for component in reversed(component_indices(self._rule(on).order)):
            parts[component] = min(left, paid[component])
            paid[component] -= parts[component]
            left -= parts[component]
        return parts | {0: parts[0] + left}

    def _waive(self, on: date, fact: Waiver) -> None:
        [component] = component_indices((fact.component,))
        rows = [
            row
            for row in self.rows[self._first_unpaid() :]
            if fact.instalment in (None, row.number)
        ]
        all_minor = sum(row.unpaid[component] for row in rows)
        amount_minor = all_minor if fact.amount_minor is None else fact.amount_minor
        self.waived[component] += self._let_go(on, component, amount_minor, rows)

    def _let_go(self, on: date, component: int, amount_minor: int, rows: list[LedgerRow]) -> int:
        """So much less is due of what is unpaid, the oldest first; how much that was."""
        left = amount_minor
        for row in rows:
            taken = min(left, row.unpaid[component])
            if not taken:
                continue
            left -= taken
            row.unpaid[component] -= taken
            row.due[component] -= taken
            if not any(row.unpaid):
                row.paid_off_on = on if any(row.due) else None
        return amount_minor - left

    def _replace_schedule(self, on: date, fact: ScheduleVersion) -> None:
        """The new version takes over: what was paid on an instalment stays there as far as it still
        asks for it; the rest is credit, and pays what is owed now."""
        before = {row.number: row for row in self.rows}
        due_now = sum_components(Components(*row.due) for row in self.rows)
        freed = sum(sum(row.due) - sum(row.unpaid) for row in self.rows)
        self._take_rows(fact.instalments)
        for row in self.rows:
            old = before.get(row.number)
            if old is None:
                continue
            paid = [min(*each) for each in zip(row.due, map(sub, old.due, old.unpaid), strict=True)]
            row.unpaid = [*map(sub, row.due, paid)]
            freed -= sum(paid)
            row.in_advance = min(old.in_advance, sum(paid))
            row.late = min(old.late, sum(paid) - row.in_advance)
            row.scheduled_minor = old.scheduled_minor
            if any(row.due) and not any(row.unpaid):
                row.paid_off_on = old.paid_off_on or on
        self.credit_minor += freed
        self._carry_over(on, fact, due_now)
        self._spend_credit(on)
        self.late_through = min(self.late_through, on)  # the first may now be due earlier

    def _carry_over(self, on: date, fact: ScheduleVersion, due_now: Components) -> None:
        """What became known of earlier days since the version was made is owed on, or let go."""
        more = list(due_now.less(fact.due_before)) if fact.due_before else [0, 0, 0, 0]
        for component, waived_minor in enumerate(fact.waived):
            # What was let go of before cannot be let go of again with the version.
            twice_minor = min(waived_minor, max(0, -more[component]))
            more[component] += twice_minor
            self.waived[component] += waived_minor - twice_minor
        for component, more_minor in enumerate(_netted(more)):
            if more_minor > 0:
                self._owe(self._row_on(on), {component: more_minor}, on)
            left = max(0, -more_minor)
            for other in (component, 3, 2, 1, 0):  # it may have become another component
                left -= self._let_go(on, other, left, self.rows)
            for row in reversed(self.rows):  # nothing is unpaid: too much was paid
                given_back = row.give_back(left)
                self.credit_minor += given_back
                left -= given_back

    def _named(self, instalment: int | None) -> LedgerRow | None:
        """The instalment of this number; None if none was named or a restructuring ended it."""
        return next((row for row in self.rows if row.number == instalment), None)

    def _row_on(self, on: date) -> LedgerRow:
        """The first instalment due on this date or later, else a new last one, due on this date."""
        index = bisect_left(self.due_dates, on)
        if index < len(self.rows):
            return self.rows[index]
        self.last_number += 1  # never one that a later version uses for another instalment
        self.rows.append(row_of(Instalment(self.last_number, on, NOTHING)))
        self.due_dates.append(on)
        return self.rows[-1]


def _netted(more: list[int]) -> list[int]:
    """A change of each component, without what only went from one component to another."""
    netted = list(more)
    for less in range(4):
        for gains in range(4):
            moved = min(max(0, -netted[less]), max(0, netted[gains]))
            netted[less] += moved
            netted[gains] -= moved
    return netted

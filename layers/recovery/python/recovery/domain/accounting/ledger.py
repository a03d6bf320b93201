"""The ledger: every fact of a loan, applied in date order.

``build_ledger`` is the allocation engine. It applies charges, chargebacks, payments, waivers,
restructurings and write-offs day by day, adds late charges for the days between, and computes what
is due and paid on every instalment. Amounts paid on instalments, recovered after a write-off and
kept as credit always equal the payments.
"""

from __future__ import annotations

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
    WriteOff,
)
from recovery.domain.accounting.late_charges import (
    NO_CHARGES,
    Accrued,
    ChargeRules,
    LateCharge,
    Lateness,
    always,
)
from recovery.domain.accounting.ledger_rows import LedgerRow, LedgerRows, pay, reduce_unpaid
from recovery.domain.accounting.loan import NOTHING, Components, Instalment, Payment, sum_components
from recovery.domain.accounting.pauses import Pause
from recovery.domain.accounting.payment_path import component_indices, path
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.accounting.position import Position
from recovery.domain.accounting.write_off import Loss, LossClass

_DAY = timedelta(days=1)
PolicyOn = AllocationPolicy | Callable[[date], AllocationPolicy]


@dataclass(frozen=True, slots=True)
class Ledger:
    """What is owed and paid on a loan once all its facts are applied.

    ``schedule`` shows what is due after charges, chargebacks, waivers and restructurings, with an
    extra instalment if a charge or chargeback came after the last due date. ``paid_in_advance`` and
    ``paid_late`` are, per instalment, the amounts paid before and after its due date.
    """

    schedule: tuple[Instalment, ...]
    position: Position
    paid_in_advance: tuple[int, ...]
    paid_late: tuple[int, ...]
    waived: Components = NOTHING
    loss: Loss | None = None
    accrued: Accrued | None = None


def build_ledger(
    schedule: tuple[Instalment, ...],
    history: History,
    policy: PolicyOn,
    late_charges: ChargeRules | tuple[LateCharge, ...] = NO_CHARGES,
    as_of: date | None = None,
) -> Ledger:
    """Build the ledger at ``as_of`` (None: after the last fact; late charges need a date).

    A dated policy is looked up by each payment's value date, so a new allocation order leaves past
    payments as they were allocated.
    """
    history = history.until(as_of or date.max)
    rules = late_charges if isinstance(late_charges, ChargeRules) else always(late_charges)
    builder = _LedgerBuilder(schedule, policy, rules, history)
    for on, facts in groupby(history.facts(), key=itemgetter(0)):
        builder.charge_lateness(on - _DAY)
        for _, fact in facts:
            builder.apply(on, fact)
    if as_of is not None:
        builder.charge_lateness(as_of)
    return builder.ledger()


def accrue(
    schedule: tuple[Instalment, ...],
    position: Position,
    accrued: Accrued | None,
    rules: ChargeRules,
    pauses: tuple[Pause, ...],
    as_of: date,
) -> tuple[tuple[Instalment, ...], Accrued | None]:
    """Add the late charges of the days without facts, and return what is owed by ``as_of``.

    ``schedule`` and ``position`` are those of the ledger after the last fact, with what was accrued
    then. Gives what ``build_ledger`` gives with all facts.
    """
    if not rules:
        return schedule, accrued
    builder = _LedgerBuilder(schedule, AllocationPolicy(), rules, History(pauses=pauses))
    builder.go_on(position, accrued)
    builder.charge_lateness(as_of)
    return builder.schedule(), builder.accrued()


class _LedgerBuilder:
    """The working state of one ``build_ledger``."""

    def __init__(
        self,
        schedule: tuple[Instalment, ...],
        policy: PolicyOn,
        rules: ChargeRules,
        history: History,
    ) -> None:
        self.rows = LedgerRows(schedule)
        self.policy = policy
        self.credit_minor = 0
        self.paid_in_minor = 0
        self.last_value_date: date | None = None
        self.waived = [0, 0, 0, 0]
        self.paid_by: dict[str, list[int]] = {}
        self.lost = [0, 0, 0, 0]
        self.recovered = [0, 0, 0, 0]
        self.recovered_by: dict[str, int] = {}
        self.written_off_on: date | None = None
        self.loss_class = LossClass.CREDIT
        self.rules = rules
        self.lateness = Lateness((*history.pauses, *rules.held)) if rules else None
        self.late_charged_minor = 0
        self.late_through = min((row.due_date for row in self.rows), default=date.min)
        versions = (each.instalments for each in history.versions)
        self.last_number = max((each.number for each in chain(schedule, *versions)), default=0)

    def apply(self, on: date, fact: Fact) -> None:
        """Apply one fact; facts must come in date order."""
        match fact:
            case Payment():
                self.last_value_date = on
                self.paid_in_minor += fact.amount_minor
                paid = self.paid_by.setdefault(fact.payment_id, [0, 0, 0, 0])
                left = self._spend(fact.amount_minor, on, fact.instalment, paid)
                self.recovered_by[fact.payment_id] = self._recover(left, on)
                self.credit_minor += left - self.recovered_by[fact.payment_id]
            case Charge():
                [component] = component_indices((fact.component,))
                row = self.rows.numbered(fact.instalment) or self._row_on(on)
                self._owe(row, {component: fact.amount_minor}, on)
            case Chargeback():
                self._owe(self._row_on(on), self._charged_back(fact, on), on)
            case WriteOff():
                self.charge_lateness(on)  # what is charged that day is given up too
                self._write_off(on, fact)
            case Waiver():
                self.charge_lateness(on)  # so this day's charges can be waived too
                self._waive(on, fact)
            case ScheduleVersion():
                self.charge_lateness(on)  # the new instalments already include this day's charges
                self._replace_schedule(on, fact)

    def charge_lateness(self, through: date) -> None:
        """Add late charges for the days since the last fact, up to and including ``through``."""
        while self.lateness and self.late_through < through:
            first = self.late_through + _DAY
            self.lateness.use(self.rules.on(first))
            last = first if self.lateness.compounds else through
            last = min(last, self.rules.unchanged_until(first))
            for row in self.rows.unpaid():
                if row.due_date >= last:
                    break
                unpaid, known = Components(*row.unpaid), (row.number, row.due_date)
                for component, charge_minor in self.lateness.charges(
                    *known, unpaid, row.scheduled_minor, first, last
                ):
                    self.late_charged_minor += charge_minor
                    self._owe(row, {component: charge_minor}, last)
            self.late_through = last

    def go_on(self, position: Position, accrued: Accrued | None) -> None:
        """Start from what was owed, paid and accrued before."""
        for row, paid in zip(self.rows, position.paid, strict=True):
            row.unpaid = [*map(sub, row.due, paid)]
        if accrued and self.lateness:
            self.lateness.resume(accrued)
            self.late_through = accrued.through
            self.late_charged_minor = accrued.charged_minor
            scheduled = dict(accrued.scheduled)
            for row in self.rows:
                row.scheduled_minor = scheduled.get(row.number, row.scheduled_minor)

    def accrued(self) -> Accrued | None:
        """Return what later days need to go on with late charges; None without rules."""
        if self.lateness is None:
            return None
        open_rows = list(self.rows.unpaid())
        return Accrued(
            self.late_through,
            self.late_charged_minor,
            self.lateness.exact(frozenset(row.number for row in open_rows)),
            tuple(
                (row.number, row.scheduled_minor)
                for row in open_rows
                if row.scheduled_minor != sum(row.due)
            ),
        )

    def schedule(self) -> tuple[Instalment, ...]:
        """Return what is due on each instalment."""
        return tuple(
            Instalment(row.number, row.due_date, Components(*row.due)) for row in self.rows
        )

    def ledger(self) -> Ledger:
        """Return the ledger as it stands."""
        rows = self.rows
        allocated_minor = sum(sum(row.due) - sum(row.unpaid) for row in rows)
        kept_minor = self.credit_minor + sum(self.recovered)
        assert self.paid_in_minor == allocated_minor + kept_minor, "money lost or created"
        position = Position(
            tuple(Components(*row.due).less(Components(*row.unpaid)) for row in rows),
            tuple(row.paid_off_on for row in rows),
            self.credit_minor,
            self.last_value_date,
        )
        return Ledger(
            self.schedule(),
            position,
            tuple(row.in_advance for row in rows),
            tuple(row.late for row in rows),
            Components(*self.waived),
            self._loss(),
            self.accrued(),
        )

    def _loss(self) -> Loss | None:
        if self.written_off_on is None and not any(self.lost):
            return None
        lost, recovered = Components(*self.lost), Components(*self.recovered)
        return Loss(self.written_off_on, lost, recovered, self.loss_class)

    def _rule(self, on: date) -> AllocationPolicy:
        return self.policy(on) if callable(self.policy) else self.policy

    def _owe(self, row: LedgerRow, parts: dict[int, int], on: date) -> None:
        """Add to what is due on this instalment, or to the loss of a loan written off; any credit
        pays it at once."""
        if self.written_off_on is None:
            self.rows.owe(row, parts)
        else:
            for component, amount_minor in parts.items():
                self.lost[component] += amount_minor
        self._spend_credit(on)

    def _spend_credit(self, on: date) -> None:
        if self.credit_minor:
            left = self._spend(self.credit_minor, on, None, [0, 0, 0, 0])
            self.credit_minor = left - self._recover(left, on)

    def _recover(self, left: int, on: date) -> int:
        """Recover up to ``left`` of what was written off, and return how much."""
        recovered_minor = 0
        for component in component_indices(self._rule(on).order) if any(self.lost) else ():
            open_minor = self.lost[component] - self.recovered[component]
            taken = min(left - recovered_minor, open_minor)
            self.recovered[component] += taken
            recovered_minor += taken
        return recovered_minor

    def _write_off(self, on: date, fact: WriteOff) -> None:
        """Move what is unpaid, from the last instalment on, to the loss."""
        if fact.loss_class is LossClass.FRAUD:
            self.loss_class = fact.loss_class
        unpaid_minor = sum(sum(row.unpaid) for row in self.rows)
        left = unpaid_minor if fact.amount_minor is None else fact.amount_minor
        if left >= unpaid_minor:
            self.written_off_on = self.written_off_on or on
        for row in reversed(list(self.rows.unpaid())):
            for component in (3, 2, 1, 0):
                taken = reduce_unpaid([row], component, left, on)
                self.lost[component] += taken
                left -= taken

    def _spend(self, left: int, on: date, instalment: int | None, paid: list[int]) -> int:
        """Pay what is owed, add it to ``paid`` by component, and return what is left over."""
        rule = self._rule(on)
        order = component_indices(rule.order)
        if named := self.rows.numbered(instalment):
            left = pay(((named, component) for component in order), left, on, paid)
        steps = path(self.rows.due_dates, self.rows.first_unpaid(), rule, on)
        places = ((self.rows[index], component) for index, component in steps)
        left = pay(places, left, on, paid)
        while left and rule.prepayment == "reduce_instalment":
            # Each coming instalment gets an equal share; what one cannot take goes to the others.
            coming = list(self.rows.unpaid())
            if not coming:
                break
            for index, row in enumerate(coming):
                share = left // (len(coming) - index) or left
                left -= share - pay(((row, component) for component in order), share, on, paid)
        return left

    def _charged_back(self, fact: Chargeback, on: date) -> dict[int, int]:
        """Split a chargeback over what the payment had paid, in reverse allocation order.

        What the payment left as credit is owed as principal.
        """
        paid = self.paid_by.setdefault(fact.payment_id, [0, 0, 0, 0])
        again = min(fact.amount_minor, self.recovered_by.get(fact.payment_id, 0))
        if again:  # what it recovered is a loss again
            self.recovered_by[fact.payment_id] -= again
            self.lost[0] += again
        parts, left = {}, fact.amount_minor - again
        for component in reversed(component_indices(self._rule(on).order)):
            parts[component] = min(left, paid[component])
            paid[component] -= parts[component]
            left -= parts[component]
        return parts | {0: parts[0] + left}

    def _waive(self, on: date, fact: Waiver) -> None:
        [component] = component_indices((fact.component,))
        rows = [row for row in self.rows.unpaid() if fact.instalment in (None, row.number)]
        all_minor = sum(row.unpaid[component] for row in rows)
        amount_minor = all_minor if fact.amount_minor is None else fact.amount_minor
        self.waived[component] += reduce_unpaid(rows, component, amount_minor, on)

    def _replace_schedule(self, on: date, fact: ScheduleVersion) -> None:
        """Switch to the new version.

        Payments stay on their instalment up to its new amount; the rest becomes credit and pays
        what is owed now.
        """
        before = {row.number: row for row in self.rows}
        due_now = sum_components(Components(*row.due) for row in self.rows)
        freed = sum(sum(row.due) - sum(row.unpaid) for row in self.rows)
        self.rows = LedgerRows(fact.instalments)
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
        """Carry forward back-dated facts learned after this version was made."""
        more = list(due_now.less(fact.due_before)) if fact.due_before else [0, 0, 0, 0]
        for component, waived_minor in enumerate(fact.waived):
            # The version cannot waive again what a back-dated fact already waived.
            repeated_minor = min(waived_minor, max(0, -more[component]))
            more[component] += repeated_minor
            self.waived[component] += waived_minor - repeated_minor
        for component, more_minor in enumerate(_netted(more)):
            if more_minor > 0:
                self._owe(self._row_on(on), {component: more_minor}, on)
            left = max(0, -more_minor)
            for other in (component, 3, 2, 1, 0):  # the restructuring may have changed components
                left -= reduce_unpaid(self.rows, other, left, on)
            for row in reversed(list(self.rows)):  # nothing left unpaid, so the loan was overpaid
                released = row.release_paid(left)
                self.credit_minor += released
                left -= released

    def _row_on(self, on: date) -> LedgerRow:
        """Return the first row due on or after this date, or a new one due that day."""
        row = self.rows.due_from(on, self.last_number + 1)
        self.last_number = max(self.last_number, row.number)  # never a later version's number
        return row


def _netted(more: list[int]) -> list[int]:
    """Cancel out amounts that only moved from one component to another."""
    netted = list(more)
    for less in range(4):
        for gains in range(4):
            moved = min(max(0, -netted[less]), max(0, netted[gains]))
            netted[less] += moved
            netted[gains] -= moved
    return netted

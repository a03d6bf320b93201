"""What is searched for a borrower in difficulty, and the loan that it is tried on.

Each option is looked for in its mildest form that fits: the fewest parts, the shortest extension.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal

from recovery.domain.accounting.agreed import Part
from recovery.domain.accounting.history import ComponentName
from recovery.domain.accounting.ledger import Ledger
from recovery.domain.accounting.loan import Instalment
from recovery.domain.agreements.capacity import Capacity, Payments, Shortage, shortage
from recovery.domain.agreements.household import NO_MONTHS, Months
from recovery.domain.agreements.option_kinds import Difficulty, Kind
from recovery.domain.agreements.policy import OptionsPolicy
from recovery.domain.agreements.present_value import (
    effective_rate_fraction,
    present_value,
    unpaid_flows,
)
from recovery.domain.agreements.restructuring import Action, eased_ledger, new_instalments
from recovery.domain.monitoring.evaluation import Evaluation, EvaluationRules, evaluate
from recovery.domain.schedules.contract import Contract, LoanAccount, contract_in_force
from recovery.domain.schedules.due_dates import MONTHLY, Frequency, step
from recovery.domain.shared.errors import RefusedError

Waive = tuple[ComponentName, ...]
MissCode = Literal[
    "nothing_overdue",
    "nothing_ahead",
    "above_capacity",
    "not_possible",
    "no_lower_rate",
    "nothing_to_waive",
    "no_authority",
    "no_lump_sum",
    "not_needed",
    "costs_more",
    "same_payments",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One loan whose borrower cannot pay as agreed, in minor units.

    ``own``: instalments on the borrower's other loans with us. ``due_day``: the day of the month
    that suits their income. ``lump_sum_minor``: what they can pay at once. ``starts_on``: nothing
    new is asked for before this day.
    """

    account: LoanAccount
    rules: EvaluationRules
    on: date
    reason: Difficulty
    capacity: Capacity
    policy: OptionsPolicy = field(default_factory=OptionsPolicy)
    own: Months = NO_MONTHS
    due_day: int | None = None
    lump_sum_minor: int = 0
    starts_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One way that fits. Without an ``action`` the schedule stays: a plan's ``parts``, or a
    settlement, which lets go of ``let_go_minor``."""

    kind: Kind
    payments: Payments
    action: Action | None = None
    waive: Waive = ()
    parts: tuple[Part, ...] = ()
    let_go_minor: int = 0

    @property
    def total_minor(self) -> int:
        """All that the borrower pays from now on."""
        return sum(amount_minor for _, amount_minor in self.payments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """Why there is no such option: ``short`` by how much the mildest form does not fit; ``detail``
    is what the schedule engine refused."""

    kind: Kind
    code: MissCode
    short: Shortage | None = None
    detail: str = ""


class Search:
    """The loan as it is, evaluated once, and every way tried on it."""

    def __init__(self, trouble: Trouble) -> None:
        self.trouble = trouble
        account, on = trouble.account, trouble.on
        self.before: Evaluation = evaluate(account.schedule, account.history, trouble.rules, on)
        self.ledger: Ledger = self.before.ledger
        self.contract: Contract = contract_in_force(account.contract, account.history.versions)
        paid = zip(self.ledger.schedule, self.ledger.position.paid, strict=True)
        rows = [(each, each.due.total - part.total) for each, part in paid]
        self.open: list[tuple[Instalment, int]] = [row for row in rows if row[1] > 0]
        self.ahead = [each for each, _ in self.open if each.due_date >= on]
        self.overdue_minor = sum(minor for each, minor in self.open if each.due_date < on)
        self.outstanding_minor = sum(minor for _, minor in self.open)
        self.frequency: Frequency = self.contract.frequency or MONTHLY

    @cached_property
    def rate_fraction(self) -> Decimal:
        """The effective annual rate at which the institution values payments."""
        account = self.trouble.account
        return effective_rate_fraction(account.schedule, account.contract)

    @cached_property
    def value_minor(self) -> int:
        """What the payments as agreed are worth to the institution."""
        flows = unpaid_flows(self.ledger)
        return round(present_value(flows, self.trouble.on, self.rate_fraction))

    @property
    def next_date(self) -> date:
        """The next due date, or where all are past the step after the last or after today."""
        if self.ahead:
            return self.ahead[0].due_date
        on = self.trouble.on
        last = max(each.due_date for each, _ in self.open)
        following = step(last, self.frequency, 1)
        return following if following >= on else step(on, self.frequency, 1)

    def first_date(self) -> date | None:
        """The first date from the next one on in whose month anything can be paid, and not before
        the day that was asked for."""
        usable = self.trouble.capacity.usable(self.trouble.own)
        earliest = self.trouble.starts_on or self.next_date
        for periods in range(self.trouble.policy.most_periods_off + 1):
            day = step(self.next_date, self.frequency, periods)
            if usable[day.month - 1] and day >= earliest:
                return day
        return None

    def short(self, payments: Payments) -> Shortage | None:
        """By how much these payments do not fit; None if they do."""
        return shortage(self.trouble.capacity, payments, self.trouble.on, self.trouble.own)

    def try_action(self, kind: Kind, action: Action, waive: Waive = ()) -> Candidate:
        """Return what an action would make of the loan. Raises RefusedError."""
        on, ledger = self.trouble.on, self.ledger
        if waive:
            ledger = eased_ledger(self.trouble.account, self.trouble.rules, on, waive)
        built = new_instalments(ledger, self.contract, action, on)
        rows = zip(ledger.schedule, ledger.position.paid, strict=True)
        paid = {each.number: part.total for each, part in rows}
        payments = ((e.due_date, e.due.total - paid.get(e.number, 0)) for e in built)
        return Candidate(
            kind=kind,
            payments=in_order(payments, on),
            action=action,
            waive=waive,
            let_go_minor=ledger.waived.less(self.ledger.waived).total,
        )

    def mildest(
        self, kind: Kind, at_least: int, at_most: int, make: Callable[[int], Candidate]
    ) -> Candidate | Miss:
        """Return the candidate of the smallest number that fits, where a larger one asks less."""
        if at_most < at_least:
            return Miss(kind=kind, code="not_possible", detail="the policy leaves no room")
        try:
            if short := self.short(make(at_most).payments):
                return Miss(kind=kind, code="above_capacity", short=short)
            fits = at_most
            while at_least < fits:
                middle = (at_least + fits) // 2
                if self.short(make(middle).payments):
                    at_least = middle + 1
                else:
                    fits = middle
            return make(fits)
        except RefusedError as error:
            return refused(kind, error)

    def first_fit(
        self, kind: Kind, numbers: Iterable[int], make: Callable[[int], Candidate]
    ) -> Candidate | Miss:
        """Return the first candidate that fits, or why the last does not."""
        miss = Miss(kind=kind, code="not_possible", detail="the policy leaves no room")
        for number in numbers:
            try:
                candidate = make(number)
            except RefusedError as error:
                miss = refused(kind, error)
                continue
            short = self.short(candidate.payments)
            if short is None:
                return candidate
            miss = Miss(kind=kind, code="above_capacity", short=short)
        return miss


def in_order(payments: Iterable[tuple[date, int]], on: date) -> Payments:
    """Add up what falls on one day, in order; what is overdue falls on ``on``."""
    found: Counter[date] = Counter()
    for day, amount_minor in payments:
        if amount_minor:
            found[max(day, on)] += amount_minor
    return tuple(sorted(found.items()))


def refused(kind: Kind, error: RefusedError) -> Miss:
    """Return what the schedule engine refused, as it says it."""
    problem = error.problems[0]
    return Miss(kind=kind, code="not_possible", detail=f"{problem.field} {problem.reason}")

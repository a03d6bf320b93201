"""What our own books know of a person's debts: loans, guarantees, and how they were paid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from recovery.domain.accounting.ledger import accrue
from recovery.domain.agreements.household import MONTHS, Guarantee, Months, OwnLoan
from recovery.domain.agreements.scorecard import ScoreFact
from recovery.domain.loan_state import standing_of
from recovery.domain.schedules.due_dates import Frequency, step
from recovery.ports.accounting import StoredLoan
from recovery.ports.needs import HasBorrowers, HasLoans
from recovery.use_cases.shared.rules import Rules

_OWES = ("borrower", "co_borrower")
_YEAR = Frequency(12, "months")
_MONTH_DAYS = Decimal("30.4375")


class OwnBookPorts(HasBorrowers, HasLoans, Protocol):
    """Where loans and their parties are."""


@dataclass(frozen=True, slots=True)
class OwnBooks:
    """What the household's other figures leave out because we know it ourselves."""

    loans: tuple[OwnLoan, ...]
    guarantees: tuple[Guarantee, ...]
    facts: dict[ScoreFact, Decimal]


def own_books(
    person_id: str,
    currency: str,
    rules: Rules,
    ports: OwnBookPorts,
    without: Iterable[str | None] = (),
) -> OwnBooks:
    """Look up what the person owes us and secures, without these loans."""
    roles = ports.borrowers.roles_of(person_id)
    stored = ports.loans.load_many(sorted(set(roles) - {*filter(None, without)}))
    own, secured, facts = [], [], list(_facts(stored, roles, rules))
    for each in stored:
        if each.loan.currency != currency:
            continue
        by_month = dues_by_month(each, rules)
        if not any(by_month):
            continue
        if roles[each.loan.loan_id] in _OWES:
            own.append(OwnLoan(loan_id=each.loan.loan_id, by_month=by_month))
        elif roles[each.loan.loan_id] == "guarantor":
            secured.append(Guarantee(instalments_minor=max(by_month)))
    return OwnBooks(tuple(own), tuple(secured), dict(facts))


def dues_by_month(stored: StoredLoan, rules: Rules) -> Months:
    """Return what falls due on a loan in each calendar month of the coming year; what is overdue
    falls into this month."""
    loan, state, on = stored.loan, stored.state, rules.as_of
    if state.closed:
        return (0,) * MONTHS
    charges = rules.charges(loan, state)
    position, facts = state.position, state.facts
    schedule, _ = accrue(loan.schedule, position, facts.accrued, charges, facts.pauses, on)
    found, ends = [0] * MONTHS, step(on, _YEAR, 1)
    for each, paid in zip(schedule, position.paid, strict=False):
        if each.due_date < ends:
            found[max(each.due_date, on).month - 1] += max(each.due.total - paid.total, 0)
    for each in schedule[len(position.paid) :]:
        if each.due_date < ends:
            found[max(each.due_date, on).month - 1] += each.due.total
    return tuple(found)


def _facts(
    stored: list[StoredLoan], roles: dict[str, str], rules: Rules
) -> Iterator[tuple[ScoreFact, Decimal]]:
    """Yield what the scorecard may look at; nothing for a person without a loan."""
    own = [each for each in stored if roles[each.loan.loan_id] in _OWES]
    if not own:
        return
    standings = [
        standing_of(e.loan, e.state, rules.policy, rules.as_of, rules.charges(e.loan, e.state))
        for e in own
    ]
    yield "days_past_due", Decimal(max(each.days_past_due for each in standings))
    yield "loans_repaid", Decimal(sum(not each.outstanding.total for each in standings))
    first: date = min(each.loan.disbursed_on for each in own)
    yield "months_known", Decimal(int((rules.as_of - first).days / _MONTH_DAYS))

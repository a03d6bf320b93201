"""Read every loan of an institution for the reports of all its owners over a period."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.owner_facts import history_of
from recovery.domain.accounting.owner_report import Account, Movement, OwnerReport, owner_reports
from recovery.domain.loan_state import standing_of
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.domain.shared.pages import pages
from recovery.ports.accounting import StoredLoan
from recovery.ports.needs import LoansAndInstitutions
from recovery.use_cases.portfolio.past import loan_on
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.rules import Rules, rules_of

_PAGE = 50
_AT_ONCE = 8
_DAY = timedelta(days=1)


def read_owner_reports(
    institution_id: str,
    from_on: date,
    until: date,
    now: datetime,
    ports: LoansAndInstitutions,
    *,
    shards: int,
    seen: Callable[[int], None] = lambda loans: None,
) -> tuple[OwnerReport, ...]:
    """Report what the loans of each owner did from ``from_on`` to ``until``.

    What is owed on a day is computed from everything on record, so both sides' reports come from
    the same facts. ``seen`` is called with the number of loans read, from several threads. Raises
    RefusedError for a period that is not over; what the repository raises for an unreadable loan,
    since a report without it would not add up.
    """
    today = business_date(institution_id, now, ports.institutions)
    if not from_on <= until <= today:
        reason = f"{until} is after the business date, {today}, or before {from_on}"
        remedy = "Give a first and a last day that have passed"
        raise RefusedError(Problem("until", reason, remedy, "out_of_range"))
    rules = rules_of(institution_id, until, ports.institutions)

    def read(shard: int) -> list[Account]:
        return list(_accounts(shard, from_on, rules, ports, seen))

    with ThreadPoolExecutor(_AT_ONCE) as threads:
        accounts = [each for part in threads.map(read, range(shards)) for each in part]
    return owner_reports(accounts, institution_id, from_on, until)


def _accounts(
    shard: int,
    from_on: date,
    rules: Rules,
    ports: LoansAndInstitutions,
    seen: Callable[[int], None],
) -> Iterator[Account]:
    for page in pages(ports.loans.loan_ids(shard), _PAGE):
        for stored in ports.loans.load_many(page):
            if stored.loan.disbursed_on <= rules.as_of:
                yield account_of(stored, ports.loans.recorded(stored.loan.loan_id), from_on, rules)
        seen(len(page))


def account_of(stored: StoredLoan, recorded: Recorded, from_on: date, rules: Rules) -> Account:
    """Return what moved the loan's balance until ``rules.as_of``, the first day as one sum.

    What no payment explains (interest and fees charged, waived, a new schedule) is one movement
    between each two changes of owner.
    """
    owners = history_of(stored.loan.institution_id, recorded.owners)
    first = from_on - _DAY
    inside = {each.executed_on for each in owners.changes if first < each.executed_on < rules.as_of}
    days = [first, *sorted(inside), rules.as_of]
    balances = [_balance_minor(stored, recorded, replace(rules, as_of=day)) for day in days]
    paid = [each for each in _payments(recorded) if first < each.on <= rules.as_of]
    movements = [Movement(first, balances[0]), *paid]
    for (before, after), (was, now) in zip(pairwise(days), pairwise(balances), strict=True):
        moved = sum(each.amount_minor for each in paid if before < each.on <= after)
        movements.append(Movement(after, now - was - moved))
    return Account(stored.loan.currency, owners, tuple(movements))


def _balance_minor(stored: StoredLoan, recorded: Recorded, rules: Rules) -> int:
    """Return what the debtor owes at the end of the day, written off or not, less any credit."""
    if stored.loan.disbursed_on > rules.as_of:
        return 0
    then = loan_on(stored, recorded, rules)
    charges = rules.charges(then.loan, then.state)
    standing = standing_of(then.loan, then.state, rules.policy, rules.as_of, charges)
    return standing.outstanding.total + standing.loss.total - standing.credit_minor


def _payments(recorded: Recorded) -> Iterator[Movement]:
    """Yield what came in and went back, each on its day."""
    for record in recorded.payments:
        payment = record.payment
        yield Movement(payment.value_date, -payment.amount_minor, is_payment=True)
        if record.reversed_on:
            yield Movement(record.reversed_on, payment.amount_minor, is_payment=True)
    for back in recorded.history().chargebacks:
        yield Movement(back.on, back.amount_minor, is_payment=True)

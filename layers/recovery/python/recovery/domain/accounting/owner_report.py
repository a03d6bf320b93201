"""What each owner's loans did in a period, so that both sides' books agree.

Every amount is in minor units of one currency. A balance is what is owed less what was overpaid,
so it may be negative. Whatever leaves one owner's report comes in on another's, for the same
balance: the one at the close of the day of the change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from recovery.domain.accounting.ownership import (
    CHANGES_CREDITOR,
    OwnerChangeKind,
    OwnerHistory,
    owner_on,
)

_DAY = timedelta(days=1)


class Movement(NamedTuple):
    """What changed a loan's balance on a day: up when lent or charged, down when paid.

    ``is_payment``: money that came in here, or went back as a reversal or chargeback.
    """

    on: date
    amount_minor: int
    is_payment: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """One loan's movements, in any order, and its owners."""

    currency: str
    owners: OwnerHistory
    movements: tuple[Movement, ...]


@dataclass(frozen=True, slots=True)
class OwnerReport:
    """One owner's loans in one currency, over a period.

    opening + bought + bought back - sold - given back - received + other = closing.

    ``received_minor`` is paid on its own loans, by whichever way; ``passed_to_minor`` is the part
    of it that another took and passed on. ``passed_on_minor`` is what it took itself for others,
    outside its own balance. ``other_minor`` is all else: lent, charged, waived, written off.
    """

    creditor: str
    currency: str
    opening_minor: int = 0
    bought_minor: int = 0
    bought_back_minor: int = 0
    sold_minor: int = 0
    given_back_minor: int = 0
    received_minor: int = 0
    passed_to_minor: int = 0
    passed_on_minor: int = 0
    other_minor: int = 0
    closing_minor: int = 0

    @property
    def unexplained_minor(self) -> int:
        """Zero, or the books of the period are wrong."""
        came = self.opening_minor + self.bought_minor + self.bought_back_minor + self.other_minor
        left = self.sold_minor + self.given_back_minor + self.received_minor
        return came - left - self.closing_minor


def owner_reports(
    accounts: Iterable[Account], taken_by: str, from_on: date, until: date
) -> tuple[OwnerReport, ...]:
    """Report every owner of these loans from ``from_on`` to ``until``, by creditor and currency.

    ``taken_by`` is who takes the payments: this deployment's institution.
    """
    found: dict[tuple[str, str], OwnerReport] = {}
    for account in accounts:
        for creditor, name, amount_minor in _entries(account, taken_by, from_on, until):
            key = creditor, account.currency
            report = found.get(key) or OwnerReport(*key)
            changed = {name: getattr(report, name) + amount_minor}
            found[key] = replace(report, **changed)
    return tuple(found[key] for key in sorted(found))


def _entries(
    account: Account, taken_by: str, from_on: date, until: date
) -> Iterator[tuple[str, str, int]]:
    """Yield (creditor, field, amount) for everything that one loan adds to the reports."""
    owners = account.owners
    yield owner_on(owners, from_on).creditor, "opening_minor", _balance(account, from_on - _DAY)
    yield owner_on(owners, until + _DAY).creditor, "closing_minor", _balance(account, until)
    for change in owners.in_order():
        if change.kind not in CHANGES_CREDITOR or not from_on <= change.executed_on <= until:
            continue
        balance_minor = _balance(account, change.executed_on)
        back = change.kind == OwnerChangeKind.BUY_BACK
        before = owner_on(owners, change.executed_on).creditor
        after = owner_on(owners, change.from_on).creditor
        yield before, "given_back_minor" if back else "sold_minor", balance_minor
        yield after, "bought_back_minor" if back else "bought_minor", balance_minor
    for on, amount_minor, is_payment in account.movements:
        if not from_on <= on <= until:
            continue
        owner = owner_on(owners, on)
        if not is_payment:
            yield owner.creditor, "other_minor", amount_minor
            continue
        yield owner.creditor, "received_minor", -amount_minor
        if owner.outside:
            yield owner.creditor, "passed_to_minor", -amount_minor
            yield taken_by, "passed_on_minor", -amount_minor


def _balance(account: Account, day: date) -> int:
    return sum(each.amount_minor for each in account.movements if each.on <= day)

"""Who paid whose share: each instalment divided over the persons, and the payments put to it.

The ledger of a loan knows totals; this says whose they are. A payment pays the shares that are due
before those to come, as the ledger does. A person whose share is a separate debt pays her own
shares first (CC 1138, 1174); one who owes the whole pays the oldest instalment, of it her own share
first; anyone else pays for all in proportion.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from operator import attrgetter
from typing import NamedTuple

from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.loan import Instalment, PayerKind
from recovery.domain.accounting.party import Party, weights
from recovery.domain.accounting.position import Position
from recovery.domain.accounting.write_off import Loss
from recovery.domain.shared.apportioning import apportion


class Due(NamedTuple):
    """One instalment of the ledger: what is due on it in total, and what is paid."""

    due_date: date
    due_minor: int
    paid_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyPayment:
    """Money for a loan and who paid it; ``payer_id`` None with kind borrower is the borrower.

    ``amount_minor`` is what remains after chargebacks; ``reversed`` ones never count.
    """

    payment_id: str
    amount_minor: int
    value_date: date
    payer_id: str | None = None
    payer_kind: PayerKind = "borrower"
    reversed: bool = False


@dataclass(slots=True)
class PaidShare:
    """One person's share of one instalment; ``paid_by`` has the amounts by payment. Mutable."""

    person_id: str
    due_date: date
    unpaid_minor: int
    paid_by: dict[str, int] = field(default_factory=dict)


_in_order = attrgetter("value_date", "payment_id")


@dataclass(frozen=True, slots=True)
class Account:
    """A loan's ledger in totals, with who paid.

    ``payments`` in any order; those that count equal what is paid on ``dues`` plus the credit,
    unless the payer's bank took one back.
    """

    borrower_id: str
    dues: tuple[Due, ...]
    payments: tuple[PartyPayment, ...] = ()
    credit_minor: int = 0

    @property
    def is_paid_off(self) -> bool:
        return all(each.paid_minor == each.due_minor for each in self.dues)

    def debt_minor(self, before: date = date.max) -> int:
        """Return what is unpaid on the instalments due before this date."""
        return sum(each.due_minor - each.paid_minor for each in self.dues if each.due_date < before)

    def counted(self) -> tuple[PartyPayment, ...]:
        """Return what paid off instalments, in order, each with its payer's id where it is known.

        What came last is the credit, which paid nothing yet.
        """
        left, kept = self.credit_minor, []
        for each in sorted(self.payments, key=_in_order, reverse=True):
            if each.reversed:
                continue
            taken = min(left, each.amount_minor)
            left -= taken
            is_own = each.payer_id is None and each.payer_kind == "borrower"
            payer_id = self.borrower_id if is_own else each.payer_id
            kept.append(replace(each, amount_minor=each.amount_minor - taken, payer_id=payer_id))
        return tuple(reversed(kept))


def dues_of(
    schedule: Sequence[Instalment], position: Position, loss: Loss | None = None
) -> tuple[Due, ...]:
    """Return the instalments of a ledger in total amounts; ``position`` belongs to ``schedule``.

    What was written off is still owed: it is due since its day if all was written off, else with
    the last instalment.
    """
    pairs = zip(schedule, position.paid, strict=True)
    dues = [Due(each.due_date, each.due.total, paid.total) for each, paid in pairs]
    if loss:
        last = max(each.due_date for each in schedule)
        dues.append(Due(loss.on or last, loss.written_off.total, loss.recovered.total))
    return tuple(dues)


def account_of(
    borrower_id: str, dues: tuple[Due, ...], credit_minor: int, recorded: Recorded
) -> Account:
    """Return the account with the payments on record that count."""
    history = recorded.history()
    taken_back: Counter[str] = Counter()
    for chargeback in history.chargebacks:
        taken_back[chargeback.payment_id] += chargeback.amount_minor
    payments = (
        PartyPayment(
            payment_id=each.payment_id,
            amount_minor=each.amount_minor - taken_back[each.payment_id],
            value_date=each.value_date,
            payer_id=each.payer_id,
            payer_kind=each.payer_kind,
        )
        for each in history.payments
    )
    return Account(borrower_id, dues, tuple(payments), credit_minor)


def paid_shares(parties: Sequence[Party], account: Account) -> tuple[PaidShare, ...]:
    """Divide every instalment over these parties and put the payments to the shares, in order.

    The shares of an instalment add up to what is due on it.
    """
    rows = _divided(parties, sorted(account.dues))
    separate = {each.person_id for each in parties if each.liability != "joint_and_several"}
    for payment in account.counted():
        left = payment.amount_minor
        for shares in _in_turn(rows, payment, separate):
            if not left:
                break
            left -= _pay(shares, payment.payment_id, left)
    return tuple(share for row in rows for share in row)


def _divided(parties: Sequence[Party], dues: Iterable[Due]) -> list[list[PaidShare]]:
    of_each = weights(parties)
    behind = [Fraction(0)] * len(parties)
    rows = []
    for due in dues:
        shares = apportion(due.due_minor, of_each, behind)
        behind = [
            before + weight * due.due_minor - share
            for before, weight, share in zip(behind, of_each, shares, strict=True)
        ]
        rows.append(
            [
                PaidShare(each.person_id, due.due_date, share)
                for each, share in zip(parties, shares, strict=True)
            ]
        )
    return rows


def _in_turn(
    rows: Sequence[list[PaidShare]], payment: PartyPayment, separate: set[str]
) -> Iterator[list[PaidShare]]:
    """Yield the shares a payment goes to, together where they are paid in proportion."""
    payer = payment.payer_id
    if payer in separate:
        for row in rows:
            if row[0].due_date <= payment.value_date:
                yield _of(payer, row)
    for row in rows:
        yield _of(payer, row)
        yield row


def _of(person_id: str | None, row: Iterable[PaidShare]) -> list[PaidShare]:
    return [each for each in row if each.person_id == person_id]


def _pay(shares: Sequence[PaidShare], payment_id: str, most_minor: int) -> int:
    """Pay these shares in proportion to what is unpaid; return what was spent."""
    unpaid = [each.unpaid_minor for each in shares]
    spent_minor = min(most_minor, sum(unpaid))
    for share, part in zip(shares, apportion(spent_minor, unpaid), strict=True):
        if part:
            share.unpaid_minor -= part
            share.paid_by[payment_id] = share.paid_by.get(payment_id, 0) + part
    return spent_minor

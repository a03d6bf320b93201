"""Guarantees used, and the recourse of who paid for another: derived, never stored.

A payment that is reversed was never there, so with it go the use of the limit and the recourse.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from recovery.domain.accounting.paid_shares import Account, PartyPayment, paid_shares
from recovery.domain.accounting.party import Party, debtors, parties_at

Basis = Literal["guarantor", "co_debtor", "peer", "third_party"]
# Whose money needs no repaying: a court hands over the debtor's own, and an insurer of persons has
# no recourse (Ley 50/1980, art. 82).
_WITHOUT_RECOURSE = ("insurer", "court")


@dataclass(frozen=True, slots=True)
class GuaranteeUse:
    """How far a guarantee is used; ``remaining_minor`` None has no limit.

    ``beyond_minor`` was paid above the limit, which nobody could ask for.
    """

    person_id: str
    used_minor: int
    remaining_minor: int | None
    beyond_minor: int = 0


@dataclass(frozen=True, slots=True)
class Recourse:
    """What ``holder_id`` may reclaim from ``against_id`` for what she paid for that person.

    ``subrogated``: the institution's own rights pass to the holder with it (CC 1839).
    ``after_institution``: they rank behind the rest of the loan, which is still open (CC 1213).
    """

    holder_id: str
    against_id: str
    amount_minor: int
    basis: Basis
    subrogated: bool
    after_institution: bool


def guarantee_use(surety: Party, account: Account) -> GuaranteeUse:
    """Return what the payments of this person used of her limit; reversed ones use nothing."""
    paid_minor = sum(
        each.amount_minor for each in account.counted() if each.payer_id == surety.person_id
    )
    if surety.limit_minor is None:
        return GuaranteeUse(surety.person_id, paid_minor, None)
    used_minor = min(paid_minor, surety.limit_minor)
    left_minor = surety.limit_minor - used_minor
    return GuaranteeUse(surety.person_id, used_minor, left_minor, paid_minor - used_minor)


def recourses(parties: Iterable[Party], account: Account, as_of: date) -> tuple[Recourse, ...]:
    """Return who may reclaim what from whom, by holder.

    A guarantor reclaims all she paid (CC 1838), a co-debtor what she paid above her own share of
    an instalment (CC 1145), anyone else who paid for the debtor what she paid (CC 1158). What two
    co-debtors paid for each other is set off. ``account`` is the loan's at ``as_of``.
    """
    rows = tuple(parties)
    own = debtors(parties_at(rows, account.borrower_id, as_of))
    by_id = {each.payment_id: each for each in account.counted()}
    paid_for: Counter[tuple[str, str, Basis]] = Counter()
    for share in paid_shares(own, account):
        for payment_id, minor in share.paid_by.items():
            payment = by_id[payment_id]
            holder = payment.payer_id
            if holder is None or holder == share.person_id:
                continue
            if basis := _basis(payment, rows, own):
                paid_for[holder, share.person_id, basis] += minor
    found = []
    for (holder, against, basis), minor in sorted(paid_for.items()):
        if basis == "co_debtor":
            minor -= paid_for.get((against, holder, basis), 0)
        if minor > 0:
            subrogated = basis == "guarantor"
            after = subrogated and not account.is_paid_off
            found.append(Recourse(holder, against, minor, basis, subrogated, after))
    return tuple(found)


def _basis(payment: PartyPayment, parties: Sequence[Party], own: Sequence[Party]) -> Basis | None:
    """Return why the payer may reclaim, by her role when she paid."""
    if any(each.person_id == payment.payer_id for each in own):
        return "co_debtor"
    if payment.payer_kind in _WITHOUT_RECOURSE:
        return None
    roles = {
        each.role
        for each in parties
        if each.person_id == payment.payer_id and each.holds(payment.value_date)
    }
    if "guarantor" in roles:
        return "guarantor"
    is_peer = "group_member" in roles or payment.payer_kind == "group_member"
    return "peer" if is_peer else "third_party"

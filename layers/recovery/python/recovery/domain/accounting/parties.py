"""What may be asked of each party of a loan, never more in total than the debt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from recovery.domain.accounting.guarantees import guarantee_use
from recovery.domain.accounting.paid_shares import Account, PaidShare, paid_shares
from recovery.domain.accounting.party import (
    Party,
    PartyRole,
    debtors,
    parties_at,
    sureties,
    weights,
)
from recovery.domain.shared.apportioning import apportion


@dataclass(frozen=True, slots=True)
class PartyDebt:
    """What one person may be asked for at a date, in minor units.

    ``whole``: the person may be asked for everything, and so may others who owe the whole; what
    one pays frees all (CC 1144, 1145). ``after_debtors``: only once the debtors' means were tried
    (CC 1830). ``paid_minor`` is all the person paid on the loan.
    """

    person_id: str
    role: PartyRole
    whole: bool
    after_debtors: bool
    overdue_minor: int
    outstanding_minor: int
    paid_minor: int


def owed_by(parties: Iterable[Party], account: Account, as_of: date) -> tuple[PartyDebt, ...]:
    """Return what each party at ``as_of`` may be asked for; debtors first, then sureties.

    The separate shares of the debtors add up to the debt, unless one of them owes the whole; nobody
    is asked for more than the debt.
    """
    current = parties_at(parties, account.borrower_id, as_of)
    own, answering = debtors(current), sureties(current)
    asked = {**_shares_of(own, account, as_of), **_of_sureties(answering, account, as_of)}
    counted = account.counted()
    return tuple(
        PartyDebt(
            person_id=each.person_id,
            role=each.role,
            whole=_owes_whole(each, own if each.is_debtor else answering),
            after_debtors=each.comes_after_debtors,
            overdue_minor=asked[each.person_id].overdue_minor,
            outstanding_minor=asked[each.person_id].outstanding_minor,
            paid_minor=sum(p.amount_minor for p in counted if p.payer_id == each.person_id),
        )
        for each in (*own, *answering)
    )


class _Asked(NamedTuple):
    overdue_minor: int
    outstanding_minor: int


def _shares_of(own: Sequence[Party], account: Account, as_of: date) -> dict[str, _Asked]:
    overdue_minor = account.debt_minor(as_of)
    coming_minor = account.debt_minor() - overdue_minor
    shares = paid_shares(own, account)
    overdue = _fitted(own, (e for e in shares if e.due_date < as_of), overdue_minor)
    coming = _fitted(own, (e for e in shares if e.due_date >= as_of), coming_minor)
    whole = _Asked(overdue_minor, overdue_minor + coming_minor)
    return {
        each.person_id: whole
        if _owes_whole(each, own)
        else _Asked(overdue[each.person_id], overdue[each.person_id] + coming[each.person_id])
        for each in own
    }


def _of_sureties(answering: Sequence[Party], account: Account, as_of: date) -> dict[str, _Asked]:
    """Who answers with others answers for a part, unless for the whole (CC 1837); up to a limit."""
    if not answering:
        return {}
    asked = _shares_of(answering, account, as_of)
    for each in answering:
        left_minor = guarantee_use(each, account).remaining_minor
        if left_minor is not None:
            minors = (min(minor, left_minor) for minor in asked[each.person_id])
            asked[each.person_id] = _Asked(*minors)
    return asked


def _owes_whole(party: Party, among: Sequence[Party]) -> bool:
    return len(among) == 1 or party.liability == "joint_and_several"


def _fitted(
    parties: Sequence[Party], shares: Iterable[PaidShare], debt_minor: int
) -> dict[str, int]:
    """Return the unpaid shares of each, which add up to the debt of the ledger.

    They do so by themselves if payments go to what is due first, as a rule; where the policy lets
    them go elsewhere, the ledger's total is divided in proportion.
    """
    unpaid = dict.fromkeys((each.person_id for each in parties), 0)
    for share in shares:
        unpaid[share.person_id] += share.unpaid_minor
    parts = tuple(unpaid.values()) if any(unpaid.values()) else weights(parties)
    return dict(zip(unpaid, apportion(debt_minor, parts), strict=True))

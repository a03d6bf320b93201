"""Buy loans back: each goes back to who gave it away last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from recovery.documents.portfolio.loan_list import NamedLoan
from recovery.domain.accounting.ownership import OwnerChange, OwnerChangeKind
from recovery.domain.shared.actor import Actor
from recovery.ports.needs import LoansAndInstitutions
from recovery.use_cases.portfolio.transfer_loans import Transferred, transfer_loans


def buy_back(
    listed: Sequence[NamedLoan],
    list_id: str,
    executed_on: date,
    institution_id: str,
    by: Actor,
    now: datetime,
    ports: LoansAndInstitutions,
    *,
    check_only: bool = False,
    seen: Callable[[], None] = lambda: None,
) -> Transferred:
    """Buy back every loan of the list at close of day; see ``transfer_loans``."""
    change = OwnerChange(change_id=list_id, kind=OwnerChangeKind.BUY_BACK, executed_on=executed_on)
    return transfer_loans(
        listed, change, institution_id, by, now, ports, check_only=check_only, seen=seen
    )

"""Place loans with a law firm or servicer, with a package of what it needs; call them back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from recovery.documents.portfolio.loan_list import NamedLoan
from recovery.domain.accounting.ownership import OwnerChange, OwnerChangeKind
from recovery.domain.accounting.placement import FirmKind
from recovery.domain.accounting.sale_list import RowProblem
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.chain import ChainEntry
from recovery.ports.needs import HasChain, HasPackages
from recovery.use_cases.portfolio.placement_package import PackagePorts, loan_package, zipped
from recovery.use_cases.portfolio.transfer_loans import transfer_loans
from recovery.use_cases.shared.business_date import business_date


class PlacingPorts(PackagePorts, HasChain, HasPackages, Protocol):
    """The record of the loans, their chains, and where packages are kept."""


@dataclass(slots=True)
class Placed:
    """What was placed; ``sha256`` is the package's, "" if there is none."""

    loans: int = 0
    unchanged: int = 0
    sha256: str = ""
    refused: list[RowProblem] = field(default_factory=list)


def place_loans(
    loan_ids: Sequence[str],
    placement_id: str,
    firm: str,
    kind: FirmKind,
    institution_id: str,
    by: Actor,
    now: datetime,
    ports: PlacingPorts,
) -> Placed:
    """Place these loans with the firm at close of today, or none if one of them is refused.

    Sent again, it completes what was interrupted and makes the package anew. Each loan's chain
    tells what was handed to whom, by the package's hash. Raises RefusedError for an actor without
    the right.
    """
    today = business_date(institution_id, now, ports.institutions)
    executed_on = _executed_before(loan_ids, placement_id, ports) or today
    change = OwnerChange(
        change_id=placement_id,
        kind=OwnerChangeKind.PLACEMENT,
        executed_on=executed_on,
        servicer=firm,
        outside=True,
    )
    listed = [NamedLoan(number, each) for number, each in enumerate(loan_ids, start=1)]
    done = transfer_loans(listed, change, institution_id, by, now, ports)
    result = Placed(done.transferred, done.unchanged, refused=list(done.refused))
    if done.refused:
        return result
    packages = {e: loan_package(e, placement_id, kind, today, ports) for e in loan_ids}
    content, result.sha256 = zipped(packages)
    for loan_id in loan_ids:
        about = f"placement {placement_id} as {kind}, package {result.sha256}"
        ports.chain.append(loan_id, ChainEntry(act="handed over", by=by.id, about=about))
    ports.packages.put(placement_id, content)
    return result


def recall_loans(
    loan_ids: Sequence[str],
    recall_id: str,
    institution_id: str,
    by: Actor,
    now: datetime,
    ports: PlacingPorts,
) -> Placed:
    """Call these loans back at close of today: from tomorrow the creditor handles them again."""
    today = business_date(institution_id, now, ports.institutions)
    executed_on = _executed_before(loan_ids, recall_id, ports) or today
    change = OwnerChange(
        change_id=recall_id, kind=OwnerChangeKind.RECALL, executed_on=executed_on, outside=False
    )
    listed = [NamedLoan(number, each) for number, each in enumerate(loan_ids, start=1)]
    done = transfer_loans(listed, change, institution_id, by, now, ports)
    return Placed(done.transferred, done.unchanged, refused=list(done.refused))


def _executed_before(loan_ids: Sequence[str], change_id: str, ports: PlacingPorts) -> date | None:
    """Return the day on which this change was made, if it was interrupted before."""
    for stored in ports.loans.load_many(list(loan_ids)):
        for record in ports.loans.recorded(stored.loan.loan_id).owners:
            if isinstance(record.fact, OwnerChange) and record.fact.change_id == change_id:
                return record.fact.executed_on
    return None

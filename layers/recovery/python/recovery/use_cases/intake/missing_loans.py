"""Report loans that a full delivery should have had."""

from __future__ import annotations

from collections.abc import Collection

from recovery.documents.intake.imported import ImportResult
from recovery.documents.intake.rows import Rejection
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.pages import pages
from recovery.ports.needs import HasLoans
from recovery.use_cases.intake.arrival import Delivery

_PAGE = 50


def report_missing(
    delivery: Delivery, portfolios: Collection[str], ports: HasLoans, imported: ImportResult
) -> None:
    """Report each loan on record of these portfolios that still owes and is not in the files.

    Nothing is deleted. A loan sold outside is expected to be missing. A refused row names its loan
    too, and a refused file says nothing of any.
    """
    if delivery.refused_files() & {"loans", "borrowers", "instalments"}:
        return
    if not portfolios:
        reason = "has no loan that can be taken up, though the manifest says that it is full"
        problem = Problem("", reason, "Deliver every loan, or leave `full` out", "missing")
        imported.rejections.append(Rejection("loans", 0, problem))
        return
    absent = (each for each in ports.loans.all_loan_ids() if not delivery.names_loan(each))
    for page in pages(absent, _PAGE):
        for stored in sorted(ports.loans.load_many(page), key=lambda each: each.loan.loan_id):
            loan, state = stored.loan, stored.state
            due = sum(each.due.total for each in loan.schedule)
            owes = due > sum(each.total for each in state.position.paid)
            is_sold = bool(state.ownership.owners) and state.ownership.owners[-1].outside
            if loan.portfolio in portfolios and state.closed is None and owes and not is_sold:
                imported.loans_missing += 1
                imported.rejections.append(_missing(loan.loan_id))


def _missing(loan_id: str) -> Rejection:
    reason = f"{loan_id} is on record and still owes, but is not in this full delivery"
    remedy = "Deliver it, or record what became of it"
    problem = Problem("loan_id", reason, remedy, "not_found")
    return Rejection("loans", 0, problem, loan_id=loan_id)

"""Take what firms report of the loans placed with them; show how the placements stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from recovery.documents.portfolio.placement_reports import ReportRow
from recovery.domain.accounting.owner_facts import OwnerRecord, history_of, reports_of
from recovery.domain.accounting.placement import (
    PlacementReport,
    asks_recall,
    placed,
    report_problems,
)
from recovery.domain.accounting.sale_list import RowProblem
from recovery.domain.shared.actor import Actor, Role, has_name
from recovery.domain.shared.errors import NotAllowedError, Problem, RefusedError
from recovery.domain.shared.money import MoneyError, to_minor
from recovery.domain.shared.pages import pages
from recovery.ports.accounting import LoanNotFoundError
from recovery.ports.needs import LoansAndInstitutions
from recovery.use_cases.portfolio.owner_change import change_by
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.retrying import retry_when_stale
from recovery.use_cases.shared.rules import rules_of

_PAGE = 50


@dataclass(slots=True)
class Reported:
    """How many reports were recorded, and were before; why rows were refused."""

    recorded: int = 0
    unchanged: int = 0
    refused: list[RowProblem] = field(default_factory=list)


def take_reports(
    rows: Sequence[ReportRow], by: Actor, now: datetime, ports: LoansAndInstitutions
) -> Reported:
    """Record each report that may be; each refused one names its row and column."""
    result = Reported()
    for row in rows:
        try:
            recorded = take_report(row, by, now, ports)
        except LoanNotFoundError as error:
            problem = Problem("loan_id", str(error), "Check the id", "not_found")
            result.refused.append(RowProblem(row.number, row.loan_id, problem))
        except RefusedError as error:
            result.refused += (RowProblem(row.number, row.loan_id, e) for e in error.problems)
        else:
            result.recorded += recorded
            result.unchanged += not recorded
    return result


@retry_when_stale
def take_report(row: ReportRow, by: Actor, now: datetime, ports: LoansAndInstitutions) -> bool:
    """Record one report; return whether this call did (a repeat does not).

    The firm itself reports, signed by its name, or a supervisor or lawyer for it. Raises
    LoanNotFoundError; NotAllowedError; RefusedError with everything that is wrong with it.
    """
    stored, recorded = ports.loans.load(row.loan_id), ports.loans.recorded(row.loan_id)
    loan, institution_id = stored.loan, stored.loan.institution_id
    today = business_date(institution_id, now, ports.institutions)
    history, known = history_of(institution_id, recorded.owners), reports_of(recorded.owners)
    about = next((e for e in history.changes if e.change_id == row.placement_id), None)
    _check_right(by, about.servicer if about else None)
    report = PlacementReport(
        report_id=row.report_id,
        change_id=row.placement_id,
        status=row.status,
        on=row.on,
        amount_minor=_minor(row.amount, loan.currency),
        reference=row.reference,
    )
    if report in known:
        return False
    problems = list(report_problems(history, known, report, today))
    if problems:
        raise RefusedError(*problems)
    record = OwnerRecord(
        record_id=f"{row.placement_id}#report-{row.report_id}",
        loan_id=row.loan_id,
        fact=report,
        known_on=today,
        recorded_by=by.id,
        recorded_at=now,
    )
    rules = rules_of(institution_id, today, ports.institutions)
    ports.loans.commit(change_by(record, stored, recorded, rules))
    return True


def placements(
    institution_id: str,
    now: datetime,
    ports: LoansAndInstitutions,
    *,
    firm: str | None = None,
    shards: int,
    seen: Callable[[int], None] = lambda loans: None,
) -> list[dict[str, Any]]:
    """List the loans that are placed today, by firm, with the last report of each.

    No list holds them, so that a loan that is placed with nobody costs nothing: every loan's state
    is read, and the facts of those that are.
    """
    today = business_date(institution_id, now, ports.institutions)
    found = []
    for shard in range(shards):
        for page in pages(ports.loans.loan_ids(shard), _PAGE):
            for stored in ports.loans.load_many(page):
                owner = stored.state.ownership.owner_on(today, institution_id)
                if owner.servicer and firm in (None, owner.servicer):
                    found.append(_placement(stored.loan.loan_id, institution_id, today, ports))
            seen(len(page))
    rows = [each for each in found if each]
    return sorted(rows, key=lambda each: (each["firm"], each["since"], each["loan_id"]))


def _placement(
    loan_id: str, institution_id: str, today: date, ports: LoansAndInstitutions
) -> dict[str, Any] | None:
    records = ports.loans.recorded(loan_id).owners
    change = placed(history_of(institution_id, records), today)
    if change is None:
        return None
    reports = [e for e in reports_of(records) if e.change_id == change.change_id]
    last = reports[-1] if reports else None
    return {
        "loan_id": loan_id,
        "firm": change.servicer,
        "placement_id": change.change_id,
        "since": change.from_on.isoformat(),
        "status": last.status if last else "no report yet",
        "reported_on": last.on.isoformat() if last else None,
        "reference": last.reference if last else "",
        "recall": asks_recall(reports),
    }


def _check_right(by: Actor, firm: str | None) -> None:
    ours = by.is_person and by.may(Role.SUPERVISOR, Role.LEGAL)
    if not ours and not (firm and has_name(by, firm)):
        raise NotAllowedError("only the firm, a supervisor or a lawyer may report of it")


def _minor(amount: str | None, currency: str) -> int | None:
    if amount is None:
        return None
    try:
        return to_minor(amount, currency)
    except MoneyError as error:
        remedy = "Write an amount such as 120.00, in the loan's currency"
        raise RefusedError(Problem("amount", str(error), remedy)) from None

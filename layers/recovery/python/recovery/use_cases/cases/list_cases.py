"""Open cases by where they are, and what is held back: since when and why, by one query a list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Protocol

from recovery.domain.cases.record import CaseRecord, place_of
from recovery.domain.cases.stages import Stage
from recovery.domain.shared.money import to_decimal_text
from recovery.domain.shared.pages import pages
from recovery.ports.accounting import StoredLoan
from recovery.ports.needs import HasBorrowers, HasCases, HasLoans
from recovery.use_cases.monitoring.review_loans import readable_loans
from recovery.use_cases.people.read_person import HeldPorts, read_held

_PAGE = 50

Row = dict[str, object]


class CasesPorts(HasCases, HasLoans, Protocol):
    """Cases, with how their loans stand."""


class RestrainedPorts(HeldPorts, HasBorrowers, Protocol):
    """What is held back, with whose loans they are."""


def list_stage(
    stage: Stage, ports: CasesPorts, *, limit: int, after: str | None = None
) -> dict[str, object]:
    """Return a page of the open cases in this stage, the longest in it first.

    ``next`` continues after it; None if it is the last. The standing is that of the last review;
    a loan that cannot be read is listed without.
    """
    return _page(ports.cases.open_cases(stage, after), lambda *_: True, ports, limit)


def list_at_risk(ports: CasesPorts, *, limit: int, after: str | None = None) -> dict[str, object]:
    """Return a page, as ``list_stage`` does, of the cases that a risk signal opened: they never
    left prevention, and nothing of them is overdue."""
    return _page(ports.cases.open_cases(Stage.PREVENTION, after), _is_at_risk, ports, limit)


def list_restrained(institution_id: str, now: datetime, ports: RestrainedPorts) -> list[Row]:
    """List who and what is held back, as ``read_held`` does, each with ``loans``: those that it
    concerns, and where the case of each is and since when."""
    rows = read_held(institution_id, now, ports)
    owed = [_loan_ids(row, ports) for row in rows]
    wanted = dict.fromkeys(loan_id for each in owed for loan_id in each)
    loans = _loans(wanted, ports)
    return [
        {**row, "loans": [_where(loan_id, loans.get(loan_id)) for loan_id in loan_ids]}
        for row, loan_ids in zip(rows, owed, strict=True)
    ]


def _page(
    records: Iterator[CaseRecord],
    wanted: Callable[[CaseRecord, StoredLoan | None], bool],
    ports: HasLoans,
    limit: int,
) -> dict[str, object]:
    found = _with_loans(records, ports)
    shown = list(islice((each for each in found if wanted(*each)), limit + 1))
    has_more = len(shown) > limit
    return {
        "cases": [_row(*each) for each in shown[:limit]],
        "next": place_of(shown[limit - 1][0]) if has_more else None,
    }


def _with_loans(
    records: Iterable[CaseRecord], ports: HasLoans
) -> Iterator[tuple[CaseRecord, StoredLoan | None]]:
    for page in pages(records, _PAGE):
        loans = _loans([each.loan_id for each in page], ports)
        yield from ((each, loans.get(each.loan_id)) for each in page)


def _is_at_risk(record: CaseRecord, stored: StoredLoan | None) -> bool:
    standing = stored.state.standing if stored else None
    if any(step.stage != Stage.PREVENTION for step in record.path):
        return False
    return standing is None or standing.overdue.total == 0


def _row(record: CaseRecord, stored: StoredLoan | None) -> Row:
    entered = record.entered
    assert entered  # the list has open cases only
    return {
        "case_id": record.case_id,
        "loan_id": record.loan_id,
        "stage": record.stage,
        "since": entered.on.isoformat(),
        "why": entered.reason,
        "opened_on": record.path[0].on.isoformat(),
        "officer": stored.loan.advisor_name if stored else None,
        **_standing(stored),
    }


def _standing(stored: StoredLoan | None) -> Row:
    standing = stored.state.standing if stored else None
    if stored is None or standing is None:
        return {"days_past_due": None, "overdue": None, "currency": None}
    currency = stored.loan.currency
    return {
        "days_past_due": standing.days_past_due,
        "overdue": to_decimal_text(standing.overdue.total, currency),
        "currency": currency,
    }


def _where(loan_id: str, stored: StoredLoan | None) -> Row:
    case = stored.state.case if stored else None
    return {
        "loan_id": loan_id,
        "case_id": case.case_id if case else None,
        "stage": case.target_stage.value if case else None,
        "stage_since": case.target_stage_since.isoformat() if case else None,
    }


def _loan_ids(row: Row, ports: HasBorrowers) -> list[str]:
    if "loan" in row:
        return [f"{row['loan']}"]
    return ports.borrowers.loans_of(f"{row['person']}")


def _loans(loan_ids: Iterable[str], ports: HasLoans) -> dict[str, StoredLoan]:
    found: dict[str, StoredLoan] = {}
    for page in pages(loan_ids, _PAGE):
        stored, _ = readable_loans(page, ports.loans)
        found |= {each.loan.loan_id: each for each in stored}
    return found

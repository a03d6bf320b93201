"""Placement: who handles a loan for its creditor, and what they report back.

A placement is a change of servicer (``ownership``); what the firm reports of it are facts of their
own, kept as said. Its money counts only once it comes in here as a payment: a report moves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from recovery.domain.accounting.ownership import OwnerChange, OwnerChangeKind, OwnerHistory
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.free_text import free_text_problems
from recovery.domain.shared.limits import MAX_MINOR

LONGEST_REFERENCE = 80


class FirmKind(StrEnum):
    """What the firm is to do, which says what it has to know."""

    LAW_FIRM = "law_firm"
    SERVICER = "servicer"


class Report(StrEnum):
    """How it stands with a loan, by what the firm reports."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    IN_CONTACT = "in_contact"
    NOT_FOUND = "not_found"
    PROMISED = "promised"
    AGREED = "agreed"
    PAID = "paid"
    DISPUTED = "disputed"
    FILED = "filed"
    JUDGMENT = "judgment"
    CLOSED = "closed"


ASKS_RECALL = frozenset({Report.DECLINED, Report.DISPUTED, Report.CLOSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementReport:
    """One report: ``report_id`` is the firm's, ``change_id`` the placement it is about.

    ``amount_minor`` is what was promised, agreed or paid to the firm; ``reference`` such as the
    number of a court's file, never a name.
    """

    report_id: str
    change_id: str
    status: str
    on: date
    amount_minor: int | None = None
    reference: str = ""


def placed(history: OwnerHistory, day: date) -> OwnerChange | None:
    """Return the placement in force on this day; None if the creditor handles the loan."""
    last = [each for each in history.in_order() if each.from_on <= day]
    if not last or last[-1].kind != OwnerChangeKind.PLACEMENT:
        return None
    return last[-1]


def report_problems(
    history: OwnerHistory, known: Sequence[PlacementReport], report: PlacementReport, as_of: date
) -> Iterator[Problem]:
    """Yield why the report may not go on record at the business date ``as_of``."""
    yield from free_text_problems("report_id", report.report_id, LONGEST_REFERENCE)
    if report.status not in tuple(Report):
        remedy = f"Use one of: {', '.join(Report)}"
        yield Problem("status", f"{report.status!r} is unknown", remedy)
    if report.reference:
        yield from free_text_problems("reference", report.reference, LONGEST_REFERENCE)
    if report.amount_minor is not None and not 0 < report.amount_minor <= MAX_MINOR:
        yield Problem("amount", "is out of range", "Give an amount above nothing", "out_of_range")
    if report.status in (Report.PAID, Report.PROMISED) and report.amount_minor is None:
        yield Problem("amount", "is missing", f"Say how much was {report.status}", "missing")
    found = next((e for e in history.changes if e.change_id == report.change_id), None)
    if found is None or found.kind != OwnerChangeKind.PLACEMENT:
        reason = f"{report.change_id} is no placement of this loan"
        yield Problem("placement_id", reason, "Use the id in the package", "not_found")
        return
    ends = [each.from_on for each in history.in_order() if each.executed_on > found.executed_on]
    until = min(ends, default=None)
    if report.on < found.from_on or report.on > as_of or (until and report.on >= until):
        last = f"{until} (recalled)" if until else str(as_of)
        reason = f"{report.on} is not between {found.from_on}, when it was placed, and {last}"
        yield Problem("on", reason, "Give the day on which it happened", "out_of_range")
    if any(e.report_id == report.report_id and e != report for e in known):
        reason = f"{report.report_id} is on record with something else in it"
        yield Problem("report_id", reason, "Give a new report an id of its own", "conflict")


def asks_recall(reports: Sequence[PlacementReport]) -> bool:
    """Whether the last of them says that the firm has nothing more to do, or may not go on."""
    return bool(reports) and reports[-1].status in ASKS_RECALL

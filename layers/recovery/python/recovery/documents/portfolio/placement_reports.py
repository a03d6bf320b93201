"""What a firm reports of the loans placed with it, as CSV or as the body of a request.

``report_id,loan_id,placement_id,status,on,amount,reference``; the last two may be empty, and the
columns separated by commas or semicolons. Each problem names its row and column.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from recovery.documents.shared.fields import Day, Identifier, is_identifier
from recovery.documents.shared.problems import problems_of, validated
from recovery.documents.shared.request_body import read_values
from recovery.domain.accounting.sale_list import RowProblem
from recovery.domain.shared.errors import Problem

COLUMNS = ("report_id", "loan_id", "placement_id", "status", "on", "amount", "reference")
_NEEDED = COLUMNS[:5]
_REMEDIES = {
    "loan_id": "Write the loan's id as it is in the package",
    "on": "Write a day such as 2026-12-03",
    "": "Send one JSON object with the columns of the report",
}


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One row: its number from 1, and the report with its amount as text."""

    number: int
    loan_id: str
    report_id: str
    placement_id: str
    status: str
    on: date
    amount: str | None
    reference: str


class ReportBody(BaseModel):
    """The body of POST /loans/{loan_id}/placement-reports."""

    model_config = ConfigDict(extra="forbid")

    report_id: Identifier
    placement_id: Identifier
    status: Identifier
    on: Day
    amount: str | None = None
    reference: str = ""


class _Row(ReportBody):
    loan_id: Identifier


def read_reports(text: str) -> tuple[list[ReportRow], list[RowProblem]]:
    """Read every row; return those that can be used, and what is wrong with the others."""
    lines = text.removeprefix("\ufeff").splitlines()
    separator = ";" if lines and ";" in lines[0] else ","
    try:
        rows = [row for row in csv.reader(lines, delimiter=separator) if any(map(str.strip, row))]
    except csv.Error:
        remedy = "Close every quotation mark, and save the file as plain CSV"
        return [], [RowProblem(0, "", Problem("file", "is not CSV", remedy))]
    header = [each.strip() for each in rows[0]] if rows else []
    refused = [*_header_problems(header)]
    if refused:
        return [], refused
    found: list[ReportRow] = []
    for number, cells in enumerate(rows[1:], start=1):
        read = _read_row(number, header, cells)
        if isinstance(read, ReportRow):
            found.append(read)
        else:
            refused += read
    return found, refused


def report_body(body: str | None, loan_id: str) -> ReportRow:
    """Read a report about this loan. Raises InvalidDocumentError."""
    values: Any = read_values(body, _REMEDIES, digits_of="fractions")
    if isinstance(values, Mapping):
        values = {**values, "loan_id": loan_id}
    row: _Row = validated(_Row, values, remedies=_REMEDIES)
    return _report(1, row)


def _header_problems(header: list[str]) -> Iterator[RowProblem]:
    missing = [each for each in _NEEDED if each not in header]
    unknown = [each for each in header if each not in COLUMNS]
    if missing:
        remedy = f"Begin with a header row: {','.join(COLUMNS)}"
        reason = f"has no column {', '.join(missing)}"
        yield RowProblem(0, "", Problem("header", reason, remedy, "missing"))
    if unknown or len({*header}) < len(header):
        reason = f"has columns that are unknown or named twice: {', '.join(header)}"
        remedy = f"Use each of these once at most: {', '.join(COLUMNS)}"
        yield RowProblem(0, "", Problem("header", reason, remedy, "unknown_field"))


def _read_row(number: int, header: list[str], cells: list[str]) -> ReportRow | list[RowProblem]:
    values = {
        name: text for name, each in zip(header, cells, strict=False) if (text := each.strip())
    }
    loan_id = values.get("loan_id", "")
    shown = loan_id if is_identifier(loan_id) else ""
    if len(cells) != len(header):
        reason = f"has {len(cells)} columns, but the header has {len(header)}"
        remedy = "Put text with commas in quotation marks; leave no column out"
        return [RowProblem(number, shown, Problem("row", reason, remedy))]
    try:
        return _report(number, _Row.model_validate(values))
    except ValidationError as error:
        return [RowProblem(number, shown, each) for each in problems_of(error, "row", _REMEDIES)]


def _report(number: int, row: _Row) -> ReportRow:
    return ReportRow(
        number,
        row.loan_id,
        row.report_id,
        row.placement_id,
        row.status,
        row.on,
        row.amount,
        row.reference,
    )

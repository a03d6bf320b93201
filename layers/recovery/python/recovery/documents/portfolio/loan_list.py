"""A list of loans that change hands, as CSV: ``loan_id,exception_by,exception_why,proof``.

All columns but the first may be left out. Columns are separated by commas or, as spreadsheets of
many countries write them, by semicolons.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, ValidationError

from recovery.documents.shared.fields import Identifier, is_identifier
from recovery.documents.shared.problems import problems_of
from recovery.domain.accounting.sale_list import RowProblem
from recovery.domain.shared.errors import Problem

_NEEDED, _OPTIONAL = "loan_id", ("exception_by", "exception_why", "proof")
_REMEDIES = {"loan_id": "Write the loan's id as it was imported"}


@dataclass(frozen=True, slots=True)
class NamedLoan:
    """One row: its number from 1, the loan, and who excepts it from the checks and why.

    ``proof`` refers to what proves that the debtor was told of the new owner.
    """

    number: int
    loan_id: str
    excepted_by: str | None = None
    excepted_because: str | None = None
    proof: str | None = None


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")

    loan_id: Identifier
    exception_by: str | None = None
    exception_why: str | None = None
    proof: str | None = None


def read_loan_list(text: str) -> tuple[list[NamedLoan], list[RowProblem]]:
    """Read every row; return those that can be used, and what is wrong with the others.

    Row 0 is the header. Empty lines are skipped and not counted.
    """
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
    loans: list[NamedLoan] = []
    for number, cells in enumerate(rows[1:], start=1):
        found = _read_row(number, header, cells)
        if isinstance(found, NamedLoan):
            loans.append(found)
        else:
            refused += found
    return loans, refused


def _header_problems(header: list[str]) -> Iterator[RowProblem]:
    known = (_NEEDED, *_OPTIONAL)
    unknown = [each for each in header if each not in known]
    if _NEEDED not in header:
        reason, remedy = "has no column loan_id", f"Begin with a header row: {','.join(known)}"
        yield RowProblem(0, "", Problem("header", reason, remedy, "missing"))
    elif unknown or len({*header}) < len(header):
        reason = f"has columns that are unknown or named twice: {', '.join(header)}"
        remedy = f"Use each of these once at most: {', '.join(known)}"
        yield RowProblem(0, "", Problem("header", reason, remedy, "unknown_field"))


def _read_row(number: int, header: list[str], cells: list[str]) -> NamedLoan | list[RowProblem]:
    values = {
        name: text for name, each in zip(header, cells, strict=False) if (text := each.strip())
    }
    loan_id = values.get(_NEEDED, "")
    shown = loan_id if is_identifier(loan_id) else ""
    if len(cells) != len(header):
        reason = f"has {len(cells)} columns, but the header has {len(header)}"
        remedy = "Put text with commas in quotation marks; leave no column out"
        return [RowProblem(number, shown, Problem("row", reason, remedy))]
    try:
        row = _Row.model_validate(values)
    except ValidationError as error:
        return [RowProblem(number, shown, each) for each in problems_of(error, "row", _REMEDIES)]
    return NamedLoan(number, row.loan_id, row.exception_by, row.exception_why, row.proof)

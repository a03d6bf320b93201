"""Read a list that people write as CSV: a header row, then one row each.

Columns are separated by commas or, as spreadsheets of many countries write them, by semicolons.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from recovery.documents.shared.fields import is_identifier
from recovery.documents.shared.problems import problems_of
from recovery.domain.accounting.sale_list import RowProblem
from recovery.domain.shared.errors import Problem

M = TypeVar("M", bound=BaseModel)
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Rows(Generic[M, R]):
    """What a row is: its columns, needed and optional, ``row`` as a whole, and what ``made`` of it
    with its number from 1. The first column is the loan's id."""

    needed: Sequence[str]
    optional: Sequence[str]
    row: type[M]
    made: Callable[[int, M], R]
    remedies: Mapping[str, str]

    def read(self, text: str) -> tuple[list[R], list[RowProblem]]:
        """Read every row; return those that can be used, and what is wrong with the others.

        Row 0 is the header. Empty lines are skipped and not counted.
        """
        lines = text.removeprefix("\ufeff").splitlines()
        separator = ";" if lines and ";" in lines[0] else ","
        try:
            reader = csv.reader(lines, delimiter=separator)
            rows = [row for row in reader if any(map(str.strip, row))]
        except csv.Error:
            remedy = "Close every quotation mark, and save the file as plain CSV"
            return [], [RowProblem(0, "", Problem("file", "is not CSV", remedy))]
        header = [each.strip() for each in rows[0]] if rows else []
        refused = [*self._header_problems(header)]
        if refused:
            return [], refused
        made: list[R] = []
        for number, cells in enumerate(rows[1:], start=1):
            found = self._row(number, header, cells)
            if isinstance(found, list):
                refused += found
            else:
                made.append(self.made(number, found))
        return made, refused

    def _header_problems(self, header: list[str]) -> Iterator[RowProblem]:
        known = (*self.needed, *self.optional)
        unknown = [each for each in header if each not in known]
        missing = [each for each in self.needed if each not in header]
        if missing:
            reason = f"has no column {', '.join(missing)}"
            remedy = f"Begin with a header row: {','.join(known)}"
            yield RowProblem(0, "", Problem("header", reason, remedy, "missing"))
        elif unknown or len({*header}) < len(header):
            reason = f"has columns that are unknown or named twice: {', '.join(header)}"
            remedy = f"Use each of these once at most: {', '.join(known)}"
            yield RowProblem(0, "", Problem("header", reason, remedy, "unknown_field"))

    def _row(self, number: int, header: list[str], cells: list[str]) -> M | list[RowProblem]:
        values = {
            name: text for name, each in zip(header, cells, strict=False) if (text := each.strip())
        }
        loan_id = values.get(self.needed[0], "")
        shown = loan_id if is_identifier(loan_id) else ""
        if len(cells) != len(header):
            reason = f"has {len(cells)} columns, but the header has {len(header)}"
            remedy = "Put text with commas in quotation marks; leave no column out"
            return [RowProblem(number, shown, Problem("row", reason, remedy))]
        try:
            return self.row.model_validate(values)
        except ValidationError as error:
            found = problems_of(error, "row", self.remedies)
            return [RowProblem(number, shown, each) for each in found]

"""Read one file of a portfolio delivery, CSV or JSON Lines, row by row in bounded memory.

Any bytes give rows and rejections; reading never raises for what a file holds.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, BinaryIO, Generic, TypeVar

from pydantic import ValidationError

from recovery.documents.intake.dialect import PLAIN, Dialect, Finding, NotAsDeclaredError
from recovery.documents.intake.lines import Lines, UnreadableError
from recovery.documents.intake.rows import MODELS, Kind, Rejection, Values, columns_of
from recovery.documents.shared.fields import is_identifier
from recovery.documents.shared.json_text import UnreadableJsonError, read_json
from recovery.documents.shared.problems import problems_of
from recovery.domain.shared.errors import Problem

_COLUMN_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")

V = TypeVar("V", bound=Values)

_REMEDIES = {
    "missing": "Fill in this column",
    "extra_forbidden": "Leave it out, or correct its name",
    "": "Write one plain value",
}


_MAY_BE_NONE = {
    kind: frozenset(
        name
        for name, field in columns_of(kind).items()
        if not field.is_required() and field.default is None
    )
    for kind in MODELS
}


@dataclass(frozen=True, slots=True)
class Row(Generic[V]):
    """A row that is valid by itself: its place in the file (as in Rejection) and its values."""

    number: int
    line: int
    values: V


def read_rows(
    kind: Kind, stream: BinaryIO, dialect: Dialect = PLAIN
) -> Iterator[Row[Values] | Rejection]:
    """Yield every row in order, or why it is rejected: one rejection per problem.

    CSV has a header row, and is written in the dialect; JSON Lines has one object per line and is
    recognised by its first bracket. Empty lines are skipped and not counted. Raises only what
    ``stream.readline`` raises.
    """
    file = _File(kind, Lines(stream, dialect), dialect)
    first = file.lines.first_character()
    if mistake := dialect.mistaken_mark(file.lines.start):
        return iter([file.rejection(0, mistake)])
    return _read_json_lines(file) if first in (b"{", b"[") else _read_csv(file)


@dataclass(frozen=True, slots=True)
class _File:
    """One file while it is read."""

    kind: Kind
    lines: Lines
    dialect: Dialect

    def rejection(
        self, number: int, finding: Finding, column: str = "", loan_id: str = ""
    ) -> Rejection:
        problem = Problem(column, finding.reason, finding.remedy)
        return Rejection(self.kind, number, problem, self.lines.line, loan_id, finding.cause)


def _read_csv(file: _File) -> Iterator[Row[Values] | Rejection]:
    lines = file.lines
    reader = csv.reader(lines, delimiter=file.dialect.delimiter, strict=True)
    header: list[str] = []
    number = 0
    while True:
        lines.begin_record()
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            break
        except (csv.Error, UnreadableError) as error:
            lines.give_back_all_but_first()
            number += bool(header)
            yield file.rejection(number, _why_unreadable(error))
            if not header:
                return
            continue
        if not cells:
            continue
        if not header:
            header = cells
            refusals = list(_check_header(file, header))
            yield from refusals
            if refusals:
                return
            continue
        number += 1
        yield from _csv_row(file, header, cells, number)
    if not header:
        problem = Problem("", "is empty", "Deliver a header row and rows, or no file", "missing")
        yield Rejection(file.kind, 0, problem)


def _csv_row(
    file: _File, header: list[str], cells: list[str], number: int
) -> Iterator[Row[Values] | Rejection]:
    values = dict(zip(header, cells, strict=False))
    loan_id = _loan_id(values)
    if len(cells) != len(header):
        reason = f"has {len(cells)} columns, but the header has {len(header)}"
        remedy = "Put text that holds the separator in quotation marks; leave no column out"
        yield file.rejection(number, Finding(reason, remedy), "", loan_id)
        return
    is_damaged = file.dialect.damage("".join(cells))
    findings = {}
    for column, cell in values.items():
        try:
            if is_damaged and (damage := file.dialect.damage(cell)):
                findings[column] = damage
            values[column] = file.dialect.plain(column, cell)
        except NotAsDeclaredError as error:
            findings[column] = error.finding
    for column, finding in findings.items():
        yield file.rejection(number, finding, column, loan_id)
    if not findings:
        written = dict(zip(header, cells, strict=True))
        yield from _check_row(file, values, number, written)


def _check_header(file: _File, header: list[str]) -> Iterator[Rejection]:
    """Yield what is wrong with the header; reading then stops, as no row can be trusted.

    A misspelt ``email_consent`` must not turn into the default.
    """
    fields = columns_of(file.kind)
    missing = [name for name, field in fields.items() if field.is_required() and name not in header]
    if damage := file.dialect.damage("".join(header)):
        yield file.rejection(0, damage)
    elif missing:
        reason = f"has no column {', '.join(missing)} in its header"
        remedy = f"Begin the file with a header row: {','.join(fields)}"
        if mistake := file.dialect.mistaken_header(header, fields):
            reason, remedy = f"{reason}: {mistake.reason}", mistake.remedy
        problem = Problem("", reason, remedy, "missing")
        yield Rejection(file.kind, 0, problem, file.lines.line)
    else:
        for position, name in enumerate(header):
            label = _column_label(name, position + 1)
            if name not in fields:
                remedy = f"Use only these columns: {', '.join(fields)}"
                problem = Problem(label, "is not a known column", remedy, "unknown_field")
                yield Rejection(file.kind, 0, problem, file.lines.line)
            elif name in header[:position]:
                remedy = "Keep one column with this name"
                problem = Problem(label, "appears twice in the header", remedy, "duplicate")
                yield Rejection(file.kind, 0, problem, file.lines.line)


def _read_json_lines(file: _File) -> Iterator[Row[Values] | Rejection]:
    number = 0
    while True:
        file.lines.begin_record()
        try:
            text = next(file.lines).strip()
            values = _json_object(file, text) if text else None
        except StopIteration:
            return
        except (ValueError, RecursionError) as error:
            number += 1
            yield file.rejection(number, _why_unreadable(error))
            continue
        if values is not None:
            number += 1
            yield from _check_row(file, values, number, {})


def _json_object(file: _File, text: str) -> dict[str, Any]:
    if damage := file.dialect.damage(text):
        raise UnreadableError(damage)
    try:
        values = read_json(text, digits_of="numbers")
    except UnreadableJsonError as error:
        remedy = "Write one complete JSON object per line"
        raise UnreadableError(Finding(str(error), remedy)) from None
    if not isinstance(values, dict):
        remedy = 'Write an object, as in {"loan_id": "L1"}'
        raise UnreadableError(Finding("is not a JSON object", remedy))
    return values


def _check_row(
    file: _File, values: Mapping[str, Any], number: int, written: Mapping[str, str]
) -> Iterator[Row[Values] | Rejection]:
    """Validate one row; ``written`` are its cells as they stand in a CSV file.

    An empty cell says that there is none, a column that is not there says nothing: only the former
    is among the row's ``model_fields_set``.
    """
    may_be_none = _MAY_BE_NONE[file.kind]
    given: dict[str, Any] = {}
    for position, (name, value) in enumerate(values.items(), start=1):
        text = value.strip() if isinstance(value, str) else value
        if text not in ("", None):
            given[_column_label(name, position)] = text
        elif name in may_be_none:
            given[name] = None
    line = file.lines.line
    try:
        yield Row(number, line, MODELS[file.kind].model_validate(given))
    except ValidationError as error:
        loan_id = _loan_id(given)
        for problem in problems_of(error, "", _REMEDIES, MODELS[file.kind].model_json_schema):
            found = Finding(problem.reason, problem.remedy)
            if problem.field in written:
                found = file.dialect.explain(problem, written[problem.field])
            explained = replace(problem, reason=found.reason, remedy=found.remedy)
            yield Rejection(file.kind, number, explained, line, loan_id, found.cause)


def _why_unreadable(error: Exception) -> Finding:
    match error:
        case UnreadableError():
            return error.finding
        case csv.Error():
            return Finding(
                "is not a CSV row: its quotation marks or line ends are wrong",
                "Close every quotation mark, double any inside, end lines with LF or CRLF",
            )
        case _:
            return Finding("is not JSON", "Write one complete JSON object per line")


def _column_label(name: str, position: int) -> str:
    """Return the column's name, or only its position if it may be personal data."""
    return name if _COLUMN_NAME.fullmatch(name) else f"column {position}"


def _loan_id(values: Mapping[str, Any]) -> str:
    value = values.get("loan_id", "")
    return value if isinstance(value, str) and is_identifier(value) else ""

"""Read one file of a portfolio delivery, CSV or JSON Lines, row by row in bounded memory.

Any bytes give rows and rejections; reading never raises for what a file holds.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Generic, TypeVar

from pydantic import ValidationError

from recovery.documents.intake.rows import MODELS, Kind, Rejection, Values
from recovery.documents.shared.fields import is_identifier
from recovery.documents.shared.json_text import UnreadableJsonError, read_json
from recovery.documents.shared.problems import problems_of
from recovery.domain.shared.errors import Problem

MAX_RECORD_BYTES = 64 * 1024
_BOM = b"\xef\xbb\xbf"
_BROKEN_UTF8 = re.compile("[\udc80-\udcff]")  # what the surrogateescape handler leaves behind
_COLUMN_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")

V = TypeVar("V", bound=Values)

_REMEDIES = {
    "missing": "Fill in this column",
    "extra_forbidden": "Leave it out, or correct its name",
    "": "Write one plain value",
}
_TOO_LONG = (
    f"is longer than {MAX_RECORD_BYTES // 1024} KB",
    "Shorten the row; look for a quotation mark that is never closed",
)
_NOT_UTF8 = ("is not UTF-8 text", "Save the file with the UTF-8 encoding")
_NUL = ("holds a NUL byte", "Save the file as plain UTF-8 text")


@dataclass(frozen=True, slots=True)
class Row(Generic[V]):
    """A row that is valid by itself: its place in the file (as in Rejection) and its values."""

    number: int
    line: int
    values: V


def read_rows(kind: Kind, stream: BinaryIO) -> Iterator[Row[Values] | Rejection]:
    """Yield every row in order, or why it is rejected: one rejection per problem.

    CSV has a header row and commas; JSON Lines has one object per line and is recognised by its
    first bracket. Empty lines are skipped and not counted. Raises only what ``stream.readline``
    raises.
    """
    lines = _Lines(stream)
    if lines.first_character() in (b"{", b"["):
        return _read_json_lines(kind, lines)
    return _read_csv(kind, lines)


class _UnreadableError(ValueError):
    """A record that can't be split into columns; its arguments are reason and remedy."""


class _Lines:
    """The lines of a file, which can be given back when a record turns out to be broken.

    An open quotation mark would otherwise swallow every valid row after it.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._returned: deque[bytes] = deque()
        self._record: list[bytes] = []
        self._size = 0
        self._taken = 0
        self.line = 0  # where the current record begins, from 1

    def __iter__(self) -> _Lines:
        return self

    def first_character(self) -> bytes:
        """Return the first byte that is not white space, empty for a blank file; drop the BOM."""
        line = self._read()
        line = line.removeprefix(_BOM)
        while line and not line.strip():
            self._taken += 1
            line = self._read()
        if line:
            self._returned.append(line)
        return line.strip()[:1]

    def begin_record(self) -> None:
        self.line = self._taken + 1
        self._record, self._size = [], 0

    def give_back_all_but_first(self) -> None:
        self._returned.extendleft(reversed(self._record[1:]))
        self._taken = self.line

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else self._read()
        if not line:
            raise StopIteration
        self._taken += 1
        self._record.append(line)
        self._size += len(line)
        if self._size > MAX_RECORD_BYTES:
            raise _UnreadableError(*_TOO_LONG)
        return line.decode(errors="surrogateescape")

    def _read(self) -> bytes:
        """Read the next line; keep only enough of one that is too long to show that it is."""
        line = rest = self._stream.readline(MAX_RECORD_BYTES + 1)
        while len(rest) > MAX_RECORD_BYTES and not rest.endswith(b"\n"):
            rest = self._stream.readline(MAX_RECORD_BYTES + 1)
        return line


def _read_csv(kind: Kind, lines: _Lines) -> Iterator[Row[Values] | Rejection]:
    reader = csv.reader(lines, strict=True)
    header: list[str] = []
    number = 0
    while True:
        lines.begin_record()
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            break
        except (csv.Error, _UnreadableError) as error:
            lines.give_back_all_but_first()
            number += bool(header)
            yield Rejection(kind, number, _why_unreadable(error), lines.line)
            if not header:
                return
            continue
        if not cells:
            continue
        if not header:
            header = cells
            refusals = list(_check_header(kind, header, lines))
            yield from refusals
            if refusals:
                return
            continue
        number += 1
        yield from _csv_row(kind, header, cells, number, lines)
    if not header:
        problem = Problem("", "is empty", "Deliver a header row and rows, or no file", "missing")
        yield Rejection(kind, 0, problem)


def _csv_row(
    kind: Kind, header: list[str], cells: list[str], number: int, lines: _Lines
) -> Iterator[Row[Values] | Rejection]:
    values = dict(zip(header, cells, strict=False))
    loan_id = _loan_id(values)
    if len(cells) != len(header):
        reason = f"has {len(cells)} columns, but the header has {len(header)}"
        remedy = "Put text with commas in quotation marks; leave no column out"
        yield Rejection(kind, number, Problem("", reason, remedy), lines.line, loan_id)
    elif _damage("".join(cells)):
        for column, cell in values.items():
            if damage := _damage(cell):
                problem = Problem(column, *damage)
                yield Rejection(kind, number, problem, lines.line, loan_id)
    else:
        yield from _check_row(kind, values, number, lines.line)


def _check_header(kind: Kind, header: list[str], lines: _Lines) -> Iterator[Rejection]:
    """Yield what is wrong with the header; reading then stops, as no row can be trusted.

    A misspelt ``email_consent`` must not turn into the default.
    """
    fields = MODELS[kind].model_fields
    missing = [name for name, field in fields.items() if field.is_required() and name not in header]
    if damage := _damage("".join(header)):
        yield Rejection(kind, 0, Problem("", *damage), lines.line)
    elif missing:
        reason = f"has no column {', '.join(missing)} in its header"
        remedy = f"Begin the file with a header row: {','.join(fields)}"
        yield Rejection(kind, 0, Problem("", reason, remedy, "missing"), lines.line)
    else:
        for position, name in enumerate(header):
            label = _column_label(name, position + 1)
            if name not in fields:
                remedy = f"Use only these columns: {', '.join(fields)}"
                problem = Problem(label, "is not a known column", remedy, "unknown_field")
                yield Rejection(kind, 0, problem, lines.line)
            elif name in header[:position]:
                remedy = "Keep one column with this name"
                problem = Problem(label, "appears twice in the header", remedy, "duplicate")
                yield Rejection(kind, 0, problem, lines.line)


def _read_json_lines(kind: Kind, lines: _Lines) -> Iterator[Row[Values] | Rejection]:
    number = 0
    while True:
        lines.begin_record()
        try:
            text = next(lines).strip()
            values = _json_object(text) if text else None
        except StopIteration:
            return
        except (ValueError, RecursionError) as error:
            number += 1
            yield Rejection(kind, number, _why_unreadable(error), lines.line)
            continue
        if values is not None:
            number += 1
            yield from _check_row(kind, values, number, lines.line)


def _json_object(text: str) -> dict[str, Any]:
    if damage := _damage(text):
        raise _UnreadableError(*damage)
    try:
        values = read_json(text, digits_of="numbers")
    except UnreadableJsonError as error:
        raise _UnreadableError(str(error), "Write one complete JSON object per line") from None
    if not isinstance(values, dict):
        raise _UnreadableError("is not a JSON object", 'Write an object, as in {"loan_id": "L1"}')
    return values


def _check_row(
    kind: Kind, values: Mapping[str, Any], number: int, line: int
) -> Iterator[Row[Values] | Rejection]:
    given = {
        _column_label(name, position): text
        for position, (name, value) in enumerate(values.items(), start=1)
        if (text := value.strip() if isinstance(value, str) else value) not in ("", None)
    }
    try:
        yield Row(number, line, MODELS[kind].model_validate(given))
    except ValidationError as error:
        loan_id = _loan_id(given)
        for problem in problems_of(error, "", _REMEDIES):
            yield Rejection(kind, number, problem, line, loan_id)


def _why_unreadable(error: Exception) -> Problem:
    match error:
        case _UnreadableError(args=(str(reason), str(remedy))):
            return Problem("", reason, remedy)
        case csv.Error():
            return Problem(
                "",
                "is not a CSV row: its quotation marks or line ends are wrong",
                "Close every quotation mark, double any inside, end lines with LF or CRLF",
            )
        case _:
            return Problem("", "is not JSON", "Write one complete JSON object per line")


def _damage(text: str) -> tuple[str, str] | None:
    if _BROKEN_UTF8.search(text):
        return _NOT_UTF8
    return _NUL if "\0" in text else None


def _column_label(name: str, position: int) -> str:
    """Return the column's name, or only its position if it may be personal data."""
    return name if _COLUMN_NAME.fullmatch(name) else f"column {position}"


def _loan_id(values: Mapping[str, Any]) -> str:
    value = values.get("loan_id", "")
    return value if isinstance(value, str) and is_identifier(value) else ""

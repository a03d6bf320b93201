"""How the files of a delivery are written, as the manifest declares it, and what others look like.

Without a declaration a file is UTF-8 with commas between columns, decimal points and ISO dates.
Separators, numbers and dates count for CSV only: JSON Lines has its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from recovery.documents.intake.rows import DATES, NUMBERS, Cause
from recovery.documents.shared.problems import InvalidDocumentError, validated
from recovery.domain.shared.errors import Problem

_REMEDIES = {
    "delimiter": r'Write ",", ";" or "\t"',
    "encoding": 'Write "utf-8", "windows-1252", "iso-8859-1", "iso-8859-15", "utf-16", "utf-16le"'
    ' or "utf-16be"',
    "decimal": 'Write "." or ","',
    "thousands": """Write ".", ",", " " or "'", or leave it out""",
    "dates": 'Write "yyyy-mm-dd", "dd/mm/yyyy" or "dd-mm-yyyy"',
    **dict.fromkeys(
        ("", "extra_forbidden"),
        'Declare delimiter, encoding, decimal, thousands or dates, as in {"delimiter": ";"}',
    ),
}
_SPACES = " \u00a0\u202f"  # spreadsheets write any of these between thousands
_DECIMAL_COMMA = re.compile(rf"\d{{1,3}}([.'{_SPACES}]\d{{3}})+,\d{{1,6}}|\d+,\d{{1,6}}", re.ASCII)
_GROUPED = re.compile(rf"\d{{1,3}}([,'{_SPACES}]\d{{3}})+\.\d{{1,6}}", re.ASCII)
_DAY_FIRST = re.compile(r"\d{1,2}([/-])\d{1,2}\1\d{4}", re.ASCII)
_ONLY_BROKEN = re.compile("[\0-\x7f\udc80-\udcff]*")  # no character that UTF-8 has right
_BROKEN = re.compile("[\udc80-\udcff]")  # what the surrogateescape handler leaves behind
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_BOM_OF = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class Finding(NamedTuple):
    """What is wrong with a text, what to do, and how the file seems to be written instead."""

    reason: str
    remedy: str
    cause: Cause | None = None


class NotAsDeclaredError(ValueError):
    """A number or date that is not written as the manifest declares."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.reason)
        self.finding = finding


class Dialect(BaseModel):
    """How numbers, dates and columns are written; ``thousands`` is empty where none are marked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    delimiter: Literal[",", ";", "\t"] = ","
    encoding: Literal[
        "utf-8", "windows-1252", "iso-8859-1", "iso-8859-15", "utf-16", "utf-16le", "utf-16be"
    ] = "utf-8"
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ".", ",", " ", "'"] = ""
    dates: Literal["yyyy-mm-dd", "dd/mm/yyyy", "dd-mm-yyyy"] = "yyyy-mm-dd"

    @property
    def is_utf16(self) -> bool:
        return self.encoding.startswith("utf-16")

    @property
    def is_single_byte(self) -> bool:
        return not self.encoding.startswith("utf-")

    def plain(self, column: str, text: str) -> str:
        """Return a cell with its number or date in the plain form: 1250.50, 2026-01-31.

        Raises NotAsDeclaredError.
        """
        if not text:
            return text
        if column in NUMBERS and (self.decimal != "." or self.thousands):
            return self._number(text)
        if column in DATES and self.dates != "yyyy-mm-dd":
            return self._date(text)
        return text

    def explain(self, problem: Problem, cell: str) -> Finding:
        """Return the problem of a cell, with what the cell looks like if that is the cause."""
        column, reason = problem.field, problem.reason
        if column in DATES:
            if self.dates != "yyyy-mm-dd":
                return Finding(reason, f"Write a date such as {self._example_date}")
            if found := _DAY_FIRST.fullmatch(cell):
                declared = f"dd{found[1]}mm{found[1]}yyyy"
                return Finding(
                    f"{reason}: the day seems to come first",
                    f"{problem.remedy}, or {_declare('dates', declared)}",
                    "dates",
                )
        elif column in NUMBERS:
            if self.decimal != "." or self.thousands:
                return Finding(reason, f"Write a number such as {self._example_number}")
            if _DECIMAL_COMMA.fullmatch(cell):
                return Finding(
                    f"{reason}: it seems to have a decimal comma",
                    f"{problem.remedy}, or {_declare('decimal', ',')}",
                    "numbers",
                )
            if found := _GROUPED.fullmatch(cell):
                return Finding(
                    f"{reason}: it seems to have separated thousands",
                    f"{problem.remedy}, or {_declare('thousands', _plain_space(found[1][0]))}",
                    "numbers",
                )
        return Finding(reason, problem.remedy)

    def damage(self, text: str) -> Finding | None:
        """Return why a decoded text is not in the declared encoding; None if it seems to be."""
        if _BROKEN.search(text):
            return self._broken(text)
        if "\0" in text:
            remedy = f"Save the file as plain UTF-8 text, or {_declare('encoding', 'utf-16le')}"
            return Finding("holds a NUL byte", remedy, "encoding")
        return None

    def mistaken_mark(self, start: bytes) -> Finding | None:
        """Return why a file that begins with these bytes is not in the declared encoding."""
        for mark, encoding in _BOM_OF.items():
            if start.startswith(mark) and encoding != self.encoding and not self.is_utf16:
                return self._looks_like(encoding)
        return None

    def mistaken_line(self, line: bytes) -> Finding | None:
        """Return why a line is not in the declared encoding of one byte per character.

        Any bytes are text in such an encoding; but that they happen to be UTF-8 is no accident.
        """
        if not self.is_single_byte or line.isascii():
            return None
        try:
            line.decode()
        except UnicodeDecodeError:
            return None
        return self._looks_like("utf-8")

    def mistaken_header(self, cells: list[str], known: Mapping[str, object]) -> Finding | None:
        """Return why a header of one cell was not split into columns."""
        for separator, name in _SEPARATORS.items():
            columns = {each.strip() for each in cells[0].split(separator)}
            if len(cells) == 1 and separator != self.delimiter and len(columns & known.keys()) > 1:
                reason = f"its columns are separated by {name}"
                return Finding(reason, _declare("delimiter", separator, capital=True))
        return None

    def _broken(self, text: str) -> Finding:
        if self.encoding != "utf-8":
            remedy = "Correct the file, or declare another encoding in the manifest"
            return Finding(f"is not {self.encoding} text", remedy, "encoding")
        if not _ONLY_BROKEN.fullmatch(text):
            return Finding("is not UTF-8 text", "Save the file with the UTF-8 encoding")
        return self._looks_like("windows-1252")

    def _looks_like(self, encoding: str) -> Finding:
        declared = "UTF-8" if self.encoding == "utf-8" else self.encoding
        remedy = f"Save the file with the {declared} encoding, or {_declare('encoding', encoding)}"
        name = encoding.replace("windows", "Windows").replace("utf", "UTF")
        return Finding(f"is not {declared} text: it looks like {name}", remedy, "encoding")

    def _number(self, text: str) -> str:
        grouped = ""
        if self.thousands:
            between = _SPACES if self.thousands == " " else self.thousands
            grouped = rf"|\d{{1,3}}([{between}]\d{{3}})+"
        form = re.compile(rf"(\d+{grouped})({re.escape(self.decimal)}\d+)?", re.ASCII)
        if not (found := form.fullmatch(text)):
            reason = "is not a number as the manifest declares them"
            remedy = f"Write a number such as {self._example_number}, or correct the dialect"
            raise NotAsDeclaredError(Finding(reason, remedy, "numbers"))
        whole, fraction = re.sub(r"\D", "", found[1]), found[3 if grouped else 2]
        return whole + (f".{fraction[1:]}" if fraction else "")

    def _date(self, text: str) -> str:
        separator = self.dates[2]
        day, month, year = (*text.split(separator), "", "", "")[:3]
        if not (found := _DAY_FIRST.fullmatch(text)) or found[1] != separator:
            reason = "is not a date as the manifest declares them"
            remedy = f"Write a date such as {self._example_date}, or correct the dialect"
            raise NotAsDeclaredError(Finding(reason, remedy, "dates"))
        return f"{year}-{month:0>2}-{day:0>2}"

    @property
    def _example_number(self) -> str:
        return f"1{self.thousands}250{self.decimal}50"

    @property
    def _example_date(self) -> str:
        return self.dates.replace("dd", "31").replace("mm", "01").replace("yyyy", "2026")


PLAIN = Dialect()


def read_dialect(values: Any) -> Dialect:
    """Read the manifest's ``dialect``. Raises InvalidDocumentError."""
    try:
        dialect = validated(Dialect, values, whole="dialect", remedies=_REMEDIES)
    except InvalidDocumentError as error:
        named = [
            each if each.field == "dialect" else each.within("dialect") for each in error.problems
        ]
        raise InvalidDocumentError(*named) from None
    if dialect.decimal == dialect.thousands:
        reason = "is the decimal sign too"
        problem = Problem("dialect.thousands", reason, "Declare two different signs")
        raise InvalidDocumentError(problem)
    return dialect


def _declare(name: str, value: str, *, capital: bool = False) -> str:
    shown = value.replace("\t", "\\t")
    return f'{"Declare" if capital else "declare"} "{name}": "{shown}" in the manifest\'s dialect'


def _plain_space(separator: str) -> str:
    return " " if separator in _SPACES else separator

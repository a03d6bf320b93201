"""The lines of a portfolio file, decoded one record at a time in bounded memory."""

from __future__ import annotations

import io
from collections import deque
from typing import BinaryIO, Protocol

from recovery.documents.intake.dialect import Dialect, Finding

MAX_RECORD_BYTES = 64 * 1024
_BOM = b"\xef\xbb\xbf"
_TOO_LONG = Finding(
    f"is longer than {MAX_RECORD_BYTES // 1024} KB",
    "Shorten the row; look for a quotation mark that is never closed",
)


class UnreadableError(ValueError):
    """A record that can't be split into columns."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.reason)
        self.finding = finding


class _Bytes(Protocol):
    def readline(self, size: int, /) -> bytes: ...


class Lines:
    """The lines of a file, which can be given back when a record turns out to be broken.

    An open quotation mark would otherwise swallow every valid row after it.
    """

    def __init__(self, stream: BinaryIO, dialect: Dialect) -> None:
        self._stream: _Bytes = _Utf16(stream, dialect.encoding) if dialect.is_utf16 else stream
        self._codec = "utf-8" if dialect.is_utf16 else dialect.encoding
        self._dialect = dialect
        self._returned: deque[bytes] = deque()
        self._record: list[bytes] = []
        self._size = 0
        self._taken = 0
        self.start = b""  # the file's first bytes
        self.line = 0  # where the current record begins, from 1

    def __iter__(self) -> Lines:
        return self

    def first_character(self) -> bytes:
        """Return the first byte that is not white space, empty for a blank file; drop the BOM."""
        line = self._read()
        self.start = line[:4]
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
            raise UnreadableError(_TOO_LONG)
        if mistake := self._dialect.mistaken_line(line):
            raise UnreadableError(mistake)
        return line.decode(self._codec, errors="surrogateescape")

    def _read(self) -> bytes:
        """Read the next line; keep only enough of one that is too long to show that it is."""
        line = rest = self._stream.readline(MAX_RECORD_BYTES + 1)
        while len(rest) > MAX_RECORD_BYTES and not rest.endswith(b"\n"):
            rest = self._stream.readline(MAX_RECORD_BYTES + 1)
        return line


class _Utf16:
    """A UTF-16 file as lines of UTF-8; what is damaged stays so, as a byte that UTF-8 lacks."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._text = io.TextIOWrapper(stream, encoding, errors="replace", newline="\n")
        self._is_unreadable = False

    def readline(self, size: int, /) -> bytes:
        try:
            text = self._text.readline(size)
        except UnicodeError:  # no byte order mark: nothing says in what order bytes are
            return b"" if self._is_unreadable else self._damage()
        return text.encode().replace("\ufffd".encode(), b"\xff")

    def _damage(self) -> bytes:
        self._is_unreadable = True
        return b"\xff"

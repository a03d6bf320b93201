"""Tables that never cut an amount or a date: on a narrow screen each row becomes a list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

_AMOUNT_OR_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d[\d.,]*\d")


@dataclass(frozen=True, slots=True)
class WholeTable:
    """Prints the table if every amount and date in it fits on one line, else a list of each row."""

    table: Table

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines = console.render_lines(self.table, options, pad=False)
        shown = {"".join(part.text for part in line) for line in lines}
        words = set(re.findall(r"\S+", "\n".join(shown)))
        numbers = {part for word in words for part in _AMOUNT_OR_DATE.findall(word)}
        if set(_AMOUNT_OR_DATE.findall("\n".join(self._cells()))) <= numbers:
            yield self.table
            return
        if self.table.title:
            yield Text(str(self.table.title), style="bold")
        names = [str(column.header) for column in self.table.columns]
        for row in zip(*(column.cells for column in self.table.columns), strict=True):
            yield Text("")
            for name, cell in zip(names, row, strict=True):
                if str(cell):
                    yield Text(f"{name}: {cell}" if name else str(cell), overflow="fold")

    def _cells(self) -> Iterator[str]:
        for column in self.table.columns:
            yield from map(str, column.cells)

"""Measures and prints benchmark results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import median
from time import process_time


def cpu_seconds(ways: Mapping[str, Callable[[], object]], *, rounds: int = 9) -> dict[str, float]:
    """Return the median CPU seconds of one call of each way.

    The ways take turns, so a busy machine slows all of them equally.
    """
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way()  # warm the caches
    for _ in range(rounds):
        for name, way in ways.items():
            started = process_time()
            way()
            taken[name].append(process_time() - started)
    return {name: median(each) for name, each in taken.items()}


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print with the first column left-aligned, the rest right; floats with two decimals."""
    cells = [[f"{v:.2f}" if isinstance(v, float) else str(v) for v in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
    print(f"\n\n{title}")
    for row in (columns, ["-" * width for width in widths], *cells):
        first, *rest = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join((first.strip().ljust(widths[0]), *rest)))

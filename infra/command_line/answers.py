"""Reads and answers questions one line at a time, so answers start before the input ends."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import typer
from rich.console import Console
from rich.measure import Measurement
from rich.progress import Progress
from rich.table import Table

from recovery.documents.shared.json_text import UnreadableJsonError, read_json
from recovery.documents.shared.problems import InvalidDocumentError
from recovery.domain.cases.stages import in_words
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.in_words import days_in_words

Answer = Callable[[Any], dict[str, Any]]
_BOM = b"\xef\xbb\xbf"
_WIDEST = 1000  # a table needs less; it is never cut, only wrapped by a narrow terminal
_REMEDY = "Send one JSON object, or JSON Lines with one object per line"


def answer_all(stream: BinaryIO, answer: Answer, show: Callable[[Any], None]) -> None:
    """Show the answer to each question, or its errors if it cannot be answered.

    Exits with code 1 if any question had errors, or if there was none at all.
    """
    refused = asked = 0
    with _progress(stream) as advance:
        for line, values in questions(stream):
            asked += 1
            try:
                if isinstance(values, InvalidDocumentError):
                    raise values
                answered = answer(values)
            except InvalidDocumentError as error:
                refused += 1
                answered = {
                    **_id_of(values),
                    "line": line,
                    "errors": [*map(asdict, error.problems)],
                }
            show(answered)
            advance()
    messages = Console(stderr=True)
    if not asked:
        messages.print(f"The input has no question. {_REMEDY}.")
    if refused:
        messages.print(f"Questions with errors: {refused} of {asked}. See the lines with `errors`.")
    if refused or not asked:
        raise typer.Exit(1)


def show_json(answered: dict[str, Any]) -> None:
    """Print one line and flush: whatever reads the pipe may be waiting for it."""
    print(json.dumps(answered), flush=True)


def show_table(answered: dict[str, Any]) -> None:
    """Print the instalments as a table, titled with a summary of the loan."""
    for each in answered.get("loans", [answered]):
        rows = each.get("instalments")
        if rows is None:
            show_json(each)
            continue
        table = Table(title=f"{each.get('id', 'loan')}{_summary(each)}", title_justify="left")
        for name in rows[0]:
            table.add_column(in_words(name), justify="right")
        for row in rows:
            table.add_row(*("" if value is None else str(value) for value in row.values()))
        screen = Console()
        needed = Measurement.get(screen, screen.options.update(max_width=_WIDEST), table)
        Console(width=max(screen.width, needed.minimum)).print(table)


def _summary(each: dict[str, Any]) -> str:
    if "overdue" in each:
        return (
            f": {days_in_words(each['days_past_due'])} past due, bucket {each['bucket'] or 'none'},"
            f" overdue {each['overdue']['total']} of {each['outstanding']['total']}"
        )
    if "changed" in each:
        days, value = each["changed"]["days_past_due"], each["changed"]["net_present_value"]
        return (
            f": version {each['version']} ({in_words(each['kind'])}), days past due"
            f" {days['before']} -> {days['after']}, net present value"
            f" {value['before']} -> {value['after']} ({value['loss_pct']} % lost)"
        )
    return ""


def questions(stream: BinaryIO) -> Iterator[tuple[int, Any]]:
    """Yield each question with its line number; an InvalidDocumentError for one that is not JSON.

    JSON Lines are read as they arrive. If the first line alone is not valid JSON, the rest of the
    input is read with it, as one multi-line document or an array of questions.
    """
    lines = ((number, raw) for number, raw in enumerate(stream, start=1) if raw.strip())
    first = next(lines, None)
    if first is None:
        return
    number, raw = first
    values = _parsed(raw)
    if isinstance(values, InvalidDocumentError):
        yield from _over_lines(number, raw, values, stream.readlines())
        return
    yield from _each(number, values)
    for number, raw in lines:
        yield from _each(number, _parsed(raw))


def _over_lines(
    number: int, raw: bytes, values: InvalidDocumentError, rest: list[bytes]
) -> Iterator[tuple[int, Any]]:
    whole = _parsed(raw + b"".join(rest))
    if isinstance(whole, InvalidDocumentError):
        others = [(n, each) for n, each in enumerate(rest, number + 1) if each.strip()]
        if any(_is_question(_parsed(each)) for _, each in others):
            yield number, values
            yield from (
                (n, _parsed(each)) for n, each in others
            )  # parse lazily: one at a time in memory
            return
    yield from _each(number, whole)


def _is_question(values: Any) -> bool:
    named = {"loan", "loans", "household", "facts", "as_of"}
    return isinstance(values, dict) and bool(values.keys() & named)


def _each(number: int, values: Any) -> Iterator[tuple[int, Any]]:
    for question in values if isinstance(values, list) else [values]:
        yield number, question


def _parsed(raw: bytes) -> Any:
    try:
        return read_json(raw.removeprefix(_BOM), digits_of="fractions")
    except UnreadableJsonError as error:
        return InvalidDocumentError(Problem("question", str(error), _REMEDY))


def _id_of(values: Any) -> dict[str, Any]:
    asked = values.get("id") if isinstance(values, dict) else None
    return {"id": asked} if isinstance(asked, str | int) else {}


@contextmanager
def _progress(stream: BinaryIO) -> Iterator[Callable[[], object]]:
    """Show a progress bar while answers go to a file or pipe; yields a call that advances it."""
    messages, path = Console(stderr=True), Path(str(getattr(stream, "name", "")))
    if sys.stdout.isatty() or not messages.is_terminal or not path.is_file():
        yield lambda: None
        return
    # Without redirect_stdout=False, rich would send the answers to the bar's console.
    with Progress(console=messages, transient=True, redirect_stdout=False) as bar:
        task = bar.add_task("Answering", total=path.stat().st_size)
        yield lambda: bar.update(task, completed=stream.tell())

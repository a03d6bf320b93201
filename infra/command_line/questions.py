"""schedule, evaluate, restructure: questions about loans answered from JSON, without any AWS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from infra.command_line.asking import Answer, answer_all
from infra.target import TargetError
from recovery.documents.evaluation import answer_evaluation, evaluation_schema
from recovery.documents.restructuring import answer_restructuring, restructuring_schema
from recovery.documents.schedules import answer_schedule, schedule_schema

File = Annotated[
    typer.FileBinaryRead | None,
    typer.Argument(metavar="FILE|-", help="JSON, or JSON Lines; - reads what is piped in."),
]
Schema = Annotated[bool, typer.Option("--schema", help="Print the question's JSON Schema.")]


def add_to(app: typer.Typer) -> None:
    """These commands, in the order in which --help shows them."""
    app.command()(schedule)
    app.command()(evaluate)
    app.command()(restructure)


def evaluate(file: File = None, schema: Schema = False) -> None:
    """Say what is owed on loans at a date, since when, and by which instalment.

    One answer a line, in the order of the questions. A question that cannot be answered gets a
    line with its `errors` (field, reason, remedy) instead, and the exit code is 1.
    """
    _answer(file, schema, evaluation_schema, answer_evaluation)


def schedule(file: File = None, schema: Schema = False) -> None:
    """Build the schedule of a loan from its terms, instalment by instalment.

    The answer's `loan` has the instalments in place of the terms, ready for `recovery evaluate`.
    """
    _answer(file, schema, schedule_schema, answer_schedule)


def restructure(file: File = None, schema: Schema = False) -> None:
    """Say what a loan's schedule would be after a restructuring, and what that changes.

    `action.kind` is reage, reamortise, capitalise, reschedule or payment_holiday; each can waive
    what is unpaid of penalties, fees or interest in the same step. Nothing is stored: the answer's
    `loan` has the new version beside the old one, ready for `recovery evaluate`.
    """
    _answer(file, schema, restructuring_schema, answer_restructuring)


def _answer(
    file: typer.FileBinaryRead | None, schema: bool, schema_text: Callable[[], str], answer: Answer
) -> None:
    if schema:
        print(schema_text())
    elif file is None:
        raise TargetError("Give a file with questions, or - to read what is piped in.")
    else:
        answer_all(file, answer)

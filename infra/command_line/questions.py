"""schedule, evaluate, restructure: questions about loans answered from JSON, without any AWS."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from infra.command_line.answers import answer_all, tell_json, tell_table
from infra.deployment.target import TargetError
from recovery.documents.questions.evaluation import answer_evaluation, evaluation_schema
from recovery.documents.questions.restructuring import answer_restructuring, restructuring_schema
from recovery.documents.questions.schedules import answer_schedule, schedule_schema

File = Annotated[
    typer.FileBinaryRead | None,
    typer.Argument(metavar="FILE|-", help="JSON, or JSON Lines; - reads what is piped in."),
]
AsTable = Annotated[bool, typer.Option("--table", help="Tables to look at instead of JSON.")]
Example = Annotated[bool, typer.Option("--example", help="Print a question to start from.")]
Schema = Annotated[bool, typer.Option("--schema", help="Print the question's JSON Schema.")]
_EXAMPLES = Path(__file__).with_name("examples")


def add_to(app: typer.Typer) -> None:
    """These commands, in the order in which --help shows them."""
    app.command()(schedule)
    app.command()(evaluate)
    app.command()(restructure)


def evaluate(
    file: File = None, table: AsTable = False, example: Example = False, schema: Schema = False
) -> None:
    """Say what is owed on loans at a date, since when, and by which instalment.

    A question is a loan with its instalments, its payments and what else happened to it (pauses,
    charges, waivers, chargebacks), a policy or none for the default, and `as_of`. One answer a
    line, in the order of the questions; one that cannot be answered gets a line with its `errors`
    (field, reason, remedy) instead, and the exit code is 1.

    *Try:* `recovery evaluate --example | recovery evaluate -`
    """
    if not _shown("evaluate", example, schema, evaluation_schema):
        answer_all(_given(file), answer_evaluation, tell_table if table else tell_json)


def schedule(
    file: File = None, table: AsTable = False, example: Example = False, schema: Schema = False
) -> None:
    """Build the schedule of a loan from its terms, instalment by instalment.

    Flat or declining interest, equal instalments or equal principal, balloon, seasonal shares,
    grace, any frequency, due dates that roll on holidays: `--schema` has every field.

    *Try:* `recovery schedule --example | recovery schedule -`. The answer's `loan` has the
    instalments beside the terms, ready for `recovery evaluate`.
    """
    if not _shown("schedule", example, schema, schedule_schema):
        answer_all(_given(file), answer_schedule, tell_table if table else tell_json)


def restructure(
    file: File = None, table: AsTable = False, example: Example = False, schema: Schema = False
) -> None:
    """Say what a loan's schedule would be after a restructuring, and what that changes.

    `action.kind` is reage, reamortise, capitalise, reschedule or payment_holiday; each can waive
    what is unpaid of penalties, fees or interest in the same step. Nothing is stored: the answer's
    `loan` has the new version beside the old one, ready for `recovery evaluate`.

    *Try:* `recovery restructure --example | recovery restructure -`
    """
    if not _shown("restructure", example, schema, restructuring_schema):
        answer_all(_given(file), answer_restructuring, tell_table if table else tell_json)


def _shown(command: str, example: bool, schema: bool, schema_text: Callable[[], str]) -> bool:
    if example:
        print((_EXAMPLES / f"{command}.json").read_text(encoding="utf-8"), end="")
    elif schema:
        print(schema_text())
    return example or schema


def _given(file: typer.FileBinaryRead | None) -> typer.FileBinaryRead:
    if file is None:
        raise TargetError("Give a file with questions, or - to read what is piped in.")
    return file

"""schedule, evaluate: answer questions from JSON, without AWS."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from infra.command_line.answers import answer_all, show_json, show_table
from infra.deployment.target import TargetError
from recovery.documents.questions.evaluation import answer_evaluation, evaluation_schema
from recovery.documents.questions.schedules import answer_schedule, schedule_schema

File = Annotated[
    typer.FileBinaryRead | None,
    typer.Argument(metavar="FILE|-", help="JSON or JSON Lines; - reads standard input."),
]
AsTable = Annotated[bool, typer.Option("--table", help="Print tables instead of JSON.")]
Example = Annotated[bool, typer.Option("--example", help="Print a sample question to start from.")]
Schema = Annotated[bool, typer.Option("--schema", help="Print the question's JSON Schema.")]
_EXAMPLES = Path(__file__).with_name("examples")


def add_to(app: typer.Typer) -> None:
    """Register the commands in the order --help shows them."""
    app.command()(schedule)
    app.command()(evaluate)


def evaluate(
    file: File = None, table: AsTable = False, example: Example = False, schema: Schema = False
) -> None:
    """Work out what is owed on loans at a date, how late it is, and on which instalments.

    A question gives a loan with its instalments, payments and other facts (pauses, charges,
    waivers, chargebacks), the date `as_of`, and a policy unless you want the default. Answers come
    one per line, in the order of the questions. A question that cannot be answered gets a line
    with its `errors` (field, reason, remedy), and the exit code is 1.

    *Try:* `recovery evaluate --example | recovery evaluate -`
    """
    if not shown("evaluate", example, schema, evaluation_schema):
        answer_all(given(file), answer_evaluation, show_table if table else show_json)


def schedule(
    file: File = None, table: AsTable = False, example: Example = False, schema: Schema = False
) -> None:
    """Build a loan's repayment schedule from its terms, instalment by instalment.

    Supports flat or declining-balance interest, equal instalments or equal principal, balloons,
    seasonal shares, grace periods, any frequency, and due dates that roll off holidays. `--schema`
    documents every field.

    *Try:* `recovery schedule --example | recovery schedule -`. The `loan` in the answer includes
    the instalments, ready to pass to `recovery evaluate`.
    """
    if not shown("schedule", example, schema, schedule_schema):
        answer_all(given(file), answer_schedule, show_table if table else show_json)


def shown(command: str, example: bool, schema: bool, schema_text: Callable[[], str]) -> bool:
    """Print the sample or the schema if asked; returns whether one was."""
    if example:
        print((_EXAMPLES / f"{command}.json").read_text(encoding="utf-8"), end="")
    elif schema:
        print(schema_text())
    return example or schema


def given(file: typer.FileBinaryRead | None) -> typer.FileBinaryRead:
    """Return the file. Raises TargetError if none was given."""
    if file is None:
        raise TargetError("Give a file with questions, or - to read standard input. See --example.")
    return file

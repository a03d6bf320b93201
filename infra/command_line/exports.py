"""export: a loan as it was known on a day, for an auditor or a court."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from infra.command_line.actors import deciding_actor
from infra.command_line.loan_status import load_loan
from infra.command_line.options import (
    Aws,
    By,
    Institution,
    LoanId,
    console,
    day_option,
    refusals_in_words,
)
from infra.deployment.target import TargetError, find_target
from recovery.domain.shared.errors import NotAllowedError
from recovery.use_cases.audit.export_loan import export_loan, page_of


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(export)


def export(
    loan: LoanId,
    known_on: Annotated[datetime, day_option("As known at the end of this day.", "--known-on")],
    purpose: Annotated[str, typer.Option("--for", help="For whom and why, kept on record.")],
    to: Annotated[
        Path, typer.Option(help="The folder to write the two files to.", file_okay=False)
    ] = Path(),
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Export a loan as it was known on a day: a JSON file, and a page to read and print.

    Facts that became known later stand apart. It has the policy and rules in force with their
    source, the messages in the words that were sent, each that was not sent with its reason, who
    approved what, the friendly ways that were tried, and a claim that recomputes from the file.
    Everybody but the borrower is masked. The chain of audit entries is verified, and a record that
    was changed is named by its position. That you exported it goes on record first.

    *Try:* `recovery export LOAN --known-on 2026-12-03 --for "the supervisor, 17" --by "Iris Vega"`
    """
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports, actor = target.of(chosen), deciding_actor(target, chosen, by)
    load_loan(loan, ports)
    with refusals_in_words():
        try:
            document = export_loan(loan, known_on.date(), purpose, actor, ports.now(), ports)
        except NotAllowedError as error:
            raise TargetError(f"{error}.") from None
    name = f"{loan}-known-on-{known_on.date()}"
    to.mkdir(parents=True, exist_ok=True)
    for ending, text in {
        "json": json.dumps(document, ensure_ascii=False, indent=2) + "\n",
        "html": page_of(document),
    }.items():
        path = to / f"{name}.{ending}"
        path.write_text(text, encoding="utf-8")
        console.print(f"Wrote {path}", soft_wrap=True, highlight=False)
    checked = document["integrity"]
    if checked["holds"]:
        console.print(f"The chain of {checked['entries']} audit entries holds.")
    for each in checked["problems"]:
        where = f"entry {each['position']}" + (f", {each['record']}" if "record" in each else "")
        console.print(f"Changed: {where}: {each['why']}", style="bold red", highlight=False)
    for gap in document["gaps"]:
        console.print(f"Note: {gap}.", soft_wrap=True, highlight=False)
    if not checked["holds"]:
        raise typer.Exit(1)

"""conduct: report how people were contacted, from the records alone."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from infra.command_line.options import (
    AsJson,
    Aws,
    Institution,
    console,
    counting,
    day_option,
    refusals_in_words,
    title,
)
from infra.command_line.whole_tables import WholeTable
from infra.deployment.target import find_target
from recovery.documents.portfolio.conduct import conduct_document
from recovery.domain.cases.stages import in_words
from recovery.domain.portfolio.conduct import LOOKED_AT, RULES, ConductReport, Finding
from recovery.use_cases.portfolio.read_conduct import read_conduct

_SHOWN = 5  # cases of a rule in the table; JSON has them all


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(conduct)


def conduct(
    from_: Annotated[datetime, day_option("The first day of the period.", "--from")],
    to: Annotated[datetime, day_option("The last day of the period.", "--to")],
    as_json: AsJson = False,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Report how people were contacted: what broke which rule, and whom we left out.

    It judges from the records alone, with rules of its own: a fault in what decides on messages is
    seen here. A zero is shown as zero, beside how much was looked at. Cases are ids: look at one
    with `recovery status LOAN`, and ask `recovery why LOAN --on DAY`.

    The exit code is 0 if nothing was found, 2 if something was, and 1 if part of the records could
    not be read. Every loan is read, about ten small reads a person: a few minutes for 10,000.
    """
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports = target.of(chosen)
    first, last = from_.date(), to.date()
    with refusals_in_words(), counting("Reading loans") as seen:
        read = read_conduct(
            chosen, first, last, ports.now(), ports, shards=ports.settings.shards, seen=seen
        )
    if as_json:
        print(json.dumps(conduct_document(read.report), indent=2))
    else:
        print_conduct(read.report)
    for loan_id, error in read.failed:
        title(f"Not in the report: {loan_id} cannot be read ({error!r})")
    if read.failed:
        raise typer.Exit(1)
    if read.report.findings:
        raise typer.Exit(2)


def print_conduct(report: ConductReport) -> None:
    """Print every rule with how often it was broken, and the first cases."""
    period = report.period
    looked_at = ", ".join(f"{report.looked_at[each]} {in_words(each)}" for each in LOOKED_AT)
    table = Table(
        title=f"Conduct from {period.first} to {period.last}",
        title_justify="left",
        caption=f"Looked at: {looked_at}.",
        caption_justify="left",
    )
    table.add_column("what must not happen")
    table.add_column("times", justify="right")
    table.add_column("cases", overflow="fold")
    for rule, what in RULES.items():
        cases = [each for each in report.findings if each.rule == rule]
        shown = "\n".join(_case(each) for each in cases[:_SHOWN])
        more = f"\nand {len(cases) - _SHOWN} more: see --json" if len(cases) > _SHOWN else ""
        style = "bold red" if cases else ""
        table.add_row(Text(what, style), Text(str(len(cases)), style), Text(f"{shown}{more}"))
    console.print(WholeTable(table))
    if report.unjudged:
        console.print(
            f"{report.unjudged} messages are older than the record of moment and words: of these"
            " neither hours nor repeated texts could be judged."
        )


def _case(finding: Finding) -> str:
    ids = (finding.person_id, finding.loan_id, finding.ref)
    return f"{finding.on} {' '.join(filter(None, ids))}"

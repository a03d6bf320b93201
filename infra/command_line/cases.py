"""cases: what waits for people, over all loans."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.table import Table

from infra.command_line.options import AsJson, Aws, Institution, console, title
from infra.deployment.target import TargetError, find_target
from recovery.domain.shared.actor import Role
from recovery.use_cases.cases.list_waiting import list_waiting


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(cases)


def cases(
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Tasks and questions that wait for people.")
    ] = False,
    role: Annotated[
        Role | None, typer.Option("--for", help="Only what waits for this role.")
    ] = None,
    as_json: AsJson = False,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """List what waits: for whom, since when and why, the longest first."""
    if not waiting:
        raise TargetError("Say which cases: --waiting.")
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports = target.of(chosen)
    found = list_waiting(chosen, ports.now(), ports, role)
    if as_json:
        console.print_json(json.dumps(found))
        return
    title(f"{len(found)} waiting for {role or 'anybody'}")
    table = Table()
    for column in ("since", "until", "for", "what", "about", "id", "with", "why"):
        table.add_column(column, overflow="fold")
    for each in found:
        roles = each["for"]
        table.add_row(
            f"{each['since']}",
            f"{each['until'] or ''}",
            ", ".join(roles) if isinstance(roles, list) else "",
            f"{each['what']}".replace("_", " "),
            f"{each['about']}",
            f"{each['id']}",
            f"{each['with'] or ''}",
            f"{each['why']}",
        )
    if found:
        console.print(table)

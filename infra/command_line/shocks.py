"""portfolio shocks: look for places, sectors and employers where many people are in trouble."""

from __future__ import annotations

import json
from dataclasses import asdict

import typer

from infra.command_line.options import (
    Aws,
    Institution,
    console,
    counting,
    refusals_in_words,
    title,
)
from infra.deployment.target import find_target
from recovery.use_cases.portfolio.detect_shocks import Looked, detect_shocks, in_words


def add_to(group: typer.Typer) -> None:
    """Register the command."""
    group.command()(shocks)


def shocks(
    as_json: bool = typer.Option(False, "--json", help="Print JSON instead of text."),
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Look for an unusual rise of lateness or hardship in a place, sector, employer or portfolio.

    Each is compared with its own last half year; chance alone raises at most one false alarm a year
    (`monitoring.shocks` in the policy). For a new shock an event goes out, and a supervisor gets
    the task to weigh a collective relief. Run it once a week; a repeat raises nothing again.
    """
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports = target.of(chosen)
    with refusals_in_words(), counting("Reading loans") as seen:
        found = detect_shocks(chosen, ports.now(), ports, shards=ports.settings.shards, seen=seen)
    if as_json:
        console.print_json(json.dumps([_document(found, at) for at in range(len(found.shocks))]))
    else:
        title(f"{len(found.shocks)} shocks on {found.read.report.as_of}")
        for each in found.shocks:
            state = "new" if each in found.new else "known"
            console.print(f"{state}: {in_words(each)}", soft_wrap=True, highlight=False)
    for loan_id, error in found.read.failed:
        title(f"Not looked at: {loan_id} cannot be read ({error!r})")
    if found.read.failed:
        raise typer.Exit(1)


def _document(found: Looked, at: int) -> dict[str, object]:
    shock = found.shocks[at]
    document = asdict(shock)
    del document["person_id"]
    return {**document, "is_new": shock in found.new}

"""The ``recovery`` command; start with ``recovery --help``."""

from __future__ import annotations

import sys
import tomllib
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from infra.command_line import (
    actors,
    agree,
    agreements,
    backtest,
    cases,
    claims,
    conduct,
    contacts,
    deliveries,
    demo,
    deploy,
    doctor,
    dossiers,
    events,
    experiments,
    exports,
    facts,
    holds,
    institutions,
    lessons,
    loans,
    migrating,
    packs,
    parties,
    payments,
    placements,
    policies,
    portfolio,
    pre_action,
    proceedings,
    promises,
    questions,
    relief,
    repairs,
    restructure,
    rights,
    tasks,
    texts,
    why,
    write_offs,
)
from infra.command_line.stopping import EXIT_CODES, stop_of
from infra.layers.platform import ROOT

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    pretty_exceptions_show_locals=False,
    epilog=f"Exit codes: {EXIT_CODES}",
    help="""
**Portfolio Recovery**: fair, considerate credit recovery for microfinance, on AWS.

*See it work:* `recovery demo` starts an embedded AWS on this machine, deploys the system and
replays six months of a sample portfolio.

*Step by step:* `recovery up`, `recovery deploy`, `recovery import DIR`, `recovery review`, then
`recovery status LOAN` and `recovery case LOAN`. Add `--aws` to use your AWS account instead.

*Just the arithmetic:* `recovery schedule`, `evaluate`, `restructure`, `assess`, `options`, `claim`
and `limitation` answer from JSON and need no AWS at all; `recovery procedure` says which legal
procedure a claim may take, and why. `recovery backtest DIR` tests the early warning on your past.
""",
)
for module in (
    *(demo, deploy, doctor, migrating),
    *(loans, write_offs, payments, facts, parties, promises, holds),
    *(tasks, cases, rights, contacts, lessons, deliveries, portfolio, conduct, backtest),
    *(relief, experiments, why, repairs, exports, placements),
    *(institutions, actors, policies, packs, texts, events, questions, restructure),
    *(agreements, agree, claims, pre_action, proceedings, dossiers),
):
    module.add_to(app)


def _print_version(wanted: bool) -> None:
    if wanted:
        with (ROOT / "pyproject.toml").open("rb") as file:
            typer.echo(tomllib.load(file)["project"]["version"])
        raise typer.Exit


@app.callback()
def _options(
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Show the full traceback when something fails.")
    ] = False,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, help="Print the version and stop."),
    ] = False,
) -> None:
    app.pretty_exceptions_enable = verbose


def main() -> None:
    """Run the console script; without --verbose, no error shows a traceback."""
    try:
        app()
    except Exception as error:
        if app.pretty_exceptions_enable:
            raise
        stop = stop_of(error)
        Console(stderr=True, soft_wrap=True).print(
            f"[bold red]Stopped:[/] {escape(stop.text)}", highlight=False
        )
        sys.exit(stop.code)

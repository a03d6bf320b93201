"""The ``recovery`` command; start with ``recovery --help``."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console

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
    events,
    exports,
    facts,
    holds,
    institutions,
    loans,
    migrating,
    packs,
    parties,
    payments,
    placements,
    policies,
    portfolio,
    promises,
    questions,
    repairs,
    rights,
    tasks,
    texts,
    why,
    write_offs,
)
from infra.deployment.deploy import DeploymentError
from infra.deployment.target import TargetError
from infra.embedded.aws import EmbeddedAwsError
from infra.layers.platform import LayerBuildError

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_show_locals=False,
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
    *(demo, deploy, migrating, loans, write_offs, payments, facts, parties, promises, holds),
    *(tasks, cases, rights, contacts, deliveries, portfolio, conduct, backtest, why, repairs),
    *(exports, placements),
    *(institutions, actors, policies, packs, texts, events, questions, agreements, agree, claims),
):
    module.add_to(app)


@app.callback()
def _options(
    verbose: Annotated[
        bool, typer.Option(help="Show the full traceback when something fails.")
    ] = False,
) -> None:
    app.pretty_exceptions_enable = verbose


def main() -> None:
    """Run the console script; print errors the user can fix without a traceback."""
    try:
        app()
    except (DeploymentError, EmbeddedAwsError, LayerBuildError, TargetError) as error:
        Console(stderr=True).print(f"[bold red]Stopped:[/] {error}", highlight=False)
        sys.exit(1)

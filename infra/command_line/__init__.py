"""The command line: ``recovery --help`` teaches it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console

from infra.command_line import demo as playing
from infra.command_line import deploy as deploying
from infra.command_line import loans as books
from infra.command_line import policies, questions
from infra.deployment.deploy import DeploymentError
from infra.deployment.target import TargetError
from infra.embedded.aws import EmbeddedAwsError

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_show_locals=False,
    help="""
**Portfolio Recovery**: sound, kind credit recovery on AWS.

*See it work:* `recovery demo` starts an AWS on this machine, deploys the system, and plays six
months of a portfolio.

*By hand:* `recovery up`, `recovery deploy`, `recovery import DIR`, `recovery review`, then
`recovery status LOAN` and `recovery case LOAN`. With `--aws` these go to your AWS account instead.
""",
)
for module in (playing, deploying, books, policies, questions):
    module.add_to(app)


@app.callback()
def _options(
    verbose: Annotated[bool, typer.Option(help="Show the full error if something fails.")] = False,
) -> None:
    app.pretty_exceptions_enable = verbose


def main() -> None:
    """The console script: errors the user can mend are told in words, without a traceback."""
    try:
        app()
    except (DeploymentError, EmbeddedAwsError, TargetError) as error:
        Console(stderr=True).print(f"[bold red]Stopped:[/] {error}", highlight=False)
        sys.exit(1)

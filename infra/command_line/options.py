"""Options shared by several commands."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import Console

console = Console()

Aws = Annotated[
    bool, typer.Option("--aws", help="Use your AWS account instead of the embedded AWS.")
]
Institution = Annotated[
    str | None, typer.Option(help="The institution's id. Not needed if there is only one.")
]
LoanId = Annotated[str, typer.Argument(help="The loan id, as in the imported files.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


def day_option(help: str, *names: str) -> Any:
    """Make an option that takes a date."""
    return typer.Option(*names, formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help=help)

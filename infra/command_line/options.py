"""Options that several commands share."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console

console = Console()

Aws = Annotated[
    bool, typer.Option("--aws", help="Use your AWS account instead of the embedded AWS.")
]
Institution = Annotated[
    str | None, typer.Option(help="Institution id of cdk.json; the first one if left out.")
]
LoanId = Annotated[str, typer.Argument(help="The loan's id, as imported.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD")]

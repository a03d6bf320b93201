"""Options shared by several commands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, BinaryIO

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from infra.deployment.target import TargetError
from recovery.domain.shared.errors import RefusedError

console = Console()

Aws = Annotated[
    bool, typer.Option("--aws", help="Use your AWS account instead of the embedded AWS.")
]
Institution = Annotated[
    str | None, typer.Option(help="The institution's id. Not needed if there is only one.")
]
By = Annotated[
    str | None,
    typer.Option(help="Your name, on the embedded AWS only; elsewhere your credentials say."),
]
Why = Annotated[str, typer.Option(help="Your reason, kept on record.")]
LoanId = Annotated[str, typer.Argument(help="The loan id, as in the imported files.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


def day_option(help: str, *names: str) -> Any:
    """Make an option that takes a date."""
    return typer.Option(*names, formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help=help)


def title(text: str) -> None:
    """Print a line in bold as it is: names from outside are no markup."""
    console.print(text, style="bold", markup=False, highlight=False, soft_wrap=True)


def entry(head: str, *lines: str, late: bool = False) -> None:
    """Print one thing of a list: a line in bold, red if late, and what there is to say below it.

    A table would break long words on a narrow screen; what people wrote is no markup.
    """
    style = "bold red" if late else "bold"
    console.print(f"\n{head}", style=style, markup=False, highlight=False, soft_wrap=True)
    for line in filter(None, lines):
        console.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)


@contextmanager
def counting(what: str, total: int | None = None) -> Iterator[Callable[..., None]]:
    """Show on standard error how many are done; the function given back counts one or more.

    It may be called from several threads.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    on_errors = Console(stderr=True)
    with Progress(*columns, TimeElapsedColumn(), console=on_errors, transient=True) as progress:
        task = progress.add_task(what, total=total)

        def count(done: int = 1) -> None:
            progress.advance(task, done)

        yield count


def text_of(file: BinaryIO) -> str:
    """Read a file or standard input, with or without a byte order mark. Raises TargetError."""
    try:
        return file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TargetError(f"{file.name} is not UTF-8 text. Save it as UTF-8.") from None


@contextmanager
def refusals_in_words() -> Iterator[None]:
    """Turn a refusal into an error that the command line prints without a traceback."""
    try:
        yield
    except RefusedError as error:
        raise TargetError(str(error)) from None

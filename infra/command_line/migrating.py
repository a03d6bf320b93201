"""migrate: carry the items of an earlier version over to the keys of this one."""

from __future__ import annotations

import typer
from rich.progress import Progress, TextColumn

from infra.command_line.options import Aws, console
from infra.deployment.target import find_target


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(migrate)


def migrate(aws: Aws = False) -> None:
    """Carry the items of version 0.1.0 over to this version's keys, after deploying it.

    Run it before the next daily review. It can be interrupted and repeated: the counts are of what
    it moved this time.
    """
    from recovery.adapters.dynamodb.migration import migrate as move

    target = find_target(real=aws)
    with Progress(TextColumn("Moved {task.completed} items"), console=console) as bar:
        task = bar.add_task("items", total=None)
        moved = move(
            target.outputs["TableName"],
            int(target.outputs["Shards"]),
            lambda kind: bar.advance(task),
        )
    for kind, count in sorted(moved.items()):
        console.print(f"{kind.lower():12} {count}")
    if not moved:
        console.print("Nothing to move: every item has this version's keys.")

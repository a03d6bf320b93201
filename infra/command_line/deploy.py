"""up, deploy, down: start, fill and stop the place the system runs in."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.status import Status

from infra.command_line.options import Aws, console
from infra.deployment import deploy as deployment
from infra.deployment.institutions import seed_institutions
from infra.deployment.target import Target
from infra.embedded import aws as embedded_aws


def add_to(app: typer.Typer) -> None:
    """Register the commands in the order --help shows them."""
    app.command(name="up")(up)
    app.command(name="deploy")(deploy)
    app.command(name="down")(down)


def up(
    port: Annotated[
        int | None,
        typer.Option(help="Port to listen on. Default: 4566, or any free port if that is taken."),
    ] = None,
) -> None:
    """Start the embedded AWS on this machine. It needs no Docker and no AWS account.

    Everything in it is deleted by `recovery down`.
    """
    with console.status("Starting the embedded AWS") as status:
        running = embedded_aws.start(port=port, progress=status.update)
    console.print(f"The embedded AWS is running at {running.url}. Log: {embedded_aws.LOG}")
    if embedded_aws.OUTPUTS.exists():
        print_api(Target(running, deployment.outputs(embedded=True)))
    else:
        console.print("Next: [bold]recovery deploy[/]")


def deploy(aws: Aws = False) -> None:
    """Deploy both stacks with the CDK to the embedded AWS, or with --aws to your account."""
    embedded = None if aws else embedded_aws.start()
    with console.status("Deploying") as status:
        found = deployment.deploy(embedded=embedded, progress=_last_line(status))
        target = Target(embedded, found)
        seed_institutions(target)
    for name, value in sorted(found.items()):
        console.print(f"{name:32} {value}", soft_wrap=True, highlight=False)
    print_api(target)
    console.print("Next: [bold]recovery import DIR[/] (recovery import --help lists the files)")


def down() -> None:
    """Stop the embedded AWS and delete everything in it."""
    stopped = embedded_aws.stop()
    console.print("Stopped." if stopped else "No embedded AWS was running.")


def print_api(target: Target) -> None:
    """Say where the API is, and the page that describes it."""
    for name, path in (("API", ""), ("What it takes and answers", "reference")):
        console.print(f"{name}: {target.api_url}{path}", soft_wrap=True, highlight=False)


def _last_line(status: Status):
    def show(line: str) -> None:
        if line.strip():
            status.update(f"Deploying: {line.strip()[:100]}")

    return show

"""events: what other systems receive on the event bus."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from infra.deployment.target import TargetError
from recovery.documents.events.models import EVENTS, event_schema


def add_to(app: typer.Typer) -> None:
    """Register the group of commands."""
    events = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode="markdown",
        help="The events that other systems receive on the bus, without personal data.",
    )
    events.command()(schema)
    app.add_typer(events, name="events")


def schema(
    name: Annotated[
        str | None, typer.Argument(help="The event's name, such as PaymentPosted. Default: all.")
    ] = None,
) -> None:
    """Print the JSON Schema of an event's detail, or those of all events by name.

    On the bus, the source is `recovery` and the detail type the name. Each schema has a version,
    which the detail repeats; a field may be added within a version.

    *Try:* `recovery events schema StandingChanged`
    """
    if name is not None and name not in EVENTS:
        raise TargetError(f"There is no event {name}. Known: {', '.join(EVENTS)}.")
    schemas = event_schema(name) if name else {each: event_schema(each) for each in EVENTS}
    print(json.dumps(schemas, indent=2))

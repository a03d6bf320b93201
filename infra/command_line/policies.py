"""policy: show, check and change an institution's thresholds, orders and limits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from infra.command_line.options import Aws, Institution, console, day_option
from infra.deployment.target import TargetError, find_target
from recovery.adapters.dynamodb.codec import policy_to_json
from recovery.documents.packs.reading import careful_contact_pack, contact_packs
from recovery.documents.policy import policy_schema, read_policy
from recovery.documents.shared.problems import InvalidDocumentError
from recovery.domain.contact.advice import lawful_nowhere, unwise
from recovery.domain.policy import DEFAULT_POLICY, Policy
from recovery.domain.policy_advice import forgotten
from recovery.ports.shared import StaleWriteError

File = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="A policy document in JSON.")
]


def add_to(app: typer.Typer) -> None:
    """Register the group of commands."""
    policy = typer.Typer(
        no_args_is_help=True,
        help="The institution's policy: stages, buckets, allocation, messages, contact limits.",
    )
    policy.command()(show)
    policy.command()(check)
    policy.command()(put)
    policy.command()(schema)
    app.add_typer(policy, name="policy")


def show(
    in_force: Annotated[
        bool, typer.Option("--in-force", help="The institution's own, instead of the default.")
    ] = False,
    on: Annotated[
        datetime | None, day_option("In force on this date. Default: its business date.", "--on")
    ] = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Print the default policy, or with --in-force the one that decides on a day.

    Save it to a file, edit it, `check` it, then `put` it in force. A change needs a higher
    `version` and an `effective_from` of its own.
    """
    if not in_force and not on:
        typer.echo(policy_to_json(DEFAULT_POLICY))
        return
    target = find_target(real=aws)
    chosen = target.institution(institution)
    institutions = target.wiring.institutions
    day = on.date() if on else institutions.day(chosen).business_date or datetime.now(UTC).date()
    typer.echo(policy_to_json(institutions.policy(chosen, day)))


def schema() -> None:
    """Print the JSON Schema of a policy document."""
    typer.echo(policy_schema())


def check(file: File) -> None:
    """Check that a policy document is valid; if not, list each wrong field with the reason.

    All mistakes are listed at once. What is lawful nowhere, unwise or perhaps forgotten is listed
    too; it is no mistake.
    """
    policy = _read(file)
    console.print(f"Version {policy.version} is valid, effective from {policy.effective_from}.")
    on = max(
        policy.effective_from, datetime.now(UTC).date()
    )  # the law as it stands when it takes effect
    nowhere = list(lawful_nowhere(policy.contact, contact_packs(), on))
    fields = {each.split()[0] for each in nowhere}
    wider = [
        each
        for each in unwise(policy.contact, careful_contact_pack(), on)
        if each.split()[0] not in fields
    ]
    for head, found in (
        ("Lawful nowhere that we know; the law narrows it when a message is due:", nowhere),
        ("Lawful at most where the law of the borrower's place says so, and unwise:", wider),
    ):
        _list(head, [f"contact.{each}" for each in found])
    _list("Perhaps forgotten:", forgotten(policy))


def _list(head: str, found: Iterable[str]) -> None:
    lines = [f"- {each}." for each in found]
    if lines:
        console.print("\n".join([head, *lines]), markup=False, highlight=False, soft_wrap=True)


def put(file: File, institution: Institution = None, aws: Aws = False) -> None:
    """Put a policy in force from its `effective_from` date. No deployment is needed."""
    policy = _read(file)
    if policy.version == DEFAULT_POLICY.version and policy != DEFAULT_POLICY:
        raise TargetError(
            f"version {policy.version} is the default policy, and decisions refer to it. Raise"
            " `version` and set `effective_from`."
        )
    target = find_target(real=aws)
    chosen = target.institution(institution)
    try:
        target.wiring.institutions.save_policy(chosen, policy)
    except StaleWriteError:
        raise TargetError(
            f"{chosen} already has a version {policy.version} from {policy.effective_from} with"
            " other content, and decisions refer to it. Raise `version` and set `effective_from`."
        ) from None
    console.print(f"Version {policy.version} takes effect for {chosen} on {policy.effective_from}.")


def _read(file: Path) -> Policy:
    try:
        return read_policy(file.read_bytes())
    except InvalidDocumentError as error:
        problems = "\n".join(f"- {problem}." for problem in error.problems)
        raise TargetError(f"{file} is not a valid policy:\n{problems}") from None

"""policy: show, check and change an institution's thresholds, orders and limits."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from infra.command_line.options import Aws, Institution, console
from infra.deployment.target import TargetError, find_target
from recovery.adapters.dynamodb.codec import policy_to_json
from recovery.documents.packs.reading import careful_contact_pack
from recovery.documents.policy import policy_schema, read_policy
from recovery.documents.shared.problems import InvalidDocumentError
from recovery.domain.contact.advice import unwise
from recovery.domain.policy import DEFAULT_POLICY, Policy
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


def show() -> None:
    """Print the default policy. Save it to a file, edit it, `check` it, then `put` it in force.

    A change needs a higher `version` and an `effective_from` of its own.
    """
    console.print_json(policy_to_json(DEFAULT_POLICY))


def schema() -> None:
    """Print the JSON Schema of a policy document."""
    console.print_json(policy_schema())


def check(file: File) -> None:
    """Check that a policy document is valid; if not, list each wrong field with the reason.

    What may be lawful, but is wider than the careful default for contact, is listed too.
    """
    policy = _read(file)
    console.print(f"Version {policy.version} is valid, effective from {policy.effective_from}.")
    found = list(unwise(policy.contact, careful_contact_pack(), policy.effective_from))
    if found:
        console.print(
            "Lawful at most where the law of the borrower's place says so, and unwise:\n"
            + "\n".join(f"- contact.{each}." for each in found)
        )


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

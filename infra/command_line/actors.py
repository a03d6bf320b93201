"""person: who works for an institution and may decide; and who is deciding now."""

from __future__ import annotations

from typing import Annotated

import typer

from infra.command_line.loan_status import show_rows
from infra.command_line.options import AsJson, Aws, Institution, console
from infra.deployment.target import Target, TargetError, find_target
from recovery.domain.shared.actor import Actor, Role, actor_problems

# What a name typed on the embedded AWS may do: everything, as it proves nothing.
_TYPED_ROLES = frozenset({Role.ADVISOR, Role.SUPERVISOR, Role.LEGAL, Role.TRAINED, Role.AUDITOR})


def add_to(app: typer.Typer) -> None:
    """Register the group of commands."""
    person = typer.Typer(
        no_args_is_help=True, help="The people of an institution, and what each may decide."
    )
    person.command(name="list")(list_people)
    person.command()(add)
    app.add_typer(person, name="person")


def list_people(as_json: AsJson = False, institution: Institution = None, aws: Aws = False) -> None:
    """List the people of an institution with their roles."""
    target = find_target(real=aws)
    chosen = target.institution(institution)
    found = [
        {"id": each.id, "name": each.name, "roles": sorted(each.roles)}
        for each in target.wiring.institutions.actors(chosen)
    ]
    show_rows(found, ("id", "name", "roles"), as_json=as_json)


def add(
    id: Annotated[
        str, typer.Argument(metavar="ID", help="The ARN that `aws sts get-caller-identity` shows.")
    ],
    name: Annotated[str, typer.Option(help="The person's name, as it goes on record.")],
    role: Annotated[list[Role], typer.Option(help="What the person may do; repeat for several.")],
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Add a person, or change their name and roles."""
    actor = Actor(id=id, name=name, roles=frozenset(role))
    problems = [*actor_problems(actor)]
    if problems:
        raise TargetError("\n".join(f"- {problem}." for problem in problems))
    target = find_target(real=aws)
    chosen = target.institution(institution)
    target.wiring.institutions.save_actor(chosen, actor)
    console.print(f"{name} may act for {chosen} as {', '.join(sorted(role))}.")


def deciding_actor(target: Target, institution_id: str, typed: str | None) -> Actor:
    """Return who is deciding: whoever the credentials say, or the name typed on the embedded AWS.

    Raises TargetError for somebody who is not among the institution's people.
    """
    if target.embedded:
        if not typed:
            raise TargetError("Say who you are with --by: the embedded AWS knows no people.")
        name = typed.strip()
        return Actor(id=f"typed:{name}", name=name, roles=_TYPED_ROLES, typed=True)
    if typed:
        raise TargetError("Leave out --by: your credentials say who you are.")
    arn = target.client("sts").get_caller_identity()["Arn"]
    for actor in target.wiring.institutions.actors(institution_id):
        if actor.id == arn:
            return actor
    raise TargetError(
        f"{arn} is not among the people of {institution_id}. Add them with `recovery person add`."
    )

"""contact: record and show how a person wants to be contacted."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from infra.command_line.actors import deciding_actor
from infra.command_line.options import AsJson, Aws, By, Institution, console, refusals_in_words
from infra.deployment.target import Target, TargetError, find_target
from recovery.documents.people.contact_request import contact_document, contact_request
from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.gate import what_to_respect
from recovery.domain.shared.errors import NotAllowedError, NotOnRecordError
from recovery.use_cases.people.instruct_contact import instruct_contact
from recovery.use_cases.people.person import find_person

_ANY = "any"  # lifts an instruction

PersonId = Annotated[str, typer.Argument(help="The person's id, as in the imported files.")]
PrivacyOf = Annotated[
    str | None, typer.Option(metavar="private|shared|unsafe|any", help="Who sees what comes there.")
]


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(contact)


def contact(
    person: PersonId,
    email_privacy: PrivacyOf = None,
    phone_privacy: PrivacyOf = None,
    only_by: Annotated[
        str | None,
        typer.Option(metavar="email|phone|letter|visit|any", help="The only way to contact them."),
    ] = None,
    hours: Annotated[
        str | None,
        typer.Option(metavar="HH:MM-HH:MM|any", help="The only hours, in their local time."),
    ] = None,
    visits: Annotated[
        bool | None, typer.Option("--visits/--no-visits", help="Whether they may be visited.")
    ] = None,
    instruction: Annotated[
        str | None,
        typer.Option(help="For whoever does a task for them; never sent. Empty: none any more."),
    ] = None,
    by: By = None,
    as_json: AsJson = False,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Record how a person wants to be contacted, or show it. It overrides policy and files.

    `any` lifts what was said. To a shared or unsafe address goes a neutral "please call", no more.

    *Try:* `recovery contact B-1 --phone-privacy shared --only-by email --hours 18:00-20:00`
    """
    said = {
        "email_privacy": email_privacy,
        "phone_privacy": phone_privacy,
        "only_by": only_by,
        "hours": _hours(hours),
        "no_visits": None if visits is None else not visits,
        "instruction": instruction,
    }
    body = {
        name: None if value == _ANY else value for name, value in said.items() if value is not None
    }
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports = target.of(chosen)
    try:
        known = find_person(person, ports)
        known = _recorded(target, chosen, known, body, by) if body else known
    except (NotOnRecordError, NotAllowedError) as error:
        raise TargetError(f"{error}.") from None
    if as_json:
        print(json.dumps(contact_document(known), ensure_ascii=False, indent=2))
    else:
        _show(known)


def _recorded(
    target: Target, institution_id: str, person: Borrower, body: dict[str, object], by: str | None
) -> Borrower:
    actor, ports = deciding_actor(target, institution_id, by), target.of(institution_id)
    with refusals_in_words():
        changes = contact_request(json.dumps(body))
        done = instruct_contact(
            institution_id, person.borrower_id, changes, actor, ports.now(), ports
        )
    return done.person


def _hours(text: str | None) -> object:
    if text is None or text == _ANY:
        return text
    start, _, end = text.partition("-")
    return {"from": start, "until": end}


def _show(person: Borrower) -> None:
    shown = contact_document(person)
    for name, address in (("email_privacy", "E-mail"), ("phone_privacy", "Phone")):
        console.print(f"{address}: {shown[name] or 'nobody said whether others see it'}")
    for sentence in what_to_respect(person):
        console.print(sentence, markup=False, highlight=False, soft_wrap=True)

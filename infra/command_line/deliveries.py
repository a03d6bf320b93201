"""deliveries, decide-import: contact changes of a delivery that wait for a person."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer
from botocore.exceptions import ClientError

from infra.command_line.actors import deciding_actor
from infra.command_line.loan_status import show_rows
from infra.command_line.options import AsJson, Aws, Institution, console, refusals_in_words
from infra.deployment.target import Target, TargetError, find_target
from recovery.documents.intake.files import stage_portfolio
from recovery.domain.intake.held_contacts import ContactAnswer, HeldContacts
from recovery.domain.shared.actor import Actor
from recovery.ports.intake import DeliveryNotFoundError
from recovery.use_cases.intake.decide_contacts import decide_contacts


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(deliveries)
    app.command(name="decide-import")(decide_import)


def deliveries(as_json: AsJson = False, institution: Institution = None, aws: Aws = False) -> None:
    """List deliveries whose new phone numbers or addresses wait, or waited, for a person.

    They changed more at once than the policy lets pass (section `intake`), so the old ones stay in
    use until somebody has looked.
    """
    target = find_target(real=aws)
    found = [
        {
            "delivery": held.delivery_id,
            "as_of": str(held.as_of),
            "people": held.people,
            "why": list(held.reasons),
            "some_of_them": list(held.sample),
            "decided": _decided(held),
        }
        for held in target.of(target.institution(institution)).deliveries.all_held()
    ]
    columns = ("delivery", "as_of", "people", "why", "some_of_them", "decided")
    show_rows(found, columns, as_json=as_json)


def decide_import(
    delivery: Annotated[
        str, typer.Argument(help="The delivery, as `recovery deliveries` lists it.")
    ],
    answer: Annotated[
        ContactAnswer,
        typer.Argument(
            help="Use the new numbers and addresses, or keep (or restore) the old ones."
        ),
    ],
    why: Annotated[str, typer.Option(help="Your reason, kept on record.")],
    by: Annotated[
        str | None,
        typer.Option(help="Your name, on the embedded AWS only; elsewhere your credentials say."),
    ] = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Accept the contact changes of a delivery that waits, or roll them back.

    Look at some of the people first: `recovery deliveries` names them. What was accepted can still
    be rolled back; numbers that came later stay.
    """
    target = find_target(real=aws)
    chosen = target.institution(institution)
    actor = deciding_actor(target, chosen, by)
    try:
        held = target.of(chosen).deliveries.held(delivery)
    except DeliveryNotFoundError as error:
        raise TargetError(f"{error}. `recovery deliveries` lists them.") from None
    with refusals_in_words(), console.status("Deciding"):
        changed = _decide(target, chosen, held, answer, actor, why)
    done = "accepted" if answer == ContactAnswer.ACCEPT else "rolled back"
    console.print(f"{delivery} is {done}; for {changed} people something changed.")


def _decide(
    target: Target, chosen: str, held: HeldContacts, answer: ContactAnswer, by: Actor, why: str
) -> int:
    """Read the delivery's files again, and carry out the decision."""
    bucket, ports = target.outputs["ImportBucketName"], target.of(chosen)
    key = f"imports/{chosen}/{held.delivery_id}/manifest.json"
    try:
        inbox = target.wiring.inbox(bucket, key)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        raise TargetError(f"The files of {held.delivery_id} cannot be read: {code}.") from None
    with (
        tempfile.TemporaryDirectory() as folder,
        inbox.open(Path(folder)) as files,
        stage_portfolio(files, workspace=Path(folder), dialect=inbox.manifest.dialect) as staged,
    ):
        return decide_contacts(held, answer, staged, chosen, by, why, ports.now(), ports)


def _decided(held: HeldContacts) -> str:
    said = [
        f"{what} by {each.by.in_words()} on {each.at:%Y-%m-%d}: {each.because}"
        for what, each in (("accepted", held.accepted), ("rolled back", held.rolled_back))
        if each
    ]
    return "; ".join(said) or "waits"

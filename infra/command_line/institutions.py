"""institution: who the deployment serves, when each is reviewed, and who may call for it."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import time
from typing import Annotated
from zoneinfo import available_timezones

import typer

from infra.command_line.loan_status import show_rows
from infra.command_line.options import AsJson, Aws, console
from infra.deployment.institutions import address_problems
from infra.deployment.target import TargetError, find_target
from recovery.documents.shared.fields import is_institution_id
from recovery.ports.institutions import Institution, InstitutionNotFoundError
from recovery.use_cases.monitoring.start_due_reviews import find_due_reviews

Id = Annotated[str, typer.Argument(metavar="ID", help="Lowercase letters, digits and '-'.")]


def add_to(app: typer.Typer) -> None:
    """Register the group of commands."""
    institution = typer.Typer(
        no_args_is_help=True,
        help="The institutions this deployment serves. Adding one needs no deployment.",
    )
    institution.command(name="list")(list_institutions)
    institution.command()(add)
    institution.command()(access)
    app.add_typer(institution, name="institution")


def list_institutions(as_json: AsJson = False, aws: Aws = False) -> None:
    """List the institutions: their hour, how far each is reviewed, and who is late."""
    wiring = find_target(real=aws).wiring
    due = find_due_reviews(wiring.now(), wiring.institutions)
    found = []
    for institution_id in wiring.institutions.list_ids():
        each, day = (
            wiring.institutions.find(institution_id),
            wiring.institutions.day(institution_id),
        )
        state = "late" if institution_id in due.late else "due" if institution_id in due.due else ""
        found.append(
            {
                "id": institution_id,
                "name": each.name,
                "time_zone": each.time_zone,
                "review_at": each.review_at.isoformat("minutes"),
                "reviewed_through": str(day.reviewed_through or "never"),
                "state": "replay" if day.clock == "replay" else state,
            }
        )
    columns = ("id", "name", "time_zone", "review_at", "reviewed_through", "state")
    show_rows(found, columns, as_json=as_json)


def add(
    id: Id,
    name: Annotated[str, typer.Option(help="The name that borrowers read.")],
    time_zone: Annotated[str, typer.Option(help="An IANA time zone, such as Europe/Madrid.")],
    review_at: Annotated[
        str, typer.Option(metavar="HH:MM", help="When its daily review starts, local time.")
    ] = "09:30",
    phone: Annotated[
        str | None, typer.Option(help="The number to call or complain at, such as +34900000000.")
    ] = None,
    pay_account: Annotated[
        str | None, typer.Option(help="Where to pay, such as an IBAN or 'Paybill 400200'.")
    ] = None,
    pay_link: Annotated[
        str | None, typer.Option(help="Where to pay online; begins with https://.")
    ] = None,
    debt_advice: Annotated[
        str | None, typer.Option(help="Who advises on debts, free and independent: name, number.")
    ] = None,
    registration_mark: Annotated[
        str | None, typer.Option(help="Its number in the register of who collects for others.")
    ] = None,
    grievance_officer: Annotated[
        str | None, typer.Option(help="Who hears grievances: name, telephone number.")
    ] = None,
    reply_to: Annotated[
        str | None, typer.Option(help="The address where e-mail replies are heard.")
    ] = None,
    sms_number: Annotated[
        str | None, typer.Option(help="The number that texts come from and replies go to.")
    ] = None,
    aws: Aws = False,
) -> None:
    """Add an institution, or change it. Its review progress is kept.

    What messages say (number, account, link, adviser) and where replies are heard stay as they are
    unless given; '' clears one.
    """
    if not is_institution_id(id):
        raise TargetError(f"{id!r} is no id: use up to 63 lowercase letters, digits and '-'.")
    if not name.strip():
        raise TargetError("The name is empty; borrowers read it.")
    if time_zone not in available_timezones():
        raise TargetError(f"{time_zone!r} is no time zone: use one such as Europe/Madrid.")
    try:
        at = time.fromisoformat(review_at)
    except ValueError:
        raise TargetError(f"{review_at!r} is no time: use one such as 09:30.") from None
    given = {
        "phone": phone,
        "pay_account": pay_account,
        "pay_link": pay_link,
        "debt_advice": debt_advice,
        "registration_mark": registration_mark,
        "grievance_officer": grievance_officer,
        "reply_to": reply_to,
        "sms_number": sms_number,
    }
    said = {field: value.strip() for field, value in given.items() if value is not None}
    if problems := list(address_problems(said)):
        raise TargetError("; ".join(problems))
    institutions = find_target(real=aws).wiring.institutions
    basics = Institution(institution_id=id, name=name.strip(), time_zone=time_zone, review_at=at)
    with suppress(InstitutionNotFoundError):
        known = institutions.find(id)
        said = {field: getattr(known, field) for field in given} | said
    institutions.save(replace(basics, **said))
    console.print(f"{id}: reviewed daily from {at.isoformat('minutes')}, {time_zone}.")


def access(id: Id, aws: Aws = False) -> None:
    """Print the IAM policy for a system that may call the API and deliver files for it alone."""
    target = find_target(real=aws)
    console.print_json(json.dumps(client_policy(target.outputs, target.institution(id))))


def client_policy(outputs: dict[str, str], institution_id: str) -> dict[str, object]:
    """Return the policy: this institution's API paths, and its folder in the import bucket."""
    _, partition, _, region, account, *_ = outputs["DataKeyArn"].split(":")
    api = f"arn:{partition}:execute-api:{region}:{account}:{outputs['ApiId']}"
    bucket = f"arn:{partition}:s3:::{outputs['ImportBucketName']}"
    folder = f"{bucket}/imports/{institution_id}"
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "CallTheApi",
                "Effect": "Allow",
                "Action": "execute-api:Invoke",
                "Resource": f"{api}/{outputs['ApiStage']}/*/institutions/{institution_id}/*",
            },
            {
                "Sid": "DeliverFiles",
                "Effect": "Allow",
                "Action": "s3:PutObject",
                "Resource": f"{folder}/*",
            },
            {
                "Sid": "ReadResults",
                "Effect": "Allow",
                "Action": "s3:GetObject",
                "Resource": [f"{folder}/*/{name}" for name in _RESULTS],
            },
            {
                "Sid": "UseTheKeyForFilesOnly",
                "Effect": "Allow",
                "Action": ["kms:GenerateDataKey", "kms:Decrypt"],
                "Resource": outputs["DataKeyArn"],
                "Condition": {
                    "StringLike": {"kms:EncryptionContext:aws:s3:arn": f"{bucket}*"},
                },
            },
        ],
    }


_RESULTS = ("result.json", "rejected.csv")

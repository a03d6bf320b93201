"""rights: what a person may ask about what is held of them, and legal holds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated

import typer

from infra.command_line.actors import deciding_actor
from infra.command_line.options import Aws, By, Institution, Why, console
from infra.deployment.target import TargetError, find_target
from recovery.documents.people.rights_request import legal_hold_request, rights_request
from recovery.domain.agreements.rights import Right
from recovery.domain.shared.errors import (
    ConflictError,
    NotAllowedError,
    NotOnRecordError,
    RefusedError,
)
from recovery.use_cases.people.legal_holds import end_legal_hold, place_legal_hold
from recovery.use_cases.people.rights import RightTaken, answer_request
from recovery.use_cases.shared.business_date import local_date

PersonId = Annotated[str, typer.Argument(metavar="PERSON", help="The person's id.")]
RequestId = Annotated[
    str | None,
    typer.Option("--id", help="Your id of the request; by default one of its kind a day."),
]
HoldId = Annotated[str, typer.Argument(metavar="HOLD", help="Your id of the legal hold.")]
_REFUSALS = (RefusedError, NotAllowedError, NotOnRecordError, ConflictError)


def add_to(app: typer.Typer) -> None:
    """Register the group of commands."""
    rights = typer.Typer(
        no_args_is_help=True,
        help="A person's rights over what is held of them. Everything is answered at once and put"
        " on record; a repeat with the same id changes nothing.",
    )
    rights.command()(access)
    rights.command()(correct)
    rights.command(name="object")(object_to)
    rights.command()(restrict)
    rights.command()(erase)
    rights.command()(hold)
    rights.command()(release)
    app.add_typer(rights, name="rights")


def access(
    person: PersonId,
    id: RequestId = None,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Print everything held about a person as JSON; sensitive notes only for trained people."""
    taken = _answer(Right.ACCESS, person, {}, id, by, institution, aws)
    print(json.dumps(taken.held, ensure_ascii=False, indent=2))


def correct(
    person: PersonId,
    name: Annotated[str | None, typer.Option(help="The right name.")] = None,
    language: Annotated[str | None, typer.Option(help="The right language, such as es.")] = None,
    second_language: Annotated[
        str | None, typer.Option(help="Another they read, if there are no texts in the first.")
    ] = None,
    email: Annotated[str | None, typer.Option(help="The right address; empty for none.")] = None,
    phone: Annotated[str | None, typer.Option(help="The right number; empty for none.")] = None,
    id: RequestId = None,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Put a person's details right; what they were is kept for a while.

    *Try:* `recovery rights correct PERSON --phone +34600000000 --by "Ana Torres"`
    """
    given = {
        "name": name,
        "language": language,
        "second_language": second_language,
        "email": email,
        "phone": phone,
    }
    details = {key: value or None for key, value in given.items() if value is not None}
    taken = _answer(Right.CORRECTION, person, details, id, by, institution, aws)
    corrected = taken.request.answer["corrected"]
    _say(taken, f"put right: {', '.join(corrected)}")


def object_to(
    person: PersonId,
    id: RequestId = None,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Stop what need not be sent to the person: reminders and lessons."""
    _stop(Right.OBJECTION, person, id, by, institution, aws)


def restrict(
    person: PersonId,
    id: RequestId = None,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Only store what is held about the person: nothing else is done with it until it is ended."""
    _stop(Right.RESTRICTION, person, id, by, institution, aws)


def erase(
    person: PersonId,
    id: RequestId = None,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Erase what may be erased, and say what stays, why and until when."""
    taken = _answer(Right.ERASURE, person, {}, id, by, institution, aws)
    answer = taken.request.answer
    _say(taken, f"erased: {', '.join(answer['erased']) or 'nothing'}")
    for kept in answer["kept"]:
        until = f" until {kept['until']}" if kept["until"] else ""
        _print(f"- {kept['what']} stays{until}: {kept['why']}")
    _print(f"Note: {answer['elsewhere']}.")


def hold(
    person: PersonId,
    hold_id: HoldId,
    why: Why,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Place a legal hold: nothing held about the person expires or is erased until its release."""
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports, actor = target.of(chosen), deciding_actor(target, chosen, by)
    body = json.dumps({"hold_id": hold_id, "reason": why})
    with _in_words():
        checked = legal_hold_request(body)
        placed = place_legal_hold(chosen, person, *checked, actor, ports.now(), ports)
    _print(f"Legal hold {hold_id} on {person} since {placed.placed_on}: {placed.reason}")


def release(
    person: PersonId,
    hold_id: HoldId,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """End a legal hold: unless another lasts, everything expires again in its time."""
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports, actor = target.of(chosen), deciding_actor(target, chosen, by)
    with _in_words():
        ended = end_legal_hold(chosen, person, hold_id, actor, ports.now(), ports)
    _print(f"Legal hold {hold_id} on {person} ended on {ended.ended_on}.")


def _stop(
    right: Right, person: str, id: str | None, by: str | None, institution: str | None, aws: bool
) -> None:
    taken = _answer(right, person, {}, id, by, institution, aws)
    stopped = taken.request.answer["stopped"]
    _say(taken, f"stopped: {', '.join(stopped)}")


def _answer(
    right: Right,
    person: str,
    details: Mapping[str, object],
    id: str | None,
    by: str | None,
    institution: str | None,
    aws: bool,
) -> RightTaken:
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports, actor = target.of(chosen), deciding_actor(target, chosen, by)
    now = ports.now()
    body: dict[str, object] = {
        "request_id": id or f"{right}-{local_date(chosen, now, ports.institutions)}",
        "kind": right,
    }
    if details:
        body["details"] = details
    with _in_words():
        asked = rights_request(json.dumps(body))
        return answer_request(chosen, person, asked, actor, now, ports)


@contextmanager
def _in_words() -> Iterator[None]:
    """Turn a refusal into an error that is printed without a traceback."""
    try:
        yield
    except _REFUSALS as error:
        raise TargetError(f"{error}.") from None


def _say(taken: RightTaken, what: str) -> None:
    done = "Answered" if taken.recorded else "Answered before, nothing has changed"
    _print(f"{done} ({taken.request.request_id}); {what}")


def _print(line: str) -> None:
    console.print(line, soft_wrap=True, highlight=False, markup=False)

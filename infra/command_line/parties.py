"""party: record who else answers for a loan and until when, and list what each owes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from infra.command_line.actors import deciding_actor
from infra.command_line.loan_status import load_loan, parties_table, table_of
from infra.command_line.options import (
    AsJson,
    Aws,
    By,
    Institution,
    LoanId,
    Why,
    console,
    day_option,
    refusals_in_words,
    text_of,
)
from infra.deployment.target import TargetError, find_target
from recovery.documents.accounting.party_request import party_end, party_request
from recovery.domain.shared.errors import NotOnRecordError
from recovery.use_cases.accounting.read_parties import read_parties
from recovery.use_cases.accounting.record_party import PartyTaken, end_party, record_party

_EXAMPLE = Path(__file__).with_name("examples") / "party.json"
_OWED = {
    "person_id": "person",
    **{each: each for each in ("role", "overdue", "outstanding", "paid")},
}
_RECLAIMED = {"holder_id": "person", "against_id": "may reclaim from", "amount": "amount"}

PersonId = Annotated[str, typer.Argument(help="The person's id, as in the imported files.")]


def add_to(app: typer.Typer) -> None:
    """Register the group of commands."""
    party = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode="markdown",
        help="Who else answers for a loan: co-borrowers, guarantors, members of a group. Nothing is"
        " presumed of what the contract does not say, and a row that ended stays on record.",
    )
    party.command()(record)
    party.command(name="list")(list_parties)
    party.command()(end)
    party.command()(example)
    app.add_typer(party, name="party")


def record(
    loan: LoanId,
    file: Annotated[
        typer.FileBinaryRead,
        typer.Argument(metavar="FILE|-", help="One party in JSON; - reads standard input."),
    ],
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Record a party, given as the JSON that `POST /loans/{id}/parties` takes.

    The person must be on record. The same party again changes nothing. For other terms, end the row
    and record another one from the next day.

    *Try:* `recovery party example | recovery party record LOAN - --by "Ana Torres"`
    """
    text = text_of(file)
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports = target.of(chosen)
    known = load_loan(loan, ports).loan
    actor = deciding_actor(target, chosen, by)
    with refusals_in_words():
        taken = record_party(loan, party_request(text, known), actor, ports.now(), ports)
    _say(taken, "Recorded", loan)


def list_parties(
    loan: LoanId, as_json: AsJson = False, institution: Institution = None, aws: Aws = False
) -> None:
    """List a loan's parties, those that ended too, what each owes now, and who may reclaim what."""
    target = find_target(real=aws)
    ports = target.of(target.institution(institution))
    load_loan(loan, ports)
    found = read_parties(loan, ports.now(), ports)
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        console.print(*_tables(found), sep="\n")


def end(
    loan: LoanId,
    person: PersonId,
    until: Annotated[datetime, day_option("The last day on which the person is a party.")],
    why: Why,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """End a party. The day before its first calls it off; the row stays on record.

    *Try:* `recovery party end LOAN B-2 --until 2026-06-30 --why "released by letter" --by "Ana"`
    """
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports = target.of(chosen)
    load_loan(loan, ports)
    actor = deciding_actor(target, chosen, by)
    try:
        with refusals_in_words():
            said = party_end(json.dumps({"until": str(until.date()), "reason": why}))
            taken = end_party(loan, person, said.until, said.reason, actor, ports.now(), ports)
    except NotOnRecordError:
        remedy = f"See `recovery party list {loan}`"
        raise TargetError(f"{person} is no party of {loan}. {remedy}.") from None
    _say(taken, "Ended", loan)


def example() -> None:
    """Print a sample party to start from.

    *Try:* `recovery party example > party.json`
    """
    print(_EXAMPLE.read_text(encoding="utf-8"), end="")


def _say(taken: PartyTaken, done: str, loan: str) -> None:
    party = taken.record.party
    said = done if taken.recorded else "On record already, nothing has changed"
    role = party.role.replace("_", " ")
    until = f" until {party.until}" if party.until else ""
    line = f"{said}: {party.person_id}, {role} of {loan} from {party.from_on}{until}"
    console.print(line, markup=False, soft_wrap=True)


def _tables(found: Mapping[str, Any]) -> Iterator[Table]:
    currency, as_of = found["currency"], found["as_of"]
    yield parties_table(found["parties"])
    yield _table(f"Owed in {currency} on {as_of}", _OWED, found["owed_by"])
    if found["recourses"]:
        yield _table(f"To reclaim in {currency}", _RECLAIMED, found["recourses"])


def _table(title: str, columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> Table:
    cells = ([row[name] for name in columns] for row in rows)
    return table_of(title, [*columns.values()], cells)

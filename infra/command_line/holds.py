"""hardship, hold, complaint: what people tell of themselves, and what rests because of it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

import typer

from infra.command_line.actors import deciding_actor
from infra.command_line.loan_status import table_of
from infra.command_line.options import AsJson, Aws, By, Institution, Why, console, day_option
from infra.command_line.promises import OwnId, own_id
from infra.deployment.target import TargetError, find_target
from recovery.documents.people.fact_request import person_fact_request
from recovery.domain.agreements.person_facts import Cause, ComplaintAbout, ComplaintOutcome
from recovery.domain.agreements.restraints import Kind
from recovery.domain.shared.errors import FactConflictError, NotOnRecordError, RefusedError
from recovery.use_cases.people.complaints import complaint_counts
from recovery.use_cases.people.read_person import read_held, read_person
from recovery.use_cases.people.record_person_fact import record_person_fact
from recovery.use_cases.shared.business_date import business_date

PersonId = Annotated[str, typer.Argument(help="The person's id, as in the imported files.")]
FactId = Annotated[str, typer.Argument(help="The id, as `recovery hold list PERSON` shows it.")]
Until = Annotated[datetime | None, day_option("The last day; without it, what the law says.")]


def add_to(app: typer.Typer) -> None:
    """Register the three groups of commands."""
    hardship = typer.Typer(
        no_args_is_help=True,
        help="Hardship: pressure stops at once, and somebody trained asks what would help.",
    )
    hardship.command()(tell)
    hardship.command(name="end")(end)
    app.add_typer(hardship, name="hardship")
    hold = typer.Typer(
        no_args_is_help=True,
        help="What holds the system back by law or by life: death, insolvency, a representative.",
    )
    hold.command()(report)
    hold.command(name="end")(end)
    hold.command(name="list")(list_holds)
    app.add_typer(hold, name="hold")
    complaint = typer.Typer(
        no_args_is_help=True,
        help="Complaints: what one attacks rests until somebody else than its officer answers.",
    )
    complaint.command()(make)
    complaint.command(name="answer")(answer_complaint)
    complaint.command(name="count")(count)
    app.add_typer(complaint, name="complaint")


def tell(
    person: PersonId,
    cause: Annotated[list[Cause], typer.Option(help="Why; repeat for several.")],
    why: Why = "told by the person",
    can_pay: Annotated[
        str | None, typer.Option(help="What can be paid now, with --currency.")
    ] = None,
    currency: Annotated[str | None, typer.Option(help="ISO 4217, such as KES.")] = None,
    review_on: Annotated[datetime | None, day_option("The day to ask again.")] = None,
    id: OwnId = None,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Record a hardship: no more is asked than why, and what can be paid."""
    body = {
        "kind": "hardship",
        "causes": [each.value for each in cause],
        "can_pay": can_pay,
        "currency": currency,
        "review_on": review_on and f"{review_on.date()}",
        "reason": why,
    }
    _record(person, "H", body, id, by, institution, aws=aws)


def report(
    person: PersonId,
    because: Annotated[str, typer.Option(help="death, insolvency, moratorium, stop, ...")],
    why: Why,
    until: Until = None,
    on: Annotated[datetime | None, day_option("The day from which; today by default.")] = None,
    seen: Annotated[bool, typer.Option("--seen", help="A document that proves it was seen.")] = (
        False
    ),
    id: OwnId = None,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Record what holds back by law or by life; a death stops everything automatic at once."""
    body = {
        "kind": "hold",
        "because": because,
        "on": on and f"{on.date()}",
        "until": until and f"{until.date()}",
        "seen": seen,
        "reason": why,
    }
    _record(person, "HO", body, id, by, institution, aws=aws)


def end(
    person: PersonId,
    fact_id: FactId,
    why: Why,
    was_false: Annotated[
        bool, typer.Option("--false", help="It never was true: all goes on from the record.")
    ] = False,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """End a hold or hardship. Only a supervisor or somebody trained may."""
    body = {"kind": "hold_end", "ends": fact_id, "was_false": was_false, "reason": why}
    _record(person, "HE", body, None, by, institution, aws=aws)


def make(
    person: PersonId,
    about: Annotated[ComplaintAbout, typer.Option(help="What it attacks, which then rests.")],
    why: Why,
    loan: Annotated[str | None, typer.Option(help="The loan, if it is about one.")] = None,
    id: OwnId = None,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Record a complaint: it gets a number, a deadline, and a handler who is not the officer."""
    body = {"kind": "complaint", "about": about.value, "loan_id": loan, "reason": why}
    _record(person, "C", body, id, by, institution, aws=aws)


def answer_complaint(
    person: PersonId,
    complaint_id: Annotated[str, typer.Argument(help="The number of the complaint.")],
    outcome: Annotated[ComplaintOutcome, typer.Option(help="How it ends.")],
    answer: Annotated[str, typer.Option(help="What the person will read.")],
    why: Why,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Answer a complaint in writing; the letter names who hears it further."""
    body = {
        "kind": "complaint_end",
        "complaint_id": complaint_id,
        "outcome": outcome.value,
        "answer": answer,
        "reason": why,
    }
    _record(person, "CE", body, None, by, institution, aws=aws)


def list_holds(
    person: Annotated[
        str | None, typer.Argument(help="The person; without one, all who are held back now.")
    ] = None,
    as_json: AsJson = False,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """List what holds back for a person, or whom and what the system holds back from now."""
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports = target.of(chosen)
    if person is None:
        held = read_held(chosen, ports.now(), ports)
        if as_json:
            print(json.dumps({"held": held}, indent=2))
            return
        rows = [
            (
                each.get("person") or each.get("loan"),
                each["since"],
                each["until"],
                ", ".join(restraint["kind"] for restraint in _held_by(each)),
            )
            for each in held
        ]
        console.print(table_of("Held back now", ("who", "since", "until", "by"), rows))
        return
    try:
        document = read_person(chosen, person, ports.now(), ports)
    except NotOnRecordError as error:
        raise TargetError(f"{error}.") from None
    if as_json:
        print(json.dumps(document, indent=2))
        return
    columns = ("kind", "from", "until", "fact_id")
    rows = [tuple(each[name] for name in columns) for each in _held_by(document)]
    console.print(table_of(f"What holds back for {person}", columns, rows))


def count(institution: Institution = None, as_json: AsJson = False, aws: Aws = False) -> None:
    """Count complaints: how many, about what, how they ended, and how many days they took."""
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports = target.of(chosen)
    counts = complaint_counts(chosen, ports.now(), ports)
    if as_json:
        print(json.dumps({"complaints": counts}, indent=2))
        return
    columns = ("about", "received", "waiting", "late", "upheld", "rejected", "days_to_close")
    rows = [tuple(each[name] for name in columns) for each in counts]
    console.print(table_of("Complaints", columns, rows))


def _held_by(document: dict[str, Any]) -> list[dict[str, Any]]:
    held: list[dict[str, Any]] = document["held_by"]
    return held


def _record(
    person: str,
    prefix: str,
    body: dict[str, Any],
    id: str | None,
    by: str | None,
    institution: str | None,
    *,
    aws: bool,
) -> None:
    said = {name: value for name, value in body.items() if value not in (None, False)}
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports = target.of(chosen)
    actor = deciding_actor(target, chosen, by)
    today = business_date(chosen, ports.now(), ports.institutions)
    text = json.dumps({"fact_id": id or own_id(prefix, person, said), **said})
    try:
        request = person_fact_request(text, person, today)
        taken = record_person_fact(chosen, request, actor, ports.now(), ports)
    except RefusedError as error:
        raise TargetError("\n".join(f"- {problem}." for problem in error.problems)) from None
    except (FactConflictError, NotOnRecordError) as error:
        raise TargetError(f"{error}.") from None
    done = "Recorded" if taken.recorded else "On record already, nothing has changed"
    fact = taken.record.fact
    by_day = getattr(fact, "answer_by", None) or getattr(fact, "review_on", None)
    deadline = f"; to be answered or asked again by {by_day}" if by_day else ""
    kind = taken.record.kind.replace("_", " ")
    console.print(f"{done}: {kind} {taken.record.fact_id}{deadline}", soft_wrap=True)
    if getattr(fact, "kind", None) == Kind.DEATH:
        console.print("Nothing automatic leaves for this person any more, on any loan.")

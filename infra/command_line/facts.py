"""fact: record what happened to a loan's money besides payments, list it, undo a mistake."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Annotated

import typer

from infra.command_line.actors import deciding_actor
from infra.command_line.loan_status import facts_table, load_loan, standing_in_words
from infra.command_line.options import AsJson, Aws, By, Institution, LoanId, console, text_of
from infra.deployment.target import Target, TargetError, find_target
from recovery.documents.accounting.fact_request import fact_request
from recovery.domain.shared.errors import FactConflictError, RefusedError
from recovery.use_cases.accounting.fact_news import in_words
from recovery.use_cases.accounting.read_loan import facts_of
from recovery.use_cases.accounting.record_fact import record_fact
from recovery.use_cases.monitoring.read_standing import read_standing
from recovery.use_cases.shared.business_date import business_date

_EXAMPLES = Path(__file__).with_name("examples") / "facts"
KINDS = sorted(path.stem for path in _EXAMPLES.glob("*.json"))
_LONGEST_ID = 64


def add_to(app: typer.Typer) -> None:
    """Register the group of commands."""
    fact = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode="markdown",
        help="What happened to a loan's money besides payments: charges, waivers, pauses, returned"
        " debits, new schedules. Facts are kept as said; a wrong one is undone by another.",
    )
    fact.command()(record)
    fact.command(name="list")(list_facts)
    fact.command()(undo)
    fact.command()(example)
    app.add_typer(fact, name="fact")


def record(
    loan: LoanId,
    file: Annotated[
        typer.FileBinaryRead,
        typer.Argument(metavar="FILE|-", help="One fact in JSON; - reads standard input."),
    ],
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Record a fact, given as the JSON that `POST /loans/{id}/facts` takes.

    The loan is recomputed by date, back-dated facts too. `fact_id` is yours: the same fact again
    changes nothing, another one with its id is refused. A write-off is not among the kinds: people
    decide on it.

    *Try:* `recovery fact example waiver | recovery fact record LOAN - --by "Ana Torres"`
    """
    text = text_of(file)
    target = find_target(real=aws)
    record_text(target, target.institution(institution), loan, text, by)


def undo(
    loan: LoanId,
    fact_id: Annotated[str, typer.Argument(help="The id of the fact that was a mistake.")],
    why: Annotated[str, typer.Option(help="The reason, kept on record; no personal data.")],
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Undo a fact: the loan is recomputed as if it had never been recorded. Both stay on record.

    *Try:* `recovery fact undo LOAN W-2026-001 --why "entered on the wrong loan" --by "Ana Torres"`
    """
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports = target.of(chosen)
    load_loan(loan, ports)
    if fact_id in ports.loans.recorded(loan).undone_ids:
        console.print(f"{fact_id} is undone already; nothing has changed.")
        return
    body = {"fact_id": _undo_id(fact_id), "kind": "undo", "undoes": fact_id, "reason": why}
    record_text(target, chosen, loan, json.dumps(body), by)


def list_facts(
    loan: LoanId, as_json: AsJson = False, institution: Institution = None, aws: Aws = False
) -> None:
    """List a loan's facts in the order recorded, those undone too. Payments are not among them."""
    target = find_target(real=aws)
    ports = target.of(target.institution(institution))
    currency = load_loan(loan, ports).loan.currency
    facts = facts_of(ports.loans.recorded(loan), currency)
    if as_json:
        print(json.dumps({"loan_id": loan, "facts": facts}, ensure_ascii=False, indent=2))
    elif facts:
        console.print(facts_table(facts))
    else:
        console.print(f"Loan {loan} has no facts but its payments.")


def example(
    kind: Annotated[
        str | None, typer.Argument(help="The kind of fact. Without it, the kinds are listed.")
    ] = None,
) -> None:
    """Print a sample fact to start from.

    *Try:* `recovery fact example reage > fact.json`
    """
    if kind is None:
        console.print(", ".join(KINDS))
    elif kind not in KINDS:
        raise TargetError(f"{kind!r} is no kind of fact. Use one of: {', '.join(KINDS)}.")
    else:
        print((_EXAMPLES / f"{kind}.json").read_text(encoding="utf-8"), end="")


def record_text(target: Target, institution_id: str, loan: str, text: str, by: str | None) -> None:
    """Record the fact and say where the loan stands now. Raises TargetError."""
    ports = target.of(institution_id)
    currency = load_loan(loan, ports).loan.currency
    actor = deciding_actor(target, institution_id, by)
    today = business_date(institution_id, ports.now(), ports.institutions)
    try:
        taken = record_fact(fact_request(text, loan, currency, today), actor, ports.now(), ports)
    except RefusedError as error:
        raise TargetError("\n".join(f"- {problem}." for problem in error.problems)) from None
    except FactConflictError as error:
        raise TargetError(f"{error}.") from None
    if taken.asks:
        asked = (
            f"Asked as {taken.asks.decision_id}. It counts once a second person answers the same."
        )
        console.print(asked, markup=False, soft_wrap=True)
        return
    said = "Recorded" if taken.recorded else "On record already, nothing has changed"
    standing = read_standing(loan, ports.now(), ports)
    for note in taken.notes:
        console.print(f"Mind: {note}.", markup=False, soft_wrap=True)
    console.print(f"{said}: {in_words(taken.record, currency)}", markup=False, soft_wrap=True)
    console.print(
        f"{loan} now: {standing_in_words(standing, currency)};"
        f" {standing['outstanding']['total']} {currency} outstanding.",
        soft_wrap=True,
    )


def _undo_id(fact_id: str) -> str:
    """Return the id of the fact that undoes this one, the same for a repeat."""
    undo_id = f"undo-{fact_id}"
    if len(undo_id) <= _LONGEST_ID:
        return undo_id
    return f"undo-{hashlib.sha256(fact_id.encode()).hexdigest()[:32]}"

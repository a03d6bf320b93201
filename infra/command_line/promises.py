"""promise: promises to pay; dispute: what a person says is not right about a loan."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Annotated, Any

import typer

from infra.command_line.facts import record_text
from infra.command_line.loan_status import load_loan, table_of
from infra.command_line.options import (
    AsJson,
    Aws,
    By,
    Institution,
    LoanId,
    Why,
    console,
    day_option,
)
from infra.deployment.target import find_target
from recovery.documents.agreements.promise_document import promise_document
from recovery.domain.accounting.said import DisputeKind, DisputeOutcome
from recovery.domain.agreements.dispute import disputes_of
from recovery.domain.agreements.promise import promises_of
from recovery.domain.shared.money import to_decimal_text
from recovery.use_cases.shared.business_date import business_date

PromiseId = Annotated[str, typer.Argument(help="The promise, as `recovery promise list` shows it.")]
DisputeId = Annotated[str, typer.Argument(help="The dispute, as `recovery dispute list` shows it.")]
Amount = Annotated[str, typer.Option(help="How much, in the loan's currency, such as 50.00.")]
OwnId = Annotated[
    str | None, typer.Option("--id", help="Your id; without it, one that is the same for a repeat.")
]


def add_to(app: typer.Typer) -> None:
    """Register both groups of commands."""
    promise = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode="markdown",
        help="Promises to pay. Nothing presses until the day; then the ledger says what became of"
        " it, and a missed one brings a call by a person.",
    )
    promise.command()(make)
    promise.command()(cancel)
    promise.command(name="list")(list_promises)
    app.add_typer(promise, name="promise")
    dispute = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode="markdown",
        help="Disputes about a loan. Only the disputed part rests; somebody else than its officer"
        " finds out and answers in writing.",
    )
    dispute.command(name="open")(open_dispute)
    dispute.command()(answer)
    dispute.command(name="list")(list_disputes)
    app.add_typer(dispute, name="dispute")


def make(
    loan: LoanId,
    amount: Amount,
    on: Annotated[datetime, day_option("The day for which it is promised.")],
    why: Why = "promised by the person",
    channel: Annotated[str, typer.Option(help="How it was said: phone, visit, branch, ...")] = (
        "phone"
    ),
    pay_by: Annotated[
        str | None, typer.Option(help="How the money will come: cash, bank_transfer, ...")
    ] = None,
    reminder: Annotated[
        bool, typer.Option("--reminder", help="The person wants a reminder the day before.")
    ] = False,
    id: OwnId = None,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Record a promise to pay. What speaks against it is said, and never refuses it.

    *Try:* `recovery promise make LOAN --amount 50.00 --on 2026-12-05 --by "Ana Torres"`
    """
    body: dict[str, Any] = {
        "kind": "promise",
        "amount": amount,
        "pay_on": f"{on.date()}",
        "channel": channel,
        "reminder": reminder,
        "reason": why,
        **({"pay_by": pay_by} if pay_by else {}),
    }
    _say(loan, "P", body, id, by, institution, aws=aws)


def cancel(
    loan: LoanId,
    promise_id: PromiseId,
    why: Why,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Record that the person took a promise back: it is neither kept nor broken."""
    body = {"kind": "promise_end", "promise_id": promise_id, "reason": why}
    _say(loan, "PE", body, None, by, institution, aws=aws)


def list_promises(
    loan: LoanId, as_json: AsJson = False, institution: Institution = None, aws: Aws = False
) -> None:
    """List a loan's promises, and what became of each."""
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports = target.of(chosen)
    stored = load_loan(loan, ports)
    today = business_date(chosen, ports.now(), ports.institutions)
    found = [
        promise_document(each, stored.state.restraints, today, stored.loan.currency)
        for each in promises_of(ports.loans.recorded(loan))
    ]
    if as_json:
        print(json.dumps({"loan_id": loan, "promises": found}, indent=2))
        return
    columns = ("promise_id", "made_on", "pay_on", "amount", "paid", "paid_by_others", "outcome")
    rows = [[each[name] for name in columns] for each in found]
    console.print(table_of(f"Promises on loan {loan}", columns, rows))


def open_dispute(
    loan: LoanId,
    about: Annotated[DisputeKind, typer.Option(help="What is not right.")],
    why: Why,
    amount: Annotated[
        str | None, typer.Option(help="The disputed amount; without it, the whole loan.")
    ] = None,
    id: OwnId = None,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Record a dispute: the disputed part rests, and a supervisor gets the task to find out.

    *Try:* `recovery dispute open LOAN --about paid_already --amount 200.00 --why "has a receipt"`
    """
    body = {"kind": "dispute", "about": about.value, "reason": why}
    _say(
        loan, "D", {**body, **({"amount": amount} if amount else {})}, id, by, institution, aws=aws
    )


def answer(
    loan: LoanId,
    dispute_id: DisputeId,
    outcome: Annotated[DisputeOutcome, typer.Option(help="How it ends.")],
    answer: Annotated[str, typer.Option(help="What the person will read.")],
    why: Why,
    paid_on: Annotated[
        datetime | None, day_option("The value date of the missing payment, if that was it.")
    ] = None,
    undo: Annotated[
        list[str] | None, typer.Option(help="A charge to undo; repeat for several.")
    ] = None,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Answer a dispute, and put right what was wrong. Not for the officer whom it concerns."""
    body: dict[str, Any] = {
        "kind": "dispute_end",
        "dispute_id": dispute_id,
        "outcome": outcome.value,
        "answer": answer,
        "reason": why,
        **({"paid_on": f"{paid_on.date()}"} if paid_on else {}),
        **({"undoes": undo} if undo else {}),
    }
    _say(loan, "DE", body, None, by, institution, aws=aws)


def list_disputes(
    loan: LoanId, as_json: AsJson = False, institution: Institution = None, aws: Aws = False
) -> None:
    """List a loan's disputes, with the day by which each must be answered."""
    target = find_target(real=aws)
    ports = target.of(target.institution(institution))
    currency = load_loan(loan, ports).loan.currency
    rows = []
    for each in disputes_of(ports.loans.recorded(loan)):
        made, end = each.dispute, each.end
        part = made.amount_minor
        rows.append(
            {
                "dispute_id": each.dispute_id,
                "on": f"{made.on}",
                "about": made.about.value,
                "amount": "all" if part is None else to_decimal_text(part, currency),
                "answer_by": f"{made.answer_by}",
                "ended": f"{end.outcome.value} on {end.on}" if end else None,
            }
        )
    if as_json:
        print(json.dumps({"loan_id": loan, "disputes": rows}, indent=2))
        return
    columns = ("dispute_id", "on", "about", "amount", "answer_by", "ended")
    cells = [[each[name] for name in columns] for each in rows]
    console.print(table_of(f"Disputes about loan {loan}", columns, cells))


def _say(
    loan: str,
    prefix: str,
    body: dict[str, Any],
    id: str | None,
    by: str | None,
    institution: str | None,
    *,
    aws: bool,
) -> None:
    target = find_target(real=aws)
    text = json.dumps({"fact_id": id or own_id(prefix, loan, body), **body})
    record_text(target, target.institution(institution), loan, text, by)


def own_id(prefix: str, about: str, body: dict[str, Any]) -> str:
    """Return an id that is the same for the same words about the same loan or person."""
    said = json.dumps([about, body], sort_keys=True)
    return f"{prefix}-{hashlib.sha256(said.encode()).hexdigest()[:10]}"

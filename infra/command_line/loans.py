"""import, post-payment, review, case, decide: work with loans."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from infra.command_line import tell_case
from infra.command_line.actors import deciding_actor
from infra.command_line.loan_status import status
from infra.command_line.options import (
    AsJson,
    Aws,
    By,
    Institution,
    LoanId,
    Why,
    console,
    day_option,
    title,
)
from infra.deployment.operate import day_reviewed, import_folder, output_of, run_review
from infra.deployment.target import TargetError, find_target
from recovery.domain.cases.stages import in_words
from recovery.domain.shared.errors import RefusedError
from recovery.ports.accounting import LoanNotFoundError
from recovery.use_cases.cases.decide_case import DECISIONS, decide_case

if TYPE_CHECKING:
    pass


def add_to(app: typer.Typer) -> None:
    """Register the commands in the order --help shows them."""
    app.command(name="import")(import_portfolio)
    app.command(name="post-payment")(post_payment)
    app.command()(review)
    app.command()(status)
    app.command()(tell_case.case)
    app.command()(decide)


def import_portfolio(
    folder: Annotated[
        Path,
        typer.Argument(
            exists=True, file_okay=False, metavar="DIR", help="Folder with the portfolio files."
        ),
    ],
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Import a portfolio from a folder: borrowers, loans, instalments, payments (.csv or .jsonl).

    Valid rows are imported. Invalid rows are listed in DIR/rejected.csv with the row, column,
    reason and remedy, and the command exits with 1. Importing the same files again changes nothing.
    DIR/manifest.json may say how the files are written, such as {"dialect": {"delimiter": ";"}}.
    """
    target = find_target(real=aws)
    chosen = target.institution(institution)
    with console.status("Importing"):
        result, rejected = import_folder(target, folder, chosen)
    for name, value in result.items():
        console.print(f"{in_words(name):24} {value}")
    if result.get("contacts_waiting"):
        command = f"recovery decide-import {result['delivery_id']} accept (or roll-back)"
        console.print(f"[bold]New numbers or addresses wait:[/] {command}", soft_wrap=True)
    path = folder / "rejected.csv"
    if not result["rejections"]:
        path.unlink(missing_ok=True)  # the list of an earlier import no longer holds
    else:
        try:
            path.write_text(rejected, encoding="utf-8")
        except OSError as error:
            raise TargetError(
                f"The import is done, but {path} cannot be written ({error.strerror}). Make the"
                " folder writable and import again to get the list; the data will not change."
            ) from None
        console.print(f"[bold]Some rows were rejected:[/] see {path}", soft_wrap=True)
        raise typer.Exit(1)


def post_payment(
    loan: LoanId,
    amount: Annotated[str, typer.Argument(help="A decimal amount, such as 125.00.")],
    currency: Annotated[str, typer.Argument(help="ISO 4217 code, such as EUR.")],
    value_date: Annotated[
        datetime | None, day_option("The day the money counts. Default: today.")
    ] = None,
    payment_id: Annotated[
        str | None, typer.Option(help="Your payment id; sending it again posts nothing twice.")
    ] = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Post a payment through the API, as an integrated system would, and print the receipt."""
    body = {
        "payment_id": payment_id or str(uuid4()),
        "loan_id": loan,
        "amount": amount,
        "currency": currency,
        "value_date": str(value_date.date() if value_date else date.today()),  # noqa: DTZ011
    }
    target = find_target(real=aws)
    chosen = target.institution(institution)
    code, answer = target.call_api("POST", "/payments", body, of=chosen)
    console.print_json(json.dumps(answer))
    if code >= 400:
        raise typer.Exit(1)


def review(
    as_of: Annotated[datetime | None, day_option("The business date. Default: today.")] = None,
    institution: Institution = None,
    replay: Annotated[
        bool,
        typer.Option(help="Treat the business date as now, so quiet hours do not delay messages."),
    ] = False,
    as_json: AsJson = False,
    aws: Aws = False,
) -> None:
    """Run the daily review up to a date (default: today), catching up missed days in order.

    It says how many loans were reviewed on each day, and how many could not be.
    """
    if replay and aws:
        raise TargetError("--replay ignores quiet hours, so it cannot be used with --aws.")
    target = find_target(real=aws)
    chosen = target.institution(institution)
    with console.status("Reviewing"):
        arn = run_review(
            target,
            chosen,
            as_of.date() if as_of else None,
            replay=replay,
        )
    days = [day_reviewed(each) for each in output_of(target, arn)]
    if as_json:
        console.print_json(json.dumps({"institution_id": chosen, "days": days, "execution": arn}))
        return
    for each in days:
        failed = f", {each['failed']} could not be: recovery failures FailedReviews"
        more = failed if each["failed"] else ""
        loans = "1 loan" if each["reviewed"] == 1 else f"{each['reviewed']} loans"
        title(f"{each['as_of']}: {loans} reviewed{more}")
    where = "recovery cases --waiting, or --stage STAGE" + (" with --aws" if aws else "")
    console.print(f"What follows is carried out now; see {where}.", soft_wrap=True)
    console.print(f"Execution: {arn}", soft_wrap=True, highlight=False)


def decide(
    loan: LoanId,
    decision: Annotated[str, typer.Argument(help=f"One of: {', '.join(DECISIONS)}.")],
    why: Why,
    dossier: Annotated[
        str, typer.Option(help="With approve: the dossier that you read, by its hash as shown.")
    ] = "",
    until: Annotated[
        datetime | None, day_option("With decline: the last day of the pause.", "--until")
    ] = None,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Record a person's decision: approve, decline or send back a dossier, enforce a judgment,
    settle, or write off.

    `recovery proceedings LOAN` shows the dossier; an approval is bound to its hash. Where the
    policy wants two approvals, run it once for each person. So with a write-off, unless the policy
    proposed it: the first asks, a second approves. `recovery write-offs` lists and declines
    proposals, and writes off a part.
    """
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports = target.of(chosen)
    actor = deciding_actor(target, chosen, by)
    try:
        decided = decide_case(
            *(loan, decision, actor, why, ports.now(), ports),
            dossier=dossier,
            until=until.date() if until else None,
        )
    except (RefusedError, LoanNotFoundError) as error:
        raise TargetError(str(error)) from None
    case_id, decision_id = decided.decision.case_id, decided.decision.decision_id
    if decided.decision.is_pending:
        console.print(f"On record as {decision_id}. A second person has to approve it too.")
    elif decided.signal is None:
        console.print(f"On record as {decision_id}: {decided.decision.outcome}.")
    else:
        console.print(f"{case_id} moves to {in_words(decided.signal.to)}: decision {decision_id}")

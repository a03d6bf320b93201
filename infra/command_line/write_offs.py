"""write-offs: propose to write loans off, and decide on what waits."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.table import Table

from infra.command_line.actors import deciding_actor
from infra.command_line.options import Aws, By, Institution, LoanId, Why, console
from infra.command_line.whole_tables import WholeTable
from infra.deployment.target import TargetError, find_target
from recovery.domain.cases.approval import Answer
from recovery.domain.shared.errors import RefusedError
from recovery.domain.shared.money import MoneyError, to_minor
from recovery.ports.accounting import LoanNotFoundError
from recovery.ports.shared import StaleWriteError
from recovery.use_cases.cases.list_write_offs import list_write_offs
from recovery.use_cases.cases.write_offs import answer_write_off, propose_write_off

Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Ids that `list` shows.")]
All = Annotated[bool, typer.Option("--all", help="Everything on the list.")]
From = Annotated[
    typer.FileText | None,
    typer.Option("--from", metavar="FILE", help="A file with one id a line; - reads the input."),
]


def add_to(app: typer.Typer) -> None:
    """Register the group of commands."""
    group = typer.Typer(
        no_args_is_help=True,
        help="Write loans off: the policy or a person proposes it, a second person decides.",
    )
    group.command(name="list")(list_proposals)
    group.command()(propose)
    group.command()(approve)
    group.command()(decline)
    app.add_typer(group, name="write-offs")


def list_proposals(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for other tools.")] = False,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """List what waits for a decision, oldest first, with how late each loan is now."""
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports = target.of(chosen)
    found = list_write_offs(chosen, ports.now(), ports)
    if as_json:
        console.print_json(json.dumps(found))
        return
    table = Table()
    for column in ("id", "loan", "amount", "days past due", "since", "reason", "asked on"):
        table.add_column(column, overflow="fold")
    for each in found:
        days = each["days_past_due"]
        table.add_row(
            f"{each['decision_id']}",
            f"{each['loan_id']}",
            f"{each['amount']} {each['currency']}" if each["amount"] else "unreadable",
            "" if days is None else f"{days}",
            f"{each['since'] or ''}",
            f"{each['reason']}",
            f"{each['asked_on']}",
        )
    console.print(WholeTable(table))


def propose(
    loan: LoanId,
    amount: Annotated[
        str, typer.Option(help="A part, such as 125.00, or `all` for everything still owed.")
    ],
    why: Why,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Propose to write a loan off, all of it or a part. A second person decides."""
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports = target.of(chosen)
    actor = deciding_actor(target, chosen, by)
    try:
        currency = ports.loans.load(loan).loan.currency
        amount_minor = None if amount == "all" else to_minor(amount, currency)
        if amount_minor is not None and amount_minor < 1:
            raise TargetError(f"The amount {amount} is not above zero.")
        proposed = propose_write_off(loan, amount_minor, actor, why, ports.now(), ports)
    except (RefusedError, LoanNotFoundError, MoneyError) as error:
        raise TargetError(str(error)) from None
    console.print(f"On record as {proposed.decision_id}. A second person decides.")


def approve(
    why: Why,
    ids: Ids = None,
    everything: All = False,
    file: From = None,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Write off what was proposed, and close the cases of loans written off whole.

    Each loan gets its own result; the command exits 1 if any was refused.
    """
    _answer(Answer.APPROVED, why, ids, everything, file, by, institution, aws)


def decline(
    why: Why,
    ids: Ids = None,
    everything: All = False,
    file: From = None,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Decline what was proposed; the policy does not repeat it while the loan stays that late.

    Each loan gets its own result; the command exits 1 if any was refused.
    """
    _answer(Answer.DECLINED, why, ids, everything, file, by, institution, aws)


def _answer(
    answer: Answer,
    why: str,
    ids: list[str] | None,
    everything: bool,
    file: typer.FileText | None,
    by: str | None,
    institution: str | None,
    aws: bool,
) -> None:
    if [bool(ids), everything, file is not None].count(True) != 1:
        raise TargetError("Name ids, or use --all, or --from FILE: one of the three.")
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports = target.of(chosen)
    actor = deciding_actor(target, chosen, by)
    if everything:
        ids = [f"{each['decision_id']}" for each in list_write_offs(chosen, ports.now(), ports)]
    elif file is not None:
        ids = [line.strip() for line in file if line.strip()]
    refused = 0
    for decision_id in dict.fromkeys(ids or ()):
        try:
            decided = answer_write_off(decision_id, answer, actor, why, ports.now(), ports)
        except (RefusedError, LoanNotFoundError, StaleWriteError) as error:
            refused += 1
            _print(f"{decision_id}: refused. {error}")
            continue
        closes = f", {decided.signal.case_id} closes" if decided.signal else ""
        _print(f"{decision_id}: {decided.decision.outcome}{closes}")
    if refused:
        raise typer.Exit(1)


def _print(line: str) -> None:
    console.print(line, soft_wrap=True, highlight=False, markup=False)

"""transfer, buy-back, notice, refinancing: who owns loans, and what a new loan carries over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from infra.command_line.actors import deciding_actor
from infra.command_line.options import (
    Aws,
    Institution,
    LoanId,
    console,
    counting,
    day_option,
    refusals_in_words,
)
from infra.command_line.whole_tables import WholeTable
from infra.deployment.target import TargetError, find_target
from recovery.documents.portfolio.loan_list import NamedLoan, read_loan_list
from recovery.domain.accounting.ownership import (
    Medium,
    OwnerChange,
    OwnerChangeKind,
    TransferNotice,
)
from recovery.domain.accounting.sale_list import RowProblem
from recovery.domain.cases.approval import Answer
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.ports.accounting import LoanNotFoundError
from recovery.use_cases.cases.decide_refinancing import decide_refinancing
from recovery.use_cases.portfolio.buy_back import buy_back as buy_loans_back
from recovery.use_cases.portfolio.prove_transfer_notice import prove_transfer_notice
from recovery.use_cases.portfolio.transfer_loans import Transferred, transfer_loans

File = Annotated[
    typer.FileBinaryRead,
    typer.Argument(metavar="FILE|-", help="The list as CSV; - reads standard input."),
]
ListId = Annotated[
    str, typer.Option("--list", help="Your id of the list; sending it again changes nothing twice.")
]
By = Annotated[
    str | None,
    typer.Option(help="Your name, on the embedded AWS only; elsewhere your credentials say."),
]
ExecutedOn = Annotated[
    datetime, day_option("The settlement day; the change takes effect at its close.", "--on")
]
Check = Annotated[
    bool, typer.Option("--check", help="Only check the list, also ahead of its settlement day.")
]


class GivenAway(StrEnum):
    """How the loans of a list change hands; a buy-back has a command of its own."""

    SALE = OwnerChangeKind.SALE.value
    TRANSFER = OwnerChangeKind.TRANSFER.value
    PLACEMENT = OwnerChangeKind.PLACEMENT.value
    RECALL = OwnerChangeKind.RECALL.value


def add_to(group: typer.Typer) -> None:
    """Register the commands in the order --help shows them."""
    group.command()(transfer)
    group.command(name="buy-back")(buy_back)
    group.command()(notice)
    group.command()(refinancing)


def transfer(
    file: File,
    list_id: ListId,
    on: ExecutedOn,
    kind: Annotated[GivenAway, typer.Option(help="What changes hands.")] = GivenAway.SALE,
    to: Annotated[
        str | None,
        typer.Option(help="The new creditor; for a placement, the servicer or law firm."),
    ] = None,
    inside: Annotated[
        bool,
        typer.Option(
            "--inside", help="The loans stay handled in this deployment, for the new owner."
        ),
    ] = False,
    check: Check = False,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Sell, transfer, place or recall the loans of a list, at close of the settlement day.

    The list has a column `loan_id`. A disputed loan, or one on which nothing is owed, comes off the
    list, or needs `exception_by` and `exception_why` in its row. If any row is refused, no loan
    changes hands. An interrupted list is completed by sending it again.

    From the next day, a loan owned outside is silent and money that still comes in is passed on;
    one that stays handled here (`--inside`) waits for the transfer notice (`notice`). A loan
    placed outside is silent until its recall.

    *Try:* `recovery portfolio transfer list.csv --list list-7 --on 2026-06-30 --to "Fondo Norte"
    --check`
    """
    is_placement = kind is GivenAway.PLACEMENT
    change = OwnerChange(
        change_id=list_id,
        kind=kind.value,
        executed_on=on.date(),
        creditor=None if is_placement else to,
        servicer=to if is_placement else None,
        outside=kind is not GivenAway.RECALL and not inside,
    )
    listed = _listed(file)

    def run(chosen: str, actor: Any, ports: Any, seen: Callable[[], None]) -> Transferred:
        return transfer_loans(
            listed, change, chosen, actor, ports.now(), ports, check_only=check, seen=seen
        )

    _change_hands(listed, run, check, by, institution, aws)


def buy_back(
    file: File,
    list_id: ListId,
    on: ExecutedOn,
    check: Check = False,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Buy the loans of a list back: each goes back to who gave it away last.

    A debtor who was told of the sale is told again before anybody contacts them (`notice`). One who
    was not may be contacted from the first day.
    """
    listed = _listed(file)

    def run(chosen: str, actor: Any, ports: Any, seen: Callable[[], None]) -> Transferred:
        return buy_loans_back(
            listed, list_id, on.date(), chosen, actor, ports.now(), ports,
            check_only=check, seen=seen,
        )  # fmt: skip

    _change_hands(listed, run, check, by, institution, aws)


def notice(
    file: File,
    list_id: ListId,
    sent_on: Annotated[datetime, day_option("The day on which the notices were sent.")],
    medium: Annotated[Medium, typer.Option(help="Paper or another durable medium.")],
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Record the proof that debtors were told of the new owner of their loan.

    The list has the columns `loan_id` and `proof`, such as the number of a registered letter. The
    new owner's contact may begin on the day after (Directive (EU) 2021/2167, art. 10).
    """
    listed = _listed(file)
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports, actor = target.of(chosen), deciding_actor(target, chosen, by)
    result = Transferred()
    with counting("Recording notices", len(listed)) as seen:
        for row in listed:
            told = TransferNotice(
                change_id=list_id, medium=medium, sent_on=sent_on.date(), proof=row.proof or ""
            )
            try:
                taken = prove_transfer_notice(row.loan_id, told, actor, ports.now(), ports)
            except LoanNotFoundError as error:
                problem = Problem("loan_id", str(error), "Check the id", "not_found")
                result.refused.append(RowProblem(row.number, row.loan_id, problem))
            except RefusedError as error:
                result.refused += (RowProblem(row.number, row.loan_id, e) for e in error.problems)
            else:
                result.transferred += taken.recorded
                result.unchanged += not taken.recorded
            seen()
    console.print(f"Recorded: {result.transferred} notices; {result.unchanged} were on record.")
    _exit_with(result.refused)


def refinancing(
    loan: LoanId,
    answer: Annotated[Answer, typer.Argument(help="Whether the new loan repaid the old one.")],
    why: Annotated[str, typer.Option(help="Your reason, kept on record.")],
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Review a new loan that seems to have repaid an old one of the same person.

    Until then, and once approved, it carries the old loan's days past due, vintage and forbearance
    mark; declined, it carries nothing. It takes a supervisor who is not the officer of either.
    """
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports, actor = target.of(chosen), deciding_actor(target, chosen, by)
    with refusals_in_words():
        try:
            decided = decide_refinancing(loan, answer, actor, why, ports.now(), ports)
        except LoanNotFoundError as error:
            raise TargetError(f"{error}. Import it first, or check the id.") from None
    console.print(f"Decision {decided.decision_id}: {decided.outcome}.")


def _listed(file: typer.FileBinaryRead) -> list[NamedLoan]:
    try:
        text = file.read().decode()
    except UnicodeDecodeError:
        raise TargetError("The list is not UTF-8 text. Save it with the UTF-8 encoding.") from None
    listed, problems = read_loan_list(text)
    _exit_with(problems)
    return listed


def _change_hands(
    listed: list[NamedLoan],
    run: Callable[[str, Any, Any, Callable[[], None]], Transferred],
    check: bool,
    by: str | None,
    institution: str | None,
    aws: bool,
) -> None:
    target = find_target(real=aws)
    chosen = target.institution(institution)
    actor = deciding_actor(target, chosen, by)
    with refusals_in_words(), counting("Changing hands", len(listed)) as seen:
        result = run(chosen, actor, target.of(chosen), seen)
    if check and not result.refused:
        console.print(f"All {len(listed)} loans may change hands. Nothing was changed.")
    elif result.transferred or result.unchanged or not result.refused:
        console.print(f"{result.transferred} loans changed hands; {result.unchanged} had before.")
    else:
        console.print("No loan changed hands.")
    _exit_with(result.refused)


def _exit_with(refused: list[RowProblem]) -> None:
    """Print why rows were refused and leave with exit code 1; do nothing if none was."""
    if not refused:
        return
    table = Table(title="Rows that were refused")
    for column in ("row", "loan", "why", "what to do"):
        table.add_column(column, overflow="fold")
    for each in refused:
        problem = each.problem
        why = f"{problem.field} {problem.reason}"
        table.add_row(str(each.number), *map(escape, (each.loan_id, why, problem.remedy)))
    console.print(WholeTable(table))
    raise typer.Exit(1)

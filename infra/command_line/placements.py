"""place, recall, placements: hand loans to a law firm or servicer, and hear how they stand."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.markup import escape

from infra.command_line.actors import deciding_actor
from infra.command_line.loan_status import table_of
from infra.command_line.options import (
    AsJson,
    Aws,
    By,
    Institution,
    console,
    counting,
    refusals_in_words,
)
from infra.deployment.target import TargetError, find_target
from recovery.documents.portfolio.placement_reports import read_reports
from recovery.domain.accounting.placement import FirmKind
from recovery.domain.accounting.sale_list import RowProblem
from recovery.domain.shared.errors import NotAllowedError
from recovery.use_cases.portfolio.place_loans import Placed, place_loans, recall_loans
from recovery.use_cases.portfolio.report_placements import placements as placed_loans
from recovery.use_cases.portfolio.report_placements import take_reports
from recovery.use_cases.shared.business_date import business_date

Loans = Annotated[list[str], typer.Argument(metavar="LOAN...", help="The ids of the loans.")]
Firm = Annotated[str, typer.Option("--with", help="The firm's name, as it signs its reports.")]
Kind = Annotated[FirmKind, typer.Option("--as", help="What it is to do: it gets what that needs.")]
Id = Annotated[
    str | None,
    typer.Option("--id", help="Your id; sending it again changes nothing twice. Default: by day."),
]
File = Annotated[
    typer.FileBinaryRead,
    typer.Argument(metavar="FILE|-", help="The firm's report as CSV; - reads standard input."),
]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(place)
    app.command()(recall)
    group = typer.Typer()
    group.callback(invoke_without_command=True)(placements)
    group.command()(report)
    group.command()(package)
    app.add_typer(group, name="placements")


def place(
    loans: Loans,
    firm: Firm,
    kind: Kind = FirmKind.LAW_FIRM,
    id: Id = None,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Place loans with a law firm or servicer, with a package of what it needs and no more.

    From tomorrow the firm speaks with the borrower: nothing is sent from here but answers that are
    owed. A law firm gets what is owed, by whom, what proves it and until when; a servicer how the
    person may be reached, and what was agreed. Neither gets notes, other loans, offers, or who paid
    for the borrower. If one of the loans is refused, none is placed.

    Whether the borrower has to be told of the firm before it calls is for a person to say.

    *Try:* `recovery place LOAN --with "Bufete Ríos" --by "Ana Torres"`, then `recovery placements`.
    """
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports, actor = target.of(chosen), deciding_actor(target, chosen, by)
    now = ports.now()
    today = business_date(chosen, now, ports.institutions)
    placement_id = id or f"placement-{today}-{loans[0]}"
    with refusals_in_words():
        done = place_loans(loans, placement_id, firm, kind, chosen, actor, now, ports)
    _exit_with(done.refused)
    console.print(f"Placed {_counts(done)} with {escape(firm)}, as {placement_id}.")
    console.print(f"Package SHA-256: {done.sha256}", soft_wrap=True, highlight=False)
    console.print(
        f"Hand it over by a link: `recovery placements package {placement_id}`. No rule on record"
        " says whether the borrower must be told first: ask a lawyer.",
        soft_wrap=True,
    )


def recall(
    loans: Loans,
    id: Id = None,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Call loans back from who handles them: from tomorrow the creditor does again.

    *Try:* `recovery recall LOAN --by "Ana Torres"`
    """
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports, actor = target.of(chosen), deciding_actor(target, chosen, by)
    now = ports.now()
    today = business_date(chosen, now, ports.institutions)
    with refusals_in_words():
        done = recall_loans(loans, id or f"recall-{today}-{loans[0]}", chosen, actor, now, ports)
    _exit_with(done.refused)
    console.print(f"Called back {_counts(done)}.")


def placements(
    context: typer.Context,
    firm: Annotated[str | None, typer.Option("--with", help="Only those of this firm.")] = None,
    as_json: AsJson = False,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """List the loans that are placed, with the last report of each; take up reports.

    *Reports:* `recovery placements report FILE` takes the firm's CSV, whose header is in each
    package; every row that cannot be used is named with its column.

    *Packages:* `recovery placements package ID` makes a link that opens one for 15 minutes.
    """
    if context.invoked_subcommand is not None:
        return
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports = target.of(chosen)
    with counting("Reading loans") as seen:
        found = placed_loans(
            chosen, ports.now(), ports, firm=firm, shards=ports.settings.shards, seen=seen
        )
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    columns = ("firm", "loan_id", "placement_id", "since", "status", "reported_on", "recall")
    rows = [
        tuple("" if each[name] is None else _word(each[name]) for name in columns) for each in found
    ]
    console.print(table_of(f"{len(rows)} loans placed", columns, rows))


def report(file: File, by: By = None, institution: Institution = None, aws: Aws = False) -> None:
    """Take up what a firm reports of its loans, from a CSV file.

    Its columns are `report_id,loan_id,placement_id,status,on,amount,reference`. A report of money
    posts no payment: it counts once it comes in here.
    """
    try:
        text = file.read().decode()
    except UnicodeDecodeError:
        raise TargetError("The file is not UTF-8 text. Save it with that encoding.") from None
    rows, problems = read_reports(text)
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports, actor = target.of(chosen), deciding_actor(target, chosen, by)
    try:
        done = take_reports(rows, actor, ports.now(), ports)
    except NotAllowedError as error:
        raise TargetError(f"{error}.") from None
    console.print(f"Recorded {done.recorded} reports; {done.unchanged} were on record.")
    _exit_with([*problems, *done.refused])


def package(
    placement: Annotated[str, typer.Argument(metavar="ID", help="The placement's id.")],
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Make a link that opens a placement's package for 15 minutes; send it to the firm alone."""
    target = find_target(real=aws)
    link = target.of(target.institution(institution)).packages.link(placement)
    if link is None:
        raise TargetError(f"There is no package {placement}. Its time may be over: place again.")
    print(link)


def _counts(done: Placed) -> str:
    before = f"; {done.unchanged} had been before" if done.unchanged else ""
    return f"{done.loans} loan{'' if done.loans == 1 else 's'}{before}"


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "call back?" if value else ""
    return str(value).replace("_", " ")


def _exit_with(refused: list[RowProblem]) -> None:
    """Print why rows were refused and leave with exit code 1; do nothing if none was."""
    for each in refused:
        where = f"Row {each.number}" + (f", {each.loan_id}" if each.loan_id else "")
        console.print(f"{where}: {each.problem}.", soft_wrap=True, highlight=False, markup=False)
    if refused:
        raise typer.Exit(1)

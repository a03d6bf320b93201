"""portfolio: report on many loans, and let lists of them change hands."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from infra.command_line import shocks, transfers
from infra.command_line.options import (
    Aws,
    Institution,
    console,
    counting,
    day_option,
    refusals_in_words,
    title,
)
from infra.command_line.whole_tables import WholeTable
from infra.deployment.target import find_target
from recovery.documents.portfolio.report import owner_report_document, report_document
from recovery.domain.accounting.owner_report import OwnerReport
from recovery.domain.portfolio.report import CurrencyReport, Part, PortfolioReport, percent
from recovery.domain.shared.money import to_decimal_text
from recovery.use_cases.portfolio.read_owner_reports import read_owner_reports
from recovery.use_cases.portfolio.read_reachability import read_reachability
from recovery.use_cases.portfolio.read_report import read_report

AsOf = Annotated[
    datetime | None, day_option("The day of the report. Default: the business date.", "--as-of")
]
Creditor = Annotated[
    str | None,
    typer.Option(help="Only the loans that this creditor owned on that day, sold ones too."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


def add_to(app: typer.Typer) -> None:
    """Register the group of commands."""
    group = typer.Typer()
    group.callback(invoke_without_command=True)(portfolio)
    group.command()(report)
    group.command()(reach)
    group.command()(owners)
    shocks.add_to(group)
    transfers.add_to(group)
    app.add_typer(group, name="portfolio")


def portfolio(
    context: typer.Context,
    as_of: AsOf = None,
    creditor: Creditor = None,
    as_json: Json = False,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Report on all loans of a day, and let lists of loans change hands.

    *The report:* `recovery portfolio --as-of 2026-06-30` shows what is outstanding, the portfolio
    at risk over 30, 60 and 90 days, what was written off and what was recovered of it, by currency.

    *Change hands:* `recovery portfolio transfer FILE` sells, transfers, places or recalls the loans
    of a list, `buy-back` undoes a sale, and `notice` records that the debtors were told.

    *Whom it can reach:* `recovery portfolio reach`.

    *A flood, a strike, a closed market:* `recovery portfolio shocks`.
    """
    if context.invoked_subcommand is None:
        report(as_of, creditor, as_json, institution, aws)
    elif as_of or creditor or as_json or institution or aws:
        raise typer.BadParameter(f"put the options after {context.invoked_subcommand}")


def report(
    as_of: AsOf = None,
    creditor: Creditor = None,
    as_json: Json = False,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Show outstanding, portfolio at risk, write-offs and recoveries, by currency.

    A loan is at risk with all its outstanding principal once anything is more than 30 (60, 90) days
    late. Forborne and paused loans are shown apart; written-off loans are not in the ratio. Loans
    sold outside are left out, unless you name their creditor. A day before the business date is
    computed from everything on record, which takes longer.
    """
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports = target.of(chosen)
    with refusals_in_words(), counting("Reading loans") as seen:
        read = read_report(
            chosen,
            as_of.date() if as_of else None,
            ports.now(),
            ports,
            shards=ports.settings.shards,
            creditor=creditor,
            seen=seen,
        )
    if as_json:
        console.print_json(json.dumps(report_document(read.report)))
    else:
        _print_report(read.report)
    for loan_id, error in read.failed:
        title(f"Not in the report: {loan_id} cannot be read ({error!r})")
    if read.failed:
        raise typer.Exit(1)


def owners(
    from_: Annotated[datetime, day_option("The first day of the period.", "--from")],
    until: Annotated[datetime, day_option("The last day of the period.", "--until")],
    as_json: Json = False,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Show what the loans of each owner did in a period, so that both sides' books agree.

    What one owner sold another bought, on the same day and for the same balance; money that came in
    here for an owner outside is shown as passed on by one and received by the other.
    """
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports = target.of(chosen)
    first, last = from_.date(), until.date()
    with refusals_in_words(), counting("Reading loans") as seen:
        reports = read_owner_reports(
            chosen, first, last, ports.now(), ports, shards=ports.settings.shards, seen=seen
        )
    if as_json:
        console.print_json(json.dumps([owner_report_document(each) for each in reports]))
        return
    for each in reports:
        title(f"{each.creditor}, {first} to {last}, {each.currency}")
        console.print(WholeTable(_owner_table(each)))
    if not reports:
        console.print("No loan was on record in this period.")


def reach(as_json: Json = False, institution: Institution = None, aws: Aws = False) -> None:
    """Show how many people with an open loan can be reached, and by what.

    Openly: at an address that is theirs alone and was confirmed. Elsewhere only a neutral "please
    call" may go. A dead address is one from which messages came back.
    """
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports = target.of(chosen)
    shards = ports.settings.shards
    found = read_reachability(chosen, ports.now(), ports, shards=shards)
    if as_json:
        console.print_json(json.dumps(asdict(found)))
        return
    title(f"{found.people} people with an open loan")
    lines = {
        "reached by e-mail or SMS": found.by_some,
        "  openly": found.openly,
        **{f"by {name}": count for name, count in found.by_channel.items()},
        **{f"dead addresses, {name}": count for name, count in found.dead.items()},
    }
    for name, count in lines.items():
        console.print(f"{name}: {count}, {percent(found.share(count))}", highlight=False)


def _print_report(report: PortfolioReport) -> None:
    of = f" of {report.creditor}" if report.creditor else ""
    if not report.currencies:
        title(f"On {report.as_of} there is no loan{of}.")
    for each in report.currencies:
        title(f"Portfolio{of} on {report.as_of}, {each.currency}")
        console.print(WholeTable(_report_table(each)))
    if len(report.currencies) > 1:
        console.print(
            f"In all currencies: {report.loans} loans, {report.written_off_loans} written off."
        )


def _report_table(report: CurrencyReport) -> Table:
    table = _table("", "loans", "amount", "share of principal")

    def row(name: str, part: Part, *, share: bool = True) -> None:
        amount = to_decimal_text(part.principal_minor, report.currency)
        shown = percent(report.share(part)) if share else ""
        table.add_row(name, str(part.loans), amount, shown)

    row("outstanding, all", Part(report.book.loans, report.outstanding_minor), share=False)
    row("outstanding principal", report.book)
    for at_risk in report.at_risk:
        row(f"PAR{at_risk.over_days}", at_risk.all)
        row("  of it forborne", at_risk.forborne)
        row("  of it paused", at_risk.paused)
        row("  without forborne", at_risk.ordinary.plus(at_risk.paused))
        row("  with all forborne", report.with_forborne(at_risk))
    row("forborne, late or not", report.forborne)
    row("paused, late or not", report.paused)
    for name, losses in (("written off", report.credit), ("written off by fraud", report.fraud)):
        row(name, Part(losses.loans, losses.written_off_minor), share=False)
        recovered = to_decimal_text(losses.recovered_minor, report.currency)
        table.add_row("recovered of it", "", recovered, "")
    for each in report.cures:
        name = f"cured {each.months} months ago or more"
        table.add_row(name, str(each.cured), "", "")
        table.add_row("  late again by then", str(each.redefaulted), "", percent(each.share))
    return table


def _owner_table(report: OwnerReport) -> Table:
    table = _table("", "amount")
    document = owner_report_document(report)
    for name in (each for each in document if each not in ("creditor", "currency")):
        table.add_row(name.replace("_", " "), str(document[name]))
    return table


def _table(*columns: str) -> Table:
    table = Table()
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    return table

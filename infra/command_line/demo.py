"""demo: deploy the system on this machine and replay months of a portfolio."""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from infra.command_line.demo_report import report_end, report_portfolio
from infra.command_line.options import console, day_option
from infra.demo.foreseen import foresee
from infra.demo.play import Plan, Played, business_days, import_history, play
from infra.demo.sample_portfolio import make_sample_portfolio
from infra.demo.stories import stories, with_stories, write_facts
from infra.demo.stream_watch import StreamWatch
from infra.demo.summary import read_facts, read_portfolio
from infra.deployment import deploy as deployment
from infra.deployment.delivery import read_folder
from infra.deployment.institutions import seed_institutions
from infra.deployment.target import Target
from infra.embedded import aws as embedded_aws
from recovery.documents.intake.reading import read_rows
from recovery.documents.intake.rows import PaymentRow, Rejection, columns_of

_USUAL_DEPLOY_LINES = 280  # paces the progress bar, nothing else


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(demo)


def demo(
    loans: Annotated[int, typer.Option(min=1, help="Number of sample loans.")] = 75,
    seed: Annotated[int, typer.Option(help="The same seed gives the same sample portfolio.")] = 1,
    from_: Annotated[
        datetime | None, day_option("First day. Default: 26 weeks before the last.", "--from")
    ] = None,
    to: Annotated[datetime | None, day_option("Last day. Default: yesterday.")] = None,
    portfolio: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            file_okay=False,
            help="Replay your own files; payments dated --from or later are posted day by day.",
        ),
    ] = None,
    keep: Annotated[
        bool,
        typer.Option("--keep", help="Leave everything running afterwards, so you can look around."),
    ] = False,
    port: Annotated[int | None, typer.Option(help="Port for the embedded AWS.")] = None,
) -> None:
    """Watch six months of a portfolio's recovery in a few minutes, entirely on this machine.

    Starts the embedded AWS, deploys the real CDK app, imports a portfolio, then replays each
    business day: payments arrive through the API, the daily review runs, cases open, move and
    close as Step Functions executions, and messages go out through SES and SNS.
    """
    if any(day and not 1971 <= day.year <= 2099 for day in (from_, to)):
        raise typer.BadParameter("--from and --to must be between 1971 and 2099")
    end = to.date() if to else datetime.now(UTC).date() - timedelta(days=1)
    start = from_.date() if from_ else end - timedelta(weeks=26)
    if start >= end:
        raise typer.BadParameter("--from must be before --to")
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        plan = (
            _own_plan(portfolio, Path(folder), start, end)
            if portfolio
            else _sample_plan(Path(folder), loans, seed, start, end)
        )
        embedded_aws.stop()
        try:
            _run(plan, port, keep, began)
        finally:
            if not keep:
                embedded_aws.stop()


def _run(plan: Plan, port: int | None, keep: bool, began: float) -> None:
    played = Played()
    days = sum(1 for _ in business_days(plan.start, plan.end))
    with _progress() as progress:
        with _step(progress, "Starting the embedded AWS"):
            embedded = embedded_aws.start(port=port)
        deploying = progress.add_task("Deploying the CDK app", total=_USUAL_DEPLOY_LINES)
        found = deployment.deploy(
            embedded=embedded,
            context={"shards": 2},
            progress=lambda line: progress.update(deploying, advance=1),
        )
        progress.update(deploying, completed=_USUAL_DEPLOY_LINES)
        target = Target(embedded, found)
        seed_institutions(target)
        with _step(progress, "Importing the portfolio"):
            watch = StreamWatch(target)
            import_history(target, plan, played)
        playing = progress.add_task("Replaying business days", total=days)
        before = None

        def on_day(day: date, so_far: Played) -> None:
            nonlocal before
            before = before or read_portfolio(target)
            text = f"{day}: {so_far.payments_posted} payments, {so_far.signals} case moves"
            progress.update(playing, advance=1, description=text)

        play(target, plan, played, watch, on_day=on_day)
    report_portfolio(before or {}, read_portfolio(target))
    report_end(
        target, plan, played, read_facts(target, plan.start), time.monotonic() - began, keep=keep
    )


def _sample_plan(folder: Path, loans: int, seed: int, start: date, end: date) -> Plan:
    sample = make_sample_portfolio(loans=loans, seed=seed, start=start, end=end)
    foreseen = foresee(sample, start, end)
    with_stories(foreseen.sample, start).write(folder)
    write_facts(folder, start)
    payments = foreseen.sample.future_payments
    return Plan(folder, payments, start, end, foreseen.drifts, stories())


def _own_plan(portfolio: Path, folder: Path, start: date, end: date) -> Plan:
    """Copy the user's files, holding back payments from ``start`` on to be posted day by day.

    The copies are CSV as it is without a manifest, however the user's files are written.
    """
    future: list[PaymentRow] = []
    delivery = read_folder(portfolio)
    for kind, path in delivery.files.items():
        with (
            path.open("rb") as stream,
            (folder / f"{kind}.csv").open("w", encoding="utf-8", newline="") as past,
        ):
            writer = csv.writer(past)
            writer.writerow(columns_of(kind))
            for row in read_rows(kind, stream, delivery.manifest.dialect):
                if isinstance(row, Rejection):
                    console.print(f"{kind} row {row.row}, {row.problem}")
                elif not isinstance(row.values, PaymentRow) or row.values.value_date < start:
                    writer.writerow(
                        "" if value is None else value
                        for value in row.values.model_dump(mode="json").values()
                    )
                elif row.values.value_date <= end:
                    future.append(row.values)
    return Plan(folder, future, start, end)


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description:<58}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )


@contextmanager
def _step(progress: Progress, text: str) -> Iterator[None]:
    task = progress.add_task(text, total=1)
    yield
    progress.update(task, completed=1)

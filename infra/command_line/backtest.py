"""backtest: test the early warning on a portfolio's own past, without AWS."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from infra.back_test.fairness import Share
from infra.back_test.figures import BUDGETS_PERCENT, Figure, Figures
from infra.back_test.histories import read_past
from infra.back_test.picture import calibration_svg
from infra.back_test.run import BackTest, back_test, back_test_document, weights_document
from infra.command_line.options import AsJson, console
from infra.deployment.target import TargetError
from recovery.documents.policy import read_policy
from recovery.documents.shared.problems import InvalidDocumentError
from recovery.domain.cases.stage import in_words
from recovery.domain.policy import DEFAULT_POLICY, Policy

_RIVALS = ("late_last_time", "late_last_time_unpaid", "days_past_due")


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(backtest)


def backtest(
    folder: Annotated[
        Path,
        typer.Argument(
            exists=True, file_okay=False, metavar="DIR", help="Folder with the portfolio files."
        ),
    ],
    policy: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Policy to test. Default: the default one."),
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(help="Write calibration as an SVG picture to this file.")
    ] = None,
    calibrate: Annotated[
        Path | None,
        typer.Option(help="Write weights fitted to the whole past, for the policy, to this file."),
    ] = None,
    draws: Annotated[int, typer.Option(min=20, max=5000, help="Bootstrap draws.")] = 300,
    as_json: AsJson = False,
) -> None:
    """Test on a portfolio's past whether the early warning beats asking who was late last time.

    Takes the files that `recovery import` takes and stores nothing. It walks forward in time: each
    month is predicted by weights fitted to what was known before it. For every share of borrowers
    that could be contacted it says how much of the lateness to come they would have found, beside
    the naive rules, with 95% intervals (bootstrap by borrower).

    It also says how many of those who paid on time would have been warned, by language and by
    place, and how many of the late payments came within a week, by segment: whoever cures alone is
    left alone.

    `--calibrate` writes weights to put into the policy's `monitoring.warning.weights`.
    """
    try:
        result = back_test(read_past(folder), _policy(policy), draws)
    except ValueError as error:
        raise TargetError(f"{folder} cannot be tested: {error}.") from None
    if picture:
        shown = result.groups["unpaid"] if "unpaid" in result.groups else result.groups["all"]
        picture.write_text(calibration_svg(shown.bins, "Early warning: calibration"), "utf-8")
    if calibrate:
        calibrate.write_text(json.dumps(weights_document(result.weights), indent=2) + "\n", "utf-8")
    if as_json:
        print(json.dumps(back_test_document(result), indent=2))
    else:
        _print(result)


def _policy(path: Path | None) -> Policy:
    if path is None:
        return DEFAULT_POLICY
    try:
        return read_policy(path.read_bytes())
    except InvalidDocumentError as error:
        raise TargetError(f"{path} is not valid: {error}") from None


def _print(result: BackTest) -> None:
    for name, found in result.groups.items():
        console.print(_table(in_words(name), found))
    for segment, found in result.segments.items():
        expected = sum(each.count * each.expected for each in found.bins) / found.trials
        console.print(
            f"{in_words(segment):18} {found.trials:6} due dates,"
            f" {found.late / found.trials:.0%} late, expected {expected:.0%}"
        )
    for segment, share in result.self_cures.items():
        console.print(f"{in_words(segment):18} {_share(share)} of the late came within a week")
    for kind, of in result.false_alarms.items():
        for name, share in of.items():
            label = name if kind == "all" else f"{kind} {name}"
            console.print(f"{label:18} {_share(share)} of those on time had been warned")
    for note in result.notes:
        console.print(f"- {note}", soft_wrap=True)


def _table(name: str, found: Figures) -> Table:
    table = Table(
        title=f"{name}: {found.trials} due dates of {found.borrowers} borrowers,"
        f" {found.late / found.trials:.1%} late",
        title_justify="left",
        caption=f"calibration error {_percent(found.calibration_error)}",
        caption_justify="left",
    )
    table.add_column("contacted", justify="right")
    table.add_column("lateness found", justify="right")
    table.add_column("of them late", justify="right")
    for rival in _RIVALS:
        table.add_column(f"more than {in_words(rival)}", justify="right")
    own = found.rules["warning"]
    for budget in BUDGETS_PERCENT:
        more = (_percent(found.rules[each].warning_finds_more[budget]) for each in _RIVALS)
        table.add_row(
            f"{budget}%", _percent(own.recall[budget]), _percent(own.precision[budget]), *more
        )
    aucs = [found.rules[each].auc for each in ("warning", *_RIVALS)]
    shown = [_plain(each) if each else "-" for each in aucs]
    table.add_row("AUC", shown[0], "", *(f"its own {each}" for each in shown[1:]))
    return table


def _percent(figure: Figure) -> str:
    return f"{figure.value:.1%} ({figure.low:.1%} to {figure.high:.1%})"


def _share(share: Share) -> str:
    return f"{share.value:.1%} ({share.low:.1%} to {share.high:.1%})"


def _plain(figure: Figure) -> str:
    return f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"

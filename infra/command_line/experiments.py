"""experiment: try whether a treatment helps, with what is counted said before it starts."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

import typer

from infra.command_line.actors import deciding_actor
from infra.command_line.options import (
    AsJson,
    Aws,
    By,
    Institution,
    console,
    day_option,
    entry,
    refusals_in_words,
    text_of,
)
from infra.deployment.target import TargetError, find_target
from recovery.documents.portfolio.experiment_document import (
    experiment_document,
    read_experiment,
    report_document,
)
from recovery.domain.portfolio.experiments import BUILT_IN, Experiment, ExperimentRecord
from recovery.domain.shared.errors import NotAllowedError, NotOnRecordError
from recovery.use_cases.portfolio.run_experiments import (
    report_experiment,
    start_experiment,
    stop_experiment,
)
from recovery.use_cases.shared.business_date import business_date

Name = Annotated[str, typer.Argument(help="The experiment, as `recovery experiment list` has it.")]
_USUAL_DAYS = 180


def add_to(app: typer.Typer) -> None:
    """Register the group of commands."""
    experiment = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode="markdown",
        help="Try whether what we do helps: people are assigned by chance, nobody is denied what"
        " the law or need asks for, and what harms stops by itself.",
    )
    experiment.command(name="list")(list_experiments)
    experiment.command()(start)
    experiment.command()(stop)
    experiment.command()(report)
    app.add_typer(experiment, name="experiment")


def list_experiments(
    as_json: AsJson = False, institution: Institution = None, aws: Aws = False
) -> None:
    """List the experiments on record, and those built in that may be started."""
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports = target.of(chosen)
    today = business_date(chosen, ports.now(), ports.institutions)
    known = ports.experiments.all()
    found = [
        (each.experiment.experiment_id, each.experiment.question, _state(each, today))
        for each in known
    ]
    ids = {each.experiment.experiment_id for each in known}
    for name, make in BUILT_IN.items():
        if name not in ids:
            found.append((name, make(today, today).question, "built in, not started"))
    if as_json:
        names = ("experiment_id", "question", "state")
        console.print_json(json.dumps([dict(zip(names, each, strict=True)) for each in found]))
        return
    for each in found:
        entry(*each)


def start(
    file: Annotated[
        typer.FileBinaryRead | None,
        typer.Argument(metavar="FILE|-", help="A declaration in JSON; - reads standard input."),
    ] = None,
    built_in: Annotated[
        str | None, typer.Option(metavar="|".join(BUILT_IN), help="One that is built in.")
    ] = None,
    start_on: Annotated[datetime | None, day_option("Its first day.", "--start")] = None,
    stop_on: Annotated[datetime | None, day_option("The day after its last.", "--stop")] = None,
    example: Annotated[
        bool, typer.Option("--example", help="Print a declaration to start from.")
    ] = False,
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Start an experiment as declared: what is compared, on whom, judged by what, until when.

    Nothing of it can be changed later. *Try:*
    `recovery experiment start --built-in lessons --by "Ana Torres"`
    """
    if example:
        soon = datetime.now(tz=UTC).date() + timedelta(days=1)
        made = BUILT_IN["lessons"](soon, soon + timedelta(days=_USUAL_DAYS))
        print(json.dumps(experiment_document(made), indent=2))
        return
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports, actor = target.of(chosen), deciding_actor(target, chosen, by)
    today = business_date(chosen, ports.now(), ports.institutions)
    with refusals_in_words():
        declared = _declared(file, built_in, start_on, stop_on, today)
        try:
            record = start_experiment(chosen, declared, actor, ports.now(), ports)
        except NotAllowedError as error:
            raise TargetError(f"{error}.") from None
    its = record.experiment
    console.print(
        f"{its.experiment_id} runs from {its.start_on} until {its.stop_on}, declared as"
        f" {record.declared}.",
        markup=False,
    )


def stop(
    name: Name,
    why: Annotated[str, typer.Option(help="Why it stops, kept on record.")],
    by: By = None,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Stop an experiment: everybody is treated as usual from now on. What was counted stays."""
    target = find_target(real=aws)
    chosen = target.institution(institution)
    ports, actor = target.of(chosen), deciding_actor(target, chosen, by)
    try:
        with refusals_in_words():
            record = stop_experiment(chosen, name, why, actor, ports.now(), ports)
    except (NotAllowedError, NotOnRecordError) as error:
        raise TargetError(f"{error}.") from None
    console.print(f"{name} stopped on {record.stopped_on}.", markup=False)


def report(
    name: Name, as_json: AsJson = False, institution: Institution = None, aws: Aws = False
) -> None:
    """Report what is known by now. Look as often as you like: the intervals hold all the same."""
    target = find_target(real=aws)
    ports = target.of(target.institution(institution))
    try:
        found = report_experiment(name, ports)
    except NotOnRecordError as error:
        raise TargetError(f"{error}.") from None
    shown = report_document(found.record, found.counts, found.comparisons)
    if as_json:
        print(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    for line in in_words(shown):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def in_words(shown: dict[str, Any]) -> list[str]:
    """Return the report's lines: each arm, each difference with its interval, how it may err."""
    lines = [str(shown["experiment"]["question"])]
    for each in shown["arms"]:
        low, high = each["percent_between"]
        lines.append(
            f"{each['arm']}: {each['enrolled']} people, {each['looked_at']} looked at,"
            f" {each['outcome'].replace('_', ' ')} {each['hits']}"
            f" (truly between {low} and {high} %)"
        )
    for each in shown["differences"]:
        low, high = each["points_between"]
        zero = "no difference is shown" if each["zero_included"] else "a difference is shown"
        lines.append(
            f"{each['arm']} against {each['against']}, {each['outcome'].replace('_', ' ')}:"
            f" {each['points']:+} points, between {low:+} and {high:+}: {zero}"
        )
        if each["harms"]:
            lines.append(f"  {each['harms']}")
    lines += [
        f"{each['at'][:10]} {each['what']} by {each['by']}: {each['why']}"
        for each in shown["turns"]
    ]
    return [*lines, str(shown["error"])]


def _state(record: ExperimentRecord, today: date) -> str:
    if record.stopped_on:
        return f"stopped on {record.stopped_on}: {record.turns[-1].why}"
    its = record.experiment
    if record.runs(today):
        return f"runs until {its.stop_on}"
    return f"starts on {its.start_on}" if today < its.start_on else f"ended on {its.stop_on}"


def _declared(
    file: Any,
    built_in: str | None,
    start_on: datetime | None,
    stop_on: datetime | None,
    today: date,
) -> Experiment:
    if (file is None) == (built_in is None):
        raise TargetError("Give a FILE, or --built-in with the name of one. See --example.")
    if file is not None:
        return read_experiment(text_of(file))
    make = BUILT_IN.get(str(built_in))
    if make is None:
        raise TargetError(f"{built_in} is not built in. Use one of: {', '.join(BUILT_IN)}.")
    first = start_on.date() if start_on else today
    return make(first, stop_on.date() if stop_on else first + timedelta(days=_USUAL_DAYS))

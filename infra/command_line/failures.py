"""failures, redrive, logs: what failed for good, why, and taking it up again."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer

from infra.command_line.options import AsJson, Aws, console, entry, title
from infra.deployment.failures import (
    Ended,
    Failed,
    ToRepair,
    ended,
    errors_of,
    functions,
    look_into,
    queue_url,
    queues,
    to_repair,
)
from infra.deployment.redrive import redrive as take_up_again
from infra.deployment.target import Target, find_target
from recovery.use_cases.monitoring.start_due_reviews import find_due_reviews

Queue = Annotated[str, typer.Argument(metavar="QUEUE", help="Such as FailedMessages.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands in the order --help shows them."""
    app.command()(failures)
    app.command()(redrive)
    app.command()(logs)


def failures(
    queue: Annotated[
        str | None, typer.Argument(metavar="[QUEUE]", help="Only this dead-letter queue.")
    ] = None,
    days: Annotated[
        int, typer.Option(min=1, max=90, help="How far back to look for executions.")
    ] = 7,
    as_json: AsJson = False,
    aws: Aws = False,
) -> None:
    """Show what failed for good and waits, in all institutions, with the command that mends it.

    Late reviews, cases in NeedsRepair, executions that ended without an outcome, and what each
    dead-letter queue holds: ids and errors, no personal data. Looking hides a queue's messages from
    others for a few seconds.
    """
    target = find_target(real=aws)
    if queue:
        queue_url(target, queue)
    found = [
        each for name in ([queue] if queue else queues(target)) for each in look_into(target, name)
    ]
    shown: dict[str, Any] = {"queues": [asdict(each) for each in found]}
    if not queue:
        shown |= _elsewhere(target, days)
    if as_json:
        console.print_json(json.dumps(shown))
        return
    if not any(shown.values()):
        console.print("Nothing failed." if not queue else f"{queue} is empty.")
    for name, show in _SHOWN.items():
        for each in shown.get(name, ()):
            show(each, " --aws" if aws else "")


def redrive(queue: Queue, aws: Aws = False) -> None:
    """Take up again what a dead-letter queue holds, once its cause is fixed.

    Messages go back to their queue, events to their function, loans are reviewed again; for
    positions in the stream, which drops changes after a day, every loan is read. Doing it twice
    does nothing twice. What fails again comes back.
    """
    target = find_target(real=aws)
    with console.status("Taking up again"):
        result = take_up_again(target, queue)
    for where, count in sorted(result.done.items()):
        title(f"{count} from {queue} to {where}")
    if result.kept:
        title(f"{result.kept} stay in {queue}: they do not tell who could take them up")
        raise typer.Exit(1)
    if not result.done:
        console.print(f"{queue} is empty.")


def logs(
    function: Annotated[
        str | None, typer.Argument(metavar="[FUNCTION]", help="Such as SendMessages.")
    ] = None,
    hours: Annotated[int, typer.Option(min=1, max=24 * 365, help="How far back to look.")] = 24,
    as_json: AsJson = False,
    aws: Aws = False,
) -> None:
    """Show the errors that a function logged; without one, list the functions."""
    target = find_target(real=aws)
    if function is None:
        names = functions(target)
        if as_json:
            console.print_json(json.dumps(names))
        else:
            for name, deployed in names.items():
                console.print(f"{name:20} {deployed}", soft_wrap=True, highlight=False)
        return
    found = errors_of(target, function, hours)
    if as_json:
        console.print_json(json.dumps(found))
        return
    if not found:
        console.print(f"{function} logged no error in the last {hours} hours.")
    for each in found:
        said = {name: value for name, value in each.items() if name not in ("at", "message")}
        entry(f"{each['at']} {each.get('message', '')}", *(f"{n}: {v}" for n, v in said.items()))


def _elsewhere(target: Target, days: int) -> dict[str, Any]:
    wiring = target.wiring
    return {
        "late_reviews": find_due_reviews(wiring.now(), wiring.institutions).late,
        "to_repair": [asdict(each) for each in to_repair(target)],
        "executions": [asdict(each) for each in ended(target, days)],
    }


def _late(institution_id: str, aws: str) -> None:
    mend = f"recovery review --institution {institution_id}{aws}"
    entry(f"{institution_id}: the daily review is late", mend, late=True)


def _repair(each: dict[str, str], aws: str) -> None:
    case = ToRepair(**each)
    mend = f"recovery repair {case.case_id} --institution {case.institution_id}{aws}"
    entry(f"since {case.since}: {case.case_id} needs repair", case.failure, mend)


def _execution(each: dict[str, str], aws: str) -> None:
    it = Ended(**each)
    mend = f"recovery {'reconcile' if it.of == 'recovery case' else 'review'}{aws}"
    entry(f"{it.stopped_at} UTC: {it.of} {it.name} {it.status}", it.error, it.arn, mend)


def _message(each: dict[str, str], aws: str) -> None:
    it = Failed(**each)
    entry(f"{it.since} UTC: {it.queue}", it.about, it.error, f"recovery redrive {it.queue}{aws}")


_SHOWN = {
    "late_reviews": _late,
    "to_repair": _repair,
    "executions": _execution,
    "queues": _message,
}

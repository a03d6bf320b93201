"""repair, reconcile, seal: let what came to a standstill go on."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from infra.command_line.options import Aws, Institution, console
from infra.deployment.failures import function_name
from infra.deployment.operate import output_of, run_review
from infra.deployment.target import TargetError, find_target
from recovery.domain.cases.stages import in_words
from recovery.use_cases.cases.repair_case import repair_case

_CASE_ID = re.compile(r"(.+)-C[1-9][0-9]*")


def add_to(app: typer.Typer) -> None:
    """Register the commands in the order --help shows them."""
    app.command()(repair)
    app.command()(reconcile)
    app.command()(seal)


def repair(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case's id, such as L-1-C1.")],
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Let a case that waits in NeedsRepair go on, once its cause is fixed.

    The alert names the case and the error. If the cause is not fixed, the case comes back.
    """
    found = _CASE_ID.fullmatch(case)
    if not found:
        raise TargetError(f"{case!r} is no case id: use one such as L-1-C1.")
    target = find_target(real=aws)
    repaired = repair_case(found[1], case, target.of(target.institution(institution)))
    if repaired is None:
        raise TargetError(
            f"Case {case} does not wait for repair. `recovery case` shows where it is."
        )
    to = in_words(repaired.signal.to)
    console.print(f"{case} had failed ({repaired.failure}) on its way to {to}, and goes on.")


def reconcile(institution: Institution = None, aws: Aws = False) -> None:
    """Read every loan now, as the weekly proof does, and mend what is amiss.

    A loan that owes something and is due on no day is reviewed next. A case whose execution ended
    without an outcome continues in a new one. What was decided and not carried out is sent again.
    """
    target = find_target(real=aws)
    chosen = target.institution(institution)
    day = target.wiring.institutions.day(chosen)
    if day.reviewed_through is None:
        raise TargetError(
            f"{chosen} was never reviewed, so nothing was decided that could be amiss. Its first"
            " review comes at its hour; `recovery review` runs it now."
        )
    with console.status("Reading every loan"):
        arn = run_review(
            target,
            chosen,
            day.reviewed_through,
            replay=day.clock == "replay",
            reconcile=True,
        )
    totals = dict.fromkeys(("hidden", "restarted", "failed"), 0)
    for reviewed in output_of(target, arn):
        for shard in reviewed.get("reviewed", []):
            for name, count in shard.get("reconciled", {}).items():
                totals[name] += count
    console.print(
        f"Hidden loans found: {totals['hidden']}. Cases started again: {totals['restarted']}."
        f" Loans that could not be reconciled: {totals['failed']}."
    )


def seal(aws: Aws = False) -> None:
    """Put the roots of all days that are over under lock now, as every night does.

    It does what is missing, for all institutions, and nothing twice.
    """
    target = find_target(real=aws)
    target.client("lambda").invoke(
        FunctionName=function_name(target, "SealAudit"), InvocationType="Event", Payload=b"{}"
    )
    console.print("Asked for. `recovery logs SealAudit` shows what could not be put under lock.")

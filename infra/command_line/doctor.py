"""doctor: what a deployment stands on, and how to mend what is amiss."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

import typer
from rich.markup import escape

from infra.command_line.options import AsJson, Aws, console
from infra.deployment.doctor import Finding, examine_account, examine_machine
from infra.deployment.target import Target, TargetError
from infra.embedded import aws as embedded_aws

_MARKS = {"good": "[green]good   [/]", "mend": "[red]mend   [/]", "unknown": "[yellow]unknown[/]"}


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(doctor)


def doctor(as_json: AsJson = False, aws: Aws = False) -> None:
    """Look at this machine, the account, SES, SMS, quotas, stacks and alarms, and say what to mend.

    It changes nothing. Exit code 1: something is to be mended. Before the first deployment to your
    account, run `recovery doctor --aws`.
    """
    findings: list[Finding] = []
    try:
        for each in _examined(aws):
            findings.append(each)
            if not as_json:
                _show(each)
    finally:
        if as_json:
            typer.echo(json.dumps([asdict(each) for each in findings], indent=2))
    if any(each.state == "mend" for each in findings):
        raise typer.Exit(1)


def _show(finding: Finding) -> None:
    mark = _MARKS[finding.state]
    console.print(f"{mark} {finding.check}: {escape(finding.found)}", soft_wrap=True)
    if finding.remedy:
        console.print(f"        {finding.remedy}", markup=False, highlight=False, soft_wrap=True)


def _examined(real: bool) -> Iterator[Finding]:
    yield from examine_machine()
    embedded = None if real else embedded_aws.running()
    if embedded is None and not real:
        raise TargetError(
            "No embedded AWS is running. Start one with `recovery up` and `recovery deploy`, or add"
            " --aws to look at your AWS account."
        )
    target = Target(embedded, {})  # nothing need be deployed yet
    yield from examine_account(target.client, embedded=embedded is not None)

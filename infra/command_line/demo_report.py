"""The demo's end, told so that a person sees what happened and where to look next."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from rich.table import Table

from infra.command_line.options import console
from infra.demo.play import Plan, Played
from infra.demo.summary import BookLine, Facts, amounts
from infra.deployment.target import Target
from recovery.domain.cases.stage import words
from recovery.domain.shared.money import to_decimal_text


def tell_book(before: Mapping[str, BookLine], after: Mapping[str, BookLine]) -> None:
    """Portfolio at risk, before and after."""
    table = Table(title="Portfolio at risk (PAR30: balance of loans over 30 days late)")
    for column in (
        "currency",
        "loans open",
        "outstanding before",
        "after",
        "PAR30 before",
        "after",
    ):
        table.add_column(column, justify="right")
    nothing = BookLine(0, 0, Fraction(0))
    for currency, now in after.items():
        was = before.get(currency, nothing)
        table.add_row(
            currency,
            f"{was.loans} -> {now.loans}",
            to_decimal_text(was.outstanding_minor, currency),
            to_decimal_text(now.outstanding_minor, currency),
            _percent(was.par30),
            _percent(now.par30),
        )
    console.print(table)


def tell_end(
    target: Target, plan: Plan, played: Played, facts: Facts, seconds: float, *, keep: bool
) -> None:
    """Cases, messages, money, and where to look next."""
    cases = Table(title=f"{facts.cases} cases")
    cases.add_column("stage or outcome")
    cases.add_column("cases", justify="right")
    for name, count in facts.stages.most_common():
        cases.add_row(f"now in {words(name)}", str(count))
    for name, count in facts.outcomes.most_common():
        cases.add_row(f"closed as {words(name)}", str(count))
    console.print(cases)

    messages = Table(title=f"{sum(facts.messages.values())} messages sent")
    for column in ("kind", "email", "sms"):
        messages.add_column(column, justify="left" if column == "kind" else "right")
    for kind in sorted({kind for kind, _ in facts.messages}):
        by_channel = [str(facts.messages[kind, channel]) for channel in ("email", "sms")]
        messages.add_row(words(kind), *by_channel)
    console.print(messages)

    withheld = Table(title=f"{sum(facts.withheld.values())} messages not sent, or later")
    withheld.add_column("why")
    withheld.add_column("messages", justify="right")
    for reason, count in facts.withheld.most_common(8):
        withheld.add_row(reason, str(count))
    console.print(withheld)

    console.print(
        f"[bold]{played.payments_posted}[/] payments posted over {played.days} business days"
        f" ({plan.start} to {plan.end}); {played.imported.get('loans_added', 0)} loans and"
        f" {played.imported.get('payments_added', 0)} earlier payments imported,"
        f" {played.imported.get('rejections', 0)} rows rejected,"
        f" {len(played.payments_refused)} payments refused."
    )
    console.print(f"Paid in:   {amounts(facts.paid_minor)}")
    console.print(f"Allocated: {amounts(facts.allocated_minor)}")
    console.print(f"Credit:    {amounts(facts.credit_minor)}")
    console.print(
        f"{facts.cases} executions moved {played.signals} times on reasons, {played.decisions} of"
        f" them a person's decision; it took {seconds:.0f} s."
    )
    _tell_where_to_look(target, keep)


def _tell_where_to_look(target: Target, keep: bool) -> None:
    if not keep:
        console.print(
            "\nAll of it is gone now. To look around, run it with [bold]--keep[/], and then:"
        )
    else:
        assert target.embedded
        console.print(f"\nIt is still running, at {target.embedded.url}. Look around:")
        console.print(
            f"  export AWS_ENDPOINT_URL={target.embedded.url} AWS_ACCESS_KEY_ID=test"
            " AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1",
            soft_wrap=True,
        )
    arn = target.outputs["CaseStateMachineArn"]
    example = f"{arn.replace(':stateMachine:', ':execution:')}:LOAN-C1"
    url = target.embedded.url if target.embedded else "http://127.0.0.1:4566"
    for what, command in (
        ("a loan's standing, schedule, timeline", "recovery status LOAN"),
        ("its case, stage by stage with reasons", "recovery case LOAN"),
        ("all executions", f"aws stepfunctions list-executions --state-machine-arn {arn}"),
        ("a case's history", f"aws stepfunctions get-execution-history --execution-arn {example}"),
        ("the e-mails as sent", f"curl {url}/_ministack/ses/messages"),
        ("the SMS as sent", f"curl {url}/_ministack/sns/sms-messages"),
        ("the end of it", "recovery down"),
    ):
        console.print(f"  {what + ':':40} {command}", soft_wrap=True, highlight=False)


def _percent(part: Fraction) -> str:
    per_mille = round(part * 1000)
    return f"{per_mille // 10}.{per_mille % 10} %"

"""Prints what happened in the demo and where to look next."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from rich.table import Table

from infra.command_line.conduct import print_conduct
from infra.command_line.deploy import print_api
from infra.command_line.experiments import in_words as in_words_of
from infra.command_line.options import console
from infra.demo.agreed import read_agreed
from infra.demo.learners import BUILT_IN_EFFECT
from infra.demo.play import Plan, Played
from infra.demo.summary import Facts, PortfolioLine, amounts
from infra.deployment.target import Target
from recovery.documents.cases.signal import execution_name
from recovery.documents.portfolio.experiment_document import report_document
from recovery.domain.cases.stages import in_words
from recovery.domain.shared.money import to_decimal_text
from recovery.use_cases.portfolio.read_conduct import read_conduct
from recovery.use_cases.portfolio.run_experiments import report_experiment


def report_portfolio(
    before: Mapping[str, PortfolioLine], after: Mapping[str, PortfolioLine]
) -> None:
    """Print the portfolio at risk, before and after."""
    table = Table(
        title="Portfolio at risk",
        caption="PAR30: the share of outstanding principal on loans more than 30 days past due",
    )
    for column in (
        "currency",
        "open loans",
        "outstanding before",
        "after",
        "PAR30 before",
        "after",
    ):
        table.add_column(column, justify="right")
    nothing = PortfolioLine(0, 0, Fraction(0))
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


def report_end(
    target: Target, plan: Plan, played: Played, facts: Facts, seconds: float, *, keep: bool
) -> None:
    """Print the cases, messages and money, and where to look next."""
    cases = Table(title=f"{facts.cases} cases")
    cases.add_column("stage or outcome")
    cases.add_column("cases", justify="right")
    for name, count in facts.stages.most_common():
        cases.add_row(f"now in {in_words(name)}", str(count))
    for name, count in facts.outcomes.most_common():
        cases.add_row(f"closed as {in_words(name)}", str(count))
    console.print(cases)

    messages = Table(title=f"{sum(facts.messages.values())} messages sent")
    for column in ("kind", "email", "sms"):
        messages.add_column(column, justify="left" if column == "kind" else "right")
    for kind in sorted({kind for kind, _ in facts.messages}):
        by_channel = [str(facts.messages[kind, channel]) for channel in ("email", "sms")]
        messages.add_row(in_words(kind), *by_channel)
    console.print(messages)

    withheld = Table(title=f"{sum(facts.withheld.values())} messages withheld or postponed")
    withheld.add_column("reason")
    withheld.add_column("messages", justify="right")
    for reason, count in facts.withheld.most_common(8):
        withheld.add_row(reason, str(count))
    console.print(withheld)

    answers = Table(title="What people answered, and what came of tasks")
    answers.add_column("")
    answers.add_column("times", justify="right")
    for name, count in played.promises.most_common():
        answers.add_row(f"promise {in_words(name)}", str(count))
    for name, count in sorted(played.tasks.items()):
        answers.add_row(name, str(count))
    for name, count in facts.answers.most_common():
        answers.add_row(name, str(count))
    console.print(answers)

    console.print(
        f"Imported {played.imported.get('loans_added', 0)} loans and"
        f" {played.imported.get('payments_added', 0)} earlier payments"
        f" ({played.imported.get('rejections', 0)} rows rejected), then posted"
        f" [bold]{played.payments_posted}[/] payments over {played.days} business days,"
        f" {plan.start} to {plan.end} ({len(played.payments_refused)} refused)."
    )
    for turn in played.turns:
        console.print(f"  {turn}")
    console.print(f"Paid:                     {amounts(facts.paid_minor)}")
    console.print(f"Allocated to loans:       {amounts(facts.allocated_minor)}")
    console.print(f"Recovered of losses:      {amounts(facts.recovered_minor) or 'none'}")
    console.print(f"Overpaid, kept as credit: {amounts(facts.credit_minor) or 'none'}")
    console.print(
        f"{facts.cases} cases made {played.signals} moves, each with a recorded reason;"
        f" {played.decisions} were a person's decision. The demo took {seconds:.0f} s."
    )
    seen = facts.in_time
    console.print(
        f"{seen.new} of the cases opened while the demo ran. {seen.no_sign} of these came without"
        " a sign: nobody had paid late before. Of the other"
        f" {seen.avoidable}, {seen.before_overdue} opened before anything was overdue"
        f" ({seen.by_warning} by an early warning); {seen.without_a_late_day} of these were cured"
        f" without a day late. {seen.overdue_at_import} loans were overdue already when they were"
        " imported, and are left out of these figures."
    )
    if plan.drifts:
        console.print(
            f"{played.helped} payments came in time that would have drifted later: here, whoever"
            " drifts pays on the day once a warning reached them. That effect is built in."
        )
    report_agreements(target, plan, played, facts)
    report_experiments(target)
    report_conduct(target, plan)
    _suggest_next_steps(target, facts.in_a_case or "LOAN", keep)


def report_agreements(target: Target, plan: Plan, played: Played, facts: Facts) -> None:
    """Print the stories, what became of agreements, and what they cost whom."""
    for each in plan.stories:
        console.print(f"[bold]{each.loan}[/] {each.says}:", highlight=False)
        for line in played.told:
            if line.partition(": ")[2].startswith(f"{each.loan} "):
                console.print(f"  {line}", highlight=False, soft_wrap=True)
    for line in played.untold:
        console.print(f"Not told to the end: {line}", style="bold red", soft_wrap=True)
    ports = target.of(target.institution())
    agreed = read_agreed(facts.with_agreements, played.lost_minor, plan.end, ports)
    console.print(
        f"Agreements: {agreed.offered} offered, {agreed.accepted} accepted, {agreed.kept} kept to"
        f" the end, {agreed.in_force} in force, {agreed.broken} broken, {agreed.refitted} refitted."
    )
    console.print(f"Arrears cured by them:    {amounts(agreed.cured) or 'none'}")
    console.print(f"Cost to borrowers:        {amounts(agreed.extra) or 'none'} (less: saved)")
    console.print(f"Cost to the institution:  {amounts(agreed.lost) or 'none'} of present value")


def report_experiments(target: Target) -> None:
    """Print what the experiments found, and what is known to be true of the sample's payers."""
    ports = target.of(target.institution())
    for record in ports.experiments.all():
        found = report_experiment(record.experiment.experiment_id, ports)
        shown = report_document(found.record, found.counts, found.comparisons)
        for line in in_words_of(shown):
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    console.print(f"{BUILT_IN_EFFECT}\n", soft_wrap=True)


def report_conduct(target: Target, plan: Plan) -> None:
    """Print how people were contacted while the demo ran, from the records alone."""
    institution_id = target.institution()
    ports = target.of(institution_id)
    read = read_conduct(
        *(institution_id, plan.start, plan.end, ports.now(), ports),
        shards=ports.settings.shards,
    )
    print_conduct(read.report)
    for loan_id, error in read.failed:
        console.print(f"{loan_id} cannot be read ({error!r})", style="bold red")


def _suggest_next_steps(target: Target, loan: str, keep: bool) -> None:
    if not keep:
        console.print(
            "\nEverything has been deleted. To look around, run with [bold]--keep[/], then try:"
        )
    else:
        assert target.embedded
        console.print(f"\nThe system is still running at {target.embedded.url}. Look around:")
        print_api(target)
        console.print(
            f"  export AWS_ENDPOINT_URL={target.embedded.url} AWS_ACCESS_KEY_ID=test"
            " AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1",
            soft_wrap=True,
        )
    arn = target.outputs["CaseStateMachineArn"]
    name = execution_name(target.institution(), f"{loan}-C1")
    example = f"{arn.replace(':stateMachine:', ':execution:')}:{name}"
    url = target.embedded.url if target.embedded else "http://127.0.0.1:4566"
    for what, command in (
        ("a loan's standing, schedule, timeline", f"recovery status {loan}"),
        ("its cases, stage by stage with reasons", f"recovery case {loan}"),
        ("every case execution", f"aws stepfunctions list-executions --state-machine-arn {arn}"),
        (
            "one case's execution history",
            f"aws stepfunctions get-execution-history --execution-arn {example}",
        ),
        ("the e-mails sent", f"curl {url}/_ministack/ses/messages"),
        ("the text messages sent", f"curl {url}/_ministack/sns/sms-messages"),
        ("stop and delete everything", "recovery down"),
    ):
        console.print(f"  {what + ':':40} {command}", soft_wrap=True, highlight=False)


def _percent(part: Fraction) -> str:
    per_mille = round(part * 1000)
    return f"{per_mille // 10}.{per_mille % 10} %"

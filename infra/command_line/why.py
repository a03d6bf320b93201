"""why: explain what a person heard about a loan on a day, or why nothing."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated

import typer

from infra.command_line.loan_status import load_loan, table_of
from infra.command_line.options import (
    AsJson,
    Aws,
    Institution,
    LoanId,
    console,
    day_option,
    refusals_in_words,
    title,
)
from infra.deployment.target import find_target
from recovery.documents.shared.plain import to_plain
from recovery.domain.cases.stages import in_words
from recovery.domain.shared.in_words import days_in_words
from recovery.use_cases.contact.explain_day import Explanation, explain_day

RECOMPUTED = "Recomputed from the facts known on that day, and the policy and law then in force."


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(why)


def why(
    loan: LoanId,
    on: Annotated[datetime, day_option("The day to explain.", "--on")],
    as_json: AsJson = False,
    institution: Institution = None,
    aws: Aws = False,
) -> None:
    """Explain why the borrower heard something about a loan on a day, or nothing.

    It works for any day since the loan was granted, also where nothing was planned. What was said
    is on record; the reasons are recomputed from the facts known on that day, with the policy, the
    law, the details and the restraints as they were then, and each names its rule.
    """
    target = find_target(real=aws)
    ports = target.of(target.institution(institution))
    load_loan(loan, ports)
    with refusals_in_words():
        found = explain_day(loan, on.date(), ports.now(), ports)
    if as_json:
        print(json.dumps({**_document(found), "recomputed": True}, ensure_ascii=False, indent=2))
        return
    title(f"{loan} on {found.on}")
    if found.said:
        for kind, channel, about in found.said:
            console.print(f"Heard {in_words(kind)} by {channel or 'a message'}, about {about}.")
    else:
        console.print("Heard nothing.")
    console.print(
        f"{days_in_words(found.standing.days_past_due)} past due then;"
        f" policy version {found.policy_version}.",
        highlight=False,
    )
    rows = [(each.rule, each.words, each.source) for each in found.reasons]
    console.print(table_of("Reasons", ("rule", "what it meant", "source"), rows))
    if found.recorded:
        noted = [(each.text,) for each in found.recorded]
        console.print(table_of("On the timeline of that day", ("what happened",), noted))
    console.print(RECOMPUTED)


def _document(found: Explanation) -> dict[str, object]:
    return {
        "loan_id": found.loan_id,
        "on": found.on.isoformat(),
        "policy_version": found.policy_version,
        "days_past_due": found.standing.days_past_due,
        "said": [
            {"kind": kind, "channel": channel, "loan_id": about}
            for kind, channel, about in found.said
        ],
        "timeline": [each.text for each in found.recorded],
        "reasons": to_plain(found.reasons),
    }

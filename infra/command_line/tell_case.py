"""case: tell the whole story of a loan's cases."""

from __future__ import annotations

import json
from typing import Any

from infra.command_line.loan_status import load_loan, standing_in_words
from infra.command_line.options import AsJson, Aws, Institution, LoanId, console, entry, title
from infra.deployment.target import find_target
from recovery.domain.cases.stages import in_words
from recovery.use_cases.cases.case_story import CaseStory, tell_cases


def case(
    loan: LoanId, as_json: AsJson = False, institution: Institution = None, aws: Aws = False
) -> None:
    """Tell each of a loan's cases by date: what was due, paid, said, promised, agreed, decided.

    Every stage stands among it with its reason. What was unpaid when the case began comes first.
    """
    target = find_target(real=aws)
    ports = target.of(target.institution(institution))
    load_loan(loan, ports)
    story = tell_cases(loan, ports.now(), ports)
    if as_json:
        print(json.dumps(story, ensure_ascii=False, indent=2))
        return
    title(f"{loan}: {standing_in_words(story['standing'], story['currency'])}")
    if not story["cases"]:
        console.print(f"Loan {loan} has had no case.")
    for each in story["cases"]:
        _tell(each)


def _tell(told: CaseStory) -> None:
    until = f" until {told['until']}" if told["until"] else ""
    entry(f"{told['case_id']}: {in_words(told['state'])}, since {told['since']}{until}")
    for each in told["happened"]:
        line = f"  {each['on']}  {in_words(each['what']):9} {each['text']}"
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    for decision in told["decisions"]:
        line = f"Decision {decision['decision_id']}: {_in_words(decision)}"
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if told["advisor_task"]:
        console.print(f"Advisor's task: {told['advisor_task']}", highlight=False, soft_wrap=True)
    console.print(f"Execution: {told['execution']}", soft_wrap=True, highlight=False)


def _in_words(decision: dict[str, Any]) -> str:
    if decision["decided_by"] is None:
        asked = f"asked by {decision['asked_by']} on {decision['asked_at'][:16]}"
        return f"{asked} ({decision['because']}); a second person has to decide"
    by = f"{decision['outcome']} by {decision['decided_by']} on {decision['decided_at'][:16]}"
    return f"{by}: {decision['decided_because']}"

"""A notice that a person delivers: the task, and what has to be on record of how it ended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from recovery.domain.accounting.loan import Loan
from recovery.domain.cases.stage import CaseState, notice_since
from recovery.domain.cases.tasks import Result, Task, TaskKind
from recovery.domain.shared.actor import Role
from recovery.domain.shared.errors import Problem

PAPER = (
    *("registered_letter", "burofax", "by_hand", "bailiff"),
    *("certified_email", "certified_sms"),
)
AGAIN_AFTER_DAYS = 7
_TIME_TO_DELIVER = timedelta(days=7)
_PROOF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/#:-]{0,99}", re.ASCII)


def notice_task_id(loan_id: str, case: CaseState) -> str:
    """Return the id of the one task for the notice of the case's present stage or pause."""
    return f"{loan_id}.notice.{notice_since(case)}"


def deliver_notice(loan: Loan, case: CaseState, rule_key: str, as_of: date) -> Task:
    """Return the task to deliver the notice so that it can be proved."""
    return Task(
        task_id=notice_task_id(loan.loan_id, case),
        kind=TaskKind.DELIVER_NOTICE,
        person_id=loan.borrower_id,
        loan_id=loan.loan_id,
        role=Role.ADVISOR,
        officer=loan.advisor_name or None,
        reason="notice before judicial recovery: no message proves it here, so deliver it on paper",
        opened_on=as_of,
        do_by=as_of + _TIME_TO_DELIVER,
        about=rule_key,
    )


def delivery_problems(task: Task, as_of: date, result: Result) -> Iterator[Problem]:
    """Yield what is missing or wrong in how a delivery ended."""
    media = f"Use one of: {', '.join(PAPER)}"
    if result.medium is None:
        yield Problem("medium", "is missing", media, "missing")
    elif result.medium not in PAPER:
        yield Problem("medium", f"{result.medium!r} is no medium that a person uses", media)
    if result.proof is None:
        remedy = "Give the carrier's number, or the name of the scan"
        yield Problem("proof", "is missing", remedy, "missing")
    elif not _PROOF.fullmatch(result.proof):
        remedy = "Use up to 100 letters, digits and . _ / # : -"
        yield Problem("proof", "has another form", remedy)
    for name in ("amount_minor", "cause"):
        if getattr(result, name) is not None:
            field = name.removesuffix("_minor")
            yield Problem(field, f"does not go with {result.code}", "Leave it out", "unknown_field")
    if result.sent_on is None:
        yield Problem("sent_on", "is missing", "Say on which day it was sent", "missing")
    elif not task.opened_on <= result.sent_on <= as_of:
        reason = f"is not between {task.opened_on}, when the task was opened, and {as_of}"
        yield Problem("sent_on", reason, "Give the day on which it was sent", "out_of_range")
    if result.on is None:
        yield Problem("on", "is missing", "Say on which day it ended so", "missing")
    elif not (result.sent_on or task.opened_on) <= result.on <= as_of:
        reason = f"is not between the day it was sent and {as_of}"
        yield Problem("on", reason, "Give the day on which it ended so", "out_of_range")

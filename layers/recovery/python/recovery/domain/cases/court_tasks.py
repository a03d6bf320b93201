"""What people have to do for a court: keep its days, and tell it of money that came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from recovery.domain.accounting.loan import Loan
from recovery.domain.cases.approval import approval_id
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import Stage
from recovery.domain.cases.tasks import Task, TaskKind
from recovery.domain.shared.actor import Role
from recovery.domain.shared.money import Money

_FILED_WITHIN_DAYS, _ANSWERED_WITHIN_DAYS, _OFFERED_WITHIN_DAYS = 14, 5, 5
_DECIDED_WITHIN_DAYS = 2
_ROLES = {"advisor": Role.ADVISOR}  # a lawyer outside is instructed by our own


def day_of_court(
    loan: Loan, step_id: str, what: str, by_on: date, answered_by: str, as_of: date
) -> Task:
    """Return the task to keep a day that the court set; one that is past waits at once."""
    who = "with the lawyer" if answered_by == "lawyer" else f"by {answered_by}"
    return Task(
        task_id=court_task_id(loan.loan_id, step_id),
        kind=TaskKind.COURT,
        person_id=loan.borrower_id,
        loan_id=loan.loan_id,
        role=_ROLES.get(answered_by, Role.LEGAL),
        reason=f"{what.replace('_', ' ')} in court on {by_on}: answer it {who}",
        opened_on=as_of,
        do_by=max(by_on, as_of),
        about=step_id,
    )


def court_task_id(loan_id: str, step_id: str) -> str:
    """Return the id of the task about this step."""
    return f"{loan_id}.court.{step_id}"


def money_to_tell(
    loan: Loan, court: str, known_minor: int | None, received_minor: int, owed_minor: int, on: date
) -> Iterator[Task]:
    """Yield the task to tell the court, on the same day, that money came or went back.

    ``received_minor`` is what was received in all, ``known_minor`` at the last review; None before
    the first. What is left is named, as the court has to know it; it is never refused.
    """
    if not court or known_minor is None or known_minor == received_minor:
        return
    moved = Money(abs(received_minor - known_minor), loan.currency)
    came = "was paid" if received_minor > known_minor else "went back"
    if owed_minor:
        then = f"{Money(owed_minor, loan.currency)} is left: tell the court and our lawyer"
    else:
        then = "nothing is left: have the court close it; nothing may be enforced"
    yield Task(
        task_id=f"{loan.loan_id}.court.{on}.{received_minor}",
        kind=TaskKind.COURT,
        person_id=loan.borrower_id,
        loan_id=loan.loan_id,
        role=Role.LEGAL,
        reason=f"{moved} {came} during proceedings; {then}",
        opened_on=on,
        do_by=on,
    )


def approvers_to_remind(
    loan: Loan, case: CaseState | None, remind_on: date | None, seen_on: date | None, as_of: date
) -> Iterator[Task]:
    """Yield the task to have a dossier decided on that waits for people, once ``remind_on`` has
    come since the review of ``seen_on``."""
    if case is None or remind_on is None or remind_on > as_of:
        return
    if seen_on is not None and seen_on >= remind_on:
        return
    yield Task(
        task_id=reminder_task_id(case),
        kind=TaskKind.COURT,
        person_id=loan.borrower_id,
        loan_id=loan.loan_id,
        role=Role.SUPERVISOR,
        not_by=(loan.advisor_name,) if loan.advisor_name else (),
        reason=f"the dossier has waited since {case.target_stage_since}: decide, or see who does",
        opened_on=as_of,
        do_by=as_of + timedelta(days=_DECIDED_WITHIN_DAYS),
        about=case.case_id,
    )


def reminder_task_id(case: CaseState) -> str:
    """Return the id of the task to see to the case's present dossier."""
    return f"{approval_id(case.case_id, case.signals)}.waits"


def reminder_ended(before: CaseState | None, moves: bool) -> tuple[str, ...]:
    """Return the task to see to a dossier, if the case was waiting for people and moves on."""
    if before is None or not moves or before.target_stage is not Stage.JUDICIAL_RECOVERY:
        return ()
    return (reminder_task_id(before),)


def offer_by_person(loan: Loan, since: date, as_of: date) -> Task:
    """Return the task to offer an agreement where no message may: others may see it, or nobody
    knows how to write to the person. ``since`` is the day from which an offer counts."""
    return Task(
        task_id=f"{loan.loan_id}.way_back.{since}",
        kind=TaskKind.CALL,
        person_id=loan.borrower_id,
        loan_id=loan.loan_id,
        role=Role.ADVISOR,
        officer=loan.advisor_name or None,
        reason="no message can offer an agreement here: offer it in person, and record that",
        opened_on=as_of,
        do_by=as_of + timedelta(days=_OFFERED_WITHIN_DAYS),
        about=loan.loan_id,
    )


def filed_elsewhere(loan: Loan, fact_id: str, as_of: date) -> Task:
    """Return the task to look into a claim that was filed without an approval here."""
    return Task(
        task_id=f"{loan.loan_id}.filed.{fact_id}",
        kind=TaskKind.INVESTIGATE,
        person_id=loan.borrower_id,
        loan_id=loan.loan_id,
        role=Role.SUPERVISOR,
        reason=f"suit {fact_id} was filed elsewhere, without an approval here: look into it",
        opened_on=as_of,
        do_by=as_of + timedelta(days=_ANSWERED_WITHIN_DAYS),
        about=fact_id,
    )


def claim_to_file(loan: Loan, case_id: str, as_of: date) -> Task:
    """Return the task to offer an agreement once more, and else to file what was approved."""
    return Task(
        task_id=filing_task_id(case_id),
        kind=TaskKind.COURT,
        person_id=loan.borrower_id,
        loan_id=loan.loan_id,
        role=Role.LEGAL,
        reason="approved: offer an agreement once more; else file it, and record court and receipt",
        opened_on=as_of,
        do_by=as_of + timedelta(days=_FILED_WITHIN_DAYS),
        about=case_id,
    )


def filing_task_id(case_id: str) -> str:
    """Return the id of the task to file what was approved of this case."""
    return f"{case_id}.file"


def filing_ended(before: CaseState | None, moves: bool) -> tuple[str, ...]:
    """Return the task to file, if the case was to be filed and moves on."""
    if before is None or not moves or before.target_stage is not Stage.FILING:
        return ()
    return (filing_task_id(before.case_id),)


def question_to_answer(loan: Loan, decision_id: str, as_of: date) -> Task:
    """Return the task to answer what an approver asked; their words are with the decision."""
    return Task(
        task_id=f"{decision_id}.question",
        kind=TaskKind.INVESTIGATE,
        person_id=loan.borrower_id,
        loan_id=loan.loan_id,
        role=Role.ADVISOR,
        officer=loan.advisor_name,
        reason=f"the dossier was sent back with a question: read decision {decision_id}, answer it",
        opened_on=as_of,
        do_by=as_of + timedelta(days=_ANSWERED_WITHIN_DAYS),
        about=decision_id,
    )

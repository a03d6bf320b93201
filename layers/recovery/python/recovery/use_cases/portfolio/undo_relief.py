"""Undo a collective relief as a whole, and call who had its letter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from recovery.domain.accounting.fact import FactRecord, Undo
from recovery.domain.agreements.fact_request import FactRequest
from recovery.domain.agreements.relief import is_of, reliefs_of
from recovery.domain.cases.tasks import Task, TaskKind
from recovery.domain.contact.plan import RELIEF_GRANTED
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.domain.shared.pages import pages
from recovery.ports.accounting import StoredLoan
from recovery.use_cases.accounting.record_fact import RecordingPorts, record_fact
from recovery.use_cases.monitoring.review_loans import readable_loans
from recovery.use_cases.portfolio.relief import leave_task, may_relieve
from recovery.use_cases.shared.business_date import business_date

_PAGE = 50
_CALL_WITHIN = timedelta(days=2)


@dataclass(slots=True)
class ReliefUndone:
    """On which loans it was undone, or would be; how many had the letter; what could not be."""

    undone: list[str] = field(default_factory=list)
    letters: int = 0
    refused: list[tuple[str, tuple[Problem, ...]]] = field(default_factory=list)
    failed: list[tuple[str, Exception]] = field(default_factory=list)


def undo_relief(
    relief_id: str,
    institution_id: str,
    reason: str,
    by: Actor,
    now: datetime,
    ports: RecordingPorts,
    *,
    dry_run: bool = False,
    seen: Callable[[], None] = lambda: None,
) -> ReliefUndone:
    """Undo the relief on every loan that has it, as if it had never been granted.

    Whoever had the letter gets a call by who knows them before anything is asked of them again.
    Running it again completes what was interrupted. Raises NotAllowedError.
    """
    if not dry_run:
        may_relieve(by)
    today = business_date(institution_id, now, ports.institutions)
    done = ReliefUndone()

    def undo(stored: StoredLoan) -> None:
        loan_id = stored.loan.loan_id
        for record, granted in reliefs_of(ports.loans.recorded(loan_id)):
            if granted.relief_id != relief_id:
                continue
            told = ports.borrowers.told_about(stored.loan.borrower_id, loan_id)
            knows = any(e.kind == RELIEF_GRANTED and e.on >= record.known_on for e in told)
            if not dry_run:
                if knows:  # first: a crash leaves the relief, and the next run finds both
                    leave_task(_call(stored, record, relief_id, today), today, ports)
                record_fact(_undo(record, reason, today), by, now, ports)
            done.letters += knows
            done.undone.append(loan_id)

    for page in pages(ports.loans.all_loan_ids(), _PAGE):
        found, unreadable = readable_loans(page, ports.loans)
        done.failed += unreadable
        for each in found:
            if any(is_of(held, relief_id) for held in each.state.restraints):
                try:
                    undo(each)
                except RefusedError as error:
                    done.refused.append((each.loan.loan_id, error.problems))
                except Exception as error:
                    done.failed.append((each.loan.loan_id, error))
            seen()
    return done


def _undo(record: FactRecord, reason: str, today: date) -> FactRequest:
    return FactRequest(
        fact_id=f"undo-{record.fact_id}",
        loan_id=record.loan_id,
        fact=Undo(record.fact_id, today),
        reason=reason,
    )


def _call(stored: StoredLoan, record: FactRecord, relief_id: str, today: date) -> Task:
    loan = stored.loan
    return Task(
        task_id=f"{loan.loan_id}.relief-undone.{record.fact_id}",
        kind=TaskKind.CALL,
        person_id=loan.borrower_id,
        loan_id=loan.loan_id,
        role=Role.ADVISOR,
        officer=loan.advisor_name,
        reason=f"{relief_id} was undone after its letter: say sorry, and what is due when",
        opened_on=today,
        do_by=today + _CALL_WITHIN,
        about=record.fact_id,
    )

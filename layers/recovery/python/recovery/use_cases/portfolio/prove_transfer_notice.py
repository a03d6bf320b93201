"""Put on record that a debtor was told who owns the loan now; contact may follow from the next day.

Directive (EU) 2021/2167, art. 10(2): the notice comes before the first collection.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from recovery.domain.accounting.owner_changes import notice_problems
from recovery.domain.accounting.owner_facts import OwnerRecord, history_of
from recovery.domain.accounting.ownership import TransferNotice
from recovery.domain.shared.actor import Actor, actor_problems
from recovery.domain.shared.errors import RefusedError
from recovery.ports.needs import LoansAndInstitutions
from recovery.use_cases.portfolio.owner_change import change_by
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.retrying import retry_when_stale
from recovery.use_cases.shared.rules import rules_of


@dataclass(frozen=True, slots=True)
class NoticeTaken:
    """The notice's record, and whether this call made it (a repeat does not)."""

    record: OwnerRecord
    recorded: bool


@retry_when_stale
def prove_transfer_notice(
    loan_id: str, notice: TransferNotice, by: Actor, now: datetime, ports: LoansAndInstitutions
) -> NoticeTaken:
    """Record the notice once; the same again changes nothing, another one is added.

    Raises LoanNotFoundError; RefusedError with everything that is wrong with it.
    """
    stored, recorded = ports.loans.load(loan_id), ports.loans.recorded(loan_id)
    known = next((each for each in recorded.owners if each.fact == notice), None)
    if known:
        return NoticeTaken(known, recorded=False)
    institution_id = stored.loan.institution_id
    today = business_date(institution_id, now, ports.institutions)
    history = history_of(institution_id, recorded.owners)
    problems = [problem.within("by") for problem in actor_problems(by)]
    problems += notice_problems(history, notice, today)
    if problems:
        raise RefusedError(*problems)
    others = sum(
        isinstance(each.fact, TransferNotice) and each.fact.change_id == notice.change_id
        for each in recorded.owners
    )
    record = OwnerRecord(
        record_id=f"{notice.change_id}#notice-{others + 1}",
        loan_id=loan_id,
        fact=notice,
        known_on=today,
        recorded_by=by.id,
        recorded_at=now,
    )
    rules = rules_of(institution_id, today, ports.institutions)
    ports.loans.commit(change_by(record, stored, recorded, rules))
    return NoticeTaken(record, recorded=True)

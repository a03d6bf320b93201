"""The person answered, by words or at a visit: so is a notice before judicial recovery."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from recovery.domain.cases.stage import CaseState
from recovery.domain.monitoring.pattern import NO_CONTACTS
from recovery.domain.outbox import Outbox, outbox_id
from recovery.ports.accounting import LoanChange
from recovery.ports.needs import HasLoans
from recovery.use_cases.shared.retrying import retry_until_fresh


def answer_notice(loan_id: str, on: date, ports: HasLoans) -> None:
    """Put on record that the notice is answered, once, and let the loan be reviewed.

    Whoever answered is not silent: contacts are counted anew. Nothing happens where neither a
    notice nor another contact waits for an answer on this day.
    """

    def step() -> None:
        stored = ports.loans.load(loan_id)
        state, case = stored.state, stored.state.case
        heard = replace(state, contacts=NO_CONTACTS)
        if case and _awaits_answer(case, on):
            heard = replace(heard, case=replace(case, answered_on=on))
        if heard == state:
            return
        answered = replace(
            heard,
            facts=replace(state.facts, has_news=True),
            next_review_on=min(state.next_review_on or on, on),
        )
        empty = Outbox(outbox_id(state.version + 1), on)
        ports.loans.commit(LoanChange(stored.loan, stored.loan, answered, empty))

    retry_until_fresh(step)


def _awaits_answer(case: CaseState, on: date) -> bool:
    if case.notice_on is None or on < case.notice_on:
        return False
    return case.answered_on is None or case.answered_on < case.notice_on

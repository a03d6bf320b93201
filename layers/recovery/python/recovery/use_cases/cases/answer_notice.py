"""The notice before judicial recovery is answered: by words, or by a visit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from recovery.domain.outbox import Outbox, outbox_id
from recovery.ports.accounting import LoanChange
from recovery.ports.needs import HasLoans
from recovery.use_cases.shared.retrying import retry_until_fresh


def answer_notice(loan_id: str, on: date, ports: HasLoans) -> None:
    """Put on record that the notice is answered, once, and let the loan be reviewed.

    Nothing happens where no notice waits for an answer on this day.
    """

    def step() -> None:
        stored = ports.loans.load(loan_id)
        state, case = stored.state, stored.state.case
        if case is None or case.notice_on is None or on < case.notice_on:
            return
        if case.answered_on and case.answered_on >= case.notice_on:
            return
        answered = replace(
            state,
            case=replace(case, answered_on=on),
            facts=replace(state.facts, has_news=True),
            next_review_on=min(state.next_review_on or on, on),
        )
        empty = Outbox(outbox_id(state.version + 1), on)
        ports.loans.commit(LoanChange(stored.loan, stored.loan, answered, empty))

    retry_until_fresh(step)

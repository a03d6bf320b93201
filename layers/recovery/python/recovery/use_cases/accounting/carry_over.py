"""Let a new loan carry over the days, vintage and mark of a loan that it repaid.

A supervisor who is not the officer of either reviews it; until then, and if it is approved, the new
loan carries them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.refinancing import (
    NewLoan,
    Refinancing,
    RepaidLoan,
    find_refinancing,
    repaid_loan,
)
from recovery.domain.cases.approval import Answer, DecisionKind, PendingDecision, ask
from recovery.domain.outbox import DomainEvent, Outbox, TimelineEntry, outbox_id
from recovery.domain.shared.actor import Actor, Role
from recovery.ports.accounting import LoanChange, StoredLoan
from recovery.ports.needs import HasBorrowers, HasCases, LoansAndInstitutions
from recovery.use_cases.monitoring.review_loans import readable_loans
from recovery.use_cases.shared.retrying import retry_when_stale
from recovery.use_cases.shared.rules import Rules

_IMPORT = Actor(id="portfolio-import", name="a portfolio file", roles=frozenset({Role.SERVICE}))


class CarryingPorts(LoansAndInstitutions, HasBorrowers, HasCases, Protocol):
    """Loans with those of the same person, and the decisions about them."""


@dataclass(slots=True)
class GrantedLoans:
    """The loans of a delivery that may have repaid another: the recent ones, and of those that are
    new here the ones whose person has several in it."""

    rules: Rules
    _recent: dict[str, NewLoan] = field(default_factory=dict)
    _new: list[NewLoan] = field(default_factory=list)
    _loans_of: Counter[str] = field(default_factory=Counter)

    def add(self, loan: Loan, *, is_new: bool) -> None:
        """Take one loan of the delivery into account."""
        granted = NewLoan(
            loan_id=loan.loan_id,
            borrower_id=loan.borrower_id,
            disbursed_on=loan.disbursed_on,
            officer=loan.advisor_name,
        )
        self._loans_of[loan.borrower_id] += 1
        # What it repaid may be paid off later, and be known later still.
        days = 2 * self.rules.policy.accounting.refinanced_within_days
        if loan.disbursed_on >= self.rules.as_of - timedelta(days=days):
            self._recent[loan.loan_id] = granted
        elif is_new:
            self._new.append(granted)

    def __iter__(self) -> Iterator[NewLoan]:
        yield from self._recent.values()
        yield from (each for each in self._new if self._loans_of[each.borrower_id] > 1)


def carry_over(
    granted: Iterable[NewLoan], rules: Rules, now: datetime, ports: CarryingPorts
) -> int:
    """Let each of these loans carry over what it repaid; return how many do from now on.

    Idempotent; what a supervisor declined is not carried over again.
    """
    return sum(_carry(new, rules, now, ports) for new in granted)


@retry_when_stale
def _carry(new: NewLoan, rules: Rules, now: datetime, ports: CarryingPorts) -> bool:
    loan_ids = ports.borrowers.loans_of(new.borrower_id)
    if len(loan_ids) < 2:
        return False
    loans, _ = readable_loans(loan_ids, ports.loans)
    stored = next((each for each in loans if each.loan.loan_id == new.loan_id), None)
    if stored is None or stored.state.facts.carried:
        return False
    days = rules.policy.accounting.refinanced_within_days
    found = find_refinancing(filter(None, (_repaid(e, days) for e in loans)), new, within_days=days)
    if found is None:
        return False
    question = ask(_question(found, now), rules.policy.cases)
    known = ports.cases.decision(new.loan_id, question.decision_id)
    if known and known.outcome == Answer.DECLINED:
        return False
    change = _change(found, question, stored, rules)
    asked = () if known else (question,)
    ports.loans.commit(replace(change, decisions=asked))
    return True


def _repaid(stored: StoredLoan, within_days: int) -> RepaidLoan | None:
    loan, state, facts = stored.loan, stored.state, stored.state.facts
    if facts.loss and facts.loss.remaining.total:
        return None
    return repaid_loan(
        loan,
        state.position,
        carried=facts.carried,
        forborne=facts.forborne is not None or facts.loss is not None,
        within_days=within_days,
    )


def refinancing_decision_id(loan_id: str) -> str:
    """Return the id of the decision about what this loan carries over."""
    return f"{loan_id}-{DecisionKind.REFINANCING}"


def _question(found: Refinancing, now: datetime) -> PendingDecision:
    return PendingDecision(
        decision_id=refinancing_decision_id(found.loan_id),
        kind=DecisionKind.REFINANCING,
        loan_id=found.loan_id,
        case_id="",
        asked_by=_IMPORT,
        asked_at=now,
        reason=_in_words(found),
        not_by=found.officers,
    )


def _change(
    found: Refinancing, question: PendingDecision, stored: StoredLoan, rules: Rules
) -> LoanChange:
    loan, state, carried = stored.loan, stored.state, found.carried
    text = f"{_in_words(found)}; a supervisor reviews it"
    entry = TimelineEntry(rules.as_of, "decision", text, key=question.decision_id)
    event = DomainEvent(
        "RefinancingSeen",
        {
            "loan_id": loan.loan_id,
            "repaid": list(carried.repaid),
            "days_past_due": carried.days_past_due,
            "vintage_on": carried.vintage_on.isoformat(),
            "forborne": carried.forborne,
            "decision_id": question.decision_id,
        },
    )
    outbox = Outbox(outbox_id(state.version + 1), rules.as_of, timeline=(entry,), events=(event,))
    facts = replace(state.facts, carried=carried, has_news=True)
    due_on = min(state.next_review_on or rules.as_of, rules.as_of)
    return LoanChange(loan, loan, replace(state, facts=facts, next_review_on=due_on), outbox)


def _in_words(found: Refinancing) -> str:
    carried = found.carried
    mark = ", with the forbearance mark" if carried.forborne else ""
    return (
        f"repaid {', '.join(carried.repaid)}: carries over {carried.days_past_due} days past due"
        f" and the vintage of {carried.vintage_on}{mark}"
    )

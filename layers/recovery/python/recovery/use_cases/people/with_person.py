"""What a loan's state copies of its borrower, so that a review reads no person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Protocol

from recovery.domain.agreements.learning import Learning
from recovery.domain.agreements.restraints import Restraint
from recovery.domain.loan_state import LoanState
from recovery.domain.outbox import Outbox, outbox_id
from recovery.ports.accounting import LoanChange
from recovery.ports.needs import HasLoans
from recovery.use_cases.shared.retrying import retry_until_fresh


class OfPerson(Protocol):
    """A person on record, however much was read of them."""

    @property
    def restraints(self) -> Iterable[Restraint]: ...
    @property
    def learning(self) -> Learning: ...


def is_same_to_loans(one: OfPerson, other: OfPerson) -> bool:
    """Whether a loan's state copies the same of both."""
    return (tuple(one.restraints), one.learning.mark) == (
        tuple(other.restraints),
        other.learning.mark,
    )


def copy_person(loan_id: str, person: OfPerson, as_of: date, ports: HasLoans) -> None:
    """Copy it to the loan, which is reviewed after it; a repeat changes nothing."""

    def step() -> None:
        for stored in ports.loans.load_many([loan_id]):
            after = with_person(stored.state, person)
            if after != stored.state:
                due_on = min(stored.state.next_review_on or as_of, as_of)
                facts = replace(after.facts, has_news=True)
                after = replace(after, facts=facts, next_review_on=due_on)
                empty = Outbox(outbox_id(after.version + 1), as_of)
                ports.loans.commit(LoanChange(stored.loan, stored.loan, after, empty))

    retry_until_fresh(step)


def with_person(state: LoanState, person: OfPerson) -> LoanState:
    """Return the state with what holds back for the person as it is now, and whether they learn."""
    of_loan = [each for each in state.restraints if not each.of_person]
    of_person = [replace(each, of_person=True) for each in person.restraints]
    facts = replace(state.facts, learns=person.learning.mark)
    return replace(state, restraints=(*of_loan, *of_person), facts=facts)

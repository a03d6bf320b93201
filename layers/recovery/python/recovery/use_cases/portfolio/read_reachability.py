"""Read who of an institution's borrowers can be reached today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.places import Limits
from recovery.domain.contact.policy import ContactPolicy
from recovery.domain.portfolio.reachability import Reachability, reachability
from recovery.domain.shared.pages import pages
from recovery.ports.needs import HasBorrowers, LoansAndInstitutions
from recovery.use_cases.contact.limits import limits_for
from recovery.use_cases.monitoring.review_loans import readable_loans
from recovery.use_cases.shared.business_date import business_date

_PAGE = 50


class ReachPorts(LoansAndInstitutions, HasBorrowers, Protocol):
    """Loans, and whose they are."""


def read_reachability(
    institution_id: str, now: datetime, ports: ReachPorts, *, shards: int
) -> Reachability:
    """Count the people with a loan that is open and owes something, at the business date."""
    today = business_date(institution_id, now, ports.institutions)
    policy = ports.institutions.policy(institution_id, today).contact
    people = {each for shard in range(shards) for each in _owing(shard, ports)}
    return reachability(_with_limits(people, policy, ports), today)


def _owing(shard: int, ports: ReachPorts) -> Iterator[str]:
    for page in pages(ports.loans.loan_ids(shard), _PAGE):
        for stored in readable_loans(page, ports.loans)[0]:
            standing = stored.state.standing
            if stored.state.closed is None and (standing is None or standing.outstanding.total):
                yield stored.loan.borrower_id


def _with_limits(
    people: set[str], policy: ContactPolicy, ports: ReachPorts
) -> Iterator[tuple[Borrower, Limits]]:
    for page in pages(sorted(people), _PAGE):
        for person in ports.borrowers.load_many(page):
            yield person, limits_for(person, policy)

"""Read every loan of an institution for the portfolio report of one day.

At the business date two small items of each loan say it all. For an earlier day each loan is
computed anew from everything on record about it, by its date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime

from recovery.domain.accounting.write_off import LossClass
from recovery.domain.agreements.forbearance import Forbearance
from recovery.domain.loan_state import LoanState, forbearance_of, standing_of
from recovery.domain.portfolio.cures import cures_of
from recovery.domain.portfolio.report import (
    PortfolioReport,
    ReportedLoan,
    merged,
    portfolio_report,
)
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.domain.shared.pages import pages
from recovery.ports.accounting import StoredLoan
from recovery.ports.needs import LoansAndInstitutions
from recovery.use_cases.monitoring.review_loans import readable_loans
from recovery.use_cases.portfolio.past import loan_on
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.rules import Rules, rules_of

_PAGE = 50
_AT_ONCE = 8  # shards read at a time: their reads wait for the network, not for each other


@dataclass(frozen=True, slots=True)
class Read:
    """The report, and the loans that could not be read, with their errors."""

    report: PortfolioReport
    failed: tuple[tuple[str, Exception], ...] = field(default=())


def read_report(
    institution_id: str,
    as_of: date | None,
    now: datetime,
    ports: LoansAndInstitutions,
    *,
    shards: int,
    creditor: str | None = None,
    seen: Callable[[int], None] = lambda loans: None,
    look: Callable[[StoredLoan, Rules], None] = lambda stored, rules: None,
) -> Read:
    """Report the institution's loans at ``as_of``, or at the business date.

    With a creditor, its loans only; without, all but those that belong to an owner outside then.
    ``seen`` is called with the number of loans read, ``look`` with each loan as it was then, both
    from several threads. Raises RefusedError for a day to come.
    """
    today = business_date(institution_id, now, ports.institutions)
    rules = rules_of(institution_id, as_of or today, ports.institutions)
    if rules.as_of > today:
        reason = f"{rules.as_of} is in the future; the business date is {today}"
        raise RefusedError(Problem("as_of", reason, "Use that day or an earlier one"))

    def read(shard: int) -> Read:
        failed: list[tuple[str, Exception]] = []
        loans = _reported(shard, rules, ports, creditor, rules.as_of < today, failed, seen, look)
        return Read(portfolio_report(loans, rules.as_of, creditor), tuple(failed))

    with ThreadPoolExecutor(_AT_ONCE) as threads:
        parts = list(threads.map(read, range(shards)))
    return Read(
        merged((each.report for each in parts), rules.as_of, creditor),
        tuple(failure for each in parts for failure in each.failed),
    )


def _reported(
    shard: int,
    rules: Rules,
    ports: LoansAndInstitutions,
    creditor: str | None,
    is_past: bool,
    failed: list[tuple[str, Exception]],
    seen: Callable[[int], None],
    look: Callable[[StoredLoan, Rules], None],
) -> Iterator[ReportedLoan]:
    for page in pages(ports.loans.loan_ids(shard), _PAGE):
        found, unreadable = readable_loans(page, ports.loans)
        failed += unreadable
        for stored in found:
            if not _is_reported(stored, rules.as_of, creditor):
                continue
            try:
                then = _then(stored, rules, ports) if is_past else stored
                look(then, rules)
                yield reported_loan(then, rules)
            except Exception as error:
                failed.append((stored.loan.loan_id, error))
        seen(len(page))


def _then(stored: StoredLoan, rules: Rules, ports: LoansAndInstitutions) -> StoredLoan:
    return loan_on(stored, ports.loans.recorded(stored.loan.loan_id), rules)


def _is_reported(stored: StoredLoan, as_of: date, creditor: str | None) -> bool:
    loan = stored.loan
    owner = stored.state.ownership.owner_on(as_of, loan.institution_id)
    if loan.disbursed_on > as_of:
        return False
    return owner.creditor == creditor if creditor else not owner.outside


def reported_loan(stored: StoredLoan, rules: Rules) -> ReportedLoan:
    """Return the loan's line of the report at ``rules.as_of``."""
    loan, state = stored.loan, stored.state
    charges = rules.charges(loan, state)
    standing = standing_of(loan, state, rules.policy, rules.as_of, charges)
    loss = state.facts.loss
    forbearance = forbearance_of(loan, state, rules.policy, standing.as_of)
    return ReportedLoan(
        currency=loan.currency,
        creditor=state.ownership.owner_on(rules.as_of, loan.institution_id).creditor,
        principal_minor=standing.outstanding.principal,
        outstanding_minor=standing.outstanding.total,
        days_past_due=standing.days_past_due,
        forborne=_is_forborne(state, forbearance),
        cures=cures_of(forbearance),
        paused=any(each.from_date <= rules.as_of < each.ends_on for each in state.facts.pauses),
        written_off_on=standing.written_off_on,
        loss_minor=loss.written_off.total if loss else 0,
        recovered_minor=loss.recovered.total if loss else 0,
        fraud=loss is not None and loss.loss_class is LossClass.FRAUD,
    )


def _is_forborne(state: LoanState, forbearance: Forbearance | None) -> bool:
    """Whether the loan has the mark of a concession, or repaid one in difficulty: a refinancing
    counts too."""
    carried = state.facts.carried
    return (forbearance is not None and forbearance.is_marked) or (
        carried is not None and carried.is_forborne
    )

"""Report how people were contacted in a period, from the records of all of them.

No list holds who was contacted, so every loan on the lists is read, eight shards at a time, and
each person with the first of their loans. It is a report that people ask for by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime

from recovery.domain.policy import Policy
from recovery.domain.portfolio.conduct import ConductReport, Period
from recovery.domain.portfolio.conduct_report import conduct_of
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.domain.shared.pages import pages
from recovery.use_cases.monitoring.review_loans import readable_loans
from recovery.use_cases.portfolio.conduct_records import ConductPorts, person_conduct
from recovery.use_cases.shared.business_date import business_date

_PAGE = 50
_AT_ONCE = 8  # shards read at a time: their reads wait for the network, not for each other


@dataclass(frozen=True, slots=True)
class Read:
    """The report, and the loans or people that could not be read, with their errors."""

    report: ConductReport
    failed: list[tuple[str, Exception]] = field(default_factory=list)


def read_conduct(
    institution_id: str,
    first: date,
    last: date,
    now: datetime,
    ports: ConductPorts,
    *,
    shards: int,
    seen: Callable[[int], None] = lambda loans: None,
) -> Read:
    """Judge every contact from ``first`` to ``last``, both included.

    ``seen`` is called with the number of loans read, from several threads. Raises RefusedError for
    a period that ends before it begins, or has not ended yet.
    """
    today = business_date(institution_id, now, ports.institutions)
    if last < first:
        raise RefusedError(Problem("to", f"{last} is before {first}", "Swap the two days"))
    if last > today:
        reason = f"{last} is in the future; the business date is {today}"
        raise RefusedError(Problem("to", reason, "Use that day or an earlier one"))
    policies = tuple(ports.institutions.policies(institution_id))
    period = Period(first, last)

    def read(shard: int) -> Read:
        part = Read(ConductReport(period))
        for page in pages(ports.loans.loan_ids(shard), _PAGE):
            _read_page(page, part, policies, ports)
            seen(len(page))
        return part

    with ThreadPoolExecutor(_AT_ONCE) as threads:
        parts = list(threads.map(read, range(shards)))
    whole = Read(ConductReport(period))
    for each in parts:
        whole.report.add(each.report)
        whole.failed.extend(each.failed)
    whole.report.findings.sort()
    return whole


def _read_page(
    page: Sequence[str], part: Read, policies: Sequence[Policy], ports: ConductPorts
) -> None:
    found, unreadable = readable_loans(page, ports.loans)
    part.failed.extend(unreadable)
    for stored in found:
        person_id, loan_id = stored.loan.borrower_id, stored.loan.loan_id
        try:
            if min(ports.borrowers.loans_of(person_id), default=None) != loan_id:
                continue  # read with the first of their loans
            person = ports.borrowers.load(person_id)
            record = person_conduct(person, policies, part.report.period.last, ports)
            part.report.add(conduct_of(record, part.report.period))
        except Exception as error:
            part.failed.append((loan_id, error))

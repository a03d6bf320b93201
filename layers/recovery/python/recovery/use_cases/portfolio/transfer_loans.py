"""Let the loans of a list change hands: sell, transfer, place, recall or buy them back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from recovery.documents.portfolio.loan_list import NamedLoan
from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.owner_facts import OwnerRecord, history_of
from recovery.domain.accounting.ownership import (
    OwnerChange,
    OwnerChangeKind,
    OwnerHistory,
    bought_back,
)
from recovery.domain.accounting.sale_list import (
    ListedLoan,
    ListRow,
    RowProblem,
    is_on_record,
    list_problems,
)
from recovery.domain.agreements.restraints import Kind, in_force
from recovery.domain.loan_state import standing_of
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.pages import pages
from recovery.ports.accounting import StoredLoan
from recovery.ports.needs import LoansAndInstitutions
from recovery.use_cases.portfolio.owner_change import change_by, check_right
from recovery.use_cases.portfolio.past import loan_on
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.retrying import retry_until_fresh
from recovery.use_cases.shared.rules import Rules, rules_of

_PAGE = 50


@dataclass(slots=True)
class Transferred:
    """How many loans changed hands, and had before; why rows were refused."""

    transferred: int = 0
    unchanged: int = 0
    refused: list[RowProblem] = field(default_factory=list)


def transfer_loans(
    listed: Sequence[NamedLoan],
    change: OwnerChange,
    institution_id: str,
    by: Actor,
    now: datetime,
    ports: LoansAndInstitutions,
    *,
    check_only: bool = False,
    seen: Callable[[], None] = lambda: None,
) -> Transferred:
    """Make this change on every loan of the list, or on none if a row is refused.

    ``change.change_id`` identifies the list: sending it again completes what was interrupted and
    changes nothing else. A buy-back names no creditor: each loan goes back to who gave it away. A
    loan that no longer passes when its turn comes, for a dispute of this minute, is refused alone.
    ``check_only`` checks a list as on its settlement day, also ahead of it. ``seen`` is called once
    for each loan. Raises RefusedError for an actor without the right.
    """
    check_right(by)
    today = business_date(institution_id, now, ports.institutions)
    as_of = max(today, change.executed_on) if check_only else today
    rules = rules_of(institution_id, as_of, ports.institutions)
    loans = _listed_loans(listed, change.executed_on, rules, ports)
    rows = [ListRow(row.number, row.loan_id, _change_of(row, change, loans)) for row in listed]
    result = Transferred(refused=list(list_problems(rows, loans, as_of)))
    if result.refused or check_only:
        return result
    for row in rows:
        if is_on_record(row.change, loans[row.loan_id].owners):
            result.unchanged += 1
        else:
            refused = _transfer(row, by, now, rules, ports)
            result.refused += refused
            result.transferred += not refused
        seen()
    return result


def _listed_loans(
    listed: Sequence[NamedLoan], settled_on: date, rules: Rules, ports: LoansAndInstitutions
) -> dict[str, ListedLoan]:
    found: dict[str, ListedLoan] = {}
    for page in pages(dict.fromkeys(row.loan_id for row in listed), _PAGE):
        for stored in ports.loans.load_many(page):
            loan_id = stored.loan.loan_id
            changed_hands = bool(stored.state.ownership.owners)
            needs_facts = changed_hands or settled_on < rules.as_of
            recorded = ports.loans.recorded(loan_id) if needs_facts else None
            found[loan_id] = _listed_loan(stored, recorded, settled_on, rules)
    return found


def _listed_loan(
    stored: StoredLoan, recorded: Recorded | None, settled_on: date, rules: Rules
) -> ListedLoan:
    """Return what the check needs; what is on record is asked for only where it matters."""
    loan, state = stored.loan, stored.state
    owners, then = OwnerHistory(loan.institution_id), rules
    if recorded:
        owners = history_of(loan.institution_id, recorded.owners)
        then = replace(rules, as_of=min(settled_on, rules.as_of))
        stored = loan_on(stored, recorded, then)
    charges = then.charges(stored.loan, stored.state)
    standing = standing_of(stored.loan, stored.state, then.policy, then.as_of, charges)
    return ListedLoan(
        loan_id=loan.loan_id,
        owners=owners,
        disbursed_on=loan.disbursed_on,
        owed_minor=standing.outstanding.total + standing.loss.total,
        disputed=any(e.kind == Kind.DISPUTE for e in in_force(state.restraints, rules.as_of)),
    )


def _change_of(row: NamedLoan, change: OwnerChange, loans: Mapping[str, ListedLoan]) -> OwnerChange:
    """Return the list's change for one loan, with its exception and who it goes back to."""
    of_row = replace(change, excepted_by=row.excepted_by, excepted_because=row.excepted_because)
    loan = loans.get(row.loan_id)
    if change.kind != OwnerChangeKind.BUY_BACK or loan is None:
        return of_row
    earlier = (each for each in loan.owners.changes if each.change_id != change.change_id)
    before = replace(loan.owners, changes=tuple(earlier))
    back = bought_back(before, change.change_id, change.executed_on)
    return replace(of_row, creditor=back.creditor, outside=back.outside)


def _transfer(
    row: ListRow, by: Actor, now: datetime, rules: Rules, ports: LoansAndInstitutions
) -> list[RowProblem]:
    """Record one loan's change unless it is on record; return why it was refused."""
    record = OwnerRecord(
        record_id=row.change.change_id,
        loan_id=row.loan_id,
        fact=row.change,
        known_on=rules.as_of,
        recorded_by=by.id,
        recorded_at=now,
    )

    def step() -> list[RowProblem]:
        stored, recorded = ports.loans.load(row.loan_id), ports.loans.recorded(row.loan_id)
        loan = _listed_loan(stored, recorded, row.change.executed_on, rules)
        problems = list(list_problems([row], {row.loan_id: loan}, rules.as_of))
        if not problems and not is_on_record(row.change, loan.owners):
            ports.loans.commit(change_by(record, stored, recorded, rules))
        return problems

    return retry_until_fresh(step)

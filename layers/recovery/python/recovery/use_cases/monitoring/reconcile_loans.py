"""Prove that nothing is hidden: every loan that owes is due some day, every open case runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from recovery.domain.agreements.people_rules import kept_until
from recovery.domain.loan_end import has_ended
from recovery.domain.shared.pages import pages
from recovery.ports.accounting import StoredLoan
from recovery.ports.needs import HasCases, HasLoans, HasWorkflow
from recovery.ports.shared import StaleWriteError
from recovery.use_cases.cases.restart_case import restart_case_if_dead
from recovery.use_cases.monitoring.review_loans import readable_loans
from recovery.use_cases.shared.rules import people_pack_of

_PAGE = 50


@dataclass(slots=True)
class Reconciled:
    """What was found and mended; ``after`` is the last loan seen if there are more."""

    loans: int = 0
    hidden: int = 0
    left_over: int = 0
    restarted: int = 0
    failed: list[tuple[str, Exception]] = field(default_factory=list)
    after: str | None = None


class ReconcilingPorts(HasLoans, HasCases, HasWorkflow, Protocol):
    """Loans, their cases and executions."""


def reconcile_loans(
    shard: int,
    as_of: date,
    ports: ReconcilingPorts,
    *,
    after: str | None = None,
    has_time: Callable[[], bool] = lambda: True,
) -> Reconciled:
    """Read every loan of the shard, from the one after ``after`` on, and mend what is amiss.

    A loan that owes something and is due on no day gets reviewed next; so does one whose change the
    stream lost before a review saw it, and an ended one that is still here after its last day, as
    something was written since it ended. A case whose execution
    ended without an outcome, or never began, continues in a new one. Running it again changes
    nothing.
    """
    done = Reconciled(after=after)
    for page in pages(ports.loans.loan_ids(shard, after), _PAGE):
        if not has_time():
            return done
        stored, unreadable = readable_loans(page, ports.loans)
        done.failed += unreadable
        for each in stored:
            try:
                _reconcile(each, as_of, done, ports)
            except StaleWriteError:
                pass  # another writer is at work on it: it is not forgotten
            except Exception as error:
                done.failed.append((each.loan.loan_id, error))
        done.loans += len(stored)
        done.after = page[-1]
    done.after = None
    return done


def _reconcile(stored: StoredLoan, as_of: date, done: Reconciled, ports: ReconcilingPorts) -> None:
    if stored.unreviewed or _is_hidden(stored, as_of):
        _review_next(stored, as_of, ports)
        done.hidden += 1
    elif _is_left_over(stored, as_of):
        _review_next(stored, as_of, ports)
        done.left_over += 1
    if stored.state.cases:
        done.restarted += restart_case_if_dead(stored, as_of, ports)


def _review_next(stored: StoredLoan, as_of: date, ports: HasLoans) -> None:
    state = stored.state
    found = replace(state, version=state.version + 1, next_review_on=as_of)
    ports.loans.save_state(found, stored.loan)


def _is_left_over(stored: StoredLoan, as_of: date) -> bool:
    """Whether the ended loan's last day is past, counted from its last payment."""
    paid_on = stored.state.position.last_value_date or stored.loan.disbursed_on
    last_day = kept_until(people_pack_of(stored.loan), "loan", paid_on)
    return last_day is not None and last_day < as_of and has_ended(stored.state, as_of)


def _is_hidden(stored: StoredLoan, as_of: date) -> bool:
    """Whether the loan owes something, is not closed, and no daily review would find it.

    One that is silent until further notice waits for a fact, not for a day.
    """
    state = stored.state
    silent = state.ownership.silence_on(as_of)
    if state.closed or state.next_review_on or (silent and silent.until is None):
        return False
    owed = sum(each.due.total for each in stored.loan.schedule)
    return owed > sum(each.total for each in state.position.paid)

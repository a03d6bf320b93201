"""Evaluate loans, and store what follows for the stream to carry out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from recovery.domain.agreements.promise import count_due
from recovery.domain.cases.stages import Stage
from recovery.domain.loan_state import LoanState
from recovery.domain.outbox import Outbox
from recovery.domain.review import review
from recovery.domain.shared.errors import RefusedError
from recovery.domain.shared.pages import pages
from recovery.ports.accounting import LoanRepository, StoredLoan, UnreadableLoanError
from recovery.ports.needs import (
    HasBorrowers,
    HasCases,
    HasCourtLetters,
    HasPeople,
    HasSuspense,
    HasTasks,
    LoansAndInstitutions,
)
from recovery.ports.shared import StaleWriteError
from recovery.use_cases.cases.escalate_tasks import Escalated, escalate_tasks
from recovery.use_cases.cases.oldest_approval import oldest_approval_days
from recovery.use_cases.cases.repair_case import RepairPorts, retry_repairs
from recovery.use_cases.judicial.limitation_of_loan import look_at
from recovery.use_cases.portfolio.look_at_experiments import LookingPorts, look_at_experiments
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.retrying import retry_until_fresh
from recovery.use_cases.shared.rules import Rules, rules_of

_PAGE = 50
_UNREADABLE = (UnreadableLoanError, ValueError, LookupError, TypeError)  # raised by a corrupt item


@dataclass(slots=True)
class Reviewed:
    """How many loans were reviewed, or sent again, and which failed and why, and how many promises
    are to be kept today; with the first shard, what became of the institution's tasks, and how long
    the oldest approval has waited: each is on one list; and how many experiments stopped as they
    harm."""

    loans: int = 0
    sent_again: int = 0
    failed: list[tuple[str, Exception]] = field(default_factory=list)
    more: bool = False
    tasks: Escalated | None = None
    promises_due: int = 0
    oldest_approval_days: int | None = None
    stopped_for_harm: int = 0


class LoanReviewPorts(
    LoansAndInstitutions,
    HasBorrowers,
    HasPeople,
    HasTasks,
    HasCases,
    HasCourtLetters,
    Protocol,
):
    """Loans with their policy, and what a case in pre-action rests on."""


class ReviewPorts(LoanReviewPorts, RepairPorts, LookingPorts, HasSuspense, Protocol):
    """Besides, the cases that wait for repair, experiments, and money in suspense."""


def review_shard(
    institution_id: str,
    shard: int,
    as_of: date,
    ports: ReviewPorts,
    *,
    at_once: bool = False,
    has_time: Callable[[], bool] = lambda: True,
) -> Reviewed:
    """Review every due loan of the institution's shard; ``more`` is set when time runs out first.

    What earlier days decided and is not carried out yet is sent again first; ``at_once``, what
    today did too. A loan that cannot be evaluated does not stop the others.
    """
    reviewed = Reviewed()
    before = as_of + timedelta(days=1) if at_once else as_of
    for loan_id in ports.loans.waiting_loan_ids(shard, before):
        if not has_time():
            reviewed.more = True
            return reviewed
        ports.loans.send_again(loan_id)
        reviewed.sent_again += 1
    if shard == 0:  # an institution's money in suspense is on one list, and so are its people
        for payment_id in ports.suspense.waiting_ids(before):
            ports.suspense.send_again(payment_id)
            reviewed.sent_again += 1
        for person_id in ports.people.waiting_ids(before):
            ports.people.send_again(person_id)
            reviewed.sent_again += 1
        for task_id in ports.tasks.waiting_ids(before):
            ports.tasks.send_again(task_id)
            reviewed.sent_again += 1
    repaired, not_repaired = retry_repairs(shard, before, ports)
    reviewed.sent_again += repaired
    reviewed.failed += not_repaired
    rules = rules_of(institution_id, as_of, ports.institutions)
    if shard == 0:
        _look_at_lists(reviewed, rules, ports)
    due = ports.loans.due_loan_ids(shard, as_of)
    for page in pages(due, _PAGE):
        if not has_time():
            reviewed.more = True
            break
        found, unreadable = readable_loans(page, ports.loans)
        reviewed.failed += unreadable
        for stored in found:
            due_on = stored.state.next_review_on
            if due_on is None or due_on > as_of:
                continue  # already reviewed; the index lags behind
            _review_into(reviewed, stored, rules, ports)
    return reviewed


def _look_at_lists(reviewed: Reviewed, rules: Rules, ports: ReviewPorts) -> None:
    """Escalate tasks and measure what waits; what fails here does not stop the loans' reviews."""
    try:
        reviewed.tasks = escalate_tasks(rules.policy, rules.as_of, ports)
    except Exception as error:
        reviewed.failed.append(("tasks", error))
    try:
        reviewed.oldest_approval_days = oldest_approval_days(rules.as_of, ports)
    except Exception as error:
        reviewed.failed.append(("cases", error))
    try:
        reviewed.stopped_for_harm = len(look_at_experiments(rules, ports))
    except Exception as error:
        reviewed.failed.append(("experiments", error))


def readable_loans(
    loan_ids: Sequence[str], loans: LoanRepository
) -> tuple[list[StoredLoan], list[tuple[str, Exception]]]:
    """Load the loans that can be read; return the ids of the others with their errors."""
    try:
        return loans.load_many(loan_ids), []
    except _UNREADABLE:
        stored: list[StoredLoan] = []
        failed: list[tuple[str, Exception]] = []
    for loan_id in loan_ids:
        try:
            stored += loans.load_many([loan_id])
        except _UNREADABLE as error:
            failed.append((loan_id, error))
    return stored, failed


def review_changed(
    institution_id: str, loan_ids: Sequence[str], now: datetime, ports: LoanReviewPorts
) -> Reviewed:
    """Review the institution's changed loans at its business date."""
    reviewed = Reviewed()
    as_of = business_date(institution_id, now, ports.institutions)
    rules = rules_of(institution_id, as_of, ports.institutions)
    found, unreadable = readable_loans(loan_ids, ports.loans)
    reviewed.failed += unreadable
    for stored in found:
        _review_into(reviewed, stored, rules, ports)
    return reviewed


def _review_into(
    reviewed: Reviewed, stored: StoredLoan, rules: Rules, ports: LoanReviewPorts
) -> None:
    try:
        after = _review(stored, rules, ports)
        reviewed.promises_due += count_due(after.facts.promises, rules.as_of)
        reviewed.loans += 1
    except Exception as error:
        reviewed.failed.append((stored.loan.loan_id, error))


def _review(stored: StoredLoan, rules: Rules, ports: LoanReviewPorts) -> LoanState:
    try:
        return _save(stored, rules, ports)
    except StaleWriteError:
        loan_id = stored.loan.loan_id
        return retry_until_fresh(lambda: _save(ports.loans.load(loan_id), rules, ports))


def _save(stored: StoredLoan, rules: Rules, ports: LoanReviewPorts) -> LoanState:
    loan, state = stored.loan, stored.state
    charges, found = rules.charges(loan, state), look_at(loan, state, rules, ports)
    ready = _ready(stored, rules, ports)
    result = review(loan, state, rules.policy, rules.as_of, charges, found, ready)
    after, outbox = _with_letters(stored, result.state, result.outbox, rules, ports)
    ports.loans.save_state(after, stored.loan, outbox)
    return after


def _with_letters(
    stored: StoredLoan, after: LoanState, outbox: Outbox, rules: Rules, ports: LoanReviewPorts
) -> tuple[LoanState, Outbox]:
    """Have the letters written that are due before court, and look again when one stands otherwise.

    Those of a case that went elsewhere are not sent any more.
    """
    was, is_now = (_in_pre_action(each) for each in (stored.state, after))
    if not (was or is_now):
        return after, outbox
    from recovery.use_cases.judicial.court_letters import LetterNews, letter_news, letters_to_end

    if not is_now:
        news = LetterNews(ends_tasks=letters_to_end(stored.loan.loan_id, ports))
    else:
        try:
            news = letter_news(replace(stored, state=after), rules, ports)
        except RefusedError:
            return after, outbox
    outbox = replace(
        outbox,
        events=(*outbox.events, *news.events),
        ends_tasks=(*outbox.ends_tasks, *news.ends_tasks),
    )
    days = [each for each in (after.next_review_on, news.again_on) if each]
    return replace(after, next_review_on=min(days, default=None)), outbox


def _in_pre_action(state: LoanState) -> bool:
    return state.case is not None and state.case.target_stage is Stage.PRE_ACTION


def _ready(stored: StoredLoan, rules: Rules, ports: LoanReviewPorts) -> str:
    """Say why a case in pre-action may go on; "" if it may not, or the law cannot be asked.

    Only there the whole record is read, and the packs are loaded.
    """
    case = stored.state.case
    if case is None or case.target_stage is not Stage.PRE_ACTION:
        return ""
    from recovery.use_cases.judicial.pre_action import readiness_of

    try:
        return readiness_of(stored.loan.loan_id, rules.as_of, ports).reason
    except RefusedError:
        return ""

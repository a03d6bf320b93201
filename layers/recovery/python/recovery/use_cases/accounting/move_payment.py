"""Move a payment from the wrong loan to the right one, in one step and one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from recovery.domain.accounting.loan import Loan, Payment
from recovery.domain.accounting.payment import (
    PaymentLinks,
    PaymentRecord,
    PaymentRef,
    derived_id,
    fingerprint_of,
)
from recovery.domain.accounting.payment_checks import payment_problems
from recovery.domain.accounting.payment_state import charged_back_minor
from recovery.domain.contact.apology import apology_for
from recovery.domain.intake.suspense import Suspended
from recovery.domain.outbox import not_sent_entry
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.errors import ConflictError, PaymentNotFoundError, Problem, RefusedError
from recovery.domain.shared.money import Money
from recovery.ports.accounting import LoanChange, LoanNotFoundError, PaymentExistsError, StoredLoan
from recovery.ports.needs import HasBorrowers, PaymentPorts
from recovery.ports.payments import KnownPayment
from recovery.use_cases.accounting.posting import Incoming, ended_in_words, post_on
from recovery.use_cases.accounting.reverse_payment import unposted
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.retrying import retry_when_stale
from recovery.use_cases.shared.rules import Rules, rules_of


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRequest:
    """Where a payment belongs; ``new_payment_id`` is its id there, None for a derived one."""

    payment_id: str
    to_loan_id: str
    reason: str
    new_payment_id: str | None = None


class MovingPorts(PaymentPorts, HasBorrowers, Protocol):
    """What moving a payment needs: whoever was chased meanwhile is owed an apology."""


@retry_when_stale
def move_payment(
    request: MoveRequest, by: Actor, now: datetime, ports: MovingPorts
) -> dict[str, object]:
    """Move the payment with its value date; return the receipt on the right loan. Idempotent.

    It stays readable on the wrong loan, and both are recomputed. If a demand about the right loan
    was wrong without this money, its borrower is to hear an apology. What of the payment is in
    suspense stays there. Raises PaymentNotFoundError, RefusedError, ConflictError for an id in use.
    """
    record = _record(request.payment_id, ports.payments.find(request.payment_id))
    new_id = request.new_payment_id or derived_id(request.payment_id, "moved")
    if moved_to := record.links.moved_to:
        if moved_to == PaymentRef(request.to_loan_id, new_id):
            return _receipt_of(new_id, ports)
        raise ConflictError(
            f"payment {request.payment_id} was {ended_in_words(record)}; move that one"
        )
    right = _right_loan(request.to_loan_id, ports)
    institution_id = right.loan.institution_id
    today = business_date(institution_id, now, ports.institutions)
    back_minor = charged_back_minor(request.payment_id, ports.loans.recorded(record.loan_id))
    problems = tuple(_problems(record, back_minor, right.loan))
    if problems:
        raise RefusedError(*problems)
    rules = rules_of(institution_id, today, ports.institutions)
    moved = replace(
        record,
        reversed_on=max(today, record.payment.value_date),
        reversal_reason=request.reason,
        reversed_by=by.id,
        reversed_at=now,
        links=replace(record.links, moved_to=PaymentRef(request.to_loan_id, new_id)),
    )
    posted = post_on(
        right, ports.loans.recorded(request.to_loan_id), _incoming(moved, right, by, now), rules
    )
    changes = tuple(_with_apology(each, right, moved, rules, ports) for each in posted.changes)
    try:
        ports.loans.commit(unposted(moved, rules, ports), *changes, suspense=posted.suspended)
    except PaymentExistsError as error:
        raise ConflictError(f"{error}; name another new_payment_id") from None
    return posted.receipt


def _record(payment_id: str, known: KnownPayment | None) -> PaymentRecord:
    if known is None:
        raise PaymentNotFoundError(f"there is no payment {payment_id}")
    if isinstance(known, PaymentRecord):
        return known
    reason, remedy = f"{payment_id} is in suspense", "Match it with the loan instead"
    if not isinstance(known, Suspended):
        parts = ", ".join(each.payment_id for each in known.shares)
        reason, remedy = f"{payment_id} was split over several loans", f"Move one of {parts}"
    raise RefusedError(Problem("payment_id", reason, remedy, "conflict"))


def _right_loan(loan_id: str, ports: MovingPorts) -> StoredLoan:
    try:
        return ports.loans.load(loan_id)
    except LoanNotFoundError as error:
        remedy = "Use the loan's id as imported"
        raise RefusedError(Problem("to_loan_id", str(error), remedy, "not_found")) from None


def _problems(record: PaymentRecord, back_minor: int, right: Loan) -> Iterator[Problem]:
    """Yield why the payment cannot be moved to this loan."""
    payment_id = record.payment.payment_id
    if record.reversed_on:
        reason = f"{payment_id} was {ended_in_words(record)}"
        yield Problem("payment_id", reason, "Post what was received anew", "conflict")
    if right.loan_id == record.loan_id:
        reason = f"{payment_id} is on loan {right.loan_id} already"
        yield Problem("to_loan_id", reason, "Name the loan it belongs to", "conflict")
    if back_minor:
        back = Money(back_minor, record.currency)
        reason = f"{payment_id} was charged back for {back}"
        remedy = "Undo the chargeback, move the payment, and record it on the other loan"
        yield Problem("payment_id", reason, remedy, "conflict")
    day = record.payment.value_date
    payment = replace(record.payment, instalment=None)
    for problem in payment_problems(payment, record.currency, right, day, day):
        yield Problem("to_loan_id", problem.reason, "Check which loan it is for", problem.code)


def _incoming(moved: PaymentRecord, right: StoredLoan, by: Actor, now: datetime) -> Incoming:
    """Return the payment as it is posted on the right loan.

    The instalment that the payer named is kept where the loan has it.
    """
    assert moved.links.moved_to
    payment, number = moved.payment, moved.payment.instalment
    has_it = any(each.number == number for each in right.loan.schedule)
    there: Payment = replace(
        payment,
        payment_id=moved.links.moved_to.payment_id,
        instalment=number if has_it else None,
    )
    loan_id = right.loan.loan_id
    return Incoming(
        payment=there,
        currency=moved.currency,
        fingerprint=fingerprint_of(there, loan_id, moved.currency, moved.reference),
        by=by,
        at=now,
        reference=moved.reference,
        links=PaymentLinks(moved_from=PaymentRef(moved.loan_id, payment.payment_id)),
    )


def _with_apology(
    change: LoanChange,
    right: StoredLoan,
    moved: PaymentRecord,
    rules: Rules,
    ports: HasBorrowers,
) -> LoanChange:
    """Let the right loan wish for an apology, if its borrower was chased for this money."""
    if change.state.closed:
        return change
    wish = apology_for(
        ports.borrowers.told_about(right.loan.borrower_id, right.loan.loan_id),
        moved.payment.value_date,
        (right.loan.schedule, right.state.position),
        (change.loan.schedule, change.state.position),
        rules.as_of,
    )
    if wish is None:
        return change
    outbox = change.outbox
    if overtaken := change.state.wish:
        reason = "an apology comes first: the money was on another loan"
        entry = not_sent_entry(overtaken, reason, rules.as_of, rules.policy.version)
        outbox = replace(outbox, timeline=(*outbox.timeline, entry))
    return replace(change, state=replace(change.state, wish=wish), outbox=outbox)


def _receipt_of(payment_id: str, ports: MovingPorts) -> dict[str, object]:
    known = ports.payments.find(payment_id)
    assert known is not None and known.receipt is not None, f"{payment_id} was moved there"
    return dict(known.receipt)

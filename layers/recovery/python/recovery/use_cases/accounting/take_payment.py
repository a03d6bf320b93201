"""Post a payment on a loan, updating the loan in one transaction."""

from __future__ import annotations

from datetime import datetime

from recovery.domain.accounting.payment import PaymentLinks, PaymentRequest
from recovery.domain.accounting.payment_checks import payment_problems, possible_duplicate_of
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.errors import RefusedError
from recovery.ports.needs import PaymentPorts
from recovery.use_cases.accounting.posting import Incoming, Taken, commit_posting, post_on, repeated
from recovery.use_cases.shared.business_date import business_date, local_date
from recovery.use_cases.shared.retrying import retry_when_stale
from recovery.use_cases.shared.rules import rules_of


@retry_when_stale
def take_payment(request: PaymentRequest, by: Actor, now: datetime, ports: PaymentPorts) -> Taken:
    """Post the payment once; repeating the same request returns the same receipt.

    One that looks like another of the last day is posted too, and marked. Raises LoanNotFoundError;
    RefusedError for a wrong currency, a value date in the future or before the disbursement, or an
    unknown instalment; ConflictError when the id was used with a different body, or reversed.
    """
    payment = request.payment
    known = ports.payments.find(payment.payment_id)
    if known:
        return repeated(payment.payment_id, request.fingerprint, known, ports)
    stored = ports.loans.load(request.loan_id)
    loan, institution_id = stored.loan, stored.loan.institution_id
    today = business_date(institution_id, now, ports.institutions)
    calendar_day = local_date(institution_id, now, ports.institutions)
    latest = max(today, calendar_day)
    problems = tuple(payment_problems(payment, request.currency, loan, calendar_day, latest))
    if problems:
        raise RefusedError(*problems)
    recorded = ports.loans.recorded(loan.loan_id)
    money = Incoming(
        payment=payment,
        currency=request.currency,
        fingerprint=request.fingerprint,
        by=by,
        at=now,
        reference=request.reference,
        links=PaymentLinks(
            possible_duplicate_of=possible_duplicate_of(payment, request.reference, now, recorded)
        ),
    )
    rules = rules_of(institution_id, today, ports.institutions)
    posted = post_on(stored, recorded, money, rules)
    return commit_posting(payment.payment_id, request.fingerprint, posted, ports)

"""Money in suspense: taken when its loan is unknown, matched or refunded when a person says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.payment import (
    NO_LINKS,
    PaymentRef,
    PaymentRequest,
    derived_id,
    fingerprint_of,
)
from recovery.domain.accounting.payment_checks import future_problems, payment_problems
from recovery.domain.intake.suspense import Release, Suspended, UnclaimedPayment, Why
from recovery.domain.shared.actor import Actor, Role, actor_problems
from recovery.domain.shared.errors import PaymentNotFoundError, Problem, RefusedError
from recovery.domain.shared.free_text import free_text_problems
from recovery.ports.accounting import LoanNotFoundError
from recovery.ports.needs import HasSuspense, PaymentPorts
from recovery.ports.payments import SuspenseChange
from recovery.use_cases.accounting.payment_news import released_news
from recovery.use_cases.accounting.posting import (
    Incoming,
    Posted,
    Taken,
    commit_posting,
    into_suspense,
    post_on,
    repeated,
    whole_in_suspense,
)
from recovery.use_cases.accounting.take_payment import take_payment
from recovery.use_cases.shared.business_date import business_date, local_date
from recovery.use_cases.shared.retrying import retry_when_stale
from recovery.use_cases.shared.rules import rules_of

LONGEST_REASON = 140


class SuspensePorts(PaymentPorts, HasSuspense, Protocol):
    """What a person's decision about money in suspense needs."""


@retry_when_stale
def take_unclaimed(
    institution_id: str, request: UnclaimedPayment, by: Actor, now: datetime, ports: PaymentPorts
) -> Taken:
    """Post the payment on its loan if that is on record, or else keep the money in suspense.

    Raises RefusedError for a value date in the future, and what ``take_payment`` raises.
    """
    payment = request.payment
    known = ports.payments.find(payment.payment_id)
    if known:
        return repeated(payment.payment_id, request.fingerprint, known, ports)
    currency = _currency_of(request.loan_id, ports)
    if request.loan_id and currency == request.currency:
        claimed = PaymentRequest(payment, request.loan_id, request.currency, request.reference)
        return take_payment(claimed, by, now, ports)
    today = business_date(institution_id, now, ports.institutions)
    calendar_day = local_date(institution_id, now, ports.institutions)
    problems = tuple(future_problems(payment, calendar_day, max(today, calendar_day)))
    if problems:
        raise RefusedError(*problems)
    money = Incoming(
        payment=payment,
        currency=request.currency,
        fingerprint=request.fingerprint,
        by=by,
        at=now,
        reference=request.reference,
    )
    why: Why = "other_currency" if currency else "unknown_loan"
    suspended = whole_in_suspense(money, why, loan_id=request.loan_id)
    rules = rules_of(institution_id, today, ports.institutions)
    posted = Posted(dict(suspended.receipt or {}), None, into_suspense(suspended, rules))
    return commit_posting(payment.payment_id, request.fingerprint, posted, ports)


def _currency_of(loan_id: str | None, ports: PaymentPorts) -> str | None:
    """Return the loan's currency; None if it is not on record."""
    if loan_id is None:
        return None
    try:
        return ports.loans.load(loan_id).loan.currency
    except LoanNotFoundError:
        return None


@retry_when_stale
def match_suspended(
    payment_id: str,
    loan_id: str,
    by: Actor,
    why: str,
    now: datetime,
    ports: SuspensePorts,
    amount_minor: int | None = None,
) -> dict[str, object]:
    """Post the money, or a part of it, on the loan with its value date; return the receipt.

    Both are stored in one transaction. Raises PaymentNotFoundError, LoanNotFoundError; RefusedError
    for who may not decide, more than is in suspense, or a loan that it does not fit.
    """
    suspended = _decidable(payment_id, by, why, (Role.ADVISOR, Role.SUPERVISOR), ports)
    stored = ports.loans.load(loan_id)
    institution_id = stored.loan.institution_id
    today = business_date(institution_id, now, ports.institutions)
    number = sum(each.how == "matched" for each in suspended.releases) + 1
    ref = PaymentRef(loan_id, derived_id(payment_id, f"match-{number}"))
    release = Release(
        how="matched",
        amount_minor=suspended.open_minor if amount_minor is None else amount_minor,
        on=max(today, suspended.value_date),
        reason=why.strip(),
        by=by.id,
        at=now,
        posted_as=ref,
    )
    released = suspended.released(release)
    payment = Payment(
        ref.payment_id,
        suspended.value_date,
        release.amount_minor,
        payer_kind=suspended.payer_kind,
        payer_id=suspended.payer_id,
    )
    day = suspended.value_date
    problems = tuple(payment_problems(payment, suspended.currency, stored.loan, day, day))
    if problems:
        raise RefusedError(*problems)
    money = Incoming(
        payment=payment,
        currency=suspended.currency,
        fingerprint=fingerprint_of(payment, loan_id, suspended.currency, suspended.reference),
        by=by,
        at=now,
        reference=suspended.reference,
        links=replace(NO_LINKS, from_suspense=payment_id),
    )
    rules = rules_of(institution_id, today, ports.institutions)
    posted = post_on(stored, ports.loans.recorded(loan_id), money, rules)
    if not posted.changes:
        reason, remedy = "owes nothing, and no surplus is kept", "Choose another loan, or refund it"
        raise RefusedError(Problem("loan_id", reason, remedy, "conflict"))
    change = SuspenseChange(released, released_news(released, release, today))
    ports.loans.commit(*posted.changes, suspense=(change, *posted.suspended))
    return posted.receipt


@retry_when_stale
def refund_suspended(
    institution_id: str,
    payment_id: str,
    by: Actor,
    why: str,
    now: datetime,
    ports: SuspensePorts,
    amount_minor: int | None = None,
) -> Suspended:
    """Put on record that the money, or a part of it, goes back to the payer, and announce it.

    Raises PaymentNotFoundError; RefusedError for who may not decide, or more than is in suspense.
    """
    suspended = _decidable(payment_id, by, why, (Role.SUPERVISOR,), ports)
    today = business_date(institution_id, now, ports.institutions)
    release = Release(
        how="refunded",
        amount_minor=suspended.open_minor if amount_minor is None else amount_minor,
        on=max(today, suspended.value_date),
        reason=why.strip(),
        by=by.id,
        at=now,
    )
    released = suspended.released(release)
    change = SuspenseChange(released, released_news(released, release, today))
    ports.loans.commit(suspense=(change,))
    return released


def _decidable(
    payment_id: str, by: Actor, why: str, roles: tuple[Role, ...], ports: HasSuspense
) -> Suspended:
    """Return the money in suspense, if this person may decide about it."""
    problems = tuple(_problems(by, why, roles))
    if problems:
        raise RefusedError(*problems)
    suspended = ports.suspense.find(payment_id)
    if suspended is None:
        raise PaymentNotFoundError(f"there is no money in suspense as {payment_id}")
    return suspended


def _problems(by: Actor, why: str, roles: tuple[Role, ...]) -> Iterator[Problem]:
    yield from free_text_problems("why", why, LONGEST_REASON)
    yield from (problem.within("by") for problem in actor_problems(by))
    if not (by.is_person and by.may(*roles)):
        reason = f"{by.in_words()} may not decide this"
        yield Problem("by", reason, f"Let a person decide who is {' or '.join(roles)}")

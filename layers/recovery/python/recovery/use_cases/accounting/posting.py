"""Post money on a loan: what it pays, what stays there, and what goes to suspense."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from recovery.documents.accounting.payments import payer_document
from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.loan import Loan, Payment
from recovery.domain.accounting.ownership import passed_on
from recovery.domain.accounting.payment import (
    NO_LINKS,
    PaymentLinks,
    PaymentRecord,
    allocated_by,
    derived_id,
)
from recovery.domain.intake.suspense import IN_WORDS, Suspended, Why
from recovery.domain.loan_state import LoanState
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.errors import ConflictError, PaymentReversedError
from recovery.domain.shared.money import to_decimal_text, to_decimal_texts
from recovery.ports.accounting import LoanChange, PaymentExistsError, StoredLoan
from recovery.ports.needs import HasLoans, PaymentPorts
from recovery.ports.payments import KnownPayment, SuspenseChange
from recovery.use_cases.accounting.losses import recovered_minor, with_losses
from recovery.use_cases.accounting.party_effects import Books, with_party_effects
from recovery.use_cases.accounting.payment_news import posted_news, suspended_news
from recovery.use_cases.accounting.take_up import taken_up
from recovery.use_cases.agreements.settling import with_settlement
from recovery.use_cases.portfolio.pass_on import with_passed_on
from recovery.use_cases.shared.rules import Rules


@dataclass(frozen=True, slots=True)
class Taken:
    """The receipt, and whether this call posted the payment (a repeat does not)."""

    receipt: dict[str, object]
    posted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """Money to post, with who posts it; ``payment`` has the amount as it was sent."""

    payment: Payment
    currency: str
    fingerprint: str
    by: Actor
    at: datetime
    reference: str | None = None
    links: PaymentLinks = NO_LINKS


@dataclass(frozen=True, slots=True)
class Posted:
    """What follows from posting money on a loan: ``change`` is None if nothing stays on it."""

    receipt: dict[str, object]
    change: LoanChange | None
    suspense: SuspenseChange | None = None

    @property
    def changes(self) -> tuple[LoanChange, ...]:
        return (self.change,) if self.change else ()

    @property
    def suspended(self) -> tuple[SuspenseChange, ...]:
        return (self.suspense,) if self.suspense else ()


def post_on(stored: StoredLoan, recorded: Recorded, money: Incoming, rules: Rules) -> Posted:
    """Work out what the money does on this loan.

    Where the policy does not keep a surplus as credit, the surplus goes to suspense.
    """
    record = PaymentRecord(
        payment=money.payment,
        loan_id=stored.loan.loan_id,
        currency=money.currency,
        fingerprint=money.fingerprint,
        receipt={},
        reference=money.reference,
        posted_by=money.by.id,
        posted_at=money.at,
        links=money.links,
    )
    loan, state = taken_up(stored.loan, stored.state, recorded.with_payments(record), rules)
    rest = None
    if rules.policy.accounting.surplus == "suspense":
        surplus_minor = state.position.credit_minor - stored.state.position.credit_minor
        surplus_minor = min(max(0, surplus_minor), money.payment.amount_minor)
        if surplus_minor == money.payment.amount_minor:
            return _all_in_suspense(stored.loan, money, rules)
        if surplus_minor:
            rest = rest_of(money, "surplus", surplus_minor, loan_id=loan.loan_id)
            record = _less(record, rest)
            loan, state = taken_up(stored.loan, stored.state, recorded.with_payments(record), rules)
    record = replace(record, receipt=_receipt(record, stored.state, state, rest))
    after = recorded.with_payments(record)
    news = posted_news(record, state, rules.as_of)
    news = with_losses(news, stored.state, state, loan)
    was, now = Books(stored.loan, stored.state, recorded), Books(loan, state, after)
    news = with_party_effects(news, was, now, record.payment, rules)
    outbox = with_passed_on(news, stored, recorded, after)
    change = LoanChange(stored.loan, loan, state, outbox, payments=(record,))
    change = with_settlement(change, after, rules, money.at)
    return Posted(dict(record.receipt), change, into_suspense(rest, rules) if rest else None)


def rest_of(
    money: Incoming,
    why: Why,
    amount_minor: int,
    *,
    loan_id: str | None = None,
    borrower_id: str | None = None,
) -> Suspended:
    """Return the part of the money that goes to suspense under an id of its own."""
    payment = money.payment
    return Suspended(
        payment_id=derived_id(payment.payment_id, "rest"),
        currency=money.currency,
        amount_minor=amount_minor,
        value_date=payment.value_date,
        why=why,
        suspended_by=money.by.id,
        suspended_at=money.at,
        loan_id=loan_id,
        borrower_id=borrower_id,
        part_of=payment.payment_id,
        reference=money.reference,
        payer_kind=payment.payer_kind,
        payer_id=payment.payer_id,
    )


def whole_in_suspense(
    money: Incoming, why: Why, *, loan_id: str | None = None, borrower_id: str | None = None
) -> Suspended:
    """Return the money in suspense as a whole, with its receipt."""
    payment = money.payment
    rest = rest_of(money, why, payment.amount_minor, loan_id=loan_id, borrower_id=borrower_id)
    suspended = replace(
        rest,
        payment_id=payment.payment_id,
        part_of=None,
        fingerprint=money.fingerprint,
        possible_duplicate_of=money.links.possible_duplicate_of,
    )
    receipt = {
        "payment_id": payment.payment_id,
        **({"loan_id": loan_id} if loan_id else {}),
        "value_date": payment.value_date.isoformat(),
        "amount": to_decimal_text(payment.amount_minor, money.currency),
        "currency": money.currency,
        **payer_document(payment),
        **in_suspense(suspended),
        **_duplicate(money.links),
    }
    return replace(suspended, receipt=receipt)


def in_suspense(suspended: Suspended) -> dict[str, object]:
    """Say on a receipt what went to suspense, and why."""
    return {
        "to_suspense": to_decimal_text(suspended.amount_minor, suspended.currency),
        "suspense_id": suspended.payment_id,
        "why_in_suspense": IN_WORDS[suspended.why],
    }


def into_suspense(suspended: Suspended, rules: Rules) -> SuspenseChange:
    """Return the change that stores it, with its announcement."""
    return SuspenseChange(suspended, suspended_news(suspended, rules.as_of))


def _all_in_suspense(loan: Loan, money: Incoming, rules: Rules) -> Posted:
    suspended = whole_in_suspense(money, "surplus", loan_id=loan.loan_id)
    return Posted(dict(suspended.receipt or {}), None, into_suspense(suspended, rules))


def _less(record: PaymentRecord, rest: Suspended) -> PaymentRecord:
    kept = replace(record.payment, amount_minor=record.payment.amount_minor - rest.amount_minor)
    links = replace(record.links, rest_id=rest.payment_id, rest_minor=rest.amount_minor)
    return replace(record, payment=kept, links=links)


def _receipt(
    record: PaymentRecord, was: LoanState, now: LoanState, rest: Suspended | None
) -> dict[str, object]:
    before, after, payment, links = was.position, now.position, record.payment, record.links

    def text(amount_minor: int) -> str:
        return to_decimal_text(amount_minor, record.currency)

    allocated = allocated_by(before, after)._asdict()
    again_minor = recovered_minor(now) - recovered_minor(was)
    owners = now.ownership.owners
    passed = passed_on(owners, payment) if owners else None
    return {
        "payment_id": payment.payment_id,
        "loan_id": record.loan_id,
        "value_date": payment.value_date.isoformat(),
        "amount": text(record.sent_minor),
        "currency": record.currency,
        "allocated": to_decimal_texts(allocated, record.currency),
        "to_credit": text(after.credit_minor - before.credit_minor),
        "credit": text(after.credit_minor),
        **({"recovered": text(again_minor)} if again_minor else {}),
        **({"passed_on_to": passed.to} if passed else {}),
        **({} if payment.instalment is None else {"instalment": payment.instalment}),
        **payer_document(payment),
        **({"moved_from": links.moved_from._asdict()} if links.moved_from else {}),
        **({"from_suspense": links.from_suspense} if links.from_suspense else {}),
        **(in_suspense(rest) if rest else {}),
        **_duplicate(links),
    }


def _duplicate(links: PaymentLinks) -> dict[str, object]:
    known = links.possible_duplicate_of
    return {"possible_duplicate_of": known} if known else {}


def commit_posting(payment_id: str, fingerprint: str, posted: Posted, ports: PaymentPorts) -> Taken:
    """Store what was worked out, once. Raises ConflictError for an id in use."""
    try:
        ports.loans.commit(*posted.changes, suspense=posted.suspended)
    except PaymentExistsError as error:
        return known_or_conflict(payment_id, fingerprint, error, ports)
    return Taken(posted.receipt, posted=True)


def known_or_conflict(
    payment_id: str, fingerprint: str, error: PaymentExistsError, ports: PaymentPorts
) -> Taken:
    """Answer for another writer who took the id first."""
    known = ports.payments.find(payment_id)
    if known is None:
        raise ConflictError(f"{error}; use another id")
    return repeated(payment_id, fingerprint, known, ports)


def repeated(payment_id: str, fingerprint: str, known: KnownPayment, ports: HasLoans) -> Taken:
    """Answer a request whose payment is on record.

    Raises PaymentReversedError if it does not count any more, ConflictError for another body.
    """
    is_repeat = known.fingerprint == fingerprint
    if ended := _ended(known, ports):
        raise PaymentReversedError(
            f"payment {payment_id} was {ended}; use a new id for a new payment",
            is_repeat=is_repeat,
        )
    if not is_repeat:
        raise ConflictError(
            f"payment {payment_id} is on record with a different body;"
            " use a new id for a new payment"
        )
    return Taken(dict(known.receipt or {}), posted=False)


def _ended(known: KnownPayment, ports: HasLoans) -> str:
    """Say how a payment was reversed or moved; nothing while it counts."""
    if isinstance(known, Suspended):
        last = known.releases[-1] if known.state == "reversed" else None
        return f"reversed on {last.on} because: {last.reason}" if last else ""
    if isinstance(known, PaymentRecord):
        return ended_in_words(known)
    shares = [ports.loans.find_payment(each.payment_id) for each in known.shares]
    ends = {ended_in_words(each) if each else "" for each in shares}
    return ends.pop() if len(ends) == 1 else ""


def ended_in_words(record: PaymentRecord) -> str:
    """Say how the payment was reversed or moved, such as "reversed on 2026-03-01 because: ..."."""
    if record.reversed_on is None:
        return ""
    how = "reversed"
    if moved_to := record.links.moved_to:
        how = f"moved to loan {moved_to.loan_id} as {moved_to.payment_id}"
    return f"{how} on {record.reversed_on} because: {record.reversal_reason}"

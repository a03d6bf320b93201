"""Payments as JSON: amounts as decimal strings, dates as ISO 8601."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.payment import PaymentRecord
from recovery.domain.accounting.payment_state import state_of
from recovery.domain.intake.person_payment import SplitPayment
from recovery.domain.intake.suspense import IN_WORDS, Suspended
from recovery.domain.shared.money import to_decimal_text


def payer_document(payment: Payment) -> dict[str, object]:
    """Say who paid, if it was not the borrower."""
    if payment.payer_kind == "borrower":
        return {}
    party = {"id": payment.payer_id} if payment.payer_id else {}
    return {"payer": {"kind": payment.payer_kind, **party}}


def payment_document(
    record: PaymentRecord, back_minor: int = 0, passed_on_to: str | None = None
) -> dict[str, object]:
    """Describe a payment on a loan; ``amount`` is what counts on this loan.

    ``back_minor`` is what was charged back of it; ``passed_on_to`` the owner who gets the money.
    """
    payment, links, currency = record.payment, record.links, record.currency
    document: dict[str, object] = {
        "payment_id": payment.payment_id,
        "state": state_of(record, back_minor, is_passed_on=passed_on_to is not None),
        "loan_id": record.loan_id,
        **_money(payment.value_date, payment.amount_minor, currency),
        **payer_document(payment),
    }
    optional = {
        "instalment": payment.instalment,
        "reference": record.reference,
        "posted_by": record.posted_by,
        "posted_at": record.posted_at.isoformat() if record.posted_at else None,
        "reversed_on": record.reversed_on.isoformat() if record.reversed_on else None,
        "reason": record.reversal_reason,
        "charged_back": to_decimal_text(back_minor, currency) if back_minor else None,
        "passed_on_to": passed_on_to,
        "moved_to": links.moved_to._asdict() if links.moved_to else None,
        "moved_from": links.moved_from._asdict() if links.moved_from else None,
        "part_of": links.part_of,
        "from_suspense": links.from_suspense,
        "suspense_id": links.rest_id,
        "possible_duplicate_of": links.possible_duplicate_of,
    }
    return document | {name: value for name, value in optional.items() if value is not None}


def suspended_document(suspended: Suspended) -> dict[str, object]:
    """Describe money in suspense, with how it left."""
    currency = suspended.currency
    optional = {
        "loan_id": suspended.loan_id,
        "borrower_id": suspended.borrower_id,
        "part_of": suspended.part_of,
        "reference": suspended.reference,
        "possible_duplicate_of": suspended.possible_duplicate_of,
    }
    return {
        "payment_id": suspended.payment_id,
        "state": suspended.state,
        **_money(suspended.value_date, suspended.amount_minor, currency),
        "in_suspense": to_decimal_text(suspended.open_minor, currency),
        "why_in_suspense": IN_WORDS[suspended.why],
        **payer_document(_payment(suspended)),
        **{name: value for name, value in optional.items() if value is not None},
        "posted_by": suspended.suspended_by,
        "posted_at": suspended.suspended_at.isoformat(),
        "releases": [
            {
                "how": each.how,
                "amount": to_decimal_text(each.amount_minor, currency),
                "on": each.on.isoformat(),
                "reason": each.reason,
                "by": each.by,
                **({"posted_as": each.posted_as._asdict()} if each.posted_as else {}),
            }
            for each in suspended.releases
        ],
    }


def split_document(
    split: SplitPayment, parts: Iterable[dict[str, object]], state: str
) -> dict[str, object]:
    """Describe one payment for a person with what has become of each of its parts."""
    payment = split.payment
    return {
        "payment_id": payment.payment_id,
        "state": state,
        "borrower_id": split.borrower_id,
        **_money(payment.value_date, payment.amount_minor, split.currency),
        **payer_document(payment),
        **({"reference": split.reference} if split.reference else {}),
        "designation": list(split.designation),
        "rules": split.receipt["rules"],
        "posted_by": split.posted_by,
        "posted_at": split.posted_at.isoformat(),
        "parts": list(parts),
    }


def payer_receipt(
    known: PaymentRecord | SplitPayment | Suspended, institution_name: str
) -> dict[str, object]:
    """Return the receipt for the one who paid.

    Only a borrower learns how the loan stands: anybody else hears what they paid, when, for what.
    """
    payment = _payment(known) if isinstance(known, Suspended) else known.payment
    receipt = dict(known.receipt or {})
    meant_for: dict[str, object] = {
        name: receipt[name] for name in ("loan_id", "borrower_id") if name in receipt
    }
    amount = receipt.get("amount", to_decimal_text(payment.amount_minor, known.currency))
    document: dict[str, object] = {
        "received_by": institution_name,
        "payment_id": payment.payment_id,
        "received_on": payment.value_date.isoformat(),
        "amount": amount,
        "currency": known.currency,
        **meant_for,
        **({"reference": known.reference} if known.reference else {}),
        "paid_by": {"kind": payment.payer_kind},
    }
    if isinstance(known, PaymentRecord) and known.reversed_on and not known.links.moved_to:
        document["reversed_on"] = known.reversed_on.isoformat()
    if payment.payer_id:
        document["paid_by"] = {"kind": payment.payer_kind, "id": payment.payer_id}
    if payment.payer_kind != "borrower":
        return document
    told = ("allocated", "to_credit", "credit", "shares", "rules", "to_suspense", "why_in_suspense")
    return document | {name: receipt[name] for name in told if name in receipt}


def _payment(suspended: Suspended) -> Payment:
    return Payment(
        suspended.payment_id,
        suspended.value_date,
        suspended.amount_minor,
        payer_kind=suspended.payer_kind,
        payer_id=suspended.payer_id,
    )


def _money(value_date: date, amount_minor: int, currency: str) -> dict[str, object]:
    return {
        "value_date": value_date.isoformat(),
        "amount": to_decimal_text(amount_minor, currency),
        "currency": currency,
    }

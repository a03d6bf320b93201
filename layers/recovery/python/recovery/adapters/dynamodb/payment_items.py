"""Payments, split ones and money in suspense as items of the table, and back.

Every payment id has a guard, which makes it unique and says where the money is: on a loan, split
over several (then the guard is the record), or in suspense.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from typing import cast

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.items import PaymentGuardItem, PaymentItem, SuspenseItem
from recovery.documents.shared.plain import from_plain, to_plain
from recovery.domain.accounting.loan import PayerKind, Payment
from recovery.domain.accounting.payment import NO_LINKS, PaymentLinks, PaymentRecord
from recovery.domain.intake.person_payment import SplitPayment
from recovery.domain.intake.suspense import Suspended
from recovery.domain.shared.iso_dates import from_iso, iso
from recovery.ports.payments import SuspenseChange


def guard_key(institution_id: str, payment_id: str) -> tuple[str, str]:
    return keys.partition(keys.PAYMENT, institution_id, payment_id), keys.PAYMENT


def suspense_key(institution_id: str, payment_id: str) -> tuple[str, str]:
    return keys.partition(keys.SUSPENSE, institution_id, payment_id), keys.SUSPENSE


def guard_item(institution_id: str, record: PaymentRecord) -> PaymentGuardItem:
    key = guard_key(institution_id, record.payment.payment_id)
    return PaymentGuardItem(*key, loan_id=record.loan_id)


def payment_item(institution_id: str, record: PaymentRecord) -> PaymentItem:
    payment = record.payment
    return PaymentItem(
        keys.partition(keys.LOAN, institution_id, record.loan_id),
        keys.key(keys.PAYMENT, payment.payment_id),
        listed_in=keys.day_list(institution_id, payment.value_date),
        listed_by=payment.payment_id,
        value_date=payment.value_date.isoformat(),
        amount_minor=payment.amount_minor,
        instalment=payment.instalment,
        currency=record.currency,
        fingerprint=record.fingerprint,
        receipt=codec.to_json(record.receipt),
        reference=record.reference,
        reversed_on=iso(record.reversed_on),
        reversal_reason=record.reversal_reason,
        posted_by=record.posted_by,
        posted_at=record.posted_at.isoformat() if record.posted_at else None,
        reversed_by=record.reversed_by,
        reversed_at=record.reversed_at.isoformat() if record.reversed_at else None,
        payer_kind=None if payment.payer_kind == "borrower" else payment.payer_kind,
        payer_id=payment.payer_id,
        links=_text(record.links) if record.links != NO_LINKS else None,
    )


def payment_record(item: PaymentItem) -> PaymentRecord:
    """Convert the item to a payment record."""
    payment = Payment(
        payment_id=keys.identifier(item.sk),
        value_date=date.fromisoformat(item.value_date),
        amount_minor=int(item.amount_minor),
        instalment=None if item.instalment is None else int(item.instalment),
        payer_kind=cast(PayerKind, item.payer_kind or "borrower"),
        payer_id=item.payer_id,
    )
    return PaymentRecord(
        payment=payment,
        loan_id=keys.parts(item.pk)[1],
        currency=item.currency,
        fingerprint=item.fingerprint,
        receipt=json.loads(item.receipt),
        reference=item.reference,
        reversed_on=from_iso(item.reversed_on),
        reversal_reason=item.reversal_reason,
        posted_by=item.posted_by,
        posted_at=datetime.fromisoformat(item.posted_at) if item.posted_at else None,
        reversed_by=item.reversed_by,
        reversed_at=datetime.fromisoformat(item.reversed_at) if item.reversed_at else None,
        links=from_plain(PaymentLinks, json.loads(item.links or "{}")),
    )


def split_item(institution_id: str, split: SplitPayment) -> PaymentGuardItem:
    key = guard_key(institution_id, split.payment.payment_id)
    return PaymentGuardItem(*key, split=_text(split))


def split_payment(item: PaymentGuardItem) -> SplitPayment:
    """Convert the guard of a split payment to its record."""
    return from_plain(SplitPayment, json.loads(item.split))


def suspense_guard_item(institution_id: str, suspended: Suspended) -> PaymentGuardItem:
    """The guard of money in suspense is on the list of its value date, as a payment is."""
    return PaymentGuardItem(
        *guard_key(institution_id, suspended.payment_id),
        listed_in=keys.day_list(institution_id, suspended.value_date),
        listed_by=suspended.payment_id,
    )


def suspense_item(institution_id: str, change: SuspenseChange) -> SuspenseItem:
    suspended = replace(change.suspended, version=change.suspended.version + 1)
    return SuspenseItem(
        *suspense_key(institution_id, suspended.payment_id),
        version=suspended.version,
        document=_text(replace(suspended, version=0)),
        outbox={change.outbox.outbox_id: codec.outbox_to_json(change.outbox)},
        listed_in=keys.list_key(keys.SUSPENSE, institution_id, 0),
        listed_by=f"{suspended.value_date}#{suspended.payment_id}",
    )


def suspended_of(item: SuspenseItem) -> Suspended:
    """Convert the item to money in suspense."""
    return replace(
        from_plain(Suspended, json.loads(item.document)),
        version=int(item.version),
    )


def _text(value: object) -> str:
    """Encode without default values."""
    return codec.to_json(to_plain(value))

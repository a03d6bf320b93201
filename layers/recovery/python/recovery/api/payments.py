"""Payments: post or reverse one."""

from __future__ import annotations

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.metrics import MetricUnit

from recovery.api.institutions import caller_of, ports_of
from recovery.documents.accounting.payment_request import payment_request, reversal_reason
from recovery.documents.shared.fields import is_identifier
from recovery.domain.shared.errors import PaymentNotFoundError
from recovery.domain.shared.money import to_decimal_text
from recovery.use_cases.accounting.take_payment import reverse_payment, take_payment

router = Router()  # type: ignore[no-untyped-call]
metrics = Metrics()


@router.post("/institutions/<institution_id>/payments")
def post_payment(institution_id: str) -> tuple[dict[str, object], int]:
    """Return 201 with the receipt, or 200 with the same receipt for a repeat."""
    ports = ports_of(router, institution_id)
    request = payment_request(router.current_event.body)
    taken = take_payment(request, caller_of(router), ports.now(), ports)
    metrics.add_metric("PaymentsTaken", MetricUnit.Count, int(taken.posted))
    return taken.receipt, 201 if taken.posted else 200


@router.post("/institutions/<institution_id>/payments/<payment_id>/reversal")
def post_reversal(institution_id: str, payment_id: str) -> dict[str, object]:
    """Return 200 with what was reversed, also for a repeat."""
    ports = ports_of(router, institution_id)
    if not is_identifier(payment_id):
        raise PaymentNotFoundError("no payment can have this id")
    reason = reversal_reason(router.current_event.body)
    record = reverse_payment(payment_id, reason, caller_of(router), ports.now(), ports)
    metrics.add_metric("PaymentsReversed", MetricUnit.Count, 1)
    return {
        "payment_id": record.payment.payment_id,
        "loan_id": record.loan_id,
        "amount": to_decimal_text(record.payment.amount_minor, record.currency),
        "currency": record.currency,
        "reversed_on": str(record.reversed_on),
        "reason": record.reversal_reason,
    }

"""Payments: post, reverse, move and read them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit

from recovery.api.institutions import caller_of, ports_of
from recovery.api.routes import Routes, described
from recovery.documents.accounting.payment_request import (
    AnyRequest,
    DayQuery,
    MoveRequestBody,
    PaymentRequestBody,
    ReversalRequestBody,
    day_query,
    move_request,
    payment_request,
    reversal_reason,
)
from recovery.documents.answers.payments import (
    PayersReceipt,
    PaymentsOfDay,
    PaymentState,
    Receipt,
    Reversed,
)
from recovery.documents.shared.fields import is_identifier
from recovery.domain.accounting.payment import PaymentRequest
from recovery.domain.intake.person_payment import PersonPayment
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.errors import PaymentNotFoundError
from recovery.use_cases.accounting.move_payment import MoveRequest, move_payment
from recovery.use_cases.accounting.posting import Taken
from recovery.use_cases.accounting.read_payments import payments_of_day, read_payment, read_receipt
from recovery.use_cases.accounting.reverse_payment import reverse_payment
from recovery.use_cases.accounting.take_payment import take_payment
from recovery.use_cases.intake.share_payment import share_payment
from recovery.use_cases.intake.suspense import take_unclaimed

router = Routes("Payments")
metrics = Metrics()


@router.post("/institutions/<institution_id>/payments")
@described(takes=PaymentRequestBody, gives={201: Receipt, 200: Receipt})
def post_payment(institution_id: str) -> tuple[dict[str, object], int]:
    """Return 201 with the receipt, or 200 with the same receipt for a repeat."""
    ports, by = ports_of(router, institution_id), caller_of(router)
    request, now = payment_request(router.current_event.body), ports.now()
    taken = take(institution_id, request, by, now, ports)
    metrics.add_metric("PaymentsTaken", MetricUnit.Count, int(taken.posted))
    return taken.receipt, 201 if taken.posted else 200


@router.get("/institutions/<institution_id>/payments")
@described(asks=DayQuery, gives={200: PaymentsOfDay})
def get_payments(institution_id: str) -> dict[str, object]:
    """Return 200 with the payments of a value date, a page at a time, and the day's totals."""
    ports = ports_of(router, institution_id)
    on, after, limit = day_query(router.current_event.query_string_parameters)
    return payments_of_day(on, after, limit, ports)


@router.get("/institutions/<institution_id>/payments/<payment_id>")
@described(gives={200: PaymentState})
def get_payment(institution_id: str, payment_id: str) -> dict[str, object]:
    """Return 200 with the payment and its state."""
    ports = ports_of(router, institution_id)
    return read_payment(_known_form(payment_id), ports)


@router.get("/institutions/<institution_id>/payments/<payment_id>/receipt")
@described(gives={200: PayersReceipt})
def get_receipt(institution_id: str, payment_id: str) -> dict[str, object]:
    """Return 200 with the receipt for the one who paid."""
    ports = ports_of(router, institution_id)
    return read_receipt(institution_id, _known_form(payment_id), ports)


@router.post("/institutions/<institution_id>/payments/<payment_id>/reversal")
@described(takes=ReversalRequestBody, gives={200: Reversed})
def post_reversal(institution_id: str, payment_id: str) -> dict[str, object]:
    """Return 200 with what was reversed, also for a repeat."""
    ports = ports_of(router, institution_id)
    _known_form(payment_id)
    reason = reversal_reason(router.current_event.body)
    by, now = caller_of(router), ports.now()
    reversal = reverse_payment(institution_id, payment_id, reason, by, now, ports)
    metrics.add_metric("PaymentsReversed", MetricUnit.Count, 1)
    return reversal.document()


@router.post("/institutions/<institution_id>/payments/<payment_id>/move")
@described(takes=MoveRequestBody, gives={200: Receipt})
def post_move(institution_id: str, payment_id: str) -> dict[str, object]:
    """Return 200 with the receipt on the right loan, also for a repeat."""
    ports = ports_of(router, institution_id)
    _known_form(payment_id)
    to_loan_id, reason, new_id = move_request(router.current_event.body)
    request = MoveRequest(
        payment_id=payment_id, to_loan_id=to_loan_id, reason=reason, new_payment_id=new_id
    )
    receipt = move_payment(request, caller_of(router), ports.now(), ports)
    metrics.add_metric("PaymentsMoved", MetricUnit.Count, 1)
    return receipt


def take(institution_id: str, request: AnyRequest, by: Actor, now: datetime, ports: Any) -> Taken:
    """Post money for a loan, for a person, or for nobody known. Raises what each does."""
    if isinstance(request, PaymentRequest):
        return take_payment(request, by, now, ports)
    if isinstance(request, PersonPayment):
        return share_payment(institution_id, request, by, now, ports)
    return take_unclaimed(institution_id, request, by, now, ports)


def _known_form(payment_id: str) -> str:
    if not is_identifier(payment_id):
        raise PaymentNotFoundError("no payment can have this id")
    return payment_id

"""The payments API: post a payment, reverse one, read a loan's standing, health."""

import json

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.metrics import MetricUnit

from recovery.documents.accounting.payment_request import (
    is_identifier,
    payment_request,
    reversal_reason,
)
from recovery.documents.shared.fields import InvalidDocumentError
from recovery.documents.shared.problems import PROBLEM_JSON, problem
from recovery.domain.shared.errors import ConflictError, PaymentNotFoundError, RefusedError
from recovery.domain.shared.money import to_decimal_text
from recovery.ports import LoanNotFoundError, StaleWriteError
from recovery.use_cases.accounting.take_payment import reverse_payment, take_payment
from recovery.use_cases.monitoring.read_standing import read_standing
from recovery.wiring import wired

api = APIGatewayRestResolver()
logger = Logger()
metrics = Metrics()


@api.post("/payments")
def post_payment():
    at = api.context["at"]
    request = payment_request(api.current_event.body)
    taken = take_payment(request, at.now(), loans=at.loans, institutions=at.institutions)
    metrics.add_metric("PaymentsTaken", MetricUnit.Count, int(taken.posted))
    return taken.receipt, 201 if taken.posted else 200


@api.post("/payments/<payment_id>/reversal")
def post_reversal(payment_id: str):
    at = api.context["at"]
    if not is_identifier(payment_id):
        raise PaymentNotFoundError("no payment can have this id")
    reason = reversal_reason(api.current_event.body)
    record = reverse_payment(
        payment_id, reason, at.now(), loans=at.loans, institutions=at.institutions
    )
    metrics.add_metric("PaymentsReversed", MetricUnit.Count, 1)
    return {
        "payment_id": record.payment.payment_id,
        "loan_id": record.loan_id,
        "amount": to_decimal_text(record.payment.amount_minor, record.currency),
        "currency": record.currency,
        "reversed_on": record.reversed_on.isoformat(),
        "reason": record.reversal_reason,
    }


@api.get("/loans/<loan_id>/standing")
def get_standing(loan_id: str):
    at = api.context["at"]
    if not is_identifier(loan_id):
        raise LoanNotFoundError(loan_id[:64])
    return read_standing(loan_id, at.now(), loans=at.loans, institutions=at.institutions)


@api.get("/health")
def get_health():
    return {"status": "ok"}


def _problem(status: int, title: str, detail: str, errors=None) -> Response:
    return Response(status, PROBLEM_JSON, json.dumps(problem(status, title, detail, errors)))


def _mistake(field: str, error: Exception, remedy: str) -> dict[str, str]:
    return {"field": field, "reason": str(error), "remedy": remedy}


@api.exception_handler(InvalidDocumentError)
def invalid_body(error: InvalidDocumentError):
    status = 400 if error.errors[0]["field"] == "body" else 422
    return _problem(status, "The request cannot be used", str(error), error.errors)


@api.exception_handler(RefusedError)
def refused(error: RefusedError):
    errors = [{"field": error.field, "reason": error.reason, "remedy": error.remedy}]
    return _problem(422, "The request makes no sense for this loan", str(error), errors)


@api.exception_handler([LoanNotFoundError, PaymentNotFoundError])
def unknown(error: Exception):
    field = "loan_id" if isinstance(error, LoanNotFoundError) else "payment_id"
    return _problem(404, "Not on record", str(error), [_mistake(field, error, "Check the id")])


@api.exception_handler(NotFoundError)
def no_route(_: NotFoundError):
    return _problem(404, "No such path", "See the README for the paths of this API")


@api.exception_handler(ConflictError)
def conflict(error: ConflictError):
    remedy = "Give a new payment an id of its own; send a repeat as it was"
    return _problem(409, "The id is taken", str(error), [_mistake("payment_id", error, remedy)])


@api.exception_handler(StaleWriteError)
def busy(_: StaleWriteError):
    return _problem(503, "The loan is busy", "Send the same request again in a moment")


@api.exception_handler(Exception)
def failed(error: Exception):
    logger.exception("request failed")
    return _problem(500, "Something went wrong", "It is logged; send the same request again later")


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, at=None):
    api.append_context(at=at or wired())
    return api.resolve(event, context)

"""Batches of payments: up to a thousand, each with a result of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from recovery.api.errors import problem_of
from recovery.api.institutions import caller_of, ports_of
from recovery.api.payments import take
from recovery.api.routes import Routes, described
from recovery.documents.accounting.batch_request import BatchBody, batch_request, id_of
from recovery.documents.accounting.payment_request import payment_of
from recovery.documents.answers.payments import BatchResult
from recovery.domain.accounting.payment import PaymentRequest
from recovery.domain.intake.person_payment import PersonPayment
from recovery.domain.shared.actor import Actor
from recovery.ports.shared import StaleWriteError
from recovery.use_cases.accounting.lanes import in_lanes

router = Routes("Payments")
metrics = Metrics()
logger = Logger(child=True)
# A payment that is begun takes at most some seconds, when its loan is busy; API Gateway waits 29.
_LAST_START_MS = 8_000
_BUSY = 503


@dataclass(frozen=True, slots=True)
class _Row:
    """One payment of a batch: the request, or the problem with it."""

    payment_id: str | None
    request: Any = None
    problem: Any = None

    @property
    def lane(self) -> object:
        """Payments of one loan or person wait for each other; any other has a lane of its own."""
        match self.request:
            case PaymentRequest():
                return "loan", self.request.loan_id
            case PersonPayment():
                return "person", self.request.borrower_id
            case _:
                return "id", self.payment_id


@router.post("/institutions/<institution_id>/payment-batches")
@described(takes=BatchBody, gives={200: BatchResult})
def post_batch(institution_id: str) -> dict[str, object]:
    """Return 200 with each payment's result, in the order sent: its receipt, or its problem.

    One that is refused stops no other. Each is posted once, by its id: send the same batch again
    while `complete` is false, or after any failure.
    """
    ports, by = ports_of(router, institution_id), caller_of(router)
    rows = [_row(each) for each in batch_request(router.current_event.body)]
    now = ports.now()
    time_left = router.lambda_context.get_remaining_time_in_millis
    results = in_lanes(
        rows,
        lambda row: row.lane,
        lambda row: _result(institution_id, row, by, now, ports),
        lambda: time_left() > _LAST_START_MS,
    )
    return _answer(rows, results)


def _row(values: Any) -> _Row:
    payment_id = id_of(values)
    try:
        return _Row(payment_id, request=payment_of(values))
    except Exception as error:
        return _Row(payment_id, problem=problem_of(error))


def _result(
    institution_id: str, row: _Row, by: Actor, now: datetime, ports: Any
) -> dict[str, object]:
    problem = row.problem
    if problem is None:
        try:
            taken = take(institution_id, row.request, by, now, ports)
        except Exception as error:  # one that fails stops no other
            problem = problem_of(error)
            if problem["status"] == 500:
                logger.exception("payment of a batch failed")
        else:
            status = 201 if taken.posted else 200
            return {"payment_id": row.payment_id, "status": status, "receipt": taken.receipt}
    return {"payment_id": row.payment_id, "status": problem["status"], "problem": problem}


def _answer(rows: Sequence[_Row], found: Sequence[dict[str, object] | None]) -> dict[str, object]:
    not_begun = problem_of(StaleWriteError("not begun in time"))
    results = [
        result or {"payment_id": row.payment_id, "status": _BUSY, "problem": not_begun}
        for row, result in zip(rows, found, strict=True)
    ]
    counts = Counter(each["status"] for each in results)
    metrics.add_metric("PaymentsTaken", MetricUnit.Count, counts[201])
    retried = sum(many for status, many in counts.items() if int(str(status)) >= 500)
    return {
        "posted": counts[201],
        "repeated": counts[200],
        "refused": len(results) - counts[201] - counts[200] - retried,
        "complete": not retried,
        "results": results,
    }

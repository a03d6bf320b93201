"""Stream: route a review or payment to cases, messages, events and the timeline."""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from recovery.adapters.dynamodb.stream import (
    loan_of,
    partial_failures,
    payment_of,
    review_of,
    sequence_number_of,
)
from recovery.use_cases.route_changes import route_payment, route_review
from recovery.wiring import wired

logger = Logger()
metrics = Metrics()


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, wiring=None):
    wiring = wiring or wired("message_queue_url", "event_bus_name", "case_state_machine_arn")
    failed = set()
    for record in event["Records"]:
        # Changes to one loan stay in order: after a failure, its later ones wait for the retry.
        # Other loans go on, as Lambda gives up on all from the first failed record.
        loan = loan_of(record)
        if loan and loan in failed:
            continue
        try:
            route(record, wiring)
        except Exception:
            logger.exception("routing failed", sequence_number=sequence_number_of(record))
            metrics.add_metric("RoutingFailed", MetricUnit.Count, 1)
            failed.add(loan)
    return partial_failures(event["Records"], lambda record: loan_of(record) in failed)


def route(record, wiring):
    institution_id, loan_id = loan_of(record)
    ports = wiring.of(institution_id)
    payment = payment_of(record)
    if payment:
        route_payment(payment, ports)
        return
    outbox, standing = review_of(record)
    route_review(institution_id, loan_id, outbox, standing, ports)
    if outbox.signal:
        metrics.add_metric("SignalsSent", MetricUnit.Count, 1)

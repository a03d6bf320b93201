"""Event LoanEnded: erase what the loan alone had kept of people who asked to be forgotten."""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from recovery.use_cases.people.erasures import finish_erasures_of_loan
from recovery.wiring import wired

logger = Logger()
metrics = Metrics()


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, wiring=None):
    wiring = wiring or wired("note_key_arn")
    ended = event["detail"]
    ports = wiring.of(ended["institution_id"])
    finished = finish_erasures_of_loan(
        ended["institution_id"], ended["loan_id"], ports.now(), ports
    )
    metrics.add_metric("ErasuresFinished", MetricUnit.Count, finished)
    return {"loan_id": ended["loan_id"], "finished": finished}

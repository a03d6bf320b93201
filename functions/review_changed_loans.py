"""Stream: re-evaluate loans changed by a payment or an import."""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from recovery.adapters.dynamodb.stream import loan_id_of, partial_failures
from recovery.use_cases.monitoring.review_loans import review_changed
from recovery.wiring import wired

logger = Logger()
metrics = Metrics()


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, wiring=None):
    wiring = wiring or wired()
    loan_ids = dict.fromkeys(map(loan_id_of, event["Records"]))
    failed = {None} & loan_ids.keys()  # a record without keys fails alone
    reviewed = review_changed([each for each in loan_ids if each], wiring.now(), wiring)
    metrics.add_metric("LoansReviewed", MetricUnit.Count, reviewed.loans)
    for loan_id, error in reviewed.failed:
        logger.error("review failed", loan_id=loan_id, error=repr(error))
        failed.add(loan_id)
    return partial_failures(event["Records"], lambda record: loan_id_of(record) in failed)

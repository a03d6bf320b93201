"""Stream: re-evaluate loans changed by a payment or an import."""

from itertools import groupby
from operator import attrgetter

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from recovery.adapters.dynamodb.stream import loan_of, partial_failures
from recovery.use_cases.monitoring.review_loans import review_changed
from recovery.wiring import wired

logger = Logger()
metrics = Metrics()


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, wiring=None):
    wiring = wiring or wired()
    changed = set(map(loan_of, event["Records"]))
    failed = {None} & changed  # a record without keys fails alone
    by_institution = groupby(sorted(changed - {None}), key=attrgetter("institution_id"))
    for institution_id, loans in by_institution:
        ids, ports = [loan.loan_id for loan in loans], wiring.of(institution_id)
        reviewed = review_changed(institution_id, ids, wiring.now(), ports)
        metrics.add_metric("LoansReviewed", MetricUnit.Count, reviewed.loans)
        for loan_id, error in reviewed.failed:
            of = {"institution_id": institution_id, "loan_id": loan_id}
            logger.error("review failed", **of, error=repr(error))
            failed.add((institution_id, loan_id))
    return partial_failures(event["Records"], lambda record: loan_of(record) in failed)

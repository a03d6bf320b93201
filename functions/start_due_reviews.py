"""Schedule, every 15 minutes: start the daily review of institutions whose hour has come."""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from recovery.use_cases.monitoring.start_due_reviews import start_due_reviews
from recovery.wiring import wired

logger = Logger()
metrics = Metrics()


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, wiring=None):
    wiring = wiring or wired("daily_review_state_machine_arn")
    found = start_due_reviews(wiring.now(), wiring.institutions, wiring.daily_reviews)
    for institution_id in found.late:
        logger.error("the daily review is late", institution_id=institution_id)
    metrics.add_metric("InstitutionsLate", MetricUnit.Count, len(found.late))
    return {"due": sorted(found.due), "late": found.late}

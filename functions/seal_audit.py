"""Schedule, every night: make each institution's root of the days that are over, or of some."""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from recovery.use_cases.audit.seal_days import seal_days
from recovery.wiring import wired

logger = Logger()
metrics = Metrics()


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, wiring=None):
    wiring = wiring or wired("root_bucket")
    sealed, failed = {}, 0
    for institution_id in event.get("institutions") or wiring.institutions.list_ids():
        try:
            days = seal_days(institution_id, wiring.now(), wiring.of(institution_id))
            sealed[institution_id] = [str(each) for each in days]
        except Exception:
            logger.exception("the root of a day failed", institution_id=institution_id)
            failed += 1
    metrics.add_metric("RootsFailed", MetricUnit.Count, failed)
    return {"sealed": sealed}

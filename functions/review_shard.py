"""Daily review: evaluate every due loan of one shard."""

from datetime import date

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from recovery.use_cases.monitoring.review_loans import review_shard
from recovery.wiring import wired

_RESERVE_MS = 30_000  # enough to finish a page and respond

logger = Logger()
metrics = Metrics()


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, wiring=None):
    wiring = wiring or wired("failed_reviews_queue_url")
    reviewed = review_shard(
        event["institution_id"],
        event["shard"],
        date.fromisoformat(event["as_of"]),
        wiring.of(event["institution_id"]),
        at_once=bool(event.get("reconcile")),
        has_time=lambda: context.get_remaining_time_in_millis() > _RESERVE_MS,
    )
    for loan_id, error in reviewed.failed:
        of = {"institution_id": event["institution_id"], "loan_id": loan_id}
        logger.error("review failed", **of, error=type(error).__name__)
        wiring.failed_reviews.put(**of, as_of=event["as_of"], error=repr(error))
    metrics.add_metric("LoansReviewed", MetricUnit.Count, reviewed.loans)
    metrics.add_metric("OutboxesLate", MetricUnit.Count, reviewed.left_over)
    metrics.add_metric("PromisesDueToday", MetricUnit.Count, reviewed.promises_due)
    metrics.add_metric("ExperimentsStopped", MetricUnit.Count, reviewed.stopped_for_harm)
    metrics.add_metric("ReviewsFailed", MetricUnit.Count, len(reviewed.failed))
    if reviewed.tasks:
        metrics.add_metric("TasksEscalated", MetricUnit.Count, reviewed.tasks.tasks)
        oldest_days = reviewed.tasks.oldest_unowned_days
        metrics.add_metric("OldestUnownedTaskDays", MetricUnit.Count, oldest_days)
        metrics.add_metric("AnswersDue", MetricUnit.Count, reviewed.tasks.answers_due)
    if reviewed.oldest_approval_days is not None:
        metrics.add_metric("OldestApprovalDays", MetricUnit.Count, reviewed.oldest_approval_days)
    return {
        **event,
        "more": reviewed.more,
        "reviewed": reviewed.loans,
        "failed": len(reviewed.failed),
    }

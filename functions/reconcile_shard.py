"""Daily review, weekly: prove that no loan of a shard is hidden and no case is dead."""

from datetime import date

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from recovery.use_cases.monitoring.reconcile_loans import reconcile_loans
from recovery.wiring import wired

_RESERVE_MS = 30_000  # enough to finish a page and respond

logger = Logger()
metrics = Metrics()


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, wiring=None):
    wiring = wiring or wired("case_state_machine_arn")
    done = reconcile_loans(
        event["shard"],
        date.fromisoformat(event["as_of"]),
        wiring.of(event["institution_id"]),
        after=event.get("after"),
        has_time=lambda: context.get_remaining_time_in_millis() > _RESERVE_MS,
    )
    for loan_id, error in done.failed:
        of = {"institution_id": event["institution_id"], "loan_id": loan_id}
        logger.error("not reconciled", **of, error=repr(error))
    metrics.add_metric("LoansHidden", MetricUnit.Count, done.hidden)
    metrics.add_metric("CasesRestarted", MetricUnit.Count, done.restarted)
    metrics.add_metric("LoansNotReconciled", MetricUnit.Count, len(done.failed))
    found = {"hidden": done.hidden, "restarted": done.restarted, "failed": len(done.failed)}
    known = event.get("reconciled", {})
    return {
        **event,
        "after": done.after,
        "more": done.after is not None,
        "reconciled": {name: known.get(name, 0) + count for name, count in found.items()},
    }

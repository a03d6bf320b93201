"""Stream: carry out what was decided about a loan: cases, borrowers, events and the timeline."""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from recovery.adapters.dynamodb.stream import loan_of, partial_failures
from recovery.use_cases.route_changes import route_loan
from recovery.wiring import wired

logger = Logger()
metrics = Metrics()


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, wiring=None):
    wiring = wiring or wired("message_queue_url", "event_bus_name", "case_state_machine_arn")
    loans = dict.fromkeys(map(loan_of, event["Records"]))
    failed = {None} & loans.keys()  # a record without keys fails alone
    for loan in filter(None, loans):
        try:
            done = route_loan(*loan, wiring.of(loan.institution_id))
        except Exception:
            logger.exception("routing failed", **loan._asdict())
            metrics.add_metric("RoutingFailed", MetricUnit.Count, 1)
            failed.add(loan)
            continue
        metrics.add_metric("SignalsSent", MetricUnit.Count, sum(bool(o.signal) for o in done))
    return partial_failures(event["Records"], lambda record: loan_of(record) in failed)

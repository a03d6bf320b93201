"""Stream: carry out what was decided: cases, borrowers, tasks, events, timeline; and forget."""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from recovery.adapters.dynamodb.stream import changed_by, expired_of, partial_failures
from recovery.use_cases.audit.forget_expired import forget_expired
from recovery.use_cases.cases.route_tasks import route_task
from recovery.use_cases.people.route_person import route_person
from recovery.use_cases.route_changes import route_loan, route_suspense
from recovery.wiring import wired

logger = Logger()
metrics = Metrics()


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, wiring=None):
    wiring = wiring or wired("message_queue_url", "event_bus_name", "case_state_machine_arn")
    changed = dict.fromkeys(map(changed_by, event["Records"]))
    failed = {None} & changed.keys()  # a record without keys fails alone
    for each in filter(None, changed):
        try:
            done = _route(each, event["Records"], wiring.of(each.institution_id))
        except Exception:
            logger.exception("routing failed", **each._asdict())
            metrics.add_metric("RoutingFailed", MetricUnit.Count, 1)
            failed.add(each)
            continue
        metrics.add_metric("SignalsSent", MetricUnit.Count, sum(bool(o.signal) for o in done))
    return partial_failures(event["Records"], lambda record: changed_by(record) in failed)


def _route(changed, records, ports):
    if changed.has_expired:
        forget_expired(changed.id, *expired_of(records, changed), ports)
        return []
    if changed.is_suspense:
        return route_suspense(changed.id, ports)
    if changed.is_person:
        return route_person(changed.id, ports)
    if changed.is_task:
        route_task(changed.institution_id, changed.id, ports)
        return []
    return route_loan(changed.institution_id, changed.id, ports)

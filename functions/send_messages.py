"""Queue: consider what a person should hear; send it, or record why not."""

from copy import copy

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from recovery.adapters.dynamodb.codec import wake_from_json
from recovery.use_cases.contact.tell_borrower import tell_borrower
from recovery.use_cases.shared.business_date import cached_for_batch
from recovery.wiring import wired

logger = Logger()
metrics = Metrics()


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, wiring=None):
    wiring = wiring or wired(
        *("message_queue_url", "event_bus_name", "sender_email", "unsubscribe_url", "link_key_arn")
    )
    cached = cached_for_batch(wiring.institutions)
    to_retry = [record for record in event["Records"] if not is_done(record, wiring, cached)]
    return {"batchItemFailures": [{"itemIdentifier": r["messageId"]} for r in to_retry]}


def is_done(record, wiring, cached):
    """Whether the wake is finished with, or queued again for later."""
    try:
        wake = wake_from_json(record["body"])
        ports = copy(wiring.of(wake.institution_id))
        ports.institutions = cached
        told = tell_borrower(wake, wiring.now(), ports)
        if told.again_in_seconds is not None:
            wiring.queue.put([wake], delay_seconds=told.again_in_seconds)
    except Exception:
        logger.exception("sending failed", message_id=record["messageId"])
        metrics.add_metric("MessagesFailed", MetricUnit.Count, 1)
        return False
    metrics.add_metric("MessagesSent", MetricUnit.Count, told.sent)
    metrics.add_metric("MessagesWithheld", MetricUnit.Count, told.not_said)
    return True

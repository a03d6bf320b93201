"""Queue: recheck each message, then send it or record why not."""

from copy import copy

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from recovery.adapters.dynamodb.codec import queued_message_from_json
from recovery.use_cases.contact.send_message import Later, Sent, Withheld, send_message
from recovery.use_cases.shared.business_date import cached_for_batch
from recovery.wiring import wired

logger = Logger()
metrics = Metrics()
METRICS = {Sent: "MessagesSent", Withheld: "MessagesWithheld", Later: "MessagesDelayed"}


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, wiring=None):
    wiring = wiring or wired("message_queue_url", "event_bus_name", "sender_email")
    cached = cached_for_batch(wiring.institutions)
    to_retry = [record for record in event["Records"] if not is_done(record, wiring, cached)]
    return {"batchItemFailures": [{"itemIdentifier": r["messageId"]} for r in to_retry]}


def is_done(record, wiring, cached):
    """Whether the message is finished with: sent, or never to be sent."""
    try:
        message = queued_message_from_json(record["body"])
        ports = copy(wiring.of(message.institution_id))
        ports.institutions = cached
        sent = send_message(message, wiring.now(), ports)
    except Exception:
        logger.exception("sending failed", message_id=record["messageId"])
        metrics.add_metric("MessagesFailed", MetricUnit.Count, 1)
        return False
    metrics.add_metric(METRICS[type(sent)], MetricUnit.Count, 1)
    if isinstance(sent, Later):
        wiring.queue.hide(record["receiptHandle"], sent.seconds)
    return not isinstance(sent, Later)

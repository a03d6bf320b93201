"""Queue: each message asked for is checked once more, then sent or not, and the reason kept."""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from recovery.adapters.dynamodb.codec import queued_message_from_json
from recovery.use_cases.contact.send_message import Later, NotSent, Sent, send_message
from recovery.use_cases.shared.business_date import for_one_batch
from recovery.wiring import wired

logger = Logger()
metrics = Metrics()


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, wiring=None):
    wiring = wiring or wired("message_queue_url", "event_bus_name", "sender_email")
    institutions = for_one_batch(wiring.institutions)
    failed = []
    for record in event["Records"]:
        try:
            sent = send(record, wiring, institutions)
        except Exception:
            logger.exception("sending failed", message_id=record["messageId"])
            metrics.add_metric("MessagesFailed", MetricUnit.Count, 1)
            failed.append(record)
            continue
        if isinstance(sent, Later):
            wiring.queue.hide(record["receiptHandle"], sent.seconds)
            failed.append(record)
    return {"batchItemFailures": [{"itemIdentifier": r["messageId"]} for r in failed]}


def send(record, wiring, institutions):
    sent = send_message(
        queued_message_from_json(record["body"]),
        wiring.now(),
        loans=wiring.loans,
        borrowers=wiring.borrowers,
        institutions=institutions,
        messenger=wiring.messenger,
        timeline=wiring.timeline,
        bus=wiring.bus,
    )
    names = {Sent: "MessagesSent", NotSent: "MessagesWithheld", Later: "MessagesDelayed"}
    metrics.add_metric(names[type(sent)], MetricUnit.Count, 1)
    return sent

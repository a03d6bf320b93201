"""Queue: hear what somebody replied by SMS or e-mail, and do what it asks for, once."""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from recovery.documents.people.arrived import arrived
from recovery.use_cases.contact.hear_reply import hear_reply
from recovery.use_cases.contact.whose_reply import whose_reply
from recovery.wiring import wired

logger = Logger()
metrics = Metrics()
_NEEDS = ("message_queue_url", "event_bus_name", "sender_email", "note_key_arn", "mail_bucket")


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, wiring=None):
    wiring = wiring or wired(*_NEEDS)
    to_retry = [record for record in event["Records"] if not is_done(record, wiring)]
    return {"batchItemFailures": [{"itemIdentifier": r["messageId"]} for r in to_retry]}


def is_done(record, wiring):
    """Whether the reply is carried out, or was none."""
    try:
        institution_id, heard = whose_reply(arrived(record["body"]), wiring)
        if heard is None:
            metrics.add_metric("RepliesByMachines", MetricUnit.Count, 1)
            return True
        kind = hear_reply(institution_id, heard, wiring.now(), wiring.of(institution_id))
    except Exception:
        logger.exception("hearing failed", message_id=record["messageId"])
        metrics.add_metric("RepliesFailed", MetricUnit.Count, 1)
        return False
    metrics.add_metric("RepliesHeard", MetricUnit.Count, 1)
    metrics.add_metric("RepliesFromUnknown", MetricUnit.Count, int(kind == "unknown"))
    return True

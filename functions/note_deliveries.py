"""Queue: what providers tell of messages; SNS writes what became of an SMS to a log instead."""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from recovery.adapters.logs import logged_texts
from recovery.adapters.messaging import sent_of
from recovery.documents.contact.delivery_news import delivery_news
from recovery.use_cases.contact.note_delivery import note_delivery
from recovery.wiring import wired

logger = Logger()
metrics = Metrics()


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, wiring=None):
    wiring = wiring or wired("event_bus_name")
    for text in logged_texts(event):
        note(text, wiring)
    records = event.get("Records", [])
    to_retry = [record for record in records if not is_noted(record, wiring)]
    return {"batchItemFailures": [{"itemIdentifier": r["messageId"]} for r in to_retry]}


def is_noted(record, wiring):
    """Whether the news is taken up, or is about a message that is none of ours."""
    try:
        note(record["body"], wiring)
    except Exception:
        logger.exception("noting failed", message_id=record["messageId"])
        return False
    return True


def note(text, wiring):
    """Take up all that one notification tells."""
    news = delivery_news(text)
    for each in news.told:
        find = wiring.sent_texts.find
        sent = sent_of(news.tags) if news.tags is not None else find(each.provider_id)
        if sent is None:
            metrics.add_metric("DeliveriesOfOthers", MetricUnit.Count, 1)
            continue
        noted = note_delivery(sent, each, wiring.now(), wiring.of(sent.institution_id))
        metrics.add_metric("AddressesDied", MetricUnit.Count, noted.died)
        metrics.add_metric("MessagesReturned", MetricUnit.Count, noted.again)

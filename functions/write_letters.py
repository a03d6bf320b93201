"""Queue: write letters and keep them: about an agreement, sent once; before court, for people."""

import json

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from recovery.use_cases.agreements.write_letters import write_letters
from recovery.wiring import wired

logger = Logger()
metrics = Metrics()
_NEEDS = ("event_bus_name", "sender_email", "letter_bucket", "letter_queue_url")


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, wiring=None):
    wiring = wiring or wired(*_NEEDS)
    to_retry = [record for record in event["Records"] if not is_done(record, wiring)]
    return {"batchItemFailures": [{"itemIdentifier": r["messageId"]} for r in to_retry]}


def is_done(record, wiring):
    """Whether all letters are written, and sent or left to a person; some wait for the morning."""
    try:
        detail = (told := json.loads(record["body"]))["detail"]
        if told["detail-type"] == "LettersDue":
            metrics.add_metric("LettersKept", MetricUnit.Count, before_court(detail, wiring))
            return True
        institution_id = detail["institution_id"]
        ids = institution_id, detail["loan_id"], detail["agreement_id"]
        written = write_letters(*ids, wiring.now(), wiring.of(institution_id))
        if written.again_in_seconds is not None:
            wiring.letter_queue.hold(record["receiptHandle"], written.again_in_seconds)
            return False
    except Exception:
        logger.exception("writing failed", message_id=record["messageId"])
        metrics.add_metric("LettersFailed", MetricUnit.Count, 1)
        return False
    metrics.add_metric("LettersKept", MetricUnit.Count, len(written.letters))
    return True


def before_court(detail, wiring):
    """Write what is due before court and have people send it; return how many letters wait."""
    from recovery.use_cases.judicial.write_court_letters import write_court_letters

    ports = wiring.of(detail["institution_id"])
    return len(write_court_letters(detail["loan_id"], wiring.now(), ports))

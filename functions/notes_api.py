"""What only people may do: notes, evidence, requests about what is held, what one can repay."""

from aws_lambda_powertools import Logger, Metrics

from recovery.api import assessments, evidence, notes, rights
from recovery.api.app import build_app
from recovery.wiring import wired

app = build_app(notes.router, evidence.router, rights.router, assessments.router)
logger = Logger()
metrics = Metrics()


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, wiring=None):
    app.append_context(wiring=wiring or wired("note_key_arn", "evidence_bucket"))
    return app.resolve(event, context)

"""What only people may see: sensitive notes, and evidence; no other function may open them."""

from aws_lambda_powertools import Logger, Metrics

from recovery.api import evidence, notes
from recovery.api.app import build_app
from recovery.wiring import wired

app = build_app(notes.router, evidence.router)
logger = Logger()
metrics = Metrics()


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, wiring=None):
    app.append_context(wiring=wiring or wired("note_key_arn", "evidence_bucket"))
    return app.resolve(event, context)

"""What only people may see of a person: sensitive notes; no other function may read them."""

from aws_lambda_powertools import Logger, Metrics

from recovery.api import notes
from recovery.api.app import build_app
from recovery.wiring import wired

app = build_app(notes.router)
logger = Logger()
metrics = Metrics()


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, wiring=None):
    app.append_context(wiring=wiring or wired("note_key_arn"))
    return app.resolve(event, context)

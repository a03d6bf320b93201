"""The yes by a code, and the letters about agreements: they are people's to fetch again."""

from aws_lambda_powertools import Logger, Metrics

from recovery.api import agreements
from recovery.api.app import build_app
from recovery.wiring import wired

app = build_app(agreements.router)
logger = Logger()
metrics = Metrics()


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, wiring=None):
    app.append_context(wiring=wiring or wired("sender_email", "letter_bucket"))
    return app.resolve(event, context)

"""Batches of payments: a function of their own, so that a large one holds up no other call."""

from aws_lambda_powertools import Logger, Metrics

from recovery.api import payment_batches
from recovery.api.app import build_app
from recovery.wiring import wired

app = build_app(payment_batches.router)
logger = Logger()
metrics = Metrics()


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, wiring=None):
    app.append_context(wiring=wiring or wired())
    return app.resolve(event, context)

"""Audit API: exports of a loan as it was known on a day, for auditors and lawyers."""

from aws_lambda_powertools import Logger, Metrics

from recovery.api import exports
from recovery.api.app import build_app
from recovery.wiring import wired

app = build_app(exports.router)
logger = Logger()
metrics = Metrics()


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, wiring=None):
    app.append_context(wiring=wiring or wired("root_bucket"))
    return app.resolve(event, context)

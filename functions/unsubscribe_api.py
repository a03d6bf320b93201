"""The link in each e-mail that ends all e-mail; besides it, only the health check is open."""

from aws_lambda_powertools import Logger, Metrics

from recovery.api import unsubscribe
from recovery.api.app import build_app
from recovery.wiring import wired

app = build_app(unsubscribe.router)
logger = Logger()
metrics = Metrics()


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, wiring=None):
    app.append_context(wiring=wiring or wired("link_key_arn"))
    return app.resolve(event, context)

"""How people want to be contacted; besides files, no other function may change that."""

from aws_lambda_powertools import Logger, Metrics

from recovery.api import contacts
from recovery.api.app import build_app
from recovery.wiring import wired

app = build_app(contacts.router)
logger = Logger()
metrics = Metrics()


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, wiring=None):
    app.append_context(wiring=wiring or wired())
    return app.resolve(event, context)

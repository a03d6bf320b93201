"""What waits for people, and what they do with it; cases; the procedure for a claim."""

from aws_lambda_powertools import Logger, Metrics

from recovery.api import cases, judicial, procedures, tasks
from recovery.api.app import build_app
from recovery.wiring import wired

app = build_app(tasks.router, cases.router, procedures.router, judicial.router)
logger = Logger()
metrics = Metrics()


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, wiring=None):
    app.append_context(wiring=wiring or wired())
    return app.resolve(event, context)

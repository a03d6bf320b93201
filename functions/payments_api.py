"""Payments API: payments, facts, parties and groups of loans; read a loan; check health."""

from aws_lambda_powertools import Logger, Metrics

from recovery.api import groups, loans, parties, payments, people, placements
from recovery.api.app import build_app
from recovery.wiring import wired

app = build_app(
    payments.router,
    loans.router,
    parties.router,
    groups.router,
    people.router,
    placements.router,
)
logger = Logger()
metrics = Metrics()


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, wiring=None):
    app.append_context(wiring=wiring or wired())
    return app.resolve(event, context)

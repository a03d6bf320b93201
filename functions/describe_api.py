"""The API's description, for programs and people; it reads nothing, so that it may be open."""

from aws_lambda_powertools import Logger, Metrics

from recovery.api import documentation
from recovery.api.app import build_app
from recovery.api.catalogue import described_api

app = build_app(documentation.router)
logger = Logger()
metrics = Metrics()
_described = described_api()


@metrics.log_metrics
@logger.inject_lambda_context
def handler(event, context, wiring=None):
    app.append_context(documentation=_described)
    return app.resolve(event, context)

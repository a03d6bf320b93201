"""Build an API from routers that answers every error with problem details."""

from __future__ import annotations

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.metrics import MetricUnit

from recovery.api import health
from recovery.api.errors import ANSWERS, answer_to
from recovery.ports.shared import StaleWriteError

logger = Logger(child=True)
metrics = Metrics()


def build_app(*routers: Router) -> APIGatewayRestResolver:
    """Combine these routers and add `GET /health`.

    A handler passes the ports to each request: ``app.append_context(wiring=...)``.
    """
    app = APIGatewayRestResolver()
    for router in (*routers, health.router):
        app.include_router(router)
    app.exception_handler(list(ANSWERS))(_answered)
    app.exception_handler(Exception)(_answered)
    return app


def _answered(error: Exception) -> Response[str]:
    answer = answer_to(error)
    if isinstance(error, StaleWriteError):
        metrics.add_metric("RequestsBusy", MetricUnit.Count, 1)  # the alarm leaves these out
    elif answer.status_code >= 500:
        logger.exception("request failed")
    return answer

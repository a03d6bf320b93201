"""Build an API from routers that answers every error with problem details."""

from __future__ import annotations

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from recovery.api.errors import ANSWERS, answer_to

logger = Logger(child=True)


def build_app(*routers: Router) -> APIGatewayRestResolver:
    """Combine these routers and add `GET /health`.

    A handler passes the ports to each request: ``app.append_context(wiring=...)``.
    """
    app = APIGatewayRestResolver()
    for router in routers:
        app.include_router(router)
    app.get("/health")(lambda: {"status": "ok"})
    app.exception_handler(list(ANSWERS))(answer_to)

    app.exception_handler(Exception)(_failed)
    return app


def _failed(error: Exception) -> Response[str]:
    logger.exception("request failed")
    return answer_to(error)

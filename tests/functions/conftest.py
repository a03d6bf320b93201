"""Every answer of the API's functions is held to the OpenAPI document."""

from __future__ import annotations

from typing import Any

import pytest
from aws_lambda_powertools.event_handler import APIGatewayRestResolver

from tests.api_document import check_answer


@pytest.fixture(autouse=True)
def held_to_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve = APIGatewayRestResolver.resolve

    def checked(self: APIGatewayRestResolver, event: dict[str, Any], context: Any) -> Any:
        answer = resolve(self, event, context)
        check_answer(event, answer)
        return answer

    monkeypatch.setattr(APIGatewayRestResolver, "resolve", checked)

"""Fraud over the API: the first who says it gets 202, the second 201."""

from __future__ import annotations

import json
from typing import Any

import pytest

from functions import payments_api, tasks_api
from recovery.domain.shared.actor import Role
from tests.builders import an_actor
from tests.conftest import Context
from tests.life import Life

ANA, GRACE = (an_actor(name, Role.SUPERVISOR) for name in ("Ana Torres", "Grace Njeri"))


@pytest.fixture
def life(wiring) -> Life:
    life = Life(wiring, wiring.now().date())
    life.lend()
    life.say("L-1", "dispute", fact_id="D-1", about="not_mine")
    for each in (ANA, GRACE):
        wiring.institutions.save_actor("umoja", each)
    return life


@pytest.fixture
def send(life, wiring, load_event):
    def send(handler, name: str, signed: str, **changes: Any):
        event = load_event(name) | changes
        event["requestContext"]["identity"]["userArn"] = signed
        answer = handler(event, Context(), wiring)
        return answer["statusCode"], json.loads(answer["body"])

    return send


def test_the_first_asks_and_the_second_records_it(send, wiring) -> None:
    body = json.dumps(
        {
            "fact_id": "E-1",
            "kind": "dispute_end",
            "dispute_id": "D-1",
            "outcome": "fraud_proven",
            "reason": "the signature is forged",
        }
    )

    def prove(signed: str):
        return send(payments_api.handler, "payments_api.record_waiver", signed, body=body)

    for _ in range(2):
        code, asked = prove(ANA.id)
        assert (code, asked["asked_by"], asked["fact_id"]) == (202, "Ana Torres", "E-1")
    shown = send(tasks_api.handler, "tasks_api.list_cases", ANA.id, **waiting())
    assert asked["decision_id"] in [each["id"] for each in shown[1]["waiting"]]
    code, recorded = prove(GRACE.id)
    assert (code, recorded["kind"], recorded["fact_id"]) == (201, "dispute_end", "E-1")
    assert prove(ANA.id)[0] == 200  # on record by now


def waiting() -> dict[str, Any]:
    query = {"waiting": "true"}
    multi = {name: [value] for name, value in query.items()}
    return {"queryStringParameters": query, "multiValueQueryStringParameters": multi}


def test_a_claim_of_fraud_is_shown_with_those_of_the_same_officer(send, life) -> None:
    life.lend("L-2", "B-2")
    life.say("L-2", "dispute", fact_id="D-2", about="not_mine")
    path = "/institutions/umoja/tasks/L-1.dispute.D-1"
    code, task = send(tasks_api.handler, "tasks_api.show_task", ANA.id, path=path)
    assert (code, task["linked"]) == (200, [{"task_id": "L-2.dispute.D-2", "loan_id": "L-2"}])

"""Offers and agreements over the API: a system may offer, and only people agree."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from functions import payments_api
from recovery.domain.agreements.assessment_record import CapacityInForce
from recovery.domain.shared.actor import Role
from tests.builders import an_actor
from tests.conftest import Context
from tests.households import a_capacity
from tests.life import Life

ANA = "arn:aws:iam::111122223333:user/ana.torres"


@pytest.fixture
def life(wiring) -> Life:
    life = Life(wiring, date(2026, 2, 2))
    life.lend()
    wiring.people.capacities["B-1"] = CapacityInForce(
        assessment_id="A-1",
        person_id="B-1",
        assessed_on=date(2026, 1, 1),
        valid_until=date(2027, 1, 1),
        policy_version=1,
        capacity=a_capacity(30_000),
    )
    return life


@pytest.fixture
def call(life, wiring, load_event):
    def call(name: str) -> tuple[int, dict[str, Any]]:
        answer = payments_api.handler(load_event(name), Context(), wiring)
        life.settle()
        return answer["statusCode"], json.loads(answer["body"])

    return call


def test_a_person_agrees_once_on_what_was_offered(call, wiring) -> None:
    wiring.institutions.save_actor("umoja", an_actor("Ana Torres", Role.ADVISOR, id=ANA))
    code, offer = call("payments_api.make_offer")
    assert (code, offer["overdue"], offer["assessment_id"]) == (201, "115.00", "A-1")
    assert {each["kind"] for each in offer["options"]} >= {"payment_plan"}
    assert {each["code"] for each in offer["refused"]} >= {"no_authority"}
    code, agreed = call("payments_api.agree")
    assert (code, agreed["arrears"], agreed["approved_by"]) == (201, "115.00", ANA)
    [plan] = agreed["standing"]["plans"]
    assert plan["status"] == "kept" and plan["if_nothing_is_paid"]["status"] == "late"
    assert call("payments_api.agree")[0] == 200
    listed = call("payments_api.list_facts")[1]["facts"]
    assert [each["kind"] for each in listed] == ["offer", "agreement"]


def test_a_system_offers_and_agrees_on_nothing(call) -> None:
    assert call("payments_api.make_offer")[0] == 201
    code, problem = call("payments_api.agree")
    assert (code, problem["errors"][0]["field"]) == (422, "by")
    assert [each["kind"] for each in call("payments_api.list_facts")[1]["facts"]] == ["offer"]

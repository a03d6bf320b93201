"""The firm reports by API, signed by its own name."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from functions import payments_api
from recovery.domain.accounting.placement import FirmKind
from recovery.domain.shared.actor import Actor, Role
from recovery.use_cases.portfolio.place_loans import place_loans
from tests.conftest import Context
from tests.life import SUPERVISOR, Life
from tests.use_cases.portfolio.test_place_loans import Packages

ARN = "arn:aws:iam::111122223333:user/bufete-rios"


@pytest.fixture
def life(wiring) -> Life:
    wiring.packages = Packages()
    life = Life(wiring, date(2026, 1, 20))
    life.lend()
    life.until(date(2026, 2, 2))
    firm = Actor(id=ARN, name="Bufete Ríos", roles=frozenset({Role.SERVICE}))
    wiring.institutions.save_actor("umoja", firm)
    place_loans(
        *(["L-1"], "placement-7", "Bufete Ríos", FirmKind.LAW_FIRM, "umoja", SUPERVISOR),
        *(life._now(), wiring),
    )
    life.settle()
    life.until(life.today + timedelta(days=2))
    return life


def report(load_event, life: Life, **changes):
    event = load_event("payments_api.report_placement")
    event["body"] = json.dumps({**json.loads(event["body"]), **changes})
    answer = payments_api.handler(event, Context(), life.ports)
    return answer["statusCode"], json.loads(answer["body"])


def test_a_report_is_recorded_once(load_event, life) -> None:
    assert report(load_event, life) == (
        201,
        {"loan_id": "L-1", "report_id": "R-1", "status": "promised"},
    )
    assert report(load_event, life)[0] == 200


def test_what_is_wrong_is_named_by_its_field(load_event, life) -> None:
    status, body = report(load_event, life, status="threatened")
    assert (status, [each["field"] for each in body["errors"]]) == (422, ["status"])


def test_whoever_is_not_the_firm_may_not(load_event, life) -> None:
    other = Actor(id=ARN, name="Another firm", roles=frozenset({Role.SERVICE}))
    life.ports.institutions.save_actor("umoja", other)
    assert report(load_event, life)[0] == 403

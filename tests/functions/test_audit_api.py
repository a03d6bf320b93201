"""The audit API: an auditor gets JSON or a page; the daily roots are made for each institution."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest

from functions import audit_api, seal_audit
from recovery.domain.shared.actor import Role
from recovery.domain.shared.chain import ChainEntry
from recovery.ports.accounting import StoredLoan
from tests.builders import a_loan, a_state, an_actor
from tests.conftest import Context

ARN = "arn:aws:iam::111122223333:user/auditor-iris"


@pytest.fixture
def ports(wiring):
    loan = a_loan()
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    wiring.rights = SimpleNamespace(requests_of=lambda person_id: [])
    wiring.institutions.save_actor("umoja", an_actor("Iris Vega", Role.AUDITOR, id=ARN))
    return wiring


def ask(load_event, wiring, **changes):
    event = {**load_event("audit_api.export"), **changes}
    return audit_api.handler(event, Context(), wiring)


def test_an_auditor_gets_the_loan_as_known_on_the_day(load_event, ports) -> None:
    answer = ask(load_event, ports)
    assert answer["statusCode"] == 200, answer
    found = json.loads(answer["body"])
    assert (found["known_on"], found["exported_by"]["name"]) == ("2026-02-02", "Iris Vega")
    assert found["purpose"] == "the supervisor, letter 17"
    assert ports.chain.links("L-1")[-1].entry.act == "exported"


def test_who_accepts_a_page_gets_one(load_event, ports) -> None:
    event = load_event("audit_api.export")
    headers = {**event["headers"], "Accept": "text/html"}
    answer = ask(load_event, ports, headers=headers, multiValueHeaders={"Accept": ["text/html"]})
    assert answer["body"].startswith("<!doctype html>")
    assert "text/html" in str(answer["multiValueHeaders"])


def test_another_role_is_not_allowed_and_nothing_is_read(load_event, ports) -> None:
    ports.institutions.save_actor("umoja", an_actor("Iris Vega", Role.ADVISOR, id=ARN))
    assert ask(load_event, ports)["statusCode"] == 403
    assert ports.chain.links("L-1") == []


def test_a_day_that_is_none_is_refused_with_its_field(load_event, ports) -> None:
    asked = {"known_on": "yesterday", "for": "x"}
    answer = ask(load_event, ports, queryStringParameters=asked, multiValueQueryStringParameters={})
    assert answer["statusCode"] == 422
    assert json.loads(answer["body"])["errors"][0]["field"] == "known_on"


def test_an_unknown_loan_is_not_found(load_event, ports) -> None:
    event = load_event("audit_api.export")
    path = event["path"].replace("L-1", "L-404")
    assert ask(load_event, ports, path=path)["statusCode"] == 404


def test_roots_are_made_and_one_that_fails_stops_no_other(load_event, ports, capsys) -> None:
    ports.chain.append("L-1", ChainEntry())
    ports.clock.at += timedelta(days=1)
    sealed = seal_audit.handler(load_event("seal_audit"), Context(), ports)["sealed"]
    assert sealed["umoja"] == ["2026-02-02"]
    ports.chain.last_seal = None  # a fault
    again = seal_audit.handler(load_event("seal_audit"), Context(), ports)
    assert again == {"sealed": {}}
    assert '"RootsFailed":[1.0]' in capsys.readouterr().out

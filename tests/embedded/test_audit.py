"""The chain of a loan, its root under lock, and an export, on the embedded AWS with IAM on."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.deployment.operate import wait_for
from recovery.adapters.dynamodb.chain import DynamoDbLoanChain
from recovery.domain.shared.actor import Role
from recovery.domain.shared.chain import ChainEntry, chain_problems, start_of
from recovery.use_cases.audit.verify_chain import verify_chain
from tests.embedded.lender import DAY, MONDAY, SOON, Lender
from tests.embedded.test_kept_apart import let_caller_be


def seal(lender: Lender) -> dict[str, Any]:
    """Invoke the function that the schedule starts at night, for this institution alone."""
    client = lender.target.client("lambda")
    pages = client.get_paginator("list_functions").paginate()
    names = [each["FunctionName"] for page in pages for each in page["Functions"]]
    [name] = [each for each in names if "SealAudit" in each]
    payload = json.dumps({"institutions": [lender.id]})
    answer = client.invoke(FunctionName=name, Payload=payload)
    body = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, body
    return body["sealed"]


def test_what_happens_to_a_loan_is_chained_sealed_and_exported(make_lender) -> None:
    lender = make_lender()
    loan_id = lender.lend_one(MONDAY)
    ports = lender.target.of(lender.id)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    first = DynamoDbLoanChain(lender.id, lambda: yesterday)
    first.append(loan_id, ChainEntry(act="begun"))
    lender.review_daily(MONDAY + DAY, MONDAY + 5 * DAY)

    def grown() -> list[Any] | None:
        links = ports.chain.links(loan_id)
        return links if len(links) > 3 else None

    links = wait_for(grown, SOON, "the chain does not grow")
    assert [each.position for each in links] == list(range(1, len(links) + 1))
    assert list(chain_problems(links, start_of(lender.id, loan_id))) == []

    assert seal(lender) == {lender.id: [str(yesterday.date())]}
    assert seal(lender) == {lender.id: []}
    assert verify_chain(lender.id, loan_id, None, ports)["problems"] == []

    path = f"/loans/{loan_id}/export?known_on={MONDAY + 5 * DAY}&for=a+rehearsal"
    code, answer = lender.target.call_api("GET", path, None, of=lender.id)
    assert code == 403, answer
    let_caller_be(lender, Role.AUDITOR)
    code, answer = lender.target.call_api("GET", path, None, of=lender.id)
    assert code == 200, answer
    assert answer["integrity"]["holds"], answer["integrity"]
    assert answer["integrity"]["roots"]["tell_of_it"] == [str(yesterday.date())]
    assert answer["messages"] and all(each["words"] for each in answer["messages"])

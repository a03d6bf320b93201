"""Record facts on the loan L-1 of a wiring of fakes, as the API does, or as people decide."""

from __future__ import annotations

import json
from typing import Any

from recovery.documents.accounting.fact_request import fact_request
from recovery.domain.accounting.fact import FactRecord
from recovery.domain.accounting.history import WriteOff
from recovery.use_cases.accounting.record_fact import change_by, record_fact
from recovery.use_cases.shared.rules import rules_of
from tests.builders import an_actor


def record(ports: Any, **body: Any) -> None:
    """Record the fact of a request, today."""
    text = json.dumps({"reason": "agreed", **body})
    request = fact_request(text, "L-1", "EUR", ports.now().date())
    record_fact(request, an_actor(), ports.now(), ports)


def write_off(ports: Any, amount_minor: int | None = None) -> None:
    """Write the loan off today, or a part of it."""
    today = ports.now().date()
    fact = FactRecord(
        fact_id="W-1",
        loan_id="L-1",
        fact=WriteOff(today, amount_minor),
        known_on=today,
        fingerprint="",
        reason="moved away",
        recorded_by="committee",
        recorded_at=ports.now(),
    )
    rules = rules_of("umoja", today, ports.institutions)
    stored, recorded = ports.loans.load("L-1"), ports.loans.recorded("L-1")
    ports.loans.commit(change_by(fact, stored, recorded, rules))

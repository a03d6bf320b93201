"""What was proposed in a negotiation stays out of court; that there was one does not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from recovery.domain.accounting.acts import NegotiationOpened, NegotiationStep
from recovery.domain.accounting.fact import FactRecord, Recorded
from recovery.domain.judicial.confidential import confidential_ids
from tests.agreed import an_agreement, an_offer

ON, DAY = date(2026, 2, 2), timedelta(days=1)


def put(fact_id: str, fact: Any) -> FactRecord:
    return FactRecord(
        fact_id=fact_id,
        loan_id="L-1",
        fact=fact,
        known_on=ON,
        fingerprint="",
        reason="said",
        recorded_by="ana",
        recorded_at=datetime(2026, 2, 2, tzinfo=UTC),
    )


def request(on: date) -> FactRecord:
    opened = NegotiationOpened(
        on=on, persons=("B-1",), form="direct_negotiation", medium="burofax", proof="proven"
    )
    return put("N-1", opened)


def step(fact_id: str, on: date, kind: Any) -> FactRecord:
    return put(fact_id, NegotiationStep(negotiation_id="N-1", on=on, step=kind))


def test_offers_of_the_talks_are_and_the_attempt_is_not() -> None:
    facts = (
        request(ON - DAY),
        put("O-1", an_offer()),
        step("S-1", ON, "meeting"),
        step("S-2", ON, "proposal"),
        put("A-1", an_agreement()),
    )
    assert confidential_ids(Recorded(facts=facts)) == {"O-1", "S-2"}


def test_an_offer_before_or_after_the_talks_is_not() -> None:
    before = (put("O-1", an_offer()), request(ON + DAY))
    assert confidential_ids(Recorded(facts=before)) == frozenset()
    after = (request(ON - 9 * DAY), step("S-1", ON - DAY, "refused"), put("O-1", an_offer()))
    assert confidential_ids(Recorded(facts=after)) == frozenset()

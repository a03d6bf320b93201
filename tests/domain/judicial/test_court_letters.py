"""A letter that was sent becomes a fact, with the proof that the law of the place takes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from recovery.domain.accounting.acts import Demand, NegotiationOpened
from recovery.domain.accounting.notices import NoticeGiven
from recovery.domain.accounting.ownership import TransferNotice
from recovery.domain.judicial.court_letters import Delivery, fact_of, to_send
from tests.builders import a_loan
from tests.domain.judicial.test_letters_due import ON, a_letter

SENT, ENDED = date(2026, 11, 28), date(2026, 12, 1)


def delivery(ended: str = "received", *, counts: bool = True) -> Delivery:
    return Delivery(
        ended=ended, medium="burofax", sent_on=SENT, on=ENDED, proof="scan-1", counts=counts
    )


@pytest.mark.parametrize(
    ("ended", "counts", "proof", "received"),
    [
        ("received", True, "proven", ENDED),
        ("received", False, "none", ENDED),
        ("uncollected", True, "uncollected", ENDED),
        ("uncollected", False, "none", ENDED),
        ("refused", True, "refused", ENDED),
        ("not_delivered", False, "returned", None),
    ],
)
def test_a_request_is_dated_as_it_was_sent_and_as_it_ended(ended, counts, proof, received) -> None:
    fact = fact_of(a_letter(), delivery(ended, counts=counts))
    assert isinstance(fact, NegotiationOpened)
    assert (fact.on, fact.received_on, fact.proof) == (SENT, received, proof)
    assert (fact.persons, fact.form, fact.reference) == (("A",), "direct_negotiation", "scan-1")


def test_a_demand_carries_what_it_said() -> None:
    said: dict[str, Any] = {"costs_minor": 9_000, "wording": "14 dagen", "term_days": 14}
    fact = fact_of(a_letter(kind="demand_before_costs", **said), delivery())
    assert isinstance(fact, Demand)
    assert (fact.purpose, fact.on, fact.sent_on) == ("before_costs", ENDED, SENT)
    assert (fact.amount_minor, fact.costs_minor) == (60_000, 9_000)
    assert (fact.wording, fact.term_days) == ("14 dagen", 14)
    balance = fact_of(a_letter(kind="balance_notice"), delivery())
    assert isinstance(balance, Demand) and balance.purpose == "balance"


def test_what_asks_for_nothing_is_no_demand() -> None:
    for kind in ("guarantor_warning", "guarantor_notice"):
        fact = fact_of(a_letter(kind=kind), delivery())
        assert isinstance(fact, NoticeGiven)
        assert (fact.notice, fact.persons, fact.counts) == (kind, ("A",), True)
    told = fact_of(a_letter(kind="transfer_notice", change_id="sale-1"), delivery())
    assert told == TransferNotice(
        change_id="sale-1", medium="burofax", sent_on=SENT, proof="scan-1"
    )


def test_the_task_names_what_proves_it_and_says_it_to_a_guarantor() -> None:
    task = to_send(a_letter(), a_loan(), ("burofax", "by_hand"), ON)
    assert "burofax, by hand" in task.reason and task.about == "talk-1"
    guarantor = to_send(a_letter(kind="guarantor_notice"), a_loan(), (), ON)
    assert guarantor.reason.startswith("tell amount and rights yourself")
    assert "ask a lawyer" in guarantor.reason

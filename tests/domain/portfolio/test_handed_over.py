"""Each kind of firm gets what its work needs, and none gets what is nobody's business."""

from __future__ import annotations

import json

import pytest

from recovery.domain.accounting.fact import KINDS
from recovery.domain.accounting.placement import FirmKind
from recovery.domain.portfolio.handed_over import FACTS, SECTIONS, handed_over

WHOLE = {
    **{name: {"here": name} for each in SECTIONS.values() for name in each},
    "notes": "ill for months",
    "messages": [{"words": "x"}],
    "payments": [{"payment_id": "P-1", "payer": {"id": "G-1"}, "posted_by": "bank", "amount": "1"}],
    "parties": [{"person_id": "G-1", "recorded_by": "ana", "role": "guarantor"}],
    "owners": [{"kind": "sale", "recorded_by": "ana"}],
    "facts": [
        {
            "kind": "agreement",
            "reason": "her child is ill",
            "offer": {"low": 1},
            "on": "2026-01-01",
        },
        {"kind": "offer", "reason": "secret"},
        {"kind": "notice", "proof": "RR 1", "recorded_by": "ana"},
        {"kind": "promise", "undone": True},
    ],
}


@pytest.mark.parametrize("kind", FirmKind)
def test_nothing_beyond_its_sections_and_nothing_confidential(kind) -> None:
    part = handed_over(kind, WHOLE)
    assert set(part) == SECTIONS[kind]
    text = json.dumps(part)
    for secret in ("ill", "secret", "low", "posted_by", "payer", "recorded_by", "undone"):
        assert secret not in text


def test_a_law_firm_gets_proof_and_people_and_a_servicer_how_to_reach_somebody() -> None:
    law, servicer = (handed_over(each, WHOLE) for each in FirmKind)
    assert {"claim", "checklist", "parties"} <= law.keys() and "contact" not in law
    assert {"contact", "contacted_on"} <= servicer.keys() and not {"claim", "parties"} & {*servicer}
    assert [each["kind"] for each in law["facts"]] == ["agreement", "notice"]
    assert [each["kind"] for each in servicer["facts"]] == ["agreement"]


def test_the_kinds_of_facts_exist_and_offers_are_nobodys() -> None:
    for kinds in FACTS.values():
        assert kinds <= KINDS.keys()
        assert not kinds & {"offer", "details", "pause"}
    assert set(FACTS) == set(SECTIONS) == set(FirmKind)

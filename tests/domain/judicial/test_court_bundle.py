"""What a court gets of a loan's record: steps with their proof, shares of the claim, no offers."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.accounting.acts import NegotiationStep, Step
from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.parties import PartyDebt
from recovery.domain.accounting.party import Party
from recovery.domain.judicial.confidential import confidential_ids
from recovery.domain.judicial.court_bundle import (
    agreements_for_court,
    asked_of,
    count_left_out,
    disputes_for_court,
    named,
    negotiations_for_court,
    papers_for_court,
    steps_for_court,
)
from tests.court_record import AS_OF, facts, on_record

SINCE = date(2024, 1, 2)
RECORDED = Recorded(facts=tuple(facts("ES")))


def texts(value: Any) -> str:
    """Everything in it as text."""
    if is_dataclass(value):
        return " ".join(texts(getattr(value, each.name)) for each in fields(value))
    if isinstance(value, tuple | list):
        return " ".join(map(texts, value))
    return str(value)


def test_the_attempt_is_proven_and_the_offers_are_left_out() -> None:
    shown = list(negotiations_for_court(RECORDED, AS_OF))
    assert [request.persons for request, _ in shown] == [("B-1",), ("B-2",), ("B-3",)]
    assert [request.proof for request, _ in shown] == ["proven", "uncollected", "proven"]
    assert [each.what for each in shown[0][1]] == ["answered", "meeting", "refused"]
    assert "secret" not in texts(shown)
    assert confidential_ids(RECORDED) == {"OF-SECRET", "NS-proposal"}
    assert count_left_out(RECORDED, AS_OF) == 2


@pytest.mark.parametrize("step", ["proposal", "agreed"])
def test_the_paper_of_a_step_with_an_offer_is_no_paper_for_the_court(step: Step) -> None:
    on = date(2026, 3, 29)
    told = NegotiationStep(negotiation_id="NG-1", on=on, step=step, reference="secret")
    papers = papers_for_court(RECORDED.with_fact(on_record("NS-X", told, on)), AS_OF)
    assert not papers.keys() & {"NS-X", "NS-proposal", "OF-SECRET", "OF-1", "DI-1"}
    assert {"NG-1", "NS-meeting", "DM-1", "contract-1", "AG-1"} <= papers.keys()


@given(st.dates(date(2024, 1, 1), date(2026, 7, 1)))
def test_nothing_of_a_later_day_is_there(as_of: date) -> None:
    steps = list(steps_for_court(RECORDED, as_of))
    assert all(each.on <= as_of for each in steps)
    assert steps == sorted(steps, key=lambda each: (each.on, each.fact_id))
    assert all(each.on <= as_of for each in agreements_for_court(RECORDED, as_of))
    assert all(each.dispute.on <= as_of for each in disputes_for_court(RECORDED, as_of))
    followed = (e for _, found in negotiations_for_court(RECORDED, as_of) for e in found)
    assert all(each.on <= as_of for each in followed)


def test_an_agreement_comes_with_what_became_of_it() -> None:
    [agreed] = agreements_for_court(RECORDED, AS_OF)
    assert [each.status for each in agreed.turns][-1] == "breached"
    [early] = agreements_for_court(RECORDED, date(2025, 7, 31))
    assert [each.status for each in early.turns] == ["kept"]


def a_debt(person_id: str, role: Any, overdue_minor: int, *, whole: bool) -> PartyDebt:
    return PartyDebt(person_id, role, whole, False, overdue_minor, overdue_minor, 0)


def test_of_a_silent_contract_who_paid_their_share_is_asked_for_nothing() -> None:
    parties = [
        Party(person_id="A", role="borrower", from_on=SINCE),
        Party(person_id="B", role="co_borrower", from_on=SINCE),
    ]
    debts = [
        a_debt("A", "borrower", 0, whole=False),
        a_debt("B", "co_borrower", 30_000, whole=False),
    ]
    asked = asked_of(30_400, parties, debts, {"A": "Ana", "B": "Blas"})
    assert [(each.name, each.asked_minor) for each in asked] == [("Ana", 0), ("Blas", 30_400)]


def test_who_owes_the_whole_is_asked_for_it_and_a_guarantor_up_to_the_limit() -> None:
    solidary = {"from_on": SINCE, "liability": "joint_and_several"}
    parties = [
        Party(person_id="A", role="borrower", **solidary),
        Party(person_id="B", role="co_borrower", **solidary),
        Party(person_id="G", role="guarantor", from_on=SINCE, limit_minor=10_000),
    ]
    debts = [
        a_debt("A", "borrower", 30_000, whole=True),
        a_debt("B", "co_borrower", 30_000, whole=True),
        a_debt("G", "guarantor", 10_000, whole=True),
    ]
    asked = asked_of(30_400, parties, debts, {})
    assert [each.asked_minor for each in asked] == [30_400, 30_400, 10_000]


@given(
    st.integers(1, 10**9),
    st.lists(st.integers(0, 10**7), min_size=2, max_size=5),
)
def test_shares_add_up_to_the_claim(total_minor: int, owed: list[int]) -> None:
    roles = ["borrower", *["co_borrower"] * (len(owed) - 1)]
    rows = [f"P-{number}" for number in range(len(owed))]
    parties = [
        Party(person_id=person, role=role, from_on=SINCE)
        for person, role in zip(rows, roles, strict=True)
    ]
    debts = [
        a_debt(person, role, minor, whole=False)
        for person, role, minor in zip(rows, roles, owed, strict=True)
    ]
    asked = asked_of(total_minor, parties, debts, {})
    assert sum(each.asked_minor for each in asked) == total_minor
    assert all(each.asked_minor >= 0 for each in asked)


def test_people_are_named_where_their_name_is_known() -> None:
    assert named(("A", "X"), {"A": "Ana"}) == "Ana, X"

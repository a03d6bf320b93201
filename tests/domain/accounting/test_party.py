"""Who is a party when, and what cannot be recorded."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from recovery.domain.accounting.party import (
    Party,
    debtors,
    parties_at,
    parties_problems,
    party_problems,
    sureties,
    weights,
)
from tests.builders import fields

SIGNED = date(2026, 1, 2)
MAY = date(2026, 5, 1)


def party(person_id: str, role: str, **changes) -> Party:
    return Party(**{"person_id": person_id, "role": role, "from_on": SIGNED, **changes})


def test_the_borrower_is_a_party_without_being_recorded() -> None:
    guarantor = party("G", "guarantor")
    assert [each.person_id for each in parties_at([guarantor], "B", MAY)] == ["B", "G"]
    assert [each.person_id for each in debtors(parties_at([], "B", MAY))] == ["B"]


def test_a_row_holds_on_both_its_days() -> None:
    ended = party("G", "guarantor", until=MAY)
    assert sureties(parties_at([ended], "B", MAY)) == (ended,)
    assert not sureties(parties_at([ended], "B", date(2026, 5, 2)))
    assert not sureties(parties_at([ended], "B", date(2026, 1, 1)))


@pytest.mark.parametrize(
    ("liability", "subsidiary", "after"),
    [
        (None, None, True),  # silent: the benefit of excussion stays (CC 1830)
        ("joint_and_several", None, False),  # CC 1831, 2
        (None, False, False),  # renounced: CC 1831, 1
        ("joint_and_several", True, True),  # as the contract says
    ],
)
def test_a_guarantor_comes_after_the_debtor_unless_the_contract_says_otherwise(
    liability, subsidiary, after
) -> None:
    guarantor = party("G", "guarantor", liability=liability, subsidiary=subsidiary)
    assert guarantor.comes_after_debtors is after
    assert not party("B", "borrower", liability=liability).comes_after_debtors


@pytest.mark.parametrize(
    ("liability", "is_debtor", "is_surety"),
    [(None, False, False), ("share", True, False), ("joint_and_several", False, True)],
)
def test_a_group_member_answers_for_another_only_where_the_contract_says_so(
    liability, is_debtor, is_surety
) -> None:
    member = party("M", "group_member", liability=liability)
    assert (member.is_debtor, member.is_surety) == (is_debtor, is_surety)


def test_who_has_no_stated_share_shares_the_rest_equally() -> None:
    half = party("A", "borrower", liability="share", share_pct=Decimal(50))
    two = [party(each, "co_borrower") for each in "BC"]
    assert weights([half, *two]) == (Fraction(1, 2), Fraction(1, 4), Fraction(1, 4))
    assert weights(two) == (Fraction(1, 2), Fraction(1, 2))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (party("G", "guarantor", until=date(2026, 1, 1)), "until"),
        (party("C", "co_borrower", liability="share", share_pct=Decimal(101)), "share_pct"),
        (party("C", "co_borrower", liability="share", share_pct=Decimal(0)), "share_pct"),
        (party("C", "co_borrower", share_pct=Decimal(50)), "liability"),
        (party("C", "co_borrower", limit_minor=100), "limit"),
        (party("G", "guarantor", limit_minor=0), "limit"),
        (party("B", "borrower", subsidiary=True), "subsidiary"),
    ],
)
def test_a_row_that_says_what_cannot_be_is_refused(wrong, field) -> None:
    assert fields(party_problems(wrong)) == {field}


@pytest.mark.parametrize(
    "right",
    [
        party("G", "guarantor", limit_minor=50_000, subsidiary=True, until=MAY),
        party("C", "co_borrower", liability="share", share_pct=Decimal("33.33")),
        party("M", "group_member", liability="joint_and_several", limit_minor=10),
    ],
)
def test_an_ordinary_row_is_fine(right) -> None:
    assert not fields(party_problems(right))


def share(person_id: str, pct: int, **changes) -> Party:
    row = {"liability": "share", "share_pct": Decimal(pct), **changes}
    return party(person_id, "borrower" if person_id == "B" else "co_borrower", **row)


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        ([party("A", "borrower")], "person_id"),
        ([party("B", "guarantor")], "person_id"),
        ([party("G", "guarantor"), party("G", "co_borrower", from_on=MAY)], "person_id"),
        ([share("B", 60), share("C", 50)], "share_pct"),
        ([share("B", 50), share("C", 40)], "share_pct"),
        ([share("C", 100)], "share_pct"),  # nothing is left for the borrower
    ],
)
def test_rows_that_contradict_each_other_are_refused(rows, field) -> None:
    assert fields(parties_problems(rows, "B")) == {field}


@pytest.mark.parametrize(
    "rows",
    [
        [share("B", 60), share("C", 40)],
        [share("C", 40)],  # the borrower has the rest
        [party("G", "guarantor", until=MAY), party("G", "guarantor", from_on=date(2026, 5, 2))],
    ],
)
def test_rows_that_follow_each_other_are_fine(rows) -> None:
    assert not fields(parties_problems(rows, "B"))

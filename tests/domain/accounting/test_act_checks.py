"""Acts that do not fit the loan are refused, each with field and remedy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.domain.accounting.act_checks import act_problems
from recovery.domain.accounting.acts import (
    Act,
    CalledIn,
    ContractTerms,
    Demand,
    Listing,
    ListingChange,
    NegotiationOpened,
    NegotiationStep,
    Suit,
    SuitEnd,
)
from recovery.domain.accounting.fact import Undo
from recovery.domain.accounting.fact_checks import fact_problems
from recovery.domain.accounting.party import Party, PartyRecord
from tests.builders import fields
from tests.domain.accounting.test_fact import a_record
from tests.domain.accounting.test_fact_checks import TODAY, on_record

BEFORE, DAY = date(2026, 2, 20), timedelta(days=1)
DEMAND = Demand(on=BEFORE, persons=("B-1",), medium="burofax", proof="proven")
NEGOTIATION = NegotiationOpened(
    on=BEFORE, persons=("B-1",), form="mediation", medium="burofax", proof="proven"
)
SUIT = Suit(on=BEFORE, persons=("B-1",), procedure="ES_MONITORIO")
LISTING = Listing(on=BEFORE, persons=("B-1",), bureau="ASNEF", amount_minor=5_000)
END = NegotiationStep(negotiation_id="f0", on=TODAY, step="refused")
WON = SuitEnd(suit_id="f0", on=TODAY, outcome="upheld")
REMOVED = ListingChange(listing_id="f0", on=TODAY, step="removed")


def problems(act: Act | Undo, *before: Act) -> set[str]:
    return fields(fact_problems(act, on_record(*before)))


@pytest.mark.parametrize("act", [DEMAND, NEGOTIATION, SUIT, LISTING, CalledIn(on=BEFORE)])
def test_what_fits_is_taken(act: Act) -> None:
    assert problems(act) == set()


def test_only_what_the_contract_says_may_be_older_than_the_loan() -> None:
    before = date(2025, 12, 20)
    assert problems(ContractTerms(on=before, called_in_after=3)) == set()
    assert problems(replace(DEMAND, on=before)) == {"on"}
    assert problems(replace(DEMAND, on=TODAY + DAY)) == {"on"}


@pytest.mark.parametrize("act", [DEMAND, NEGOTIATION, SUIT, LISTING])
def test_it_is_about_parties_of_the_loan_even_those_who_left(act) -> None:
    assert problems(replace(act, persons=("B-1", "B-2"))) == {"persons"}
    record = on_record()
    left = Party(person_id="B-2", role="guarantor", from_on=BEFORE, until=BEFORE)
    rows = (PartyRecord(party=left, recorded_by="a", recorded_at=a_record("x", act).recorded_at),)
    recorded = replace(record.recorded, parties=rows)
    about = replace(act, persons=("B-1", "B-2"))
    assert not [*act_problems(about, record.loan, recorded, TODAY)]


def test_it_names_instalments_and_days_that_there_are() -> None:
    assert problems(replace(DEMAND, instalments=(1, 3))) == set()
    assert problems(replace(DEMAND, instalments=(1, 4))) == {"instalments"}
    assert problems(replace(SUIT, instalments=(9,))) == {"instalments"}
    assert problems(replace(DEMAND, sent_on=BEFORE)) == set()
    assert problems(replace(DEMAND, sent_on=BEFORE + DAY)) == {"sent_on"}
    for received_on, found in ((BEFORE, set()), (TODAY, set()), (TODAY + DAY, {"received_on"})):
        assert problems(replace(NEGOTIATION, received_on=received_on)) == found
    assert problems(replace(NEGOTIATION, received_on=BEFORE - DAY)) == {"received_on"}


@pytest.mark.parametrize(
    ("act", "first", "field"),
    [
        (END, NEGOTIATION, "negotiation_id"),
        (WON, SUIT, "suit_id"),
        (REMOVED, LISTING, "listing_id"),
    ],
)
def test_what_became_of_something_comes_after_it_and_once(act, first, field) -> None:
    assert problems(act) == {field}
    assert problems(act, DEMAND) == {field}
    assert problems(act, first) == set()
    assert problems(replace(act, on=BEFORE), first) == set()
    assert problems(replace(act, on=BEFORE - DAY), first) == {"on"}
    assert problems(act, first, act) == {field}
    assert problems(Undo("f0", TODAY), first, act) == {"undoes"}
    assert problems(Undo("f1", TODAY), first, act) == set()


def test_talks_go_on_until_they_end() -> None:
    answered = NegotiationStep(negotiation_id="f0", on=BEFORE + DAY, step="answered")
    over = replace(END, on=BEFORE + 5 * DAY)
    assert problems(answered, NEGOTIATION, answered) == set()
    assert problems(answered, NEGOTIATION, over) == set()  # told late
    assert problems(replace(answered, on=TODAY), NEGOTIATION, over) == {"negotiation_id"}


def test_a_correction_has_the_new_amount_and_nothing_else_has_one() -> None:
    for step, amount_minor, found in (
        ("corrected", 100, set()),
        ("corrected", None, {"amount"}),
        ("disputed", 100, {"amount"}),
    ):
        change = ListingChange(listing_id="f0", on=TODAY, step=step, amount_minor=amount_minor)
        assert problems(change, LISTING) == found


def test_a_loan_is_called_in_once_after_a_demand_of_its_own() -> None:
    assert problems(CalledIn(on=TODAY), CalledIn(on=BEFORE)) == {"kind"}
    assert problems(CalledIn(on=TODAY, demand_id="f0")) == {"demand_id"}
    assert problems(CalledIn(on=TODAY, demand_id="f0"), SUIT) == {"demand_id"}
    assert problems(CalledIn(on=TODAY, demand_id="f0"), DEMAND) == set()
    assert problems(CalledIn(on=BEFORE - DAY, demand_id="f0"), DEMAND) == {"demand_id"}
    called_in = CalledIn(on=TODAY, demand_id="f0")
    assert problems(Undo("f0", TODAY), DEMAND, called_in) == {"undoes"}
    assert problems(Undo("f0", TODAY), DEMAND) == set()


def test_what_the_contract_says_is_something() -> None:
    assert problems(ContractTerms(on=TODAY, reference="scan-7")) == {"kind"}
    assert problems(ContractTerms(on=TODAY, liquidation_clause=False)) == set()

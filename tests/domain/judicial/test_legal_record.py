"""What is on record of a debt's way to court on a day, and what of it may move a clock."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from recovery.domain.accounting.acts import (
    Acknowledgement,
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
from recovery.domain.accounting.fact import Recorded, RecordedFact, Undo
from recovery.domain.judicial.legal_record import LegalRecord, legal_record, limitation_acts
from recovery.domain.judicial.limitation_acts import LimitationAct
from tests.domain.accounting.test_fact import a_record

ON, DAY = date(2026, 2, 20), timedelta(days=1)
LATER = ON + 40 * DAY
DEMAND = Demand(on=ON, persons=("B-1",), medium="phone", proof="none", instalments=(2,))
LETTER = Demand(on=LATER, persons=("B-1",), medium="letter", proof="proven", purpose="before_costs")
NEGOTIATION = NegotiationOpened(
    on=ON,
    persons=("B-1",),
    form="direct_negotiation",
    medium="burofax",
    proof="uncollected",
    received_on=ON + DAY,
)
SUIT = Suit(on=ON, persons=("B-1", "G-1"), procedure="ES_MONITORIO")
LISTING = Listing(on=ON, persons=("B-1",), bureau="ASNEF", amount_minor=5_000)


def on_record(*facts: RecordedFact, as_of: date = LATER) -> LegalRecord:
    records = tuple(a_record(f"f{n}", fact, n) for n, fact in enumerate(facts))
    return legal_record(Recorded(facts=records), as_of)


def acts(*facts: RecordedFact, as_of: date = LATER) -> list[LimitationAct]:
    return [*limitation_acts(on_record(*facts, as_of=as_of))]


def test_of_nothing_there_is_nothing() -> None:
    assert on_record() == LegalRecord()
    assert acts() == []


def test_facts_come_by_their_day_without_later_and_undone_ones() -> None:
    found = on_record(LETTER, DEMAND)
    assert [each.fact_id for each in found.demands] == ["f1", "f0"]
    last = found.last_demand("before_costs")
    assert last is not None and last.fact_id == "f0"
    assert found.last_demand("before_listing") is None
    assert [e.fact_id for e in on_record(LETTER, DEMAND, as_of=LATER - DAY).demands] == ["f1"]
    undone = on_record(LETTER, DEMAND, Undo("f0", LATER))
    assert [each.fact_id for each in undone.demands] == ["f1"]


def test_a_demand_and_an_acknowledgement_may_renew_a_period() -> None:
    said = Acknowledgement(on=LATER, persons=("B-1",), medium="by_hand", proof="proven")
    first, second = acts(DEMAND, said)
    assert first == LimitationAct(
        act_id="f0",
        act="demand",
        on=ON,
        persons=("B-1",),
        proof="none",
        written=False,
        parts=frozenset({"2"}),
    )
    assert (second.act, second.on, second.written, second.parts) == (
        "acknowledgement",
        LATER,
        True,
        None,
    )


def test_a_request_to_negotiate_has_what_came_of_it() -> None:
    [silent] = acts(NEGOTIATION)
    assert (silent.act, silent.proof, silent.received_on) == (
        "negotiation_request",
        "uncollected",
        ON + DAY,
    )
    assert (silent.answered, silent.ended_on) == (False, None)
    answered = NegotiationStep(negotiation_id="f0", on=ON + 2 * DAY, step="answered")
    [talking] = acts(NEGOTIATION, answered)
    assert (talking.answered, talking.ended_on) == (True, None)
    over = NegotiationStep(negotiation_id="f0", on=ON + 9 * DAY, step="refused")
    [ended] = acts(NEGOTIATION, answered, over)
    assert (ended.answered, ended.ended_on) == (True, ON + 9 * DAY)
    record = on_record(NEGOTIATION, answered, over)
    assert record.negotiations[0].end == over
    other = NegotiationStep(negotiation_id="f1", on=ON + 9 * DAY, step="refused")
    [first, second] = acts(NEGOTIATION, NEGOTIATION, other)
    assert (first.ended_on, second.ended_on) == (None, ON + 9 * DAY)


def test_a_suit_is_won_pending_or_failed() -> None:
    pending = on_record(SUIT)
    assert pending.pending_suit is not None and pending.pending_suit.suit_id == "f0"
    [act] = acts(SUIT)
    assert (act.act, act.persons, act.ended_on, act.upheld) == (
        "claim_filed",
        ("B-1", "G-1"),
        None,
        None,
    )
    for outcome, upheld in (
        *(("upheld", True), ("dismissed", False), ("withdrawn", False)),
        *(("settled", False), ("expired", False)),
    ):
        end = SuitEnd(suit_id="f0", on=LATER, outcome=outcome)
        [act] = acts(SUIT, end)
        assert (act.ended_on, act.upheld) == (LATER, upheld)
        assert on_record(SUIT, end).pending_suit is None
        assert on_record(SUIT, end, as_of=LATER - DAY).pending_suit is not None


def test_a_listing_shows_what_became_of_it() -> None:
    corrected = ListingChange(listing_id="f0", on=ON + DAY, step="corrected", amount_minor=4_000)
    disputed = ListingChange(listing_id="f0", on=ON + 2 * DAY, step="disputed")
    removed = ListingChange(listing_id="f0", on=ON + 3 * DAY, step="removed")
    [new] = on_record(LISTING).listings
    assert (new.amount_minor, new.disputed_on, new.removed_on) == (5_000, None, None)
    [old] = on_record(LISTING, corrected, disputed, removed).listings
    assert (old.amount_minor, old.disputed_on, old.removed_on) == (
        4_000,
        ON + 2 * DAY,
        ON + 3 * DAY,
    )


def test_each_term_of_the_contract_is_as_it_was_last_read() -> None:
    first = ContractTerms(on=ON, late_rate_pct=Decimal(20), called_in_after=3, reference="scan-1")
    second = ContractTerms(on=LATER, called_in_after=2, liquidation_clause=False)
    terms = on_record(second, first).contract
    assert terms == ContractTerms(
        on=LATER,
        late_rate_pct=Decimal(20),
        called_in_after=2,
        liquidation_clause=False,
        reference="scan-1",
    )
    assert on_record(first).contract == first


def test_a_loan_that_was_called_in_says_since_when() -> None:
    record = on_record(CalledIn(on=ON))
    assert record.called_in is not None and record.called_in.fact.on == ON
    assert on_record(CalledIn(on=ON), as_of=ON - DAY).called_in is None

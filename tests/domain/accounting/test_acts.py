"""Acts about a debt in the words of the timeline: no name, no amount, what they are and their
proof."""

from __future__ import annotations

import json
from datetime import date

import pytest

from recovery.documents.shared.plain import from_plain, to_plain
from recovery.domain.accounting.acts import (
    ACT_KINDS,
    Acknowledgement,
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
    act_in_words,
)

ON = date(2026, 3, 1)
WHO = ("B-1", "G-1")


SAID: list[tuple[str, Act, str]] = [
    (
        "demand",
        Demand(on=ON, persons=WHO, medium="burofax", proof="refused", reference="NB1"),
        "demand, burofax, refused, persons B-1 G-1, reference NB1",
    ),
    (
        "demand",
        Demand(on=ON, persons=WHO, medium="letter", proof="none", purpose="before_costs"),
        "demand before costs, letter, no proof, persons B-1 G-1",
    ),
    (
        "acknowledgement",
        Acknowledgement(on=ON, persons=("B-1",), medium="by_hand", proof="proven"),
        "acknowledgement, by hand, proven, persons B-1",
    ),
    (
        "negotiation",
        NegotiationOpened(on=ON, persons=WHO, form="mediation", medium="notary", proof="proven"),
        "request for mediation, notary, proven, persons B-1 G-1",
    ),
    (
        "negotiation_step",
        NegotiationStep(negotiation_id="N1", on=ON, step="ended_in_writing"),
        "negotiation N1, ended in writing",
    ),
    (
        "suit",
        Suit(on=ON, persons=("B-1",), procedure="ES_MONITORIO", court="Madrid"),
        "filed ES MONITORIO, Madrid, persons B-1",
    ),
    ("suit_end", SuitEnd(suit_id="S1", on=ON, outcome="upheld"), "suit S1, upheld"),
    ("called_in", CalledIn(on=ON), "the whole loan called in"),
    (
        "contract",
        ContractTerms(on=ON, reference="scan-7"),
        "the contract says, reference scan-7",
    ),
    (
        "listing",
        Listing(on=ON, persons=("B-1",), bureau="ASNEF", amount_minor=5),
        "listed in ASNEF, persons B-1",
    ),
    (
        "listing_change",
        ListingChange(listing_id="L1", on=ON, step="removed"),
        "listing L1, removed",
    ),
]


@pytest.mark.parametrize(("kind", "act", "words"), SAID)
def test_an_act_in_words(kind: str, act: Act, words: str) -> None:
    assert isinstance(act, ACT_KINDS[kind])
    assert act_in_words(act, kind) == words


@pytest.mark.parametrize(("kind", "act", "words"), SAID)
def test_an_act_is_kept_as_said(kind: str, act: Act, words: str) -> None:
    assert from_plain(ACT_KINDS[kind], json.loads(json.dumps(to_plain(act)))) == act


def test_what_was_only_spoken_is_not_in_writing() -> None:
    for medium, written in (("phone", False), ("visit", False), ("sms", True), ("letter", True)):
        assert Demand(on=ON, persons=WHO, medium=medium, proof="none").written is written
        said = Acknowledgement(on=ON, persons=WHO, medium=medium, proof="none")
        assert said.written is written

"""Which acts reach whom, and why not."""

from dataclasses import replace
from datetime import date

import pytest

from recovery.documents.packs.reading import careful_claim_pack, claim_pack
from recovery.domain.judicial.limitation_acts import (
    LimitationAct,
    Obligor,
    act_problems,
    relation,
    weigh,
)
from tests.builders import fields

ON = date(2026, 11, 27)
ANA = Obligor(person_id="ana", role="debtor", solidary=True)
BEN = Obligor(person_id="ben", role="debtor", solidary=True)
ALONE = Obligor(person_id="alone", role="debtor")
GUARANTOR = Obligor(person_id="guarantor", role="guarantor")
SOLIDARY = Obligor(person_id="solidary", role="guarantor", solidary=True)
ALL = (ANA, BEN, ALONE, GUARANTOR, SOLIDARY)
DEMAND = LimitationAct(
    act_id="1", act="demand", on=date(2026, 1, 5), persons=("ana",), proof="proven", written=True
)
SPAIN, NETHERLANDS = claim_pack("ES"), claim_pack("NL")


def why(act: LimitationAct, person: Obligor, pack=SPAIN, as_of=ON) -> tuple[str | None, bool]:
    found = weigh(act, person, ALL, pack, as_of)
    return found.why, found.may_count


@pytest.mark.parametrize("act", ["demand", "acknowledgement", "payment", "negotiation_request"])
def test_in_spain_an_extrajudicial_act_reaches_solidary_debtors_and_no_guarantor(act) -> None:
    done = replace(DEMAND, act=act)
    assert why(done, ANA) == (None, False)
    assert why(done, BEN) == (None, False)  # CC 1974
    assert why(done, ALONE) == ("does_not_reach", False)  # CC 1137: silent, so separate debts
    assert why(done, GUARANTOR) == ("does_not_reach", False)  # CC 1975
    assert why(done, SOLIDARY) == ("unverified_rule", True)  # 1822 and 1974, against 1975


def test_in_spain_a_suit_reaches_the_guarantors_too() -> None:
    suit = replace(DEMAND, act="claim_filed")
    assert why(suit, GUARANTOR) == why(suit, SOLIDARY) == (None, False)
    assert why(suit, ALONE) == ("does_not_reach", False)


@pytest.mark.parametrize("proof", ["none", "returned"])
@pytest.mark.parametrize("act", ["demand", "negotiation_request", "claim_filed", "payment"])
@pytest.mark.parametrize("pack", [SPAIN, NETHERLANDS])
def test_a_failed_proof_reaches_nobody(act, proof, pack) -> None:
    failed = replace(DEMAND, act=act, proof=proof)
    for person in ALL:
        assert why(failed, person, pack) == ("proof_fails", False)


def test_what_was_not_taken_counts_only_where_a_verified_rule_says_so() -> None:
    for proof in ("refused", "uncollected"):
        not_taken = replace(DEMAND, proof=proof)
        assert why(not_taken, ANA) == ("unverified_rule", True)
        assert why(replace(not_taken, act="negotiation_request"), ANA) == (None, False)


def test_in_the_netherlands_a_demand_counts_in_writing_only() -> None:
    assert why(DEMAND, ANA, NETHERLANDS) == (None, False)
    assert why(replace(DEMAND, written=False), ANA, NETHERLANDS) == ("not_in_writing", False)
    assert why(replace(DEMAND, written=None), ANA, NETHERLANDS) == ("form_unknown", True)
    assert why(replace(DEMAND, written=None), ANA) == (None, False)


def test_where_no_rule_says_whom_an_act_reaches_it_may_count() -> None:
    for person in (BEN, ALONE, GUARANTOR, SOLIDARY):
        assert why(DEMAND, person, NETHERLANDS) == ("reach_unknown", True)
    for person in ALL:
        assert why(DEMAND, person, careful_claim_pack()) == ("no_rule", True)


def test_a_rule_past_its_review_may_count_only() -> None:
    assert why(DEMAND, ANA, as_of=date(2040, 1, 1)) == ("unverified_rule", True)
    assert why(DEMAND, BEN, as_of=date(2040, 1, 1)) == ("unverified_rule", True)
    assert why(DEMAND, GUARANTOR, as_of=date(2040, 1, 1)) == ("does_not_reach", True)


def test_of_several_persons_the_act_counts_for_whom_it_reaches_best() -> None:
    both = replace(DEMAND, persons=("ana", "alone"))
    assert why(both, BEN) == (None, False)
    found = weigh(both, GUARANTOR, ALL, SPAIN, ON)
    assert (found.why, found.relation, found.direct) == ("does_not_reach", "guarantor", False)
    assert weigh(DEMAND, ANA, ALL, SPAIN, ON).direct
    assert [each.id for each in found.rules] == [
        "es.claim.interruptions.demand",
        "es.claim.reach.guarantor_extrajudicial",
    ]


def test_a_request_to_negotiate_counts_since_the_law_knows_it() -> None:
    early = replace(DEMAND, act="negotiation_request", on=date(2025, 4, 2))
    assert why(early, ANA) == ("no_rule", True)
    assert why(replace(early, on=date(2025, 4, 3)), ANA) == (None, False)


@pytest.mark.parametrize(
    ("one", "other", "stands"),
    [
        (ANA, BEN, "solidary_debtor"),
        (ANA, ALONE, "separate_debtor"),
        (ALONE, ANA, "separate_debtor"),
        (ANA, GUARANTOR, "guarantor"),
        (ALONE, SOLIDARY, "solidary_guarantor"),
        (GUARANTOR, ANA, "debtor_of_guarantor"),
        (SOLIDARY, ANA, "debtor_of_solidary_guarantor"),
        (SOLIDARY, GUARANTOR, "fellow_guarantor"),
    ],
)
def test_how_one_stands_to_another(one, other, stands) -> None:
    assert relation(one, other) == stands


def problems(**changes) -> set[str]:
    return fields(act_problems([replace(DEMAND, **changes)], ALL, frozenset({"1"})))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"persons": ()}, "0.persons"),
        ({"persons": ("nobody",)}, "0.persons"),
        ({"parts": frozenset({"2"})}, "0.parts"),
        ({"ended_on": date(2026, 2, 1)}, "0.ended_on"),
        ({"received_on": date(2026, 2, 1)}, "0.received_on"),
        ({"answered": True}, "0.received_on"),
        ({"upheld": True}, "0.upheld"),
        ({"act": "claim_filed", "upheld": True}, "0.upheld"),
        ({"act": "claim_filed", "ended_on": date(2026, 1, 4)}, "0.ended_on"),
        ({"act": "negotiation_request", "received_on": date(2026, 1, 4)}, "0.received_on"),
    ],
)
def test_each_mistake_is_named(changes, field) -> None:
    assert problems(**changes) == {field}


def test_acts_that_make_sense_have_no_problem() -> None:
    assert not problems(parts=frozenset({"1"}))
    assert not problems(act="claim_filed", ended_on=date(2026, 2, 1), upheld=False)
    assert not problems(
        act="negotiation_request",
        received_on=date(2026, 1, 5),
        answered=True,
        ended_on=date(2026, 2, 1),
    )
    assert fields(act_problems([DEMAND, DEMAND], ALL, frozenset())) == {"1.id"}

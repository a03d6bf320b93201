"""S15: an old debt of which an advisor asks the claim, and on which a batch would send a notice."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from recovery.documents.packs.reading import claim_pack, people_pack
from recovery.documents.questions.claim import answer_claim
from recovery.documents.questions.limitation import answer_limitation
from recovery.documents.questions.procedure import answer_procedure
from recovery.domain.accounting.loan import Components, LoanProfile
from recovery.domain.accounting.party import Party
from recovery.domain.agreements.restraints import Block, Kind, blocks
from recovery.domain.judicial.limitation import DuePart, LimitationFacts, limitation_clocks
from recovery.domain.judicial.limitation_acts import Obligor
from recovery.domain.judicial.limitation_dates import time_barred_restraint
from recovery.ports.accounting import StoredLoan
from recovery.use_cases.accounting.record_party import record_party
from recovery.use_cases.judicial.claim_of_loan import claim_question_of, limitation_question_of
from recovery.use_cases.judicial.procedure_of_loan import procedure_question_of
from tests.builders import a_borrower, a_loan, a_schedule, a_state, an_actor
from tests.life import Life

TODAY = date(2026, 12, 1)
DUE = date(2021, 1, 10)
PRESCRIBED = "2026-03-05"
SPAIN = LoanProfile(purpose="consumer", law="ES", place="ES-M")
ACTS = [
    {"id": "demand", "act": "demand", "on": "2021-03-05", "persons": ["B-1"], "proof": "proven"},
    {"id": "burofax", "act": "demand", "on": "2023-06-01", "persons": ["B-1"], "proof": "returned"},
    {"id": "call", "act": "demand", "on": "2025-02-02", "persons": ["B-1"], "proof": "none"},
]
# Nothing that an old debt's person reads may threaten, or ask for money.
THREATS = re.compile(r"court|judge|lawyer|legal action|sue|must|pay now|last notice", re.I)


@pytest.fixture
def life(wiring) -> Life:
    """3,000 EUR that B-1 owes since 10 January 2021 and G-1 guarantees, under Spanish law."""
    life = Life(wiring, TODAY)
    for person_id in ("B-1", "G-1"):
        wiring.borrowers.save_contact_details(
            replace(a_borrower(person_id, email=f"{person_id}@example.org".lower()), country="ES")
        )
    lend(life)
    guarantor = Party(person_id="G-1", role="guarantor", from_on=date(2020, 1, 2))
    record_party("L-1", guarantor, an_actor(), wiring.now(), wiring)
    return life


def lend(life: Life, **state: Any) -> None:
    loan = a_loan(
        "L-1",
        schedule=a_schedule(1, Components(300_000), DUE),
        disbursed_on=date(2020, 1, 2),
        annual_rate_pct=Decimal(8),
        profile=SPAIN,
    )
    life.ports.loans.add_loan(StoredLoan(loan, replace(a_state(loan), **state)), [])


def completed(values: Any, acts: list[dict[str, Any]] = ACTS) -> dict[str, Any]:
    """Add to a question from the record what people know was done about the debt."""
    history = values["facts"]["history"] if "facts" in values else values.get("history", values)
    return _with_history(dict(values), {**history, "acts": acts})


def _with_history(values: dict[str, Any], history: dict[str, Any]) -> dict[str, Any]:
    if "facts" in values:
        return {**values, "facts": {**values["facts"], "history": history}}
    return {**values, "history": history} if "history" in values else {**values, **history}


def test_the_decision_is_blocked_with_the_acts_counted_and_those_not_and_why(life: Life) -> None:
    question = procedure_question_of("L-1", TODAY, life.ports)
    answer = answer_procedure(completed(question.values))
    assert (answer["procedure"], answer["status"]) == ("NONE", "BLOCKED")
    assert answer["blocking"] == ["PRESCRIBED"]
    assert answer["prescribed_on"] == PRESCRIBED
    rows = {each["kind"].split()[1].strip(","): each for each in answer["interruptions"]}
    assert rows["demand"]["counts"] == "yes" and "CC 1973" in rows["demand"]["source"]
    for name in ("burofax", "call"):
        assert rows[name]["counts"] == "no: without proof that it arrived it reaches nobody"
    [reason] = [each for each in answer["reasons"] if each.get("code") == "PRESCRIBED"]
    assert "CC 1964.2" in reason["source"] and reason["confidence"] == "H"


def test_nothing_is_claimed_and_alarms_had_come_at_their_distances(life: Life) -> None:
    claim = answer_claim(completed(claim_question_of("L-1", TODAY, life.ports).values))
    assert Decimal(claim["total"]) == 0 and not claim["may_be_filed"]
    assert {each["why"] for each in claim["not_claimed"]} == {"time_barred"}
    answer = answer_limitation(completed(limitation_question_of("L-1", TODAY, life.ports).values))
    alarms = [e["on"] for e in answer["past_dates"] if (e["person"], e["kind"]) == ("B-1", "alarm")]
    assert alarms == ["2025-03-05", "2025-09-06", "2025-12-05", "2026-02-03", "2026-02-26"]
    assert answer["next_dates"] == []


def test_the_demand_on_the_debtor_did_not_reach_the_guarantor(life: Life) -> None:
    answer = answer_limitation(completed(limitation_question_of("L-1", TODAY, life.ports).values))
    until = {each["person"]: each["prescribes_on"] for each in answer["clocks"]}
    assert until == {"B-1": PRESCRIBED, "G-1": "2026-01-10"}
    [why] = {
        each["why"]
        for clock in answer["clocks"]
        if clock["person"] == "G-1"
        for each in clock["not_counted"]
        if each["id"] == "demand"
    }
    assert why == "does_not_reach"


def test_a_demand_on_one_solidary_debtor_reaches_all() -> None:
    parties = [{"id": name, "solidary": True} for name in ("B-1", "B-2")]
    question = {
        "as_of": TODAY.isoformat(),
        "law": "ES",
        "region": "ES-M",
        "parts": [{"part": "1", "due_date": DUE.isoformat()}],
        "parties": parties,
        "acts": ACTS,
    }
    clocks = answer_limitation(question)["clocks"]
    assert {each["prescribes_on"] for each in clocks} == {PRESCRIBED}


def test_what_is_not_known_goes_to_a_lawyer_and_is_never_guessed(life: Life) -> None:
    found = procedure_question_of("L-1", TODAY, life.ports)
    assert "interruptions" in found.ask
    refused = [{**ACTS[0], "on": "2023-06-01", "proof": "refused"}]
    kept_alive = [ACTS[0], *({**each, "id": "refused"} for each in refused)]
    answer = answer_procedure(completed(found.values, kept_alive))
    assert answer["blocking"] == ["PRESCRIBED"] and answer["may_prescribe_on"] == "2028-06-01"
    assert any("a lawyer says" in each["why"] for each in answer["ask"])


@pytest.mark.parametrize("is_held", [True, False])
def test_no_text_is_sent_and_no_step_taken_once_it_is_restrained(wiring, is_held) -> None:
    life = Life(wiring, TODAY)
    borrower = a_borrower("B-1", email="b-1@example.org")
    life.ports.borrowers.save_contact_details(borrower)
    life.ports.borrowers.loans["B-1"] = ["L-1"]
    facts = LimitationFacts(
        claim="contract",
        parts=(DuePart(part="1", due_on=DUE),),
        obligors=(Obligor(person_id="B-1", role="debtor"),),
        region="ES-M",
    )
    clocks = limitation_clocks(facts, claim_pack("ES"), TODAY)
    barred = time_barred_restraint(clocks, "B-1", TODAY, people_pack("ES"))
    assert barred is not None
    for what in (Block.REMINDERS, Block.ARREARS, Block.NOTICES, Block.CALLS, Block.JUDICIAL):
        assert blocks([barred], what, TODAY) == barred
    lend(life, restraints=(barred,) if is_held else (), next_review_on=date(2026, 12, 2))
    life.until(date(2027, 1, 31))
    # the review reads the clocks itself: nothing is left to be recovered, so no case opens
    assert life.standing()["case"] is None
    kinds = {each.kind for each in life.ports.loans.load("L-1").state.restraints}
    assert kinds == {Kind.TIME_BARRED}
    assert (life.mails(), life.tasks()) == ([], [])


def test_the_debtors_10_is_taken_though_nobody_asked_for_it(life: Life) -> None:
    life.until(date(2026, 12, 2))
    life.pay("L-1", 1_000)
    values = limitation_question_of("L-1", life.today, life.ports).values
    paid = [each for each in values["acts"] if each["act"] == "payment"]
    answer = answer_limitation(completed(values, [*ACTS, *paid]))
    [debtor] = [each for each in answer["clocks"] if each["person"] == "B-1"]
    assert debtor["status"] == "time_barred"  # nothing revives what has prescribed
    [how] = [each for each in answer["persons"] if each["person"] == "B-1"]
    assert not (how["sue"] or how["threaten"] or how["ask_for_payment"])
    assert how["take_voluntary_payment"] and how["a_person_confirms"]
    assert "old" in how["tell"] and "may have legal effect" in how["tell"]
    assert not THREATS.search(how["tell"])

"""Which letters come before court, for whom, in which order, and when a new one is needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from recovery.documents.packs.reading import claim_pack, judicial_pack
from recovery.domain.accounting.acts import Demand
from recovery.domain.accounting.notices import NoticeGiven
from recovery.domain.judicial.court_letters import CourtLetter
from recovery.domain.judicial.decision import decide
from recovery.domain.judicial.facts import Facts, Negotiation
from recovery.domain.judicial.law import Law
from recovery.domain.judicial.legal_record import LegalRecord, Said
from recovery.domain.judicial.letter_outlook import Addressee, Matter, Notice, Outlook, next_day
from recovery.domain.judicial.letters_due import letters_due

ON = date(2026, 11, 27)
DAY = timedelta(days=1)
ANA = Addressee(person_id="A", principal_minor=60_000)
BEN = Addressee(person_id="B", principal_minor=60_000)
GUS = Addressee(person_id="G", principal_minor=60_000, is_surety=True)
WORDING = "14 dagen, vanaf de dag nadat deze brief bij u is bezorgd"
CONTRACT = {
    "principal_minor": 60_000,
    "due": date(2026, 5, 1),
    "debtor_type": "consumer",
    "title": "signed_private_contract",
    "liquid": True,
    "address_known": True,
}


def matter(country: str = "ES", on: date = ON, *people: Addressee, **more: Any) -> Matter:
    law = Law(country, judicial_pack(country), on, claim_pack(country))
    known = {name: more.pop(name) for name in list(more) if name in Facts.__dataclass_fields__}
    people = people or (ANA,)
    names = tuple(each.person_id for each in people)
    facts = Facts(**{**CONTRACT, "debtors": names, **known})
    decision = decide(facts, law)
    said = {"record": LegalRecord(), **more}
    return Matter(facts=facts, law=law, decision=decision, addressees=people, **said)


def of(found: tuple[Outlook, ...]) -> dict[tuple[str, str], tuple[str, str]]:
    return {(each.kind, each.person_id): (each.state, each.code) for each in found}


def attempt(to: str, received: date, **more: Any) -> Negotiation:
    kind, proof = "invitation to direct negotiation", "burofax"
    return Negotiation(kind=kind, proof=proof, received=received, to=(to,), **more)


def demand(on: date = ON - DAY, **changes: Any) -> LegalRecord:
    letter = Demand(
        on=on,
        persons=("A",),
        medium="registered_letter",
        proof="proven",
        purpose="before_costs",
        sent_on=on - DAY,
        costs_minor=9_000,
        wording=WORDING,
        term_days=14,
    )
    return LegalRecord(demands=(Said("D", replace(letter, **changes)),))


def notice(kind: str, person_id: str, on: date, *, counts: bool = True) -> Notice:
    fact = NoticeGiven(kind, on, "burofax", on, "received", "scan-1", counts, (person_id,))
    return Notice(f"{kind}-{on}", fact)


def a_letter(**changes: Any) -> CourtLetter:
    letter = CourtLetter(
        loan_id="L-1",
        letter_id="talk-1",
        kind="negotiation_request",
        person_id="A",
        language="es",
        template="pre-1",
        sha256="0" * 64,
        written_on=ON,
        written_at=datetime(2026, 11, 27, 9, tzinfo=UTC),
        amount_minor=60_000,
        principal_minor=60_000,
    )
    return replace(letter, **changes)


def test_each_who_answers_for_the_whole_needs_a_request_of_their_own() -> None:
    asked = matter("ES", ON, ANA, BEN, negotiation=attempt("A", ON - 40 * DAY))
    found = of(letters_due(asked))
    assert found["negotiation_request", "A"] == ("done", "")
    assert found["negotiation_request", "B"] == ("due", "NOT_SENT")


@pytest.mark.parametrize(
    ("received", "state", "code"),
    [
        (ON - 30 * DAY, "running", ""),
        (ON - 31 * DAY, "done", ""),
        (ON - 365 * DAY, "done", ""),
        (ON - 366 * DAY, "due", "LAPSED"),
    ],
)
def test_a_request_runs_thirty_days_and_lapses_after_a_year(received, state, code) -> None:
    [found] = letters_due(matter(negotiation=attempt("A", received)))
    assert (found.state, found.code) == (state, code)


def test_its_days_are_announced() -> None:
    found = letters_due(matter(negotiation=attempt("A", ON)))
    assert next_day(found, ON) == ON + 31 * DAY
    later = letters_due(matter(on=ON + 31 * DAY, negotiation=attempt("A", ON)))
    assert next_day(later, ON + 31 * DAY) == date(2027, 11, 28)


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "demand that announces suit"}, {"proof": "burofax returned"}, {"proof": None}],
)
def test_a_plain_demand_or_one_without_proof_is_none(wrong) -> None:
    [found] = letters_due(matter(negotiation=replace(attempt("A", ON - 40 * DAY), **wrong)))
    assert (found.state, found.code) == ("due", "RECEIPT_NOT_PROVEN")


def test_nobody_whose_home_is_unknown_is_written_to() -> None:
    [found] = letters_due(matter(address_known=False))
    assert (found.state, found.code) == ("held", "ADDRESS_UNKNOWN")


def test_the_dutch_letter_runs_from_the_day_after_receipt() -> None:
    [found] = letters_due(matter("NL", record=demand(on=ON)))
    assert (found.kind, found.state, found.free_on) == (
        *("demand_before_costs", "running"),
        ON + 15 * DAY,
    )
    [over] = letters_due(matter("NL", ON + 15 * DAY, record=demand(on=ON)))
    assert over.state == "done"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"wording": "binnen 14 dagen na dagtekening van deze brief"}, "WRONG_LETTER"),
        ({"term_days": 13}, "WRONG_LETTER"),
        ({"costs_minor": 9_001}, "WRONG_LETTER"),
        ({"proof": "returned"}, "RECEIPT_NOT_PROVEN"),
        ({"proof": "none"}, "RECEIPT_NOT_PROVEN"),
        ({"persons": ("B",)}, "NOT_SENT"),
        ({"purpose": "payment"}, "NOT_SENT"),
    ],
)
def test_a_wrong_dutch_letter_needs_a_new_one(wrong, code) -> None:
    [found] = letters_due(matter("NL", record=demand(**wrong)))
    assert (found.state, found.code) == ("due", code)


def test_only_who_is_or_may_be_a_consumer_gets_it() -> None:
    assert letters_due(matter("NL", ON, replace(ANA, is_consumer=False))) == ()


def test_a_payment_after_the_letter_makes_its_costs_no_wrong_ones() -> None:
    paid = replace(ANA, principal_minor=30_000)
    sent = a_letter(kind="demand_before_costs", ended="received")
    asked = matter("NL", ON + 20 * DAY, paid, record=demand(on=ON), written=(sent,))
    [found] = letters_due(asked)
    assert found.state == "done"


def test_a_guarantor_hears_after_the_borrower_and_from_a_person_first() -> None:
    def stands(on: date, *notices: Notice) -> dict[tuple[str, str], tuple[str, str]]:
        return of(letters_due(matter("ES", on, ANA, GUS, notices=notices)))

    told, request = ("guarantor_notice", "G"), ("negotiation_request", "G")
    first = stands(ON)
    assert first["guarantor_warning", "A"] == ("due", "NOT_SENT")
    assert first[told] == ("waits", "BORROWER_HEARS_FIRST")
    assert first[request] == ("waits", "TELL_AMOUNT_AND_RIGHTS_FIRST")
    warned = notice("guarantor_warning", "A", ON)
    assert stands(ON + 7 * DAY, warned)[told] == ("waits", "BORROWER_HEARS_FIRST")
    assert stands(ON + 8 * DAY, warned)[told] == ("due", "NOT_SENT")
    both = (warned, notice("guarantor_notice", "G", ON + 8 * DAY))
    last = stands(ON + 9 * DAY, *both)
    assert (last[told], last[request]) == (("done", ""), ("due", "NOT_SENT"))


def test_a_warning_that_never_arrives_is_tried_twice() -> None:
    once = (notice("guarantor_warning", "A", ON - 20 * DAY, counts=False),)
    found = of(letters_due(matter("ES", ON, ANA, GUS, notices=once)))
    assert found["guarantor_warning", "A"] == ("due", "RECEIPT_NOT_PROVEN")
    twice = (*once, notice("guarantor_warning", "A", ON - 10 * DAY, counts=False))
    found = of(letters_due(matter("ES", ON, ANA, GUS, notices=twice)))
    assert found["guarantor_notice", "G"] == ("due", "NOT_SENT")


def test_a_title_is_enforced_only_once_each_has_the_balance() -> None:
    told = Demand(
        on=ON, persons=("A",), medium="burofax", proof="proven", purpose="balance", sent_on=ON
    )
    asked = matter(
        *("ES", ON, ANA, GUS),
        title="notarial_poliza",
        liquidation_clause=True,
        guarantor=True,
        record=LegalRecord(demands=(Said("D", told),)),
    )
    found = of(letters_due(asked))
    assert found["balance_notice", "A"] == ("done", "")
    assert found["balance_notice", "G"] == ("waits", "TELL_AMOUNT_AND_RIGHTS_FIRST")
    assert not any(kind == "negotiation_request" for kind, _ in found)


def test_a_protected_person_gets_none_and_the_others_do() -> None:
    found = of(letters_due(matter("ES", ON, ANA, replace(BEN, held_by="insolvency"))))
    assert found["negotiation_request", "A"] == ("due", "NOT_SENT")
    assert found["negotiation_request", "B"] == ("held", "PERSON_IS_PROTECTED")


def test_who_owes_nothing_any_more_gets_none() -> None:
    found = of(letters_due(matter("ES", ON, replace(ANA, principal_minor=0), BEN)))
    assert {person for _, person in found} == {"B"}


def test_nothing_is_sent_before_friendly_ways_are_exhausted() -> None:
    [found] = letters_due(matter(amicable=()))
    assert (found.state, found.code) == ("held", "AMICABLE_NOT_EXHAUSTED")
    said = frozenset({"AMICABLE_NOT_EXHAUSTED"})
    [found] = letters_due(matter(amicable=(), confirmed=said))
    assert found.state == "due"


def test_a_dead_debtor_and_an_unknown_law_leave_it_to_a_person() -> None:
    assert letters_due(matter(deceased=True)) == ()
    assert letters_due(matter("PE")) == ()


def test_one_that_is_written_is_under_way_until_the_debt_or_the_day_passed() -> None:
    def state(on: date, **changes: Any) -> tuple[str, str]:
        [found] = letters_due(matter("ES", on, written=(a_letter(**changes),)))
        return found.state, found.code

    assert state(ON)[0] == "under_way"
    assert state(ON + 14 * DAY)[0] == "under_way"
    assert state(ON + 15 * DAY) == ("due", "OUTDATED")
    assert state(ON, principal_minor=70_000) == ("due", "OUTDATED")
    assert state(ON, ended="not_delivered") == ("due", "NOT_SENT")


def test_each_hears_of_a_new_creditor() -> None:
    asked = matter("PE", ON, ANA, GUS, untold_change="sale-1")
    found = of(letters_due(asked))
    assert found == {
        ("transfer_notice", "A"): ("due", "NOT_SENT"),
        ("transfer_notice", "G"): ("due", "NOT_SENT"),
    }
    said = {"kind": "transfer_notice", "change_id": "sale-1"}
    told = (a_letter(ended="received", **said), a_letter(person_id="G", **said))
    found = of(letters_due(replace(asked, written=told)))
    assert [state for state, _ in found.values()] == ["done", "under_way"]
    again = (a_letter(ended="not_proven", **said),)
    found = of(letters_due(replace(asked, written=again)))
    assert found["transfer_notice", "A"] == ("due", "RECEIPT_NOT_PROVEN")

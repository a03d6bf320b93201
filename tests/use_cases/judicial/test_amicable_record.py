"""What is on record of friendly ways: what arrived, what did not, what is open."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from types import SimpleNamespace

import pytest

from recovery.domain.accounting.agreed import Agreement, Offer, OfferedOption
from recovery.domain.accounting.fact import FactRecord, RecordedFact
from recovery.domain.accounting.history import ScheduleVersion
from recovery.domain.accounting.notices import NoticeGiven
from recovery.domain.agreements.person_facts import (
    Cause,
    Complaint,
    ComplaintAbout,
    ComplaintEnd,
    ComplaintOutcome,
    Hardship,
)
from recovery.domain.cases.tasks import Result
from recovery.domain.contact.address import Fate
from recovery.domain.judicial.amicable import checklist
from recovery.domain.outbox import Outbox
from recovery.messages import LANGUAGES
from recovery.messages.rendering import KINDS, NAMES_DEBT_ADVICE
from recovery.ports.accounting import StoredLoan
from recovery.ports.people import PersonChange
from recovery.use_cases.accounting.record_fact import change_by
from recovery.use_cases.judicial.amicable_record import amicable_evidence
from recovery.use_cases.shared.rules import rules_of
from tests.builders import a_loan, a_state, a_task, an_actor, an_institution
from tests.claims import a_law
from tests.domain.portfolio.conduct_builders import a_person_fact
from tests.fakes import FakeLoanRepository
from tests.recorded import record

ON = date(2026, 2, 2)
AS_OF = date(2026, 6, 15)
HELP = "we_would_like_to_help"


@pytest.fixture
def ports(wiring) -> SimpleNamespace:
    loan = a_loan()
    wiring.loans = FakeLoanRepository()
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    wiring.institutions.save(an_institution(debt_advice="Bureau of Advice"))
    return wiring


def say(ports, on: date, fate: Fate | None, kind: str = HELP, loan: str = "L-1") -> None:
    """Send an e-mail about the loan, and hear what became of it."""
    message_id = f"{loan}/{kind}+{(on - ON).days}/2026-02-01"
    ports.borrowers.lease_contact(
        ports.borrowers.load("B-1"), message_id, on, ports.now(), channel="email"
    )
    ports.borrowers.confirm_contact("B-1", message_id, "provider-1")
    if fate:
        ports.borrowers.note_fate("B-1", message_id, fate, on)


def notice(ports, ended: str) -> None:
    fact = NoticeGiven("pre_action", ON, "burofax", ON, ended, "SCAN-1", counts=True)
    told = FactRecord(
        fact_id="N-1",
        loan_id="L-1",
        fact=fact,
        known_on=ON,
        fingerprint="",
        reason="",
        recorded_by="typed:Ana",
        recorded_at=ports.now(),
    )
    stored, recorded = ports.loans.load("L-1"), ports.loans.recorded("L-1")
    rules = rules_of("umoja", ON, ports.institutions)
    ports.loans.commit(change_by(told, stored, recorded, rules))


def done(ports, task_id: str, code: str, loan_id: str) -> None:
    """Let somebody call about the loan, with this outcome."""
    ports.tasks.add(a_task(task_id, loan_id=loan_id))
    ended = replace(ports.tasks.find(task_id), result=Result(code=code), ended_on=ON)
    ports.tasks.save(replace(ended, ended_by=an_actor()))


def of_person(ports, *facts) -> None:
    records = tuple(a_person_fact(each, f"F-{n}") for n, each in enumerate(facts))
    person = ports.people.find("B-1")
    ports.people.commit(PersonChange(person, records, Outbox("1", ON), None))


def listed(ports, item: str, country: str = "NL", as_of: date = AS_OF):
    evidence = amicable_evidence("L-1", "B-1", as_of, ports)
    [found] = [e for e in checklist(evidence, a_law(country, as_of)) if e.item == item]
    return found


@pytest.mark.parametrize(
    ("fate", "met"),
    [(Fate.DELIVERED, True), (Fate.COMPLAINED, True), (Fate.BOUNCED, False), (None, False)],
)
def test_only_messages_that_arrived_count_and_two_days_are_needed(ports, fate, met) -> None:
    say(ports, ON, Fate.DELIVERED)
    assert not listed(ports, "contact").met
    say(ports, ON + timedelta(days=9), fate)
    found = listed(ports, "contact")
    assert found.met == met
    assert len(found.counted) + len(found.not_counted) == 2
    assert not listed(ports, "contact", as_of=ON).met


def test_messages_about_another_loan_and_calls_that_nobody_took_are_no_contact(ports) -> None:
    say(ports, ON, Fate.DELIVERED, loan="L-10")
    for n, (code, loan) in enumerate((("no_answer", "L-1"), ("reached", "L-2"))):
        done(ports, f"T-{n}", code, loan)
    assert listed(ports, "contact").counted == ()
    done(ports, "T-9", "cannot_now", "L-1")
    assert [each.reference for each in listed(ports, "contact").counted] == ["task T-9"]


@pytest.mark.parametrize(
    ("ended", "country", "counts"),
    [
        ("received", "NL", True),
        ("uncollected", "ES", True),
        ("uncollected", "NL", False),
        ("not_delivered", "ES", False),
    ],
)
def test_a_notice_counts_if_it_arrived_or_the_law_says_that_it_did(
    ports, ended, country, counts
) -> None:
    notice(ports, ended)
    found = listed(ports, "contact", country)
    assert bool(found.counted) == counts and bool(found.not_counted) != counts
    assert "SCAN-1" in (*found.counted, *(each for each, _ in found.not_counted))[0].reference


def test_debt_advice_is_named_by_e_mails_that_arrived_where_the_institution_knows_some(
    ports,
) -> None:
    say(ports, ON, Fate.DELIVERED, kind="first_days_late")
    assert not listed(ports, "debt_advice_named").met
    say(ports, ON, Fate.BOUNCED)
    assert not listed(ports, "debt_advice_named").met
    say(ports, ON + timedelta(days=9), Fate.DELIVERED)
    assert listed(ports, "debt_advice_named").met
    ports.institutions.save(an_institution())
    assert not listed(ports, "debt_advice_named").met


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_kinds_that_name_debt_advice_are_those_whose_texts_do(language) -> None:
    text = files("recovery.messages").joinpath(f"{language}.toml").read_text(encoding="utf-8")
    texts = tomllib.loads(text)
    naming = {kind for kind in KINDS if "debt_advice" in texts.get(kind, {}).get("email", "")}
    assert naming == NAMES_DEBT_ADVICE


def test_hardship_complaints_and_disputes_are_taken_from_what_people_told(ports) -> None:
    for item in ("complaint", "dispute"):
        assert listed(ports, item).met
    assert not listed(ports, "hardship_considered").met
    of_person(
        ports,
        Hardship(ON, (Cause.INCOME_FELL,), AS_OF, ()),
        Complaint(ON, ComplaintAbout.CONDUCT, AS_OF, ()),
        Complaint(ON, ComplaintAbout.CONDUCT, AS_OF, (), loan_id="L-2"),
    )
    record(ports, fact_id="D-1", kind="dispute", on=str(ON), amount="50.00", about="wrong_amount")
    assert listed(ports, "hardship_considered").met
    assert not listed(ports, "complaint").met and not listed(ports, "dispute").met
    end = ComplaintEnd("F-1", ON + timedelta(days=5), ComplaintOutcome.REJECTED, "no")
    ports.people.commit(
        PersonChange(ports.people.find("B-1"), (a_person_fact(end, "F-9"),), Outbox("2", ON), None)
    )
    assert listed(ports, "complaint").met
    assert not listed(ports, "complaint", as_of=ON + timedelta(days=4)).met


def put(ports, fact_id: str, fact: RecordedFact) -> None:
    """Put a fact on record as it is."""
    told = FactRecord(
        fact_id=fact_id,
        loan_id="L-1",
        fact=fact,
        known_on=ON,
        fingerprint="",
        reason="",
        recorded_by="typed:Ana",
        recorded_at=ports.now(),
    )
    stored, recorded = ports.loans.load("L-1"), ports.loans.recorded("L-1")
    rules = rules_of("umoja", ON, ports.institutions)
    ports.loans.commit(change_by(told, stored, recorded, rules))


def an_offer(*options: OfferedOption) -> Offer:
    return Offer(
        on=ON,
        expires_on=AS_OF,
        difficulty="less_income",
        assessment_id="A-1",
        policy_version=1,
        overdue_minor=11_500,
        days_past_due=30,
        options=options,
        refused=(),
        signers=("B-1",),
    )


def test_an_offer_shows_that_options_and_hardship_were_considered(ports) -> None:
    plan = OfferedOption("payment_plan", (), (), 0, 0, 0, "advisor")
    put(ports, "OF-1", an_offer(plan))
    for item in ("options_offered", "forbearance_offered", "hardship_considered"):
        [counted] = listed(ports, item).counted
        assert counted.reference == "offer OF-1"
        assert not listed(ports, item, as_of=ON - timedelta(days=1)).met


def test_an_offer_of_nothing_shows_only_that_hardship_was_considered(ports) -> None:
    put(ports, "OF-1", an_offer())
    assert listed(ports, "hardship_considered").met
    assert not listed(ports, "options_offered").met
    assert not listed(ports, "forbearance_offered").met


def test_what_was_agreed_had_been_offered_and_what_only_the_core_changed_had_not(ports) -> None:
    agreed = Agreement(
        on=ON,
        offer_id="OF-1",
        option="payment_plan",
        yes="paper",
        proof="scan-1",
        signed_by=("B-1",),
        approved_by="",
    )
    schedule = a_loan().schedule
    put(ports, "S-1", ScheduleVersion(2, ON, "from_core", schedule, 0))
    assert not listed(ports, "options_offered").met
    put(ports, "AG-1", agreed)
    assert [e.reference for e in listed(ports, "options_offered").counted] == ["agreement AG-1"]
    assert listed(ports, "forbearance_offered").met

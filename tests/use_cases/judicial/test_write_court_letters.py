"""Letters before court on a loan's record: written, kept, sent by a person, and what came of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from functions import write_letters
from recovery.documents.portfolio.loan_list import NamedLoan
from recovery.domain.accounting.acts import Demand, NegotiationOpened
from recovery.domain.accounting.court_steps import PreActionCheck
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.ownership import OwnerChange, OwnerChangeKind
from recovery.domain.accounting.party import Party
from recovery.domain.accounting.payment import PaymentRequest
from recovery.domain.agreements.restraints import EVERYTHING, Restraint
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import DEFINITION, Stage
from recovery.domain.cases.tasks import Result, Task
from recovery.domain.shared.actor import Role
from recovery.ports.accounting import StoredLoan
from recovery.use_cases.accounting.record_party import record_party
from recovery.use_cases.accounting.take_payment import take_payment
from recovery.use_cases.cases.do_tasks import finish_task, take_task
from recovery.use_cases.judicial.court_letters import letters_of_loan
from recovery.use_cases.judicial.read_court_letters import read_outlook
from recovery.use_cases.judicial.read_judicial import read_judicial
from recovery.use_cases.judicial.write_court_letters import write_court_letters
from recovery.use_cases.monitoring.review_loans import review_changed
from recovery.use_cases.portfolio.transfer_loans import transfer_loans
from recovery.use_cases.shared.rules import rules_of
from tests import to_court
from tests.builders import a_borrower, a_state, an_actor
from tests.conftest import Context
from tests.fakes import FakeLoanRepository
from tests.recorded import record
from tests.use_cases.judicial.test_steps_on_record import AS_OF, PAPER, guarantee, lend

DAY = timedelta(days=1)
ANA = an_actor("Ana Torres", Role.SUPERVISOR, Role.ADVISOR)


def in_pre_action(wiring, law: str = "ES", purpose: str = "consumer") -> SimpleNamespace:
    """A loan whose friendly ways a lawyer found exhausted."""
    lend(wiring, law)
    stored = wiring.loans.load("L-1")
    case = CaseState(
        "L-1-C1",
        *(date(2026, 1, 2), Stage.PRE_ACTION, date(2026, 1, 20)),
        notice_on=date(2026, 1, 5),
        signals=3,
        definition=DEFINITION,
    )
    loan = replace(stored.loan, profile=replace(stored.loan.profile, purpose=purpose))
    wiring.loans = FakeLoanRepository()
    wiring.loans.add_loan(StoredLoan(loan, replace(a_state(loan), case=case, cases=1)), [])
    record(wiring, fact_id="C", on="2025-01-02", **PAPER)
    check = PreActionCheck(on=AS_OF, codes=("AMICABLE_NOT_EXHAUSTED",), reference="file-7")
    to_court.record("L-1", "PA", check, wiring)
    return wiring


@pytest.fixture
def ports(wiring) -> SimpleNamespace:
    return in_pre_action(wiring)


def states(ports, kind: str = "") -> dict[tuple[str, str], str]:
    found = read_outlook("L-1", ports.now(), ports)["letters"]
    return {(e["kind"], e["person_id"]): e["state"] for e in found if kind in e["kind"]}


def written(ports) -> list[str]:
    found = write_court_letters("L-1", ports.now(), ports)
    return sorted(f"{each.letter_id} {each.person_id}" for each in found)


def tasks(ports) -> list[Task]:
    return [each for each in ports.tasks.open_tasks() if each.kind == "deliver_letter"]


def send(ports, letter: str = "talk-1", person: str = "B-1", **said: Any) -> None:
    task_id = f"L-1.{letter}.{person}"
    take_task("umoja", task_id, ANA, ports.now(), ports)
    today = ports.now().date()
    how = {"code": "received", "medium": "burofax", "sent_on": today, "on": today, "proof": "S-1"}
    finish_task("umoja", task_id, ANA, Result(**{**how, **said}), ports.now(), ports)


def test_a_request_is_written_kept_sent_by_a_person_and_its_clock_runs(ports) -> None:
    assert written(ports) == ["talk-1 B-1"]
    [letter] = ports.court_letters.of_loan("L-1")
    assert ports.letter_files.files.keys() == {letter.sha256}
    [task] = tasks(ports)
    assert (task.person_id, task.about, task.role) == ("B-1", "talk-1", "advisor")
    assert "burofax, by hand" in task.reason
    assert written(ports) == ["talk-1 B-1"]  # once, however often it is asked for
    assert len(ports.letter_files.files) == len(tasks(ports)) == 1
    send(ports)
    [opened] = [
        each.fact
        for each in ports.loans.recorded("L-1").counting()
        if isinstance(each.fact, NegotiationOpened)
    ]
    assert (opened.persons, opened.proof, opened.reference) == (("B-1",), "proven", "S-1")
    assert states(ports) == {("negotiation_request", "B-1"): "running"}
    assert ports.court_letters.of_loan("L-1")[0].ended == "received"
    assert written(ports) == []


@pytest.mark.parametrize(
    ("said", "again"),
    [
        ({"code": "uncollected"}, False),
        ({"code": "refused"}, False),
        ({"code": "not_delivered"}, True),
        ({"medium": "registered_letter"}, True),  # the law here takes none of its contents proved
        ({"code": "uncollected", "medium": "by_hand"}, True),
    ],
)
def test_what_the_law_of_the_place_does_not_take_needs_a_new_letter(ports, said, again) -> None:
    written(ports)
    send(ports, **said)
    assert written(ports) == (["talk-2 B-1"] if again else [])


def test_a_payment_makes_a_letter_that_waits_an_old_one(ports) -> None:
    written(ports)
    pay(ports, 5_000)
    assert written(ports) == ["talk-2 B-1"]
    assert [each.about for each in tasks(ports)] == ["talk-2"]


def test_by_itself_it_is_done_only_in_pre_action(ports) -> None:
    stored = ports.loans.load("L-1")
    case = replace(stored.state.case, target_stage=Stage.EARLY_MANAGEMENT)
    state = replace(stored.state, case=case, version=stored.state.version + 1)
    ports.loans.save_state(state, stored.loan)
    assert written(ports) == []


def test_a_review_asks_for_them_and_looks_again_when_a_clock_ends(ports, load_event) -> None:
    review_changed("umoja", ["L-1"], ports.now(), ports)
    [told] = [
        event
        for each in ports.loans.outboxes("L-1")
        for event in each.events
        if event.name == "LettersDue"
    ]
    assert told.detail == {
        **{"loan_id": "L-1", "on": "2026-02-02"},
        "letters": ["negotiation_request"],
    }
    event = load_event("write_letters.before_court")
    assert write_letters.handler(event, Context(), ports) == {"batchItemFailures": []}
    assert len(tasks(ports)) == 1
    send(ports)
    review_changed("umoja", ["L-1"], ports.now(), ports)
    due_on = ports.loans.load("L-1").state.next_review_on
    assert due_on is not None and due_on <= date(2026, 3, 5)


def test_a_case_that_goes_elsewhere_sends_no_letter_any_more(ports) -> None:
    written(ports)
    pay(ports, 300_000)
    review_changed("umoja", ["L-1"], ports.now(), ports)
    ended = {task for each in ports.loans.outboxes("L-1") for task in each.ends_tasks}
    assert "L-1.talk-1.B-1" in ended


def test_co_borrowers_who_separated_get_their_own_part_and_nothing_of_each_other(ports) -> None:
    ports.borrowers.save_contact_details(
        replace(a_borrower("B-2"), name="Berta", email="berta@example.com", country="ES")
    )
    record_party(
        "L-1",
        Party(person_id="B-2", role="co_borrower", from_on=date(2025, 1, 2)),
        *(an_actor(), ports.now(), ports),
    )
    assert written(ports) == ["talk-1 B-1", "talk-1 B-2"]
    mine, hers = ports.court_letters.of_loan("L-1")
    rules = rules_of("umoja", AS_OF, ports.institutions)
    whole = letters_of_loan(ports.loans.load("L-1"), rules, ports).matter.facts
    assert mine.principal_minor + hers.principal_minor == whole.principal_minor
    assert abs(mine.principal_minor - hers.principal_minor) <= 1
    for values in ports.pdf.written:
        text = f"{values}"
        assert ("Berta" in text) != (a_borrower().name in text)
        assert "berta@example.com" not in text


def test_of_two_who_owe_the_whole_an_insolvent_one_is_left_alone(ports) -> None:
    held = Restraint("insolvency", AS_OF, None, EVERYTHING, "declared")
    ports.borrowers.save_contact_details(replace(a_borrower("B-2"), country="ES"))
    ports.borrowers.save_restraints(replace(ports.borrowers.load("B-2"), restraints=(held,)))
    for person_id, role in (("B-1", "borrower"), ("B-2", "co_borrower")):
        party = Party(
            person_id=person_id,
            role=role,
            from_on=date(2025, 1, 2),
            liability="joint_and_several",
        )
        record_party("L-1", party, an_actor(), ports.now(), ports)
    assert states(ports)["negotiation_request", "B-2"] == "held"
    assert written(ports) == ["talk-1 B-1"]


def test_a_guarantor_waits_for_the_borrower(ports) -> None:
    guarantee(ports)
    assert written(ports) == ["ahead-1 B-1", "talk-1 B-1"]
    send(ports, "ahead-1")
    waits = read_outlook("L-1", ports.now(), ports)["letters"]
    [told] = [each for each in waits if each["kind"] == "guarantor_notice"]
    assert (told["state"], told["free_on"]) == ("waits", "2026-02-10")
    assert {each.person_id for each in tasks(ports)} == {"B-1"}


def test_the_dutch_letter_becomes_a_demand_that_the_procedure_takes(wiring) -> None:
    ports = in_pre_action(wiring, "NL")
    assert written(ports) == ["term-1 B-1"]
    send(ports, "term-1", medium="registered_letter")
    [demand] = [
        each.fact
        for each in ports.loans.recorded("L-1").counting()
        if isinstance(each.fact, Demand)
    ]
    assert (demand.purpose, demand.term_days) == ("before_costs", 14)
    assert "vanaf de dag nadat deze brief bij u is bezorgd" in demand.wording
    assert states(ports) == {("demand_before_costs", "B-1"): "running"}


def test_who_borrowed_for_a_business_gets_no_dutch_letter(wiring) -> None:
    assert written(in_pre_action(wiring, "NL", "business")) == []


def test_it_is_shown_with_the_case(ports) -> None:
    shown: Any = read_judicial("L-1", ports.now(), ports)["letters"]
    assert [(each["kind"], each["state"]) for each in shown] == [("negotiation_request", "due")]
    assert shown[0]["source"].startswith("LO 1/2025")


def test_each_hears_of_a_new_creditor_and_the_proof_ends_the_silence(ports) -> None:
    sale = OwnerChange(
        change_id="sale-1",
        kind=OwnerChangeKind.SALE,
        executed_on=date(2026, 1, 30),
        creditor="Fondo Norte",
        servicer="umoja",
    )
    transfer_loans([NamedLoan(1, "L-1")], sale, "umoja", an_actor(), ports.now(), ports)
    asked = write_court_letters("L-1", ports.now(), ports, kind="transfer_notice")
    assert [each.letter_id for each in asked] == ["owner-1"]
    assert "Fondo Norte" in f"{ports.pdf.written[-1]}"
    send(ports, "owner-1")
    state = ports.loans.load("L-1").state
    assert state.ownership.silence_on(AS_OF + DAY) is None


def pay(ports, amount_minor: int) -> None:
    payment = Payment("P-1", AS_OF, amount_minor)
    bank = an_actor("bank", Role.SERVICE)
    take_payment(PaymentRequest(payment, "L-1", "EUR"), bank, ports.now(), ports)

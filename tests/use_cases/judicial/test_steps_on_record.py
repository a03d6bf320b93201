"""What was done about a debt, recorded as facts, decides which procedure its claim may take."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from recovery.documents.questions.claim import answer_claim
from recovery.documents.questions.limitation import answer_limitation
from recovery.documents.questions.procedure import answer_procedure
from recovery.domain.accounting.loan import LoanProfile
from recovery.domain.accounting.party import Party
from recovery.domain.agreements.restraints import EVERYTHING, Restraint
from recovery.domain.cases.tasks import TaskKind
from recovery.ports.accounting import StoredLoan
from recovery.use_cases.accounting.record_party import record_party
from recovery.use_cases.cases.route_tasks import end_tasks
from recovery.use_cases.judicial.claim_of_loan import claim_question_of, limitation_question_of
from recovery.use_cases.judicial.procedure_of_loan import procedure_question_of
from tests.builders import a_borrower, a_loan, a_schedule, a_state, a_task, an_actor
from tests.fakes import FakeLoanRepository
from tests.recorded import record

AS_OF = date(2026, 2, 2)  # the business date of the fakes
CONFIRMED = {"liquid_due": True, "address_known": True, "creditor_type": "legal_person"}
BURO = {"medium": "burofax", "proof": "proven", "persons": ["B-1"]}
REQUEST = {"kind": "negotiation", "form": "direct_negotiation", **BURO}
PAPER = {"kind": "contract", "title": "signed_private_contract"}


def lend(wiring, law: str = "ES", **profile: Any) -> None:
    """A loan of which the first instalment fell due in February 2025."""
    loan = a_loan(
        annual_rate_pct=Decimal(9),
        disbursed_on=date(2025, 1, 2),
        profile=LoanProfile(purpose="consumer", law=law, **profile),
        schedule=a_schedule(first_due=date(2025, 2, 1)),
    )
    wiring.loans = FakeLoanRepository()
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])
    wiring.borrowers.save_contact_details(replace(a_borrower(), country=law))


@pytest.fixture
def ports(wiring) -> SimpleNamespace:
    lend(wiring)
    return wiring


def guarantee(ports, **changes: Any) -> None:
    ports.borrowers.save_contact_details(a_borrower("G-1"))
    party = Party(person_id="G-1", role="guarantor", from_on=date(2025, 1, 2), **changes)
    record_party("L-1", party, an_actor(), ports.now(), ports)


def facts(ports, as_of: date = AS_OF) -> dict[str, Any]:
    return dict(procedure_question_of("L-1", as_of, ports).values["facts"])


def decided(ports, as_of: date = AS_OF, **more: Any) -> dict[str, Any]:
    values = dict(procedure_question_of("L-1", as_of, ports).values)
    without = {k: v for k, v in values["facts"].items() if k != "amicable"}
    return answer_procedure({**values, "facts": {**without, **CONFIRMED, **more}})


def test_a_request_that_nobody_answered_opens_the_way_after_its_silence(ports) -> None:
    record(ports, fact_id="C", on="2025-01-02", **PAPER)
    assert decided(ports)["missing"] == ["MASC"]
    record(ports, fact_id="N", on="2025-12-20", received_on="2025-12-22", **REQUEST)
    found = procedure_question_of("L-1", AS_OF, ports)
    assert found.origins["masc"] == "negotiation N"
    assert found.origins["title"] == "contract as read"
    assert not {"masc", "title"} & {each["fact"] for each in found.asked()}
    answer = decided(ports)
    assert (answer["procedure"], answer["status"]) == ("ES_MONITORIO", "READY")
    assert answer["masc_closed_on"] == "2026-01-21"
    early = decided(ports, date(2026, 1, 21))
    assert (early["missing"], early["earliest_filing"]) == (["MASC_PERIOD_RUNNING"], "2026-01-22")


def test_talks_that_began_run_on_until_the_law_or_somebody_ends_them(ports) -> None:
    record(ports, fact_id="C", on="2025-01-02", **PAPER)
    record(ports, fact_id="N", on="2025-10-01", received_on="2025-10-01", **REQUEST)
    step = {"kind": "negotiation_step", "negotiation_id": "N"}
    record(ports, fact_id="S1", on="2025-10-05", step="answered", **step)
    assert decided(ports)["missing"] == ["MASC_PERIOD_RUNNING"]
    record(ports, fact_id="S2", on="2025-11-10", step="meeting", **step)
    meeting = decided(ports)
    assert meeting["earliest_filing"] == "2026-02-11"
    record(ports, fact_id="S3", on="2026-01-20", step="ended_in_writing", proof="proven", **step)
    assert decided(ports)["status"] == "READY"
    assert decided(ports)["masc_closed_on"] == "2026-01-20"


@pytest.mark.parametrize(
    ("medium", "proof", "is_one"),
    [
        ("burofax", "uncollected", True),
        ("certified_sms", "proven", True),
        ("burofax", "returned", False),
        ("letter", "proven", False),
        ("phone", "none", False),
    ],
)
def test_a_request_is_one_only_with_its_proof(ports, medium, proof, is_one) -> None:
    record(ports, fact_id="C", on="2025-01-02", **PAPER)
    body = REQUEST | {"medium": medium, "proof": proof}
    record(ports, fact_id="N", on="2025-12-20", **body, received_on="2025-12-20")
    assert (decided(ports)["missing"] == []) == is_one


def test_requests_to_each_debtor_count_together(ports) -> None:
    ports.borrowers.save_contact_details(a_borrower("B-2"))
    other = Party(
        person_id="B-2", role="co_borrower", from_on=date(2025, 1, 2), liability="joint_and_several"
    )
    record_party("L-1", other, an_actor(), ports.now(), ports)
    record(ports, fact_id="C", on="2025-01-02", **PAPER)
    record(ports, fact_id="N1", on="2025-11-03", received_on="2025-11-03", **REQUEST)
    assert decided(ports)["missing"] == ["MASC_FOR_EACH_DEFENDANT"]
    body = REQUEST | {"persons": ["B-2"]}
    record(ports, fact_id="N2", on="2025-12-15", received_on="2025-12-15", **body)
    answer = decided(ports)
    assert (answer["status"], answer["file_before"]) == ("READY", "2026-11-03")
    running = decided(ports, date(2026, 1, 10))
    assert running["earliest_filing"] == "2026-01-15"


def test_a_party_whom_a_restraint_protects_is_left_out_and_the_others_are_not(ports) -> None:
    guarantee(ports, liability="joint_and_several")
    record(ports, fact_id="C", on="2025-01-02", **PAPER)
    body = REQUEST | {"persons": ["B-1", "G-1"]}
    record(ports, fact_id="N", on="2025-12-15", received_on="2025-12-15", **body)
    assert decided(ports)["status"] == "READY"
    death = Restraint("death", date(2026, 1, 5), None, EVERYTHING, "reported")
    ports.borrowers.save_restraints(replace(ports.borrowers.load("G-1"), restraints=(death,)))
    answer = decided(ports)
    assert answer["missing"] == ["LEAVE_OUT_PROTECTED_DEFENDANT"]
    assert answer["restraints"][0]["person"] == "G-1"
    assert decided(ports, debtors=["B-1"])["status"] == "READY"
    alone = decided(ports, debtors=["G-1"])
    assert (alone["status"], alone["blocking"]) == ("BLOCKED", ["RESTRAINED"])


def test_a_suit_that_is_pending_is_not_filed_again_and_one_that_was_won_is_enforced(ports) -> None:
    record(ports, fact_id="C", on="2025-01-02", **PAPER)
    record(ports, fact_id="N", on="2025-12-15", received_on="2025-12-15", **REQUEST)
    suit = {"kind": "suit", "persons": ["B-1"], "procedure": "ES_MONITORIO"}
    record(ports, fact_id="S", on="2026-01-20", **suit)
    pending = decided(ports)
    assert pending["status"] == "BLOCKED"
    assert pending["restraints"][0]["kind"] == "a suit is pending"
    record(ports, fact_id="E", on="2026-01-30", kind="suit_end", suit_id="S", outcome="upheld")
    won = decided(ports)
    assert won["procedure"] == "ES_EJECUCION_TJ"
    assert facts(ports)["stage"] == "order for payment, no opposition, 2026-01-30"


def test_a_loan_that_was_called_in_is_claimed_whole(ports) -> None:
    lend(ports)
    called = date(2025, 9, 10)
    record(ports, fact_id="D", on="2025-08-01", kind="demand", purpose="before_calling_in", **BURO)
    record(ports, fact_id="CI", on=called.isoformat(), kind="called_in", demand_id="D")
    question = claim_question_of("L-1", date(2025, 9, 20), ports)
    rest = question.values["parts"][-1]
    assert (rest["part"], rest["due_date"], rest["principal"]) == ("rest", "2025-09-10", "400.00")
    assert rest["ordinary_from"] == "2025-09-01"
    assert question.values["demanded_on"] == "2025-08-01"
    assert answer_claim(question.values)["principal"] == "1200.00"
    clocks = answer_limitation(limitation_question_of("L-1", AS_OF, ports).values)["clocks"]
    assert clocks[-1]["parts"] == ["9", "10", "11", "12"]
    assert clocks[-1]["started_on"] == "2025-09-10"
    found = facts(ports)
    assert found["acceleration_requested"] is True and found["notice_sent"] == "2025-08-01"
    record(ports, fact_id="U", kind="undo", undoes="CI")
    assert "acceleration_requested" not in facts(ports)


def test_an_act_renews_the_period_and_a_late_rate_is_taken_from_the_contract(ports) -> None:
    body = PAPER | {"late_rate_pct": "10", "region": "ES-V"}
    record(ports, fact_id="C", on="2025-01-02", **body)
    record(ports, fact_id="D", on="2025-12-01", kind="demand", instalments=[1], **BURO)
    answer = answer_limitation(limitation_question_of("L-1", AS_OF, ports).values)
    until = {tuple(each["parts"]): each["prescribes_on"] for each in answer["clocks"]}
    assert (until["1",], until["2",]) == ("2030-12-01", "2030-03-01")
    question = claim_question_of("L-1", AS_OF, ports)
    assert question.values["late_rate_pct"] == "10"
    assert question.values["history"]["region"] == "ES-V"
    assert not {"late_rate_pct", "history.acts"} & set(question.ask)
    assert facts(ports)["late_rate"] == "10"


def test_a_dutch_letter_counts_by_its_words_and_its_day(wiring) -> None:
    lend(wiring, "NL")
    wording = "binnen veertien dagen vanaf de dag nadat deze brief bij u is bezorgd"
    letter = {"kind": "demand", "purpose": "before_costs", "wording": wording, "costs": "100.00"}
    letter |= {"medium": "registered_letter", "proof": "proven", "persons": ["B-1"]}
    record(wiring, fact_id="D", on="2026-01-12", sent_on="2026-01-09", **letter)
    assert facts(wiring)["letter14"] == {
        "sent": "2026-01-09",
        "received": "2026-01-12",
        "wording": wording,
        "amount_stated": "100.00",
    }
    answer = decided(wiring)
    assert (answer["letter_expires"], answer["missing"]) == ("2026-01-26", [])


def test_the_balance_is_told_to_every_debtor_and_guarantor(ports) -> None:
    guarantee(ports)
    record(ports, fact_id="D1", on="2025-12-01", kind="demand", purpose="balance", **BURO)
    found = facts(ports)
    assert (found["debtor_notified"], found["guarantor"]) == ("2025-12-01", {})
    body = BURO | {"persons": ["G-1"]}
    record(ports, fact_id="D2", on="2025-12-05", kind="demand", purpose="balance", **body)
    assert facts(ports)["guarantor"] == {"notified": "2025-12-05"}


def test_how_late_a_loan_on_a_home_is_follows_from_its_schedule(ports) -> None:
    body = PAPER | {"secured_by_home": True, "called_in_after": 3}
    record(ports, fact_id="C", on="2025-01-02", **body)
    found = facts(ports, date(2025, 5, 20))
    assert found["secured"] == "mortgage on habitual home"
    assert (found["overdue_instalments"], found["overdue_days"]) == (4, 108)
    assert (found["elapsed"], found["overdue_capital_ratio"]) == (
        "first half of the term",
        "0.3333",
    )
    assert found["acceleration_clause"] == "3 missed instalments"


def test_whether_a_debt_may_be_listed_is_asked_of_its_record(ports) -> None:
    def listing(**more: Any) -> dict[str, Any]:
        values = dict(procedure_question_of("L-1", AS_OF, ports, listing=True).values)
        return answer_procedure({**values, "facts": {**values["facts"], **more}})

    asked = procedure_question_of("L-1", AS_OF, ports, listing=True).asked()
    assert {"certain_due", "informed"} <= {each["fact"] for each in asked}
    assert "NO_PRIOR_INFORMATION" in listing(certain_due=True)["blocking"]
    body = {"kind": "demand", "purpose": "before_listing", **BURO}
    record(ports, fact_id="D", on="2025-12-01", **body)
    answer = listing(certain_due=True)
    assert (answer["procedure"], answer["status"]) == ("LIST", "READY")
    assert answer["delete_by"] == "2030-02-01"


@pytest.mark.parametrize(
    ("step", "left"),
    [("removed", set()), ("corrected", {"paid"}), ("disputed", {"amount", "paid"})],
)
def test_what_was_to_be_done_about_an_entry_ends_with_it(ports, step, left) -> None:
    listing = {"kind": "listing", "persons": ["B-1"], "bureau": "ASNEF", "amount": "100.00"}
    record(ports, fact_id="LI", on="2026-01-20", **listing)
    for why in ("amount", "paid"):
        ports.tasks.add(a_task(f"L-1.listing.LI.{why}", kind=TaskKind.LISTING))
    new = {"amount": "90.00"} if step == "corrected" else {}
    record(ports, fact_id="R", kind="listing_change", listing_id="LI", step=step, **new)
    for each in ports.loans.outboxes("L-1"):
        end_tasks(each.ends_tasks, each.as_of, ports)
    assert {each.task_id.rpartition(".")[2] for each in ports.tasks.open_tasks()} == left


def test_a_listing_on_record_is_kept_with_the_state_until_it_is_removed(ports) -> None:
    listing = {"kind": "listing", "persons": ["B-1"], "bureau": "ASNEF", "amount": "100.00"}
    record(ports, fact_id="LI", on="2026-01-20", **listing)
    [kept] = ports.loans.load("L-1").state.facts.listed
    assert (kept.listing_id, kept.amount_minor, kept.delete_by) == ("LI", 10_000, date(2030, 2, 1))
    record(ports, fact_id="R", kind="listing_change", listing_id="LI", step="removed")
    assert ports.loans.load("L-1").state.facts.listed == ()

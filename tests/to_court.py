"""What people do on the way to court in tests: check what comes before it, and decide."""

from __future__ import annotations

from datetime import date
from typing import Any

from recovery.domain.accounting.acts import Suit, SuitEnd
from recovery.domain.accounting.court_steps import OFFERED, CourtStep, PreActionCheck
from recovery.domain.agreements.fact_request import FactRequest
from recovery.domain.cases.stages import Stage
from recovery.domain.contact.address import Fate
from recovery.domain.contact.way_back import WAY_BACK
from recovery.domain.shared.actor import Role
from recovery.use_cases.accounting.record_fact import record_fact
from recovery.use_cases.cases.decide_case import decide_case
from recovery.use_cases.cases.write_offs import Decided
from recovery.use_cases.judicial.read_judicial import read_judicial
from tests.builders import an_actor

LAWYER = an_actor("Ines Vidal", Role.LEGAL)


def record(loan_id: str, fact_id: str, fact: Any, ports: Any) -> None:
    """Put a fact on record as the lawyer."""
    request = FactRequest(fact_id=fact_id, loan_id=loan_id, fact=fact, reason="from the papers")
    record_fact(request, LAWYER, ports.now(), ports)


def check(loan_id: str, on: date, ports: Any, *codes: str) -> None:
    """Say that what comes before court was done, where no law is known, that; and that an
    agreement was offered."""
    case = ports.loans.load(loan_id).state.case
    assert case is not None and case.target_stage is Stage.PRE_ACTION, case
    fact = PreActionCheck(on=on, codes=(*(codes or ("LAW_UNKNOWN",)), OFFERED), reference="file-7")
    record(loan_id, f"check-{on}-{case.signals}", fact, ports)


def hear(loan_id: str, on: date, ports: Any, fate: Fate = Fate.DELIVERED) -> None:
    """Let the message that offers an agreement reach the borrower, or not."""
    loans, borrowers = ports.loans, ports.borrowers
    person = borrowers.load(loans.load(loan_id).loan.borrower_id)
    message_id = f"{loan_id}/{WAY_BACK}@filing/{on}"
    borrowers.lease_contact(person, message_id, on, ports.now(), channel="email")
    borrowers.confirm_contact(person.borrower_id, message_id, "provider-1")
    borrowers.note_fate(person.borrower_id, message_id, fate, on)


def dossier_of(loan_id: str, ports: Any) -> str:
    """Return the hash of the dossier that waits."""
    shown: Any = read_judicial(loan_id, ports.now(), ports)["dossier"]
    return str(shown["hash"])


def approve(loan_id: str, ports: Any, by: Any = LAWYER, why: str = "All was offered.") -> Decided:
    """Approve the dossier that waits."""
    hash = dossier_of(loan_id, ports)
    return decide_case(loan_id, "approve", by, why, ports.now(), ports, dossier=hash)


def file(loan_id: str, on: date, ports: Any, *, amount_minor: int = 10_000) -> None:
    """Record that the claim was filed against the borrower, with the court's receipt."""
    borrower_id = ports.loans.load(loan_id).loan.borrower_id
    suit = Suit(
        on=on,
        persons=(borrower_id,),
        procedure="PE_DEMANDA",
        court="Juzgado 4",
        reference="77/2025",
        amount_minor=amount_minor,
    )
    record(loan_id, "S-1", suit, ports)
    step(loan_id, "R-1", on, ports, step="receipt", reference="R-77")


def step(loan_id: str, fact_id: str, on: date, ports: Any, **said: Any) -> None:
    """Record a step of the suit."""
    record(loan_id, fact_id, CourtStep(suit_id="S-1", on=on, **said), ports)


def end(loan_id: str, on: date, ports: Any, outcome: Any) -> None:
    """Record how the suit ended."""
    record(loan_id, "E-1", SuitEnd(suit_id="S-1", on=on, outcome=outcome), ports)

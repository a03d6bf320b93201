"""The dossier that people decide on, made from a loan's record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from recovery.domain.accounting.loan import LoanProfile
from recovery.domain.cases.signals import Signal
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.stages import DEFINITION, Stage
from recovery.ports.accounting import StoredLoan
from recovery.use_cases.judicial.prepare_dossier import prepare_dossier
from recovery.use_cases.judicial.read_judicial import read_judicial
from tests.builders import a_borrower, a_loan, a_state

AS_OF = date(2026, 6, 15)
SIGNAL = Signal("L-1-C1#4", "L-1-C1", "judicial_recovery", "it is ready", AS_OF, 3)
ID = "L-1-C1#5-judicial_approval"


@pytest.fixture(params=["ES", "NL", None])
def ports(wiring, request):
    """A loan of this law; None: nobody recorded it, and the borrower's country has no pack."""
    profile = LoanProfile(purpose="consumer", law=request.param, place=None)
    loan = a_loan(annual_rate_pct=Decimal(18), profile=profile)
    case = CaseState(
        "L-1-C1",
        date(2026, 3, 1),
        Stage.JUDICIAL_RECOVERY,
        AS_OF,
        notice_on=date(2026, 5, 1),
        signals=4,
        definition=DEFINITION,
    )
    state = replace(a_state(loan), case=case, cases=1)
    country = request.param or "PE"
    wiring.borrowers.save_contact_details(replace(a_borrower(), country=country))
    wiring.loans.add_loan(StoredLoan(loan, state), [])
    return wiring


def made(ports):
    return prepare_dossier("L-1", SIGNAL, ports.now(), ports)


def test_it_holds_what_people_have_to_see_and_asks_them(ports) -> None:
    said = made(ports)
    dossier = ports.dossiers.find("L-1", ID)
    assert said["hash"] == dossier.hash and said["id"] == ID
    assert {"facts", "decision", "claim", "limitation", "sue_or_settle"} <= set(dossier.contents)
    assert dossier.contents["decision"]["reasons"]
    assert len(dossier.contents["sue_or_settle"]["options"]) == 4
    question = ports.cases.decision("L-1", ID)
    assert question.is_pending and question.about == dossier.hash
    assert question.not_by == ("Peter Otieno",)
    (entry,) = ports.timeline.entries("L-1")
    assert f"dossier {dossier.hash[:12]} is ready" in entry.text


def test_a_repeat_makes_no_other(ports) -> None:
    first = made(ports)
    ports.clock.at += timedelta(days=3)
    assert made(ports) == first
    assert len(ports.cases.decisions_of("L-1")) == len(ports.timeline.entries("L-1")) == 1


def test_its_summary_names_nobody(ports) -> None:
    borrower = a_borrower()
    text = f"{made(ports)}"
    assert borrower.name not in text and "Otieno" not in text


def test_it_is_shown_in_full_with_its_questions(ports) -> None:
    said = made(ports)
    shown = read_judicial("L-1", ports.now(), ports)
    assert shown["stage"] == "judicial_recovery"
    assert shown["dossier"]["hash"] == said["hash"] and shown["dossier"]["holds"]
    assert [each["id"] for each in shown["dossier"]["questions"]] == [ID]
    assert shown["proceedings"] == [] and shown["way_back"] == []

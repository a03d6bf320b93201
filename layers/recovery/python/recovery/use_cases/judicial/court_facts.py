"""What is wrong with a fact about a court, with all that the record and the packs know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from recovery.documents.packs.reading import capacity_pack, careful_capacity_pack
from recovery.domain.accounting.acts import Suit
from recovery.domain.accounting.court_steps import CourtFact, CourtStep
from recovery.domain.accounting.fact import Recorded, RecordedFact, Undo
from recovery.domain.accounting.loan import Loan
from recovery.domain.agreements.capacity_rules import AttachableRule
from recovery.domain.judicial.attaching import attached_problems
from recovery.domain.judicial.court_checks import court_problems, undo_court_problems
from recovery.domain.judicial.filing import filed_problems
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.errors import Problem
from recovery.ports.accounting import StoredLoan
from recovery.ports.needs import HasCases


def of_court(
    fact: RecordedFact,
    stored: StoredLoan,
    recorded: Recorded,
    today: date,
    by: Actor,
    ports: HasCases,
) -> Iterator[Problem]:
    """Yield what is wrong with a suit, with a step around a court, or with undoing what steps rest
    on; nothing for any other fact."""
    loan = stored.loan
    if isinstance(fact, CourtFact):
        yield from court_problems(fact, recorded, today, by)
    if isinstance(fact, CourtStep) and fact.step == "attached":
        yield from attached_problems(fact, recorded, _attachable(loan, fact.on), loan.currency)
    if isinstance(fact, Suit):
        decisions = ports.cases.decisions_of(loan.loan_id)
        yield from filed_problems(fact, recorded, stored.state.case, decisions)
    if isinstance(fact, Undo):
        undone = next((e.fact for e in recorded.counting() if e.fact_id == fact.fact_id), None)
        yield from undo_court_problems(fact.fact_id, undone, recorded)


def _attachable(loan: Loan, on: date) -> AttachableRule | None:
    """Return the rule of the loan's law in force on this day, in its currency; None if none is
    known."""
    law = loan.profile.law
    pack = capacity_pack(law) if law else careful_capacity_pack()
    found = pack.in_force(lambda rules: rules.attachable, on)
    return next((each for each in found if each.currency == loan.currency), None)

"""Read everything about a loan in the API's format: contract, facts, standing."""

from __future__ import annotations

from datetime import datetime

from recovery.documents.accounting.loan_document import LoanDocument, LoanView, loan_document
from recovery.documents.agreements.forbearance_document import forbearance_document
from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.ledger import accrue
from recovery.domain.loan_state import forbearance_of, standings_of
from recovery.ports.needs import LoansAndInstitutions
from recovery.use_cases.accounting.fact_news import fact_document
from recovery.use_cases.accounting.read_parties import party_document
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.rules import rules_of


def read_loan(loan_id: str, now: datetime, ports: LoansAndInstitutions) -> LoanDocument:
    """Evaluate the loan at the business date, with everything on record about it.

    Raises LoanNotFoundError.
    """
    stored, recorded = ports.loans.load(loan_id), ports.loans.recorded(loan_id)
    loan, state = stored.loan, stored.state
    today = business_date(loan.institution_id, now, ports.institutions)
    rules = rules_of(loan.institution_id, today, ports.institutions)
    charges = rules.charges(loan, state)
    standings = standings_of(loan, state, rules.policy, today, charges)
    standing, accrued = standings.contractual, standings.accrued
    facts = state.facts
    schedule, _ = accrue(
        loan.schedule, state.position, facts.accrued, charges, facts.pauses, standing.as_of
    )
    view = LoanView(
        loan=loan,
        state=state,
        recorded=recorded,
        schedule=schedule,
        standing=standing,
        late_charges_minor=accrued.charged_minor if accrued else 0,
        policy_version=rules.policy.version,
        forbearance=forbearance_document(
            forbearance_of(loan, state, rules.policy, standing.as_of),
            rules.policy.monitoring.buckets,
        ),
    )
    parties = [party_document(each, loan.currency) for each in recorded.parties]
    return loan_document(view, facts_of(recorded, loan.currency), parties)


def facts_of(recorded: Recorded, currency: str) -> list[dict[str, object]]:
    """Show every fact but payments in the order recorded; those undone are marked."""
    undone = recorded.undone_ids
    return [
        {
            **fact_document(each, currency),
            **({"undone": True} if each.fact_id in undone else {}),
        }
        for each in sorted(recorded.facts, key=lambda each: (each.recorded_at, each.fact_id))
    ]

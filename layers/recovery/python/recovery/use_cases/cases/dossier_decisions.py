"""What binds people's decisions on a step in court to what they read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Protocol

from recovery.documents.packs.reading import careful_claim_pack, claim_pack
from recovery.domain.cases.approval import PendingDecision, approval_id, first_id
from recovery.domain.contact.way_back import offered_since
from recovery.domain.judicial.dossier import hash_of_record, is_of, shown
from recovery.domain.judicial.enforcing import enforcement_problems
from recovery.domain.judicial.offered import not_offered
from recovery.domain.outbox import Outbox, outbox_id
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.ports.accounting import LoanChange, StoredLoan
from recovery.ports.needs import (
    HasBorrowers,
    HasCases,
    HasDossiers,
    HasTimeline,
    LoansAndInstitutions,
)
from recovery.use_cases.judicial.offers_made import offers_heard, was_offered_before_filing


class DossierDecidingPorts(
    LoansAndInstitutions, HasBorrowers, HasCases, HasDossiers, HasTimeline, Protocol
):
    """Loans, cases and the dossiers that people decide on."""


def dossier_question(stored: StoredLoan, ports: HasCases) -> PendingDecision:
    """Return the question that the case's present dossier asks. Raises RefusedError before it is
    ready."""
    case = stored.state.case
    assert case is not None
    decision_id = approval_id(case.case_id, case.signals)
    found = ports.cases.decision(stored.loan.loan_id, decision_id)
    if found is None:
        reason = "is not possible yet: the dossier is being made"
        raise RefusedError(
            Problem("decision", reason, "Read it with `recovery proceedings LOAN`", "conflict")
        )
    return found


def refuse_unbound(
    stored: StoredLoan,
    question: PendingDecision,
    said: str,
    as_of: date,
    ports: DossierDecidingPorts,
) -> None:
    """Raise RefusedError unless ``said`` names the dossier in question, and all on record is in it.

    Whatever writes to the loan in between makes this write stale, and it is looked at again. What
    no review has seen yet is marked as news, so that another dossier is made.
    """
    loan, state = stored.loan, stored.state
    if not said or not is_of(question.about, said):
        read = shown(question.about)
        reason = f"{said!r} is not what waits" if said else "is missing"
        remedy = f"Read dossier {read}, then name it"
        raise RefusedError(Problem("dossier", reason, remedy, "conflict" if said else "missing"))
    dossier = ports.dossiers.find(loan.loan_id, first_id(question.decision_id))
    known = dossier is not None and dossier.hash == question.about
    same = dossier and dossier.record_hash == hash_of_record(ports.loans.recorded(loan.loan_id))
    if known and same and not state.facts.has_news:
        return
    if not state.facts.has_news:
        news = replace(state, facts=replace(state.facts, has_news=True), next_review_on=as_of)
        empty = Outbox(outbox_id(state.version + 1), as_of)
        ports.loans.commit(LoanChange(loan, loan, news, empty))
    reason = "does not hold any more: something went on record since"
    remedy = "Wait for the next one, which is being made, and read that"
    raise RefusedError(Problem("dossier", reason, remedy, "conflict"))


def refuse_unoffered(stored: StoredLoan, ports: DossierDecidingPorts) -> None:
    """Raise RefusedError if the borrower was offered no agreement since pre-action began."""
    if not was_offered_before_filing(stored, ports):
        assert stored.state.case
        raise RefusedError(not_offered(offered_since(stored.state.case)))


def check_enforcement(stored: StoredLoan, as_of: date, ports: DossierDecidingPorts) -> None:
    """Raise RefusedError with every reason why the title may not be enforced now."""
    law = stored.loan.profile.law
    pack = claim_pack(law) if law else careful_claim_pack()
    recorded = ports.loans.recorded(stored.loan.loan_id)
    heard_on = offers_heard(stored.loan.loan_id, stored.loan.borrower_id, ports)
    problems = [*enforcement_problems(recorded, pack, as_of, heard_on)]
    if stored.state.facts.has_news:
        reason = "waits: something went on record that no review has seen yet"
        problems.append(Problem("decision", reason, "Try again in a moment", "conflict"))
    if problems:
        raise RefusedError(*problems)

"""Open the dossier that waits for a decision, or was approved: who opens it is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from recovery.domain.accounting.loan import Loan
from recovery.domain.cases.approval import WITHDRAWN, DecisionKind, first_id
from recovery.domain.cases.stages import FOR_APPROVAL
from recovery.domain.judicial.dossier import Dossier
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.audit import Act, AuditEntry
from recovery.domain.shared.errors import NotOnRecordError
from recovery.ports.accounting import StoredLoan
from recovery.ports.needs import HasAudit, HasCases, HasDossierFiles, HasDossiers, HasLoans
from recovery.use_cases.people.person import allow

_READERS = (Role.LEGAL, Role.SUPERVISOR, Role.AUDITOR)


class CurrentDossierPorts(HasCases, HasDossiers, Protocol):
    """Where dossiers and the questions about them are."""


class DossierReadingPorts(HasLoans, CurrentDossierPorts, HasDossierFiles, HasAudit, Protocol):
    """What opening a dossier needs."""


def current_dossier(stored: StoredLoan, ports: CurrentDossierPorts) -> Dossier | None:
    """Return the dossier of the loan's case that waits, or was approved and is to be filed."""
    case, loan_id = stored.state.case, stored.loan.loan_id
    if case is None or case.stage not in FOR_APPROVAL:
        return None
    asked_for = [
        each
        for each in ports.cases.decisions_of(loan_id)
        if each.kind == DecisionKind.JUDICIAL_APPROVAL
        and each.case_id == case.case_id
        and each.outcome != WITHDRAWN
    ]
    last = max(asked_for, key=lambda each: each.asked_at, default=None)
    return ports.dossiers.find(loan_id, first_id(last.decision_id)) if last else None


def read_dossier(
    loan_id: str, by: Actor, now: datetime, ports: DossierReadingPorts
) -> dict[str, object]:
    """Show the dossier's hash with its files, and links that open it for some minutes.

    Raises LoanNotFoundError; NotAllowedError for whoever neither decides nor audits;
    NotOnRecordError while there is none.
    """
    dossier = open_dossier(loan_id, by, now, ports)
    return {
        "loan_id": loan_id,
        "dossier_id": dossier.dossier_id,
        "hash": dossier.hash,
        "as_of": dossier.as_of.isoformat(),
        "files": dict(sorted(dossier.documents.items())),
        "pdf": ports.dossier_files.link(dossier, "pdf"),
        "zip": ports.dossier_files.link(dossier, "zip"),
    }


def open_dossier(loan_id: str, by: Actor, now: datetime, ports: DossierReadingPorts) -> Dossier:
    """Return the dossier, once it is on record who opens it; raises as ``read_dossier`` does."""
    allow(by, *_READERS, to="open a dossier")
    stored = ports.loans.load(loan_id)
    dossier = current_dossier(stored, ports)
    if dossier is None or not dossier.documents:
        raise NotOnRecordError("loan_id", f"dossier of loan {loan_id} that waits or was approved")
    _audit(stored.loan, dossier, by, now, ports)
    return dossier


def _audit(
    loan: Loan, dossier: Dossier, by: Actor, now: datetime, ports: DossierReadingPorts
) -> None:
    about = f"{loan.loan_id} {dossier.dossier_id}"
    ports.audit.add(loan.borrower_id, AuditEntry(now, Act.DOSSIER_READ, by, about))

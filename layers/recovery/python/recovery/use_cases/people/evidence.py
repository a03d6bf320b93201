"""Take in and show what proves a dispute."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from recovery.documents.people.evidence_request import EvidenceRequest
from recovery.domain.accounting.said import Dispute, DisputeEnd
from recovery.domain.agreements.evidence import (
    LARGEST_DOCUMENT,
    EvidenceDocument,
    upload_problems,
)
from recovery.domain.shared.actor import Actor, has_name
from recovery.domain.shared.audit import Act, AuditEntry
from recovery.domain.shared.errors import NotAllowedError, NotOnRecordError, Problem, RefusedError
from recovery.ports.needs import HasAudit, HasBorrowers, HasEvidence, HasLoans
from recovery.use_cases.people.person import STAFF, allow


class EvidencePorts(HasEvidence, HasLoans, HasBorrowers, HasAudit, Protocol):
    """What evidence needs."""


def invite_evidence(
    loan_id: str,
    dispute_id: str,
    request: EvidenceRequest,
    by: Actor,
    now: datetime,
    ports: EvidencePorts,
) -> dict[str, object]:
    """Return the form with which one document can be posted to the store.

    Raises LoanNotFoundError, NotOnRecordError, RefusedError for a dispute that has been answered.
    """
    _, is_open = _find_dispute(loan_id, dispute_id, ports)
    problems = list(
        upload_problems(ports.evidence.documents_of(loan_id, dispute_id), request.document_id)
    )
    if not is_open:
        remedy = "Open another dispute for what is new"
        problems.append(Problem("dispute_id", "has been answered", remedy, "conflict"))
    if problems:
        raise RefusedError(*problems)
    borrower_id = ports.loans.load(loan_id).loan.borrower_id
    is_held = any(each.legal_hold for each in ports.borrowers.load_many([borrower_id]))
    form = ports.evidence.upload_form(
        loan_id,
        dispute_id,
        request.document_id,
        request.content_type,
        now,
        expires=not is_held,
    )
    _audit(loan_id, AuditEntry(now, Act.EVIDENCE_INVITED, by, request.document_id), ports)
    return {
        "document_id": request.document_id,
        "url": form.url,
        "fields": form.fields,
        "most_bytes": LARGEST_DOCUMENT,
        "until": form.until.isoformat(timespec="seconds"),
    }


def list_evidence(
    loan_id: str, dispute_id: str, by: Actor, now: datetime, ports: EvidencePorts
) -> list[dict[str, object]]:
    """Show the documents of a dispute, each with a link that opens it for some minutes.

    Raises NotAllowedError for systems and for those whom the dispute concerns, LoanNotFoundError,
    NotOnRecordError.
    """
    allow(by, *STAFF, to="see evidence")
    dispute, _ = _find_dispute(loan_id, dispute_id, ports)
    if any(has_name(by, each) for each in dispute.not_by):
        raise NotAllowedError("whom a dispute concerns may not investigate it")
    _audit(loan_id, AuditEntry(now, Act.EVIDENCE_LISTED, by, dispute_id), ports)
    return [_document(each) for each in ports.evidence.documents_of(loan_id, dispute_id)]


def _find_dispute(loan_id: str, dispute_id: str, ports: EvidencePorts) -> tuple[Dispute, bool]:
    """Return the dispute, and whether it waits for an answer."""
    ports.loans.load(loan_id)
    counted = ports.loans.recorded(loan_id).counting()
    for record in counted:
        if record.fact_id == dispute_id and isinstance(record.fact, Dispute):
            ended = any(
                isinstance(each.fact, DisputeEnd) and each.fact.dispute_id == dispute_id
                for each in counted
            )
            return record.fact, not ended
    raise NotOnRecordError("dispute_id", f"dispute {dispute_id} of loan {loan_id}")


def _audit(loan_id: str, entry: AuditEntry, ports: EvidencePorts) -> None:
    ports.audit.add(ports.loans.load(loan_id).loan.borrower_id, entry)


def _document(document: EvidenceDocument) -> dict[str, object]:
    return {
        "document_id": document.document_id,
        "content_type": document.content_type,
        "size_bytes": document.size_bytes,
        "uploaded_at": document.uploaded_at.isoformat(),
        "link": document.link,
    }

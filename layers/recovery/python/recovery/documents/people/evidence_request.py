"""Check what somebody wants to upload to prove a dispute."""

from __future__ import annotations

from typing import NamedTuple

from recovery.documents.questions.loan_question import Body
from recovery.documents.shared.fields import Identifier
from recovery.documents.shared.request_body import read_body
from recovery.domain.agreements.evidence import ContentType

_REMEDIES = {
    "": "Send one JSON object with the documented fields",
    "document_id": "Use 1 to 64 letters, digits, dots, hyphens or underscores, new each time",
    "content_type": "Use image/jpeg, image/png or application/pdf",
}


class EvidenceBody(Body):
    """The body of POST /loans/{loan_id}/disputes/{dispute_id}/evidence."""

    document_id: Identifier
    content_type: ContentType


class EvidenceRequest(NamedTuple):
    """A document to come."""

    document_id: str
    content_type: str


def evidence_request(body: str | None) -> EvidenceRequest:
    """Read what is to be uploaded. Raises InvalidDocumentError."""
    parsed = read_body(EvidenceBody, body, _REMEDIES)
    return EvidenceRequest(parsed.document_id, parsed.content_type)

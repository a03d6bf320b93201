"""Documents that prove disputes."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from recovery.domain.agreements.evidence import EvidenceDocument, UploadForm


class EvidenceStore(Protocol):
    """Keeps one institution's evidence by dispute."""

    def upload_form(
        self, loan_id: str, dispute_id: str, document_id: str, content_type: str, now: datetime
    ) -> UploadForm:
        """Let whoever has the form post this one document, of this type, for some minutes."""

    def documents_of(self, loan_id: str, dispute_id: str) -> list[EvidenceDocument]:
        """List the dispute's documents by id."""

"""Documents that prove disputes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from recovery.domain.agreements.evidence import EvidenceDocument, PaperFile, UploadForm


class EvidenceStore(Protocol):
    """Keeps one institution's evidence by dispute."""

    def upload_form(
        self,
        loan_id: str,
        dispute_id: str,
        document_id: str,
        content_type: str,
        now: datetime,
        *,
        expires: bool = True,
    ) -> UploadForm:
        """Let whoever has the form post this one document, of this type, for some minutes.

        ``expires``: whether it is erased in its time, as it is unless a legal hold lasts.
        """

    def documents_of(self, loan_id: str, dispute_id: str) -> list[EvidenceDocument]:
        """List the dispute's documents by id."""

    def papers_of(self, loan_id: str, fact_ids: Collection[str]) -> list[PaperFile]:
        """Return the documents about these facts with their bytes, by fact and id."""

    def let_expire(self, loan_id: str, expires: bool) -> None:
        """Let all documents of the loan expire in their time, or keep them."""

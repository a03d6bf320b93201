"""What a person shows to prove a dispute: documents of a few kinds, of limited size and number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from recovery.domain.shared.errors import Problem

ContentType = Literal["image/jpeg", "image/png", "application/pdf"]
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}

LARGEST_DOCUMENT = 10 * 1024 * 1024  # bytes
MOST_DOCUMENTS = 20  # of one dispute


@dataclass(frozen=True, slots=True)
class EvidenceDocument:
    """One document of a dispute; its link opens it for some minutes, and is never kept."""

    document_id: str
    content_type: str
    size_bytes: int
    uploaded_at: datetime
    link: str


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A document with its bytes; ``fact_id`` is the fact or dispute that it is about."""

    fact_id: str
    document_id: str
    content_type: str
    content: bytes

    @property
    def name(self) -> str:
        """The name of the file where many are together."""
        return f"papers/{self.fact_id}/{self.document_id}.{ENDINGS[self.content_type]}"


@dataclass(frozen=True, slots=True)
class UploadForm:
    """Where a browser may post one document until then, and the fields to send before the file."""

    url: str
    fields: dict[str, str]
    until: datetime


def upload_problems(known: list[EvidenceDocument], document_id: str) -> Iterator[Problem]:
    """Yield why one more document may not be added to a dispute."""
    if any(each.document_id == document_id for each in known):
        remedy = "Give another document its own id"
        yield Problem("document_id", f"{document_id} is on record", remedy, "conflict")
    elif len(known) >= MOST_DOCUMENTS:
        reason = f"would be more than {MOST_DOCUMENTS} of one dispute"
        yield Problem("document_id", reason, "Put several pages into one PDF", "out_of_range")

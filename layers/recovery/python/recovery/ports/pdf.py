"""Letters and dossiers as PDF files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

Standard = Literal["ua-1", "a-3a"]
Relation = Literal["source", "data", "alternative", "supplement"]

LETTER: tuple[Standard, ...] = ("ua-1",)  # tagged, to be read aloud
DOSSIER: tuple[Standard, ...] = ("a-3a", "ua-1")  # kept for decades, with files attached


class PdfError(Exception):
    """The file could not be written: the template, the values or an attachment is at fault.

    Never holds the values.
    """


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels inside a PDF; ``relation`` is what it is to the PDF (AFRelationship)."""

    name: str
    content: bytes
    media_type: str
    description: str
    relation: Relation = "supplement"


@dataclass(frozen=True, slots=True)
class WrittenPdf:
    """A PDF file. ``unshown`` are characters that no font has; a box stands in their place."""

    content: bytes
    unshown: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """The hash of the file, in hexadecimal digits."""
        return hashlib.sha256(self.content).hexdigest()


class PdfWriter(Protocol):
    """Fills in templates."""

    def write(
        self,
        template: str,
        values: Mapping[str, Any],
        *,
        at: datetime,
        standards: Sequence[Standard] = LETTER,
        attachments: Sequence[Attachment] = (),
        pictures: Sequence[bytes] = (),
    ) -> WrittenPdf:
        """Fill in the template with values that JSON can hold, dated ``at``.

        Equal arguments give equal bytes. No value is read as markup. ``values`` name the
        ``language`` (BCP 47) and ``title`` of the file. ``pictures`` (PNG, JPEG) are shown where
        the template finds ``/picture-<n>``. Raises PdfError.
        """

    def pages_of(self, content: bytes, media_type: str, most: int) -> list[bytes]:
        """Return a picture of each page of a paper, of no more than ``most``; a picture is its own.

        What is no PDF, PNG or JPEG that can be read raises PdfError.
        """

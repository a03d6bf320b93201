"""Dossiers of claims."""

from __future__ import annotations

from typing import Protocol

from recovery.domain.judicial.dossier import Dossier


class DossierRepository(Protocol):
    """Keeps one institution's dossiers."""

    def find(self, loan_id: str, dossier_id: str) -> Dossier | None: ...
    def save(self, dossier: Dossier) -> None:
        """Put it on record; the same again changes nothing. Raises StaleWriteError if another is
        on record with its id."""

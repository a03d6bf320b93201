"""Ids in a path: one of another form need not be looked up."""

from __future__ import annotations

from recovery.documents.shared.fields import is_identifier
from recovery.domain.shared.errors import NotOnRecordError
from recovery.ports.accounting import LoanNotFoundError


def loan_in_path(loan_id: str) -> str:
    """Return the id. Raises LoanNotFoundError if no loan can have it."""
    if not is_identifier(loan_id):
        raise LoanNotFoundError(loan_id[:64])
    return loan_id


def id_in_path(field: str, identifier: str) -> str:
    """Return the id. Raises NotOnRecordError if nothing can have it."""
    if not is_identifier(identifier):
        raise NotOnRecordError(field, f"{field.removesuffix('_id')} {identifier[:64]}")
    return identifier

"""The institution in a request's path: its ports, and no other's."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router

from recovery.documents.shared.fields import is_institution_id
from recovery.ports.institutions import InstitutionNotFoundError


def ports_of(router: Router, institution_id: str) -> Any:
    """Return the institution's ports. Raises InstitutionNotFoundError."""
    if not is_institution_id(institution_id):
        raise InstitutionNotFoundError(institution_id[:64])
    return router.context["wiring"].of(institution_id)

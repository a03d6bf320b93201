"""Loans: read a standing."""

from __future__ import annotations

from aws_lambda_powertools.event_handler.api_gateway import Router

from recovery.api.institutions import ports_of
from recovery.documents.shared.fields import is_identifier
from recovery.ports.accounting import LoanNotFoundError
from recovery.use_cases.monitoring.read_standing import read_standing

router = Router()  # type: ignore[no-untyped-call]


@router.get("/institutions/<institution_id>/loans/<loan_id>/standing")
def get_standing(institution_id: str, loan_id: str) -> dict[str, object]:
    """Return 200 with the standing at the business date."""
    ports = ports_of(router, institution_id)
    if not is_identifier(loan_id):
        raise LoanNotFoundError(loan_id[:64])
    return read_standing(loan_id, ports.now(), ports)

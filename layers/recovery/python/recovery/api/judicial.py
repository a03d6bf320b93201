"""The way to court and back: how a loan stands on it, and what people decide."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from recovery.api.acting import acting
from recovery.api.ids import loan_in_path
from recovery.api.institutions import actor_of, ports_of
from recovery.api.routes import Routes, described
from recovery.api.versions import tagged, unchanged
from recovery.documents.answers.cases import CaseDecision, DossierFiles, OnTheWayToCourt
from recovery.documents.cases.decision_request import DecisionBody, decision_request
from recovery.use_cases.cases.decide_case import decide_case
from recovery.use_cases.judicial.read_dossier import read_dossier
from recovery.use_cases.judicial.read_judicial import read_judicial

router = Routes("Court")
_LOAN = "/institutions/<institution_id>/loans/<loan_id>"


@router.get(f"{_LOAN}/judicial")
@described(gives={200: OnTheWayToCourt}, tagged=True)
def get_judicial(institution_id: str, loan_id: str) -> Response[str]:
    """Return 200 with what waits before court, the dossier, every suit, and the way back."""
    ports = ports_of(router, institution_id)
    document = read_judicial(loan_in_path(loan_id), ports.now(), ports)
    return tagged(document, document)


@router.get(f"{_LOAN}/dossier")
@described(gives={200: DossierFiles})
def get_dossier(institution_id: str, loan_id: str) -> dict[str, object]:
    """Return 200 with the dossier's files by hash, and links to the PDF and the ZIP for some
    minutes; who asked is kept."""
    ports = ports_of(router, institution_id)
    by = actor_of(router, institution_id, ports)
    return read_dossier(loan_in_path(loan_id), by, ports.now(), ports)


@router.post(f"{_LOAN}/decisions")
@described(takes=DecisionBody, gives={200: CaseDecision}, guarded=True)
def post_decision(institution_id: str, loan_id: str) -> dict[str, object]:
    """Return 200 with the decision on record, also for a repeat; `moves_to` is null while a second
    person has to decide."""
    ports = ports_of(router, institution_id)
    said = decision_request(router.current_event.body)
    by = acting(router, institution_id, said.by, ports)
    unchanged(router)(read_judicial(loan_in_path(loan_id), ports.now(), ports))
    decided = decide_case(
        *(loan_id, said.decision, by, said.reason, ports.now(), ports),
        dossier=said.dossier or "",
        until=said.until,
    )
    return {
        "decision_id": decided.decision.decision_id,
        "outcome": decided.decision.outcome,
        "moves_to": decided.signal.to if decided.signal else None,
    }

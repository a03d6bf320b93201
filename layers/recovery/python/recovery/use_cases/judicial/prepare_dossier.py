"""Put together what people decide on before a claim is filed, and ask them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Protocol

from recovery.documents.questions.claim import answer_claim
from recovery.documents.questions.limitation import answer_limitation
from recovery.documents.questions.procedure import answer_procedure
from recovery.documents.questions.sue_or_settle import answer_sue_or_settle
from recovery.domain.cases.approval import (
    DAILY_REVIEW,
    DecisionKind,
    PendingDecision,
    approval_id,
)
from recovery.domain.cases.signals import Signal
from recovery.domain.cases.stages import in_words
from recovery.domain.judicial.dossier import Dossier, hash_of_record, shown
from recovery.domain.outbox import TimelineEntry
from recovery.domain.shared.money import to_decimal_text
from recovery.ports.accounting import StoredLoan
from recovery.ports.needs import HasDossierFiles, HasDossiers, HasTimeline
from recovery.use_cases.cases.deliver_signal import happened
from recovery.use_cases.judicial.claim_of_loan import claim_question_of, limitation_question_of
from recovery.use_cases.judicial.dossier_files import (
    DossierFilePorts,
    DossierFiles,
    write_dossier,
)
from recovery.use_cases.judicial.pre_action import PreActionPorts, readiness_of
from recovery.use_cases.judicial.procedure_of_loan import procedure_question_of


class DossierPorts(
    PreActionPorts, DossierFilePorts, HasDossiers, HasDossierFiles, HasTimeline, Protocol
):
    """What a dossier is made of, and where it goes."""


def prepare_dossier(
    loan_id: str, signal: Signal, now: datetime, ports: DossierPorts
) -> dict[str, object]:
    """Make the dossier for the decision that this signal leads to, and put the question on record.

    Its files are kept before it is on record: whoever decides can read them.

    Returns a summary without personal data: it is the state's output, and stays in the execution's
    history. A repeat returns that of the dossier on record. Raises LoanNotFoundError.
    """
    number = int(signal.signal_id.rsplit("#", 1)[1])
    dossier_id = approval_id(signal.case_id, number)
    stored = ports.loans.load(loan_id)
    dossier = ports.dossiers.find(loan_id, dossier_id)
    if dossier is None:
        files = _made(stored, dossier_id, signal, ports)
        dossier = files.dossier
        ports.dossier_files.put(dossier, "pdf", files.pdf)
        ports.dossier_files.put(dossier, "zip", files.package)
        ports.dossiers.save(dossier)
    if ports.cases.decision(loan_id, dossier_id) is None:
        ports.cases.save_decision(_asks(stored, dossier, now))
        text = f"dossier {shown(dossier.hash)} is ready, and waits for people to decide"
        key = f"{dossier_id}#ready"
        entry = TimelineEntry(signal.as_of, "decision", text, signal.policy_version, key)
        ports.timeline.add(loan_id, [entry])
    return _summary(stored, dossier, signal, ports)


def _made(stored: StoredLoan, dossier_id: str, signal: Signal, ports: DossierPorts) -> DossierFiles:
    loan_id, as_of = stored.loan.loan_id, signal.as_of
    recorded = ports.loans.recorded(loan_id)
    procedure = procedure_question_of(loan_id, as_of, ports)
    question = claim_question_of(loan_id, as_of, ports).values
    claim = answer_claim(question)
    limitation = answer_limitation(limitation_question_of(loan_id, as_of, ports).values)
    waits = readiness_of(loan_id, as_of, ports)
    contents: dict[str, Any] = {
        "facts": procedure.values,
        "origins": dict(procedure.origins),
        "ask": dict(procedure.ask),
        "decision": answer_procedure(procedure.values),
        "confirmed": list(waits.confirmed),
        "claim": claim,
        "limitation": limitation,
        "sue_or_settle": _worth(stored, claim, limitation, as_of),
    }
    dossier = Dossier(
        dossier_id=dossier_id,
        loan_id=loan_id,
        case_id=signal.case_id,
        as_of=as_of,
        record_hash=hash_of_record(recorded),
        contents=contents,
    )
    return write_dossier(dossier, question, ports)


def _worth(
    stored: StoredLoan, claim: Mapping[str, Any], limitation: Mapping[str, Any], as_of: date
) -> dict[str, Any]:
    """Return what suing, settling, waiting and writing off may bring, by stated assumptions."""
    return answer_sue_or_settle(
        {
            "as_of": as_of.isoformat(),
            "currency": stored.loan.currency,
            "claim": f"{claim['total']}",
            "may_sue": any(each["sue"] for each in limitation["persons"]),
            "may_ask": any(each["ask_for_payment"] for each in limitation["persons"]),
        }
    )


def _asks(stored: StoredLoan, dossier: Dossier, now: datetime) -> PendingDecision:
    return PendingDecision(
        decision_id=dossier.dossier_id,
        kind=DecisionKind.JUDICIAL_APPROVAL,
        loan_id=dossier.loan_id,
        case_id=dossier.case_id,
        asked_by=DAILY_REVIEW,
        asked_at=now,
        reason=f"dossier {shown(dossier.hash)} of {dossier.as_of} is ready",
        not_by=(stored.loan.advisor_name,) if stored.loan.advisor_name else (),
        about=dossier.hash,
    )


def _summary(
    stored: StoredLoan, dossier: Dossier, signal: Signal, ports: DossierPorts
) -> dict[str, object]:
    standing, case, currency = stored.state.standing, stored.state.case, stored.loan.currency
    record = ports.cases.load(stored.loan.loan_id, signal.case_id)
    decision, claim = dossier.contents["decision"], dossier.contents["claim"]
    return {
        "id": dossier.dossier_id,
        "hash": dossier.hash,
        "as_of": dossier.as_of.isoformat(),
        "procedure": decision["procedure"],
        "status": decision["status"],
        "claim": f"{claim['total']}",
        "currency": currency,
        "overdue": to_decimal_text(standing.overdue.total, currency) if standing else None,
        "days_past_due": standing.days_past_due if standing else None,
        "notice_on": case.notice_on.isoformat() if case and case.notice_on else None,
        "happened": happened(ports.timeline.entries(stored.loan.loan_id)),
        "path": [f"{step.on} {in_words(step.stage)}: {step.reason}" for step in record.path],
    }

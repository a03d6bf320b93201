"""How a loan stands on its way to court and in it: for those who decide, and who act."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Protocol

from recovery.documents.packs.reading import (
    careful_claim_pack,
    claim_pack,
    judicial_pack,
)
from recovery.documents.shared.plain import to_plain
from recovery.domain.accounting.fact import Recorded
from recovery.domain.cases.approval import (
    PendingDecision,
    second_id,
)
from recovery.domain.cases.stages import Stage
from recovery.domain.judicial.enforcing import enforce_by
from recovery.domain.judicial.pre_action import Readiness
from recovery.domain.judicial.proceedings import Proceedings, left_minor, proceedings_of
from recovery.domain.judicial.way_back import Effect, way_back
from recovery.domain.shared.money import to_decimal_text
from recovery.ports.accounting import StoredLoan
from recovery.ports.needs import HasDossiers
from recovery.use_cases.judicial.court_letters import CourtLetterPorts
from recovery.use_cases.judicial.pre_action import readiness_of
from recovery.use_cases.judicial.read_court_letters import read_outlook
from recovery.use_cases.judicial.read_dossier import current_dossier
from recovery.use_cases.shared.business_date import business_date


class JudicialPorts(CourtLetterPorts, HasDossiers, Protocol):
    """What is shown of a loan before court and in it."""


def read_judicial(loan_id: str, now: datetime, ports: JudicialPorts) -> dict[str, object]:
    """Return stage, what pre-action waits for, the dossier with its questions, every suit, and what
    an agreement would do to them now. Raises LoanNotFoundError."""
    stored = ports.loans.load(loan_id)
    as_of = business_date(stored.loan.institution_id, now, ports.institutions)
    case, recorded = stored.state.case, ports.loans.recorded(loan_id)
    in_pre_action = case is not None and case.target_stage is Stage.PRE_ACTION
    return {
        "loan_id": loan_id,
        "case_id": case.case_id if case else None,
        "stage": case.target_stage.value if case else None,
        "stage_since": case.target_stage_since.isoformat() if case else None,
        "pre_action": _shown(readiness_of(loan_id, as_of, ports)) if in_pre_action else None,
        "letters": read_outlook(loan_id, now, ports)["letters"] if in_pre_action else [],
        "dossier": _dossier(stored, ports),
        "proceedings": [
            proceedings_document(each, recorded, stored)
            for each in proceedings_of(recorded.counting())
        ],
        "way_back": [_effect(each) for each in _effects(stored, recorded, as_of)],
    }


def _shown(readiness: Readiness) -> dict[str, object]:
    return {
        "procedure": readiness.procedure,
        "ready": bool(readiness.reason),
        "waits_for": list(readiness.waits_for),
        "stopped_by": list(readiness.stopped_by),
        "confirmed": list(readiness.confirmed),
        "question": readiness.question or None,
    }


def _dossier(stored: StoredLoan, ports: JudicialPorts) -> dict[str, object] | None:
    """Show the dossier that waits, or was approved and is to be filed."""
    found, loan = current_dossier(stored, ports), stored.loan
    if found is None:
        return None
    loan_id, dossier_id = loan.loan_id, found.dossier_id
    asked = (ports.cases.decision(loan_id, each) for each in (dossier_id, second_id(dossier_id)))
    return {
        "hash": found.hash,
        "as_of": found.as_of.isoformat(),
        "holds": not stored.state.facts.has_news,
        "manifest": found.manifest,
        "opens_at": f"/v1/institutions/{loan.institution_id}/loans/{loan_id}/dossier"
        if found.documents
        else None,
        "contents": dict(found.contents),
        "questions": [_question(each) for each in asked if each],
    }


def _question(question: PendingDecision) -> dict[str, object]:
    decided = question.decided_by
    return {
        "id": question.decision_id,
        "asked_by": question.asked_by.in_words(),
        "asked_at": question.asked_at.isoformat(),
        "reason": question.reason,
        "outcome": question.outcome,
        "decided_by": decided.in_words() if decided else None,
        "because": question.decided_because,
        "never_by": list(question.not_by),
    }


def proceedings_document(
    suit: Proceedings, recorded: Recorded, stored: StoredLoan
) -> dict[str, object]:
    """Show a suit: where, since when, what waits, what it costs, and what is left of it."""
    currency = stored.loan.currency

    def money(minor: int | None) -> str | None:
        return None if minor is None else to_decimal_text(minor, currency)

    law = stored.loan.profile.law
    pack = claim_pack(law) if law else careful_claim_pack()
    last = enforce_by(suit.title_on, pack) if suit.title_on else None
    return {
        "suit_id": suit.suit_id,
        "procedure": suit.suit.procedure,
        "court": suit.suit.court,
        "number": suit.suit.reference,
        "filed_on": suit.suit.on.isoformat(),
        "receipt": suit.receipt or None,
        "claimed": money(suit.suit.amount_minor),
        "left": money(left_minor(suit, recorded)),
        "served_on": _iso(suit.served_on),
        "opposed_on": _iso(suit.opposed_on),
        "waits": [to_plain(each, whole=True) for each in suit.waits()],
        "costs": money(suit.costs_minor),
        "refunded": money(suit.refunded_minor),
        "awarded": money(suit.awarded_minor),
        "interest_ordered": money(suit.interest_minor),
        "judgment": _judgment(suit, money),
        "title_on": _iso(suit.title_on),
        "enforce_by": _iso(last[0]) if last else None,
        "enforce_by_rule": last[1].id if last else None,
        "stayed_since": _iso(suit.stayed_since),
        "successor_since": _iso(suit.successor_since),
        "way_back_offered_on": _iso(suit.way_back_offered_on),
        "attached": money(suit.attached_minor),
        "ended": {"on": _iso(suit.end.on), "outcome": suit.end.outcome} if suit.end else None,
    }


def _judgment(suit: Proceedings, money: Any) -> dict[str, object] | None:
    found = suit.judgment
    if found is None:
        return None
    return {
        "on": _iso(found.on),
        "for": found.outcome,
        "amount": money(found.amount_minor),
        "final_on": _iso(found.final_on),
        "reference": found.reference or None,
    }


def _effects(stored: StoredLoan, recorded: Recorded, as_of: date) -> Iterator[Effect]:
    suits = proceedings_of(recorded.counting())
    pending = next((each for each in reversed(suits) if each.is_pending or each.title_on), None)
    law = stored.loan.profile.law
    if pending and law:
        yield from way_back(pending, judicial_pack(law), as_of)


def _effect(effect: Effect) -> dict[str, object]:
    return {
        "what": effect.what,
        "effect": effect.rule.says,
        "rule": effect.rule.id,
        "source": effect.rule.source,
        "confidence": effect.rule.confidence,
        "ask_a_lawyer": effect.ask_a_lawyer,
    }


def _iso(on: date | None) -> str | None:
    return on.isoformat() if on else None

"""Offers, agreements and payment plans as JSON: what was shown, what was agreed, what became of
it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from recovery.domain.accounting.agreed import Agreement, Offer, OfferedOption, Part, PlanState
from recovery.domain.agreements.payment_plan import status_at
from recovery.domain.shared.money import to_decimal_text


def offer_document(offer: Offer, currency: str) -> dict[str, Any]:
    """Show every option that was offered, and why not the rest."""
    return {
        "expires_on": offer.expires_on.isoformat(),
        "difficulty": offer.difficulty,
        "assessment_id": offer.assessment_id,
        "policy_version": offer.policy_version,
        "overdue": to_decimal_text(offer.overdue_minor, currency),
        "days_past_due": offer.days_past_due,
        "options": [_option(each, currency) for each in offer.options],
        "refused": [{"kind": each.kind, "code": each.code} for each in offer.refused],
        "signers": list(offer.signers),
        "free_unless_they_consent": list(offer.guarantors),
    }


def agreement_document(agreed: Agreement, currency: str) -> dict[str, Any]:
    """Show what was agreed, by whom, and how the yes was said."""
    return {
        "option": agreed.option,
        "yes": agreed.yes,
        "proof": agreed.proof or None,
        "witness": agreed.witness or None,
        "signed_by": list(agreed.signed_by),
        "consented": list(agreed.consented),
        "lost": list(agreed.lost),
        "objected": list(agreed.objected),
        "approved_by": agreed.approved_by,
        "arrears": to_decimal_text(agreed.arrears_minor, currency),
        "parts": _dated(agreed.parts, currency),
        "payments": _dated(agreed.payments, currency),
        "tolerance": to_decimal_text(agreed.tolerance_minor, currency),
    }


def plan_document(plan: PlanState, as_of: date) -> dict[str, Any]:
    """Show what a payment plan is at ``as_of``, and when that changes if nothing more is paid."""
    following = next((each for each in plan.turns if each.on > as_of), None)
    return {
        "agreement_id": plan.agreement_id,
        "agreed_on": plan.agreed_on.isoformat(),
        "status": status_at(plan, as_of).value,
        "if_nothing_is_paid": following
        and {"on": following.on.isoformat(), "status": following.status},
    }


def _option(option: OfferedOption, currency: str) -> dict[str, Any]:
    return {
        "kind": option.kind,
        "payments": _dated(option.payments, currency),
        "parts": _dated(option.parts, currency),
        "each_month_at_most": to_decimal_text(option.largest_month_minor, currency),
        "total": to_decimal_text(option.total_minor, currency),
        "more_than_today": to_decimal_text(option.extra_minor, currency),
        "let_go": to_decimal_text(option.let_go_minor, currency),
        "action": json.loads(option.action) if option.action else None,
        "approved_by": option.approved_by,
    }


def _dated(parts: Iterable[Part], currency: str) -> list[dict[str, str]]:
    return [
        {"on": each.due_date.isoformat(), "amount": to_decimal_text(each.amount_minor, currency)}
        for each in parts
    ]

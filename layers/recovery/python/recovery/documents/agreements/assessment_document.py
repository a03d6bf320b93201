"""An assessment as JSON: the verdict, its reasons in figures, and the months it follows from."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from recovery.domain.agreements.assessment import Assessment, Reason, Verdict
from recovery.domain.agreements.capacity import Capacity
from recovery.domain.agreements.household import Range
from recovery.domain.agreements.would_be_yes import Change
from recovery.domain.shared.money import to_decimal_text

_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def assessment_document(assessment: Assessment) -> dict[str, Any]:
    """Show an assessment, without words for the applicant."""
    currency = assessment.careful.currency
    score = assessment.score
    return {
        "verdict": assessment.verdict,
        "decided_by": None if assessment.verdict in (None, Verdict.ACCEPT) else "a person",
        "reasons": [_reason(each, currency) for each in assessment.reasons],
        "would_be_yes": [_change(each, currency) for each in assessment.changes],
        "share_of_income_percent": {
            "proven": _percent(assessment.shares[0]),
            "believed": _percent(assessment.shares[1]),
        },
        "months": _months(assessment),
        "capacity": capacity_document(assessment.careful),
        "score": None
        if score is None
        else {
            "points": score.points,
            "codes": list(score.codes),
            "knocked_out": list(score.knocked_out),
            "missing": list(score.missing),
        },
        "valid_until": assessment.valid_until.isoformat(),
        "rules": list(assessment.rule_ids),
    }


def capacity_document(capacity: Capacity) -> dict[str, Any]:
    """Show what plans are measured by, as `recovery options` takes it."""
    currency, ceiling_minor = capacity.currency, capacity.ceiling_minor
    return {
        # A month in which something is missing carries as little as one with nothing left.
        "free_by_month": [
            to_decimal_text(max(each, 0), currency) for each in capacity.free_by_month
        ],
        "ceiling": None if ceiling_minor is None else to_decimal_text(ceiling_minor, currency),
        "margin_percent": capacity.margin_percent,
    }


def _months(assessment: Assessment) -> list[dict[str, Any]]:
    flow, currency = assessment.flow, assessment.careful.currency
    proven, believed = (each.usable(flow.own) for each in (assessment.careful, assessment.believed))

    def both(ends: Range) -> dict[str, str]:
        return {
            "proven": to_decimal_text(ends.proven, currency),
            "believed": to_decimal_text(ends.believed, currency),
        }

    return [
        {
            "month": name,
            "income": both(flow.income[index]),
            "living": None
            if flow.living is None
            else to_decimal_text(flow.living[index], currency),
            "debts_elsewhere": both(flow.elsewhere[index]),
            "own_loans": to_decimal_text(flow.own[index], currency),
            "can_pay": both(Range(proven[index], believed[index])),
        }
        for index, name in enumerate(_MONTH_NAMES)
    ]


def _reason(reason: Reason, currency: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"code": reason.code}
    if reason.amount_minor:
        shown["amount"] = to_decimal_text(reason.amount_minor, currency)
    if reason.month is not None:
        shown["month"] = reason.month
    if reason.percents is not None:
        proven, believed = reason.percents
        shown |= {"proven_percent": _percent(proven), "believed_percent": _percent(believed)}
    if reason.of_percent is not None:
        shown["most_percent"] = reason.of_percent
    if reason.about:
        shown["about"] = reason.about
    return shown


def _change(change: Change, currency: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"kind": change.kind}
    for name in ("amount", "total"):
        if amount_minor := getattr(change, f"{name}_minor"):
            shown[name] = to_decimal_text(amount_minor, currency)
    for name in ("instalments", "day"):
        if number := getattr(change, name):
            shown[name] = number
    if change.every:
        shown["every_months"] = change.every
    if change.months:
        shown["months"] = list(change.months)
    return shown


def _percent(value: Decimal | None) -> str | None:
    return None if value is None else str(value)

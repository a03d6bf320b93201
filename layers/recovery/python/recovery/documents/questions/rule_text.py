"""Rules of a pack as an answer shows them: source, how far to trust it, and how old it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from recovery.domain.judicial.claim_rules import RateRule
from recovery.domain.shared.iso_dates import iso
from recovery.domain.shared.packs import Rule

_TRUST = {
    "H": "the text of the law was read",
    "M": "only what others write about it was read",
    "U": "nobody verified it: it permits nothing",
}


def rule_texts(rules: Iterable[Rule], as_of: date) -> list[dict[str, Any]]:
    """Show each rule once, by id and start; a rate with its percentage and age in days."""
    found = {(each.id, each.valid_from): each for each in rules}
    return [_rule_text(found[key], as_of) for key in sorted(found)]


def _rule_text(rule: Rule, as_of: date) -> dict[str, Any]:
    text: dict[str, Any] = {
        "id": rule.id,
        "source": rule.source,
        "confidence": rule.confidence,
        "trust": _TRUST[rule.confidence],
        "valid_from": rule.valid_from.isoformat(),
        "valid_to": iso(rule.valid_to),
        "review_by": rule.review_by.isoformat(),
        "age_days": (as_of - rule.valid_from).days,
        "expired": rule.review_by < as_of,
    }
    if isinstance(rule, RateRule) and rule.annual_pct is not None:
        text["annual_pct"] = str(rule.annual_pct)
    return text

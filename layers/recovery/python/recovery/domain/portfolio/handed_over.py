"""What a firm is told of a loan that is placed with it: what its work needs, and no more.

Never handed over, whatever the firm: notes, what households told of their money, the reasons of a
hardship, other loans, who paid for the borrower, and offers, which are confidential between the
parties (in Spain by LO 1/2025, art. 9).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recovery.domain.accounting.placement import FirmKind

SECTIONS: Mapping[FirmKind, frozenset[str]] = {
    # It goes to court: what is owed, by whom, what proves it, and until when.
    FirmKind.LAW_FIRM: frozenset(
        {
            *("contract", "standing", "schedule", "payments", "facts", "parties", "owners"),
            *("debtor", "holds", "claim", "limitation", "checklist"),
        }
    ),
    # It speaks with the borrower: what is owed, how they may be reached, and what was agreed.
    FirmKind.SERVICER: frozenset(
        {
            *("contract", "standing", "schedule", "payments", "facts"),
            *("debtor", "holds", "contact", "contacted_on", "limitation"),
        }
    ),
}
FACTS: Mapping[FirmKind, frozenset[str]] = {
    FirmKind.LAW_FIRM: frozenset(
        {
            *("notice", "dispute", "dispute_end", "agreement", "agreement_end", "promise"),
            *("promise_end", "schedule_version", "charge", "waiver", "chargeback"),
        }
    ),
    FirmKind.SERVICER: frozenset(
        {
            *("dispute", "dispute_end", "agreement", "agreement_end", "promise", "promise_end"),
            *("schedule_version", "charge", "waiver", "chargeback"),
        }
    ),
}
_OURS = ("reason", "recorded_by", "recorded_at", "offer", "known_at", "posted_by", "payer")


def handed_over(kind: FirmKind, whole: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of the record that this kind of firm gets."""
    kept = {name: value for name, value in whole.items() if name in SECTIONS[kind]}
    if "facts" in kept:
        kept["facts"] = [
            _theirs(each)
            for each in kept["facts"]
            if each.get("kind") in FACTS[kind] and not each.get("undone")
        ]
    for name in {"payments", "parties", "owners"} & kept.keys():
        kept[name] = [_theirs(each) for each in kept[name]]
    return kept


def _theirs(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in _OURS}

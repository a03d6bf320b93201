"""Read what an earlier version stored: documents in their old shape, fields by their old names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from recovery.domain.contact.privacy import Privacy

_MONITORING = ("grace_days", "tolerance", "buckets", "risk")
_CASES = {
    "stages": "stages",
    "probation_days": "probation_days",
    "notice_days": "notice_days",
    "judicial_pause_days": "judicial_pause_days",
    "write_off_from_days": "write_off_from_days",
    "hand_over_days": "continue_as_new_days",
    "hand_over_signals": "continue_as_new_signals",
}


def policy_in_sections(policy: Mapping[str, Any]) -> Mapping[str, Any]:
    """Move the fields of a flat policy to the section of the capability that owns them now."""
    if "allocation" not in policy:
        return policy
    allocation = dict(policy["allocation"])
    allocation["prepayment"] = allocation.pop("advance")
    return {
        "version": policy["version"],
        "effective_from": policy["effective_from"],
        "accounting": {"allocation": allocation},
        "monitoring": {name: policy[name] for name in _MONITORING},
        "cases": {now: policy[before] for before, now in _CASES.items()},
        "contact": {**policy["contact"], "messages": policy["messages"]},
    }


def privacy_by_address(address_safe: bool | None) -> dict[str, Privacy | None]:
    """Return what one answer for both addresses says of each."""
    said: Privacy = "private" if address_safe else "unsafe"
    return dict.fromkeys(
        ("email_privacy", "phone_privacy"), said if address_safe is not None else None
    )


def state_in_present_format(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Gather the attributes of a state without a format into one per capability."""
    if "format" in fields:
        return fields
    case = json.loads(fields["case"]) if fields.get("case") else None
    contact = {name: json.loads(fields.get(name) or "{}") for name in ("asked", "retry_on")}
    return {
        "format": 2,
        "version": fields["version"],
        "accounting": fields["position"],
        "monitoring": fields.get("standing"),
        "cases": json.dumps([int(fields.get("cases") or 0), fields.get("closed"), case]),
        "contact": json.dumps(contact),
        "next_review_on": fields.get("next_review_on"),
    }

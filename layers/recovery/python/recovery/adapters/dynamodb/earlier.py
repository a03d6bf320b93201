"""Read what an earlier version stored: documents in their old shape, fields by their old names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
_MESSAGE = {"mark": "rule_key", "subject": "due_date"}


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


def message_renamed(message: Mapping[str, Any]) -> dict[str, Any]:
    """Give the fields of a requested or queued message their present names."""
    return {_MESSAGE.get(name, name): value for name, value in message.items()}

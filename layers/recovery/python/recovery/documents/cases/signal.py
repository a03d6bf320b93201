"""A signal as the input or output of a case's execution."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from recovery.domain.cases.signals import Signal


def signal_to_document(loan_id: str, signal: Signal) -> dict[str, Any]:
    """Convert a signal to the input or output of a case's execution.

    When continuing as new, ``resume`` is the signal the next execution starts with.
    """
    content = {
        "id": signal.signal_id,
        "to": signal.to,
        "reason": signal.reason,
        "as_of": signal.as_of.isoformat(),
        "policy_version": signal.policy_version,
    }
    document: dict[str, Any] = {"case_id": signal.case_id, "loan_id": loan_id, "signal": content}
    if signal.execution_number is not None:
        resume = {**content, "to": signal.resume_at, "reason": f"continued as new: {signal.reason}"}
        document["signal"] = {
            **content,
            "execution_number": signal.execution_number,
            "resume": resume,
        }
    return document


def signal_from_document(document: Mapping[str, Any]) -> Signal:
    """Read an execution's signal; the document does not say whether it opened the case."""
    content = document["signal"]
    return Signal(
        signal_id=content["id"],
        case_id=document["case_id"],
        to=content["to"],
        reason=content["reason"],
        as_of=date.fromisoformat(content["as_of"]),
        policy_version=int(content["policy_version"]),
        execution_number=content.get("execution_number"),
        resume_at=content["resume"]["to"] if "resume" in content else None,
    )

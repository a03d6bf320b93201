"""A signal as the input or output of a case's execution."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from recovery.domain.cases.signals import Signal


def signal_to_document(loan_id: str, signal: Signal) -> dict[str, Any]:
    """The input or output of a case's execution that this signal is.

    A hand-over also says how the next execution starts: with ``resume`` for its signal.
    """
    told = {
        "id": signal.signal_id,
        "to": signal.to,
        "reason": signal.reason,
        "as_of": signal.as_of.isoformat(),
        "policy_version": signal.policy_version,
    }
    document: dict[str, Any] = {"case_id": signal.case_id, "loan_id": loan_id, "signal": told}
    if signal.execution_number is not None:
        resume = {**told, "to": signal.resume_at, "reason": f"continued as new: {signal.reason}"}
        document["signal"] = {
            **told,
            "execution_number": signal.execution_number,
            "resume": resume,
        }
    return document


def signal_from_document(document: Mapping[str, Any]) -> Signal:
    """The signal in an execution's document; whether it opened the case is not told there."""
    told = document["signal"]
    return Signal(
        signal_id=told["id"],
        case_id=document["case_id"],
        to=told["to"],
        reason=told["reason"],
        as_of=date.fromisoformat(told["as_of"]),
        policy_version=int(told["policy_version"]),
        execution_number=told.get("execution_number"),
        resume_at=told["resume"]["to"] if "resume" in told else None,
    )

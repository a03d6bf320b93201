"""A signal as the input or output of a case's execution."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from recovery.domain.cases.signals import Signal
from recovery.domain.shared.iso_dates import from_iso

_LONGEST_NAME = 80  # of an execution, set by Step Functions
_DIGEST = 16


def execution_name(institution_id: str, case_id: str, suffix: object = 1) -> str:
    """Name a case's execution, readably: ``casa_L-1-C1``, and ``casa_L-1-C1-2`` for its second.

    No institution's id has an underscore, so no two cases share a name. One that would be longer
    than Step Functions allows ends in a hash instead.
    """
    name = f"{institution_id}_{case_id}"
    if suffix != 1:
        name = f"{name}-{suffix}"
    if len(name) <= _LONGEST_NAME:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:_DIGEST]
    return f"{name[: _LONGEST_NAME - _DIGEST - 1]}_{digest}"


def signal_to_document(
    institution_id: str,
    shard: int,
    loan_id: str,
    signal: Signal,
    between: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """Convert a signal to the input or output of a case's execution.

    When continuing as new, ``resume`` is the signal the next execution starts with. The signal
    names institution and shard, so that an execution started before ids were per institution
    passes them on too. ``between`` counts what happened in the state that the signal ends, by code.
    """
    content: dict[str, Any] = {
        "id": signal.signal_id,
        "institution_id": institution_id,
        "shard": shard,
        "to": signal.to,
        "reason": signal.reason,
        "as_of": signal.as_of.isoformat(),
        "policy_version": signal.policy_version,
    }
    if signal.until:
        content["until"] = signal.until.isoformat()
    if between:
        content["between"] = dict(between)
    document: dict[str, Any] = {
        "case_id": signal.case_id,
        "loan_id": loan_id,
        "signal": content,
    }
    if signal.execution_number is not None:
        resume = {**content, "to": signal.resume_at, "reason": f"continued as new: {signal.reason}"}
        document["signal"] = {
            **content,
            "execution_number": signal.execution_number,
            "execution_name": execution_name(
                institution_id, signal.case_id, signal.execution_number
            ),
            "resume": resume,
        }
    return document


def institution_of(document: Mapping[str, Any]) -> str:
    """Return the institution whose case the execution runs."""
    return str(document["signal"]["institution_id"])


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
        until=from_iso(content.get("until")),
    )

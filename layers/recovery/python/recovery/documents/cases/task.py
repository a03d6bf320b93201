"""The tasks a recovery case's states give to the function behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from recovery.documents.cases.signal import institution_of, signal_from_document
from recovery.domain.cases.signals import Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTask:
    """One task of an execution: a step, for a loan's case, because of a signal.

    ``stage`` and ``task_token`` come with a stage to enter, ``outcome`` with a case to close.
    """

    step: Literal["open_case", "enter_stage", "prepare_dossier", "close_case"]
    institution_id: str
    loan_id: str
    signal: Signal
    execution_id: str
    stage: str = ""
    outcome: str = ""
    task_token: str = ""


def task_from_document(document: Mapping[str, Any]) -> CaseTask:
    """Read the task in a state's payload. Raises KeyError if a part is missing."""
    return CaseTask(
        step=document["step"],
        institution_id=institution_of(document),
        loan_id=document["loan_id"],
        signal=signal_from_document(document),
        execution_id=document["execution_id"],
        stage=document.get("stage", ""),
        outcome=document.get("outcome", ""),
        task_token=document.get("task_token", ""),
    )

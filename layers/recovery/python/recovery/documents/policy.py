"""Read an institution's policy; a wrong one is refused with the field and the reason."""

from __future__ import annotations

import json
from functools import cache

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from recovery.documents.shared.json_text import UnreadableJsonError, read_json
from recovery.documents.shared.problems import InvalidDocumentError, problems_of
from recovery.domain.accounting.policy import AccountingPolicy, AllocationPolicy
from recovery.domain.cases.policy import CasePolicy, StageLadder
from recovery.domain.contact.policy import ContactPolicy, MessageRule
from recovery.domain.intake.policy import IntakePolicy
from recovery.domain.monitoring.buckets import Bucket
from recovery.domain.monitoring.policy import MonitoringPolicy, RiskPolicy
from recovery.domain.monitoring.tolerance import Tolerance
from recovery.domain.policy import Policy, policy_problems
from recovery.domain.shared.errors import Problem

_REMEDIES = {"": "See `recovery policy schema`"}


def read_policy(text: str | bytes) -> Policy:
    """Read a JSON policy, completed from the default. Raises InvalidDocumentError."""
    try:
        values = read_json(text)
    except UnreadableJsonError as error:
        problem = Problem("document", str(error), "Write one JSON object")
        raise InvalidDocumentError(problem) from None
    try:
        policy = _adapter().validate_json(json.dumps(values))  # in JSON, dates are strings
    except ValidationError as error:
        raise InvalidDocumentError(*problems_of(error, "document", _REMEDIES)) from None
    problems = list(policy_problems(policy))
    if problems:
        raise InvalidDocumentError(*problems)
    return policy


def policy_schema() -> str:
    """Return the document's JSON Schema."""
    return json.dumps(_adapter().json_schema(), indent=2)


@cache
def _adapter() -> TypeAdapter[Policy]:
    forbid = ConfigDict(extra="forbid", strict=True)
    for part in (
        AllocationPolicy,
        AccountingPolicy,
        Bucket,
        Tolerance,
        RiskPolicy,
        MonitoringPolicy,
        StageLadder,
        CasePolicy,
        MessageRule,
        ContactPolicy,
        IntakePolicy,
        Policy,
    ):
        with_config(forbid)(part)
    return TypeAdapter(Policy)

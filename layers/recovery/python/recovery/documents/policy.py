"""Read an institution's policy; a wrong one is refused with the field and the reason."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from recovery.documents.questions.loan_question import HolidaysBody
from recovery.documents.questions.terms_reading import read_calendar
from recovery.documents.shared.json_text import UnreadableJsonError, read_json
from recovery.documents.shared.plain import to_plain
from recovery.documents.shared.problems import InvalidDocumentError, problems_of, validated
from recovery.domain.accounting.late_charges import LateCharge
from recovery.domain.accounting.policy import AccountingPolicy, AllocationPolicy
from recovery.domain.agreements.policy import (
    AgreementsPolicy,
    CapacityPolicy,
    LivingFloor,
    OptionsPolicy,
    PlanPolicy,
    PromisePolicy,
    SettlementTier,
)
from recovery.domain.agreements.scorecard import KnockOut, Scorecard, ScoreRule
from recovery.domain.cases.policy import CasePolicy, StageLadder, TaskPolicy
from recovery.domain.contact.policy import ContactPolicy, MessageRule
from recovery.domain.intake.policy import IntakePolicy
from recovery.domain.judicial.policy import JudicialPolicy
from recovery.domain.monitoring.buckets import Bucket
from recovery.domain.monitoring.early_warning import (
    PatternPoints,
    SelfCure,
    WarningPolicy,
    Weights,
)
from recovery.domain.monitoring.pattern_policy import PatternPolicy
from recovery.domain.monitoring.policy import Contagion, MonitoringPolicy, RiskPolicy
from recovery.domain.monitoring.shock_policy import ShockPolicy
from recovery.domain.monitoring.tolerance import Tolerance
from recovery.domain.monitoring.treatment import Treatment
from recovery.domain.policy import DEFAULT_POLICY, Policy, policy_problems
from recovery.domain.shared.business_calendar import BusinessCalendar
from recovery.domain.shared.errors import Problem, RefusedError

_REMEDIES = {"": "See `recovery policy schema`"}


def read_policy(text: str | bytes) -> Policy:
    """Read a JSON policy, completed from the default. Raises InvalidDocumentError."""
    try:
        values = read_json(text)
    except UnreadableJsonError as error:
        problem = Problem("document", str(error), "Write one JSON object")
        raise InvalidDocumentError(problem) from None
    if isinstance(values, dict):
        _list_holidays(values)
    policy, problems = _validated(values)
    if problems or policy is None:
        raise InvalidDocumentError(*problems)
    return policy


def _validated(values: Any) -> tuple[Policy | None, list[Problem]]:
    """Validate the form of the document and what it says; all problems are found at once."""
    try:
        policy = _adapter().validate_json(json.dumps(values))  # in JSON, dates are strings
    except ValidationError as error:
        found = problems_of(error, "document", _REMEDIES, _adapter().json_schema)
        _, others = _validated(_without(values, error)) if _can_go_on(error) else (None, [])
        return None, found + others
    return policy, list(policy_problems(policy))


def _can_go_on(error: ValidationError) -> bool:
    """Return whether leaving out the wrong fields leaves a document."""
    return all(each["loc"] for each in error.errors())


def _without(values: dict[str, Any], error: ValidationError) -> dict[str, Any]:
    """Return the values without the fields found wrong, to look at what the others say."""
    left = copy.deepcopy(values)
    for each in error.errors():
        section, *field = each["loc"][:2]
        inner = left.get(str(section))
        if field and isinstance(inner, dict):
            inner.pop(str(field[0]), None)
        else:
            left.pop(str(section), None)
    return left


def _list_holidays(values: dict[str, Any]) -> None:
    """Replace a country by its public holidays, so that a stored policy never changes by itself.

    They reach from the year before the policy takes effect to ten years later.
    """
    monitoring = values.get("monitoring")
    if not isinstance(monitoring, dict):
        return
    named = monitoring.get("business_days")
    if not isinstance(named, dict) or "country" not in named:
        return
    body = validated(HolidaysBody, named, whole="monitoring.business_days")
    first_year = int(str(values.get("effective_from", DEFAULT_POLICY.effective_from))[:4] or 0)
    try:
        calendar = read_calendar(body, first_year - 1, first_year + 10)
    except RefusedError as error:
        problems = (each.within("monitoring.business_days") for each in error.problems)
        raise InvalidDocumentError(*problems) from None
    monitoring["business_days"] = to_plain(calendar, whole=True)


def policy_schema() -> str:
    """Return the document's JSON Schema."""
    return json.dumps(_adapter().json_schema(), indent=2)


@cache
def _adapter() -> TypeAdapter[Policy]:
    forbid = ConfigDict(extra="forbid", strict=True)
    for part in (
        AllocationPolicy,
        AccountingPolicy,
        LateCharge,
        Bucket,
        Tolerance,
        RiskPolicy,
        PatternPolicy,
        PatternPoints,
        SelfCure,
        Weights,
        Treatment,
        WarningPolicy,
        ShockPolicy,
        MonitoringPolicy,
        BusinessCalendar,
        Contagion,
        PromisePolicy,
        LivingFloor,
        ScoreRule,
        KnockOut,
        Scorecard,
        CapacityPolicy,
        SettlementTier,
        OptionsPolicy,
        PlanPolicy,
        AgreementsPolicy,
        StageLadder,
        TaskPolicy,
        CasePolicy,
        MessageRule,
        ContactPolicy,
        IntakePolicy,
        JudicialPolicy,
        Policy,
    ):
        with_config(forbid)(part)
    return TypeAdapter(Policy)

"""An institution's policy from outside: refused with the field and the reason when it is wrong."""

from __future__ import annotations

import json
from functools import cache

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from recovery.domain import policy as rules
from recovery.domain.monitoring.buckets import Bucket
from recovery.domain.monitoring.tolerance import Tolerance
from recovery.domain.policy import Policy, policy_problems


class PolicyError(ValueError):
    """The policy cannot be used; ``problems`` has a (field, reason) for each mistake."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{field}: {reason}" for field, reason in problems))
        self.problems = problems


def read_policy(text: str | bytes) -> Policy:
    """The policy of a JSON document, completed from the default. Raises PolicyError."""
    try:
        policy = _adapter().validate_json(text)
    except ValidationError as error:
        problems = [
            (".".join(map(str, each["loc"])) or "document", each["msg"]) for each in error.errors()
        ]
        raise PolicyError(problems) from None
    problems = list(policy_problems(policy))
    if problems:
        raise PolicyError(problems)
    return policy


def policy_schema() -> str:
    """The JSON Schema of the document."""
    return json.dumps(_adapter().json_schema(), indent=2)


@cache
def _adapter() -> TypeAdapter[Policy]:
    forbid = ConfigDict(extra="forbid", strict=True)
    for part in (
        rules.AllocationPolicy,
        Bucket,
        Tolerance,
        rules.StageLadder,
        rules.RiskPolicy,
        rules.MessageRule,
        rules.ContactPolicy,
        rules.Policy,
    ):
        with_config(forbid)(part)
    return TypeAdapter(Policy)

"""Deployment settings, read from the CDK context and validated together."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any
from zoneinfo import available_timezones

from aws_cdk import RemovalPolicy
from constructs import Node

from infra.deployment.institutions import address_problems

_INSTITUTION_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_TIME_OF_DAY = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_SHARDS = range(1, 257)


class SettingsError(ValueError):
    """The context is invalid; the text lists every problem."""


@dataclass(frozen=True, kw_only=True)
class Institution:
    """An institution, reviewed daily at its own hour in its own time zone.

    The optional fields are what messages say and where replies are heard, as `recovery institution
    add` takes them.
    """

    institution_id: str
    name: str
    time_zone: str
    review_at: str
    phone: str = ""
    pay_account: str = ""
    pay_link: str = ""
    debt_advice: str = ""
    registration_mark: str = ""
    grievance_officer: str = ""
    reply_to: str = ""
    sms_number: str = ""


@dataclass(frozen=True, kw_only=True)
class StackSettings:
    """The settings of one deployment."""

    institutions: tuple[Institution, ...]
    sender_email: str
    shards: int
    embedded: bool
    account: str
    region: str

    @property
    def removal_policy(self) -> RemovalPolicy:
        """Retain records when the stack is deleted, except on the embedded AWS."""
        return RemovalPolicy.DESTROY if self.embedded else RemovalPolicy.RETAIN

    @property
    def tls_only(self) -> bool:
        """Refuse plain HTTP, except on the embedded AWS, which speaks nothing else."""
        return not self.embedded

    @classmethod
    def from_context(cls, node: Node, environ: Mapping[str, str] = os.environ) -> StackSettings:
        """Read the settings from `cdk.json`, overridden by `-c name=value`."""
        context = {
            name: _parsed(node.try_get_context(name))
            for name in ("institutions", "sender_email", "shards", "embedded")
        }
        context["account"] = environ.get("CDK_DEFAULT_ACCOUNT")
        context["region"] = environ.get("CDK_DEFAULT_REGION")
        return cls.from_values(context)

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> StackSettings:
        """Validate the settings. Raises SettingsError listing every problem."""
        problems = list(_problems(values))
        if problems:
            raise SettingsError("Correct these settings:\n- " + "\n- ".join(problems))
        return cls(
            institutions=tuple(Institution(**each) for each in values["institutions"]),
            sender_email=values["sender_email"],
            shards=values["shards"],
            embedded=bool(values.get("embedded")),
            account=values["account"],
            region=values["region"],
        )


def _parsed(value: Any) -> Any:
    """Parse text from `-c`; values from `cdk.json` pass through."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value


def _problems(values: Mapping[str, Any]):
    institutions = values.get("institutions")
    if not isinstance(institutions, list) or not institutions:
        yield "institutions: must be a list with at least one institution"
    else:
        yield from _institution_problems(institutions)
    if not _EMAIL.fullmatch(str(values.get("sender_email"))):
        yield f"sender_email: must be an e-mail address, not {values.get('sender_email')!r}"
    shards = values.get("shards")
    if type(shards) is not int or shards not in _SHARDS:
        yield f"shards: must be a whole number from 1 to {_SHARDS[-1]}, not {shards!r}"
    if values.get("embedded") not in (None, True, False):
        yield f"embedded: must be true or false, not {values.get('embedded')!r}"
    if not values.get("account"):
        yield "account: CDK_DEFAULT_ACCOUNT is not set (the CDK CLI sets it from credentials)"
    if not values.get("region"):
        yield "region: CDK_DEFAULT_REGION is not set (the CDK CLI sets it from the profile)"


def _institution_problems(institutions: list[Any]):
    known = set(Institution.__dataclass_fields__)
    needed = {each.name for each in fields(Institution) if each.default is MISSING}
    seen: set[str] = set()
    for number, each in enumerate(institutions, 1):
        where = f"institutions[{number}]"
        if not isinstance(each, dict) or not needed <= set(each) <= known:
            optional = ", ".join(sorted(known - needed))
            yield f"{where}: must have the fields {', '.join(sorted(needed))}; may have {optional}"
            continue
        if not _INSTITUTION_ID.fullmatch(str(each["institution_id"])):
            yield f"{where}.institution_id: use up to 63 lowercase letters, digits and '-'"
        if each["institution_id"] in seen:
            yield f"{where}.institution_id: {each['institution_id']!r} is used twice"
        seen.add(each["institution_id"])
        if not str(each["name"]).strip():
            yield f"{where}.name: must not be empty; borrowers see it"
        if each["time_zone"] not in available_timezones():
            yield f"{where}.time_zone: must be one such as Europe/Madrid, not {each['time_zone']!r}"
        if not _TIME_OF_DAY.fullmatch(str(each["review_at"])):
            yield f"{where}.review_at: must be a time such as 09:30, not {each['review_at']!r}"
        yield from (f"{where}.{problem}" for problem in address_problems(each))

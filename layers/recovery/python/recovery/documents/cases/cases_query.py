"""The question for a list of cases, as the parameters of a path."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from recovery.documents.shared.problems import InvalidDocumentError
from recovery.domain.cases.stages import Stage
from recovery.domain.shared.actor import Role
from recovery.domain.shared.errors import Problem

_USUAL, _MOST = 100, 500
_LISTS = ("waiting", "at_risk", "restrained")
_PLACE = re.compile(r"\d{4}-\d{2}-\d{2}#.{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesQuery:
    """One list: that of a stage, or the one named (waiting, at_risk, restrained).

    ``role`` narrows what waits; ``after`` and ``limit`` page the lists of cases.
    """

    named: str | None = None
    stage: Stage | None = None
    role: Role | None = None
    after: str | None = None
    limit: int = _USUAL


class CasesParameters(BaseModel):
    """Exactly one of the lists, and which page of it; `for` narrows what waits."""

    stage: Stage | None = None
    waiting: Literal["true"] | None = None
    at_risk: Literal["true"] | None = None
    restrained: Literal["true"] | None = None
    role: Annotated[Role | None, Field(alias="for")] = None
    after: Annotated[str, Field(min_length=1, max_length=600)] | None = None
    limit: Annotated[int, Field(ge=1, le=_MOST)] = _USUAL


def cases_query(given: Mapping[str, str]) -> CasesQuery:
    """Read the parameters. Raises InvalidDocumentError with every problem."""
    problems = list(_problems(given))
    if problems:
        raise InvalidDocumentError(*problems)
    stage, role = given.get("stage"), given.get("for")
    return CasesQuery(
        named=next((each for each in _LISTS if each in given), None),
        stage=Stage(stage) if stage else None,
        role=Role(role) if role else None,
        after=given.get("after"),
        limit=int(given.get("limit", _USUAL)),
    )


def _problems(given: Mapping[str, str]) -> Iterator[Problem]:
    asked = [each for each in ("stage", *_LISTS) if each in given]
    if len(asked) != 1:
        remedy = "Send one of: stage=..., waiting=true, at_risk=true, restrained=true"
        yield Problem("stage", "or one other list has to be named", remedy)
    for name in asked:
        if name != "stage" and given[name] != "true":
            yield Problem(name, f"{given[name]!r} is not true", "Send true, or leave it out")
    for name, known in (("stage", Stage), ("for", Role)):
        if name in given and given[name] not in tuple(known):
            yield Problem(name, f"{given[name]!r} is unknown", f"Use one of: {', '.join(known)}")
    if "for" in given and "waiting" not in given:
        yield Problem("for", "is only for what waits", "Send waiting=true, or leave it out")
    after, limit = given.get("after"), given.get("limit", "1")
    paged_by_place = "stage" in given or "at_risk" in given
    if after is not None and paged_by_place and not _PLACE.fullmatch(after):
        remedy = "Send `next` of the page before, or leave it out to begin"
        yield Problem("after", "is no place on a list of cases", remedy)
    is_number = limit.isascii() and limit.isdigit() and len(limit) < 9
    if not (is_number and 1 <= int(limit) <= _MOST):
        reason = f"is not a whole number from 1 to {_MOST}"
        yield Problem("limit", reason, "Send one, or leave it out", "out_of_range")

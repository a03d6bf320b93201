"""Check the text of a pack against its section's schema; every problem names file, rule, field."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from functools import cache
from typing import Any, get_args, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from recovery.documents.packs.reading import parsed
from recovery.documents.packs.sections import SECTIONS, Section
from recovery.documents.shared.problems import InvalidDocumentError, problems_of
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.domain.shared.packs import rule_problems

_REMEDIES = {"": "See the section's schema (pack_schema)"}
_RULE = re.compile(r"(\w+)\.(\d+)(?:\.(.+))?", re.ASCII)


def pack_schema(section: str) -> str:
    """Return the JSON Schema of a section's files. Raises RefusedError for an unknown section."""
    return json.dumps(_adapter(_section(section).name).json_schema(), indent=2)


def check_pack(text: str, place: str, section: str) -> Any:
    """Return the rules that a file holds, such as LendingRules.

    ``place`` is its folder: a country in lower case, or "careful". Raises InvalidDocumentError with
    every problem, its field such as ``packs/es/lending.toml[es.lending.debt_order].valid_to``;
    RefusedError for an unknown section.
    """
    known = _section(section)
    file = f"packs/{place}/{section}.toml"
    try:
        values = parsed(text)
    except tomllib.TOMLDecodeError as error:
        problem = Problem(file, f"is not TOML: {error}", "Correct the place named")
        raise InvalidDocumentError(problem) from None
    try:
        rules = _adapter(section).validate_json(json.dumps(values))  # in JSON, days are strings
    except ValidationError as error:
        found = problems_of(error, file, _REMEDIES, _adapter(section).json_schema)
        raise InvalidDocumentError(*_named(found, file, values)) from None
    problems = [*rule_problems(rules, f"{place}.{section}"), *known.problems(rules)]
    if problems:
        raise InvalidDocumentError(*_named(problems, file, values))
    return rules


def _section(name: str) -> Section[Any]:
    if name not in SECTIONS:
        remedy = f"Use one of: {', '.join(sorted(SECTIONS))}"
        raise RefusedError(Problem("section", f"{name[:40]!r} is unknown", remedy, "not_found"))
    return SECTIONS[name]


@cache
def _adapter(section: str) -> TypeAdapter[Any]:
    kind = SECTIONS[section].kind
    hints = get_type_hints(kind)
    forbid = ConfigDict(extra="forbid", strict=True)
    for part in (kind, *(get_args(hints[each.name])[0] for each in fields(kind))):
        with_config(forbid)(part)
    return TypeAdapter(kind)


def _named(problems: list[Problem], file: str, values: Mapping[str, Any]) -> Iterator[Problem]:
    """Put the file before each field, and the rule's id in the place of its number."""
    for problem in problems:
        if problem.field == file:
            yield problem
        elif found := _RULE.fullmatch(problem.field):
            kind, index, rest = found.groups()
            rule = f"{file}[{_id_at(values, kind, int(index))}]"
            yield replace(problem, field=f"{rule}.{rest}" if rest else rule)
        else:
            yield problem.within(file)


def _id_at(values: Mapping[str, Any], kind: str, index: int) -> str:
    rule = values[kind][index]
    named = rule.get("id") if isinstance(rule, dict) else None
    return str(named) if named else f"{kind}.{index}"

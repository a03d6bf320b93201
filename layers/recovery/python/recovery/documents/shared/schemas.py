"""JSON Schemas of the types that requests are read as and answers are written as."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import TypeAdapter

Schema = dict[str, Any]
Mode = Literal["validation", "serialization"]
PLACE = "#/components/schemas/"


def schemas_of(requests: Iterable[Any], answers: Iterable[Any]) -> tuple[list[Schema], Schema]:
    """Return a schema for each type, requests first, and what they refer to by name."""
    roles: list[tuple[Mode, Any]] = [("validation", each) for each in requests]
    roles += [("serialization", each) for each in answers]
    adapters = [(number, mode, TypeAdapter(each)) for number, (mode, each) in enumerate(roles)]
    found, shared = TypeAdapter.json_schemas(adapters, ref_template=PLACE + "{model}")
    in_order = [_tidy(found[number, mode]) for number, mode, _ in adapters]
    named = shared.get("$defs", {}).items()
    return in_order, {_short(name): _tidy(schema) for name, schema in named}


def _short(name: str) -> str:
    """Return the name of a type; where two have the same, with their files' name before it."""
    *_, file, own = ("", *name.split("__"))
    return "".join(map(str.capitalize, file.split("_"))) + own


def _tidy(schema: Any) -> Any:
    """Leave out the titles that pydantic makes of field names: they say nothing new."""
    if isinstance(schema, list):
        return [_tidy(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: PLACE + _short(each.removeprefix(PLACE))
        if isinstance(each, str) and each.startswith(PLACE)
        else _tidy(each)
        for name, each in schema.items()
        if not (name == "title" and isinstance(each, str))
    }

"""Suggest the known field that somebody may have meant, from the JSON Schema of a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

_COMBINED = ("anyOf", "oneOf", "allOf")


def nearest(schema: Mapping[str, Any], path: Sequence[int | str]) -> str | None:
    """Return the field most like the last one of this path, among those known at its place."""
    *place, name = (str(part) for part in path)
    here = [schema]
    for part in place:
        # a part that is no field names which of several models was tried
        here = [each for one in here for each in _inside(schema, one, part)] or here
    known = [field for one in here for field in _fields(schema, one)]
    return next(iter(get_close_matches(name, known, n=1, cutoff=0.6)), None)


def _inside(root: Mapping[str, Any], one: Mapping[str, Any], part: str) -> Iterator[dict[str, Any]]:
    for each in _resolved(root, one):
        if part in each.get("properties", {}):
            yield each["properties"][part]
        elif part.isdigit() and isinstance(each.get("items"), dict):
            yield each["items"]
        elif part.isdigit():
            yield from each.get("prefixItems", [])


def _fields(root: Mapping[str, Any], one: Mapping[str, Any]) -> Iterator[str]:
    for each in _resolved(root, one):
        yield from each.get("properties", {})


def _resolved(root: Mapping[str, Any], one: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if reference := one.get("$ref"):
        yield from _resolved(root, root["$defs"][reference.rsplit("/", 1)[-1]])
        return
    yield one
    for kind in _COMBINED:
        for each in one.get(kind, ()):
            yield from _resolved(root, each)

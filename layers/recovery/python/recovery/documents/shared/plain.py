"""Convert frozen dataclasses to JSON-ready values and back by type hints, without AWS imports.

Fields at their default are omitted: items stay small, and one written before a field existed is
read with its default. Readers are built once per type, so reading costs no reflection.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])


def _once_per_type(function: F) -> F:
    """``functools.cache``, with a signature that lets mypy pass a class."""
    return cast(F, cache(function))


def to_plain(value: Any, *, whole: bool = False) -> Any:
    """Convert to dicts, lists, strings and numbers; ``whole`` writes defaults too."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            name: to_plain(each, whole=whole)
            for name, default in _defaults(type(value))
            if (each := getattr(value, name)) != default or whole
        }
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {name: to_plain(each, whole=whole) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(each, whole=whole) for each in value]
    if isinstance(value, frozenset):  # sorted, so that equal values are written alike
        return sorted(to_plain(each, whole=whole) for each in value)
    return value


def from_plain(kind: type[T], plain: Any) -> T:
    """Rebuild a value of this type from ``to_plain``'s output."""
    value: T = _reader(kind)(plain)
    return value


def to_row(value: Any) -> list[Any]:
    """Return a dataclass's values in field order: the smallest form."""
    return [to_plain(getattr(value, name)) for name, _ in _defaults(type(value))]


def from_row(kind: type[T], row: list[Any]) -> T:
    """Rebuild a value of this type from ``to_row``'s output."""
    readers = _field_readers(kind).values()  # an older row may have fewer values
    return kind(*(read(each) for read, each in zip(readers, row, strict=False)))


@_once_per_type
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    """Pair each field with its default; MISSING equals no value, so it is always written."""
    return tuple(
        (f.name, f.default if f.default_factory is MISSING else f.default_factory())
        for f in fields(kind)
    )


@_once_per_type
def _field_readers(kind: Any) -> dict[str, Callable[[Any], Any]]:
    hints = get_type_hints(kind)
    return {f.name: _reader(hints[f.name]) for f in fields(kind)}


@_once_per_type
def _reader(kind: Any) -> Callable[[Any], Any]:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (UnionType, Union):  # only X | None occurs
        inner = _reader(next(each for each in arguments if each is not type(None)))
        return lambda plain: None if plain is None else inner(plain)
    if origin is tuple:
        inner = _reader(arguments[0])
        return lambda plain: tuple(map(inner, plain))
    if origin is frozenset:
        inner = _reader(arguments[0])
        return lambda plain: frozenset(map(inner, plain))
    if origin is not None or not isinstance(kind, type):
        return _same
    if is_dataclass(kind):
        readers = _field_readers(kind)
        return lambda plain: kind(**{name: readers[name](each) for name, each in plain.items()})
    if issubclass(kind, date | time):
        return kind.fromisoformat
    if issubclass(kind, Enum | Decimal):
        return kind
    if issubclass(kind, tuple):  # a NamedTuple
        parts = [_reader(hint) for hint in get_type_hints(kind).values()]
        return lambda plain: kind(*(read(each) for read, each in zip(parts, plain, strict=True)))
    return _same


def _same(plain: Any) -> Any:
    return plain

"""A long sequence, page by page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def pages(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of at most ``size``, read only as they are needed."""
    remaining = iter(items)
    while page := list(islice(remaining, size)):
        yield page

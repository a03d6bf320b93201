"""Retry a step that lost a race to another writer."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from recovery.ports.shared import StaleWriteError

P = ParamSpec("P")
T = TypeVar("T")

_ATTEMPTS = 8


def retry_until_fresh(step: Callable[[], T]) -> T:
    """Retry ``step``, which must load what it changes. Raises StaleWriteError after 8 attempts."""
    for _ in range(_ATTEMPTS - 1):
        try:
            return step()
        except StaleWriteError:
            continue
    return step()


def retry_when_stale(step: Callable[P, T]) -> Callable[P, T]:
    """Decorator form of ``retry_until_fresh``, for a use case that loads what it changes."""

    @wraps(step)
    def repeated(*args: P.args, **kwargs: P.kwargs) -> T:
        return retry_until_fresh(lambda: step(*args, **kwargs))

    return repeated

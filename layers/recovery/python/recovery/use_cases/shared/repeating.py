"""Repeat a step that lost a race; the one place where a lost race is handled."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from recovery.ports.shared import StaleWriteError

P = ParamSpec("P")
T = TypeVar("T")

_ATTEMPTS = 8


def until_not_stale(step: Callable[[], T]) -> T:
    """The step's answer. It must load what it changes; raises StaleWriteError after 8 attempts."""
    for _ in range(_ATTEMPTS - 1):
        try:
            return step()
        except StaleWriteError:
            continue
    return step()


def repeated_until_not_stale(step: Callable[P, T]) -> Callable[P, T]:
    """The step as ``until_not_stale`` runs it, for a whole use case that loads what it changes."""

    @wraps(step)
    def repeated(*args: P.args, **kwargs: P.kwargs) -> T:
        return until_not_stale(lambda: step(*args, **kwargs))

    return repeated

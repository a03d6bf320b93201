"""Repeat a step that lost a race; the one place where a lost race is handled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from recovery.ports import StaleWriteError

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

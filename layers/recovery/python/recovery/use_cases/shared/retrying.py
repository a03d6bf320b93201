"""Retry a step that lost a race to another writer."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from recovery.ports.shared import StaleWriteError

P = ParamSpec("P")
T = TypeVar("T")

_ATTEMPTS = 8
_FIRST_WAIT_SECONDS = 0.02


def retry_until_fresh(step: Callable[[], T]) -> T:
    """Retry ``step``, which must load what it changes. Raises StaleWriteError after 8 attempts.

    The waits between attempts double, and are random within their bound, so that
    competing writers do not keep colliding. Together they take at most 2.5 seconds.
    """
    for attempt in range(_ATTEMPTS - 1):
        try:
            return step()
        except StaleWriteError:
            time.sleep(random.uniform(0, _FIRST_WAIT_SECONDS * 2**attempt))
    return step()


def retry_when_stale(step: Callable[P, T]) -> Callable[P, T]:
    """Decorator form of ``retry_until_fresh``, for a use case that loads what it changes."""

    @wraps(step)
    def repeated(*args: P.args, **kwargs: P.kwargs) -> T:
        return retry_until_fresh(lambda: step(*args, **kwargs))

    return repeated

"""Assign people to the arms of an experiment: the same person to the same arm, always.

The arm follows from the ids alone, so nothing has to be stored for it and nobody can choose it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

_PARTS = 10_000


def arm_of(experiment_id: str, person_id: str, percents: Sequence[tuple[str, int]]) -> str | None:
    """Return the person's arm; None if the arms' ``percents`` leave them out.

    Each experiment shuffles anew: its id is hashed with the person's.
    """
    digest = hashlib.sha256(f"{experiment_id}\n{person_id}".encode()).digest()
    place = int.from_bytes(digest[:8]) * _PARTS >> 64
    end = 0
    for name, percent in percents:
        end += percent * _PARTS // 100
        if place < end:
            return name
    return None

"""Collective relief as it holds for one loan: a fact; its new schedule comes as another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Relief:
    """From ``on`` to ``until``, its last day, the relief ``relief_id`` holds for the loan.

    ``blocks`` is what rests meanwhile. ``sorry``: demands were sent since ``on``, for which the
    letter apologises. ``guarantors_second``: who answers for the debtor may ask that the debtor's
    means are tried first, whatever the contract says.
    """

    on: date
    relief_id: str
    until: date
    blocks: tuple[str, ...]
    sorry: bool = False
    guarantors_second: bool = False

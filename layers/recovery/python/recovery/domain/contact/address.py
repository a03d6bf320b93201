"""What is known of one address of a person: what came back from it, and when it was confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Fate(StrEnum):
    """What became of a message: delivered; bounced for good or an invalid number; not delivered for
    now; called spam by whoever got it."""

    DELIVERED = "delivered"
    BOUNCED = "bounced"
    NOT_NOW = "not_now"
    COMPLAINED = "complained"


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What came back from ``address``: it says nothing of any other one.

    ``in_a_row`` counts the messages that could not be delivered for now since the last one that
    was. From ``dead_on`` on nothing is sent there; ``cause`` is the provider's code.
    """

    address: str
    in_a_row: int = 0
    dead_on: date | None = None
    cause: str = ""


def is_confirmed(confirmed_on: date | None, within_days: int | None, on: date) -> bool:
    """Whether the person was known to be at an address not longer ago than this many days.

    12 CFR 1006.6(d)(5) gives a text message 60 days; a delivery receipt confirms nobody. Without a
    limit every address counts; one of which nobody knows the day never does within any.
    """
    if within_days is None:
        return True
    return confirmed_on is not None and on - confirmed_on <= timedelta(days=within_days)

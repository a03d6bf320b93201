"""A notice given to a debtor on paper or by another medium that proves it; the rules are in
``contact``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class NoticeGiven:
    """How a notice before judicial recovery, or about a guarantor, ended.

    ``notice`` is the key under which it was wished for: a notice of another stage or pause counts
    for nothing now. ``on`` is when it was received or refused, or the last day on which it could be
    collected, or when it came back. ``counts``: by the law as it was read then, it was given.
    ``proof`` is a reference, such as that of a scan or of the carrier. ``persons`` are those whom a
    letter about a guarantor went to; () is the borrower.
    """

    notice: str
    on: date
    medium: str
    sent_on: date
    ended: str
    proof: str
    counts: bool
    persons: tuple[str, ...] = ()

"""How a person wants to be contacted: it overrides whatever else would allow it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from typing import Literal

from recovery.domain.contact.privacy import Privacy
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.free_text import free_text_problems

Means = Literal["email", "phone", "letter", "visit"]
LONGEST_INSTRUCTION = 140


@dataclass(frozen=True, slots=True, kw_only=True)
class Instructions:
    """What the person asked for.

    ``email_privacy`` and ``phone_privacy`` go before what files say of the addresses. ``only_by``
    rules out every other way. The two times come together, are local to the person, and narrow the
    policy's hours. ``text`` is for whoever does a task for the person; it is never sent or logged.
    """

    email_privacy: Privacy | None = None
    phone_privacy: Privacy | None = None
    only_by: Means | None = None
    from_time: time | None = None
    until_time: time | None = None
    no_visits: bool = False
    text: str = ""


NO_INSTRUCTIONS = Instructions()


def instruction_problems(instructions: Instructions) -> Iterator[Problem]:
    """Yield everything wrong with them; nothing if they can be kept."""
    start, end = instructions.from_time, instructions.until_time
    if (start is None) != (end is None):
        yield Problem("hours", "needs both times", "Write from and until, such as 18:00 and 20:00")
    if start and end and start >= end:
        yield Problem("hours", "must begin before they end", "Swap the two, or correct one")
    if instructions.only_by == "visit" and instructions.no_visits:
        yield Problem("no_visits", "leaves no way to reach the person", "Keep one of the two")
    if instructions.text:
        yield from free_text_problems("instruction", instructions.text, LONGEST_INSTRUCTION)

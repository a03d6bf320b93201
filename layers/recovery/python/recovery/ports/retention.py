"""Until when what is held of an ended loan is kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True)
class LastDays:
    """The last days of an ended loan: of its contract, money and cases, and of its timeline; None
    for no end."""

    loan: date | None = None
    timeline: date | None = None


NO_END = LastDays()


class RetentionRepository(Protocol):
    """Lets what is held of an institution's loans expire, or stay."""

    def keep_until(self, loan_id: str, person_ids: Collection[str], last: LastDays) -> bool:
        """Let everything of the loan, and each person's link to it, expire after its last day.

        Return whether that of the contract is another than before. Idempotent.
        """

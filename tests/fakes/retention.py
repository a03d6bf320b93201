"""Until when what is held of loans is kept."""

from __future__ import annotations

from collections.abc import Collection

from recovery.ports.retention import NO_END, LastDays


class FakeRetentionRepository:
    """``last`` are the last days by loan, ``people`` whose links went with it."""

    def __init__(self) -> None:
        self.last: dict[str, LastDays] = {}
        self.people: dict[str, frozenset[str]] = {}

    def keep_until(self, loan_id: str, person_ids: Collection[str], last: LastDays) -> bool:
        changed = self.last.get(loan_id, NO_END).loan != last.loan
        self.last[loan_id], self.people[loan_id] = last, frozenset(person_ids)
        return changed

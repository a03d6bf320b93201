"""The collective reliefs that an institution put on record."""

from __future__ import annotations

from typing import Protocol

from recovery.domain.agreements.relief_rule import ReliefRule


class ReliefRepository(Protocol):
    """Stores one institution's rules of collective relief; a rule on record never changes."""

    def save(self, rule: ReliefRule) -> bool:
        """Put the rule on record; return False if it is. Raises IdTakenError for another one with
        its id."""

    def find(self, relief_id: str) -> ReliefRule | None: ...
    def all(self) -> list[ReliefRule]:
        """List them by id."""

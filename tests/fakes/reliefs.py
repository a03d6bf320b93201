"""Rules of collective relief by id."""

from __future__ import annotations

from recovery.domain.agreements.relief_rule import ReliefRule
from recovery.domain.shared.errors import IdTakenError


class FakeReliefRepository:
    """Reliefs of one institution."""

    def __init__(self) -> None:
        self._rules: dict[str, ReliefRule] = {}

    def save(self, rule: ReliefRule) -> bool:
        known = self._rules.get(rule.relief_id)
        if known is None:
            self._rules[rule.relief_id] = rule
        elif known != rule:
            raise IdTakenError("id", f"relief {rule.relief_id}")
        return known is None

    def find(self, relief_id: str) -> ReliefRule | None:
        return self._rules.get(relief_id)

    def all(self) -> list[ReliefRule]:
        return [self._rules[each] for each in sorted(self._rules)]

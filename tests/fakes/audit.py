"""Chains of audit entries and their roots."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from recovery.domain.shared.chain import ChainEntry, Link, next_link, start_of
from recovery.domain.shared.daily_root import DailyRoot
from recovery.ports.shared import StaleWriteError


class FakeLoanChain:
    """Chains by loan; ``stored`` are the digests of the records as they are now."""

    def __init__(self, now: Callable[[], datetime], institution_id: str = "umoja") -> None:
        self.stored: dict[str, dict[str, str]] = {}
        self._chains: dict[str, list[Link]] = {}
        self._seals: dict[date, str] = {}
        self._now, self._institution_id = now, institution_id

    def append(self, loan_id: str, entry: ChainEntry) -> Link:
        chain = self._chains.setdefault(loan_id, [])
        head, start = (chain[-1] if chain else None), start_of(self._institution_id, loan_id)
        salt = f"salt {loan_id} {len(chain)}"
        at = self._now().astimezone(UTC)
        chain.append(next_link(head, start, entry, at=at, salt=salt))
        return chain[-1]

    def links(self, loan_id: str) -> list[Link]:
        return list(self._chains.get(loan_id, ()))

    def records(self, loan_id: str) -> dict[str, str]:
        return dict(self.stored.get(loan_id, {}))

    def erase(self, loan_id: str, sources: Iterable[str], by: str, why: str) -> int:
        wanted = set(sources)
        told = [
            index
            for index, link in enumerate(self._chains.get(loan_id, ()))
            if link.entry and wanted & {each.source for each in link.entry.records}
        ]
        if told:
            self.append(loan_id, ChainEntry(act="erased", by=by, about=why))
        for index in told:
            link = self._chains[loan_id][index]
            self._chains[loan_id][index] = replace(link, content=None, salt=None)
        return len(told)

    def grown_on(self, day: date) -> Iterator[tuple[str, Link]]:
        for loan_id, chain in self._chains.items():
            if any(each.at.date() == day for each in chain):
                yield loan_id, [each for each in chain if each.at.date() <= day][-1]

    def seals(self, since: date | None = None) -> list[tuple[date, str]]:
        return sorted((d, s) for d, s in self._seals.items() if since is None or d >= since)

    def last_seal(self) -> tuple[date, str] | None:
        return max(self._seals.items(), default=None)

    def add_seal(self, day: date, seal: str, root: str) -> None:
        if day in self._seals:
            raise StaleWriteError(f"the root of {day}")
        self._seals[day] = seal


class FakeRootStore:
    """Roots by day; the first stays."""

    def __init__(self) -> None:
        self.roots: dict[date, DailyRoot] = {}

    def put(self, root: DailyRoot) -> None:
        self.roots.setdefault(root.day, root)

    def get(self, day: date) -> DailyRoot | None:
        return self.roots.get(day)

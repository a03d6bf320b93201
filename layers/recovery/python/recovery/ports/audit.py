"""The chains of audit entries, and the roots that hold them down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Protocol

from recovery.domain.shared.chain import ChainEntry, Link
from recovery.domain.shared.daily_root import DailyRoot


class LoanChain(Protocol):
    """One institution's chains: one for each loan, in the order in which things came on record."""

    def append(self, loan_id: str, entry: ChainEntry) -> Link:
        """Append the entry after whatever is last; writers at once come one after the other."""

    def links(self, loan_id: str) -> list[Link]:
        """List the loan's links, first to last."""

    def records(self, loan_id: str) -> dict[str, str]:
        """Return the digests of the loan's records as they are now, by source."""

    def erase(self, loan_id: str, sources: Iterable[str], by: str, why: str) -> int:
        """Erase text and salt of each link that tells of these records; return how many."""

    def grown_on(self, day: date) -> Iterator[tuple[str, Link]]:
        """Yield each loan whose chain grew on this day (UTC), and its last link of that day."""

    def seals(self, since: date | None = None) -> list[tuple[date, str]]:
        """List the days that have a root, with its seal."""

    def last_seal(self) -> tuple[date, str] | None:
        """Return the last day that has a root, with its seal."""

    def add_seal(self, day: date, seal: str, root: str) -> None:
        """Note the root of a day. Raises StaleWriteError if it has one."""


class RootStore(Protocol):
    """Keeps one institution's roots where nobody can change or delete them."""

    def put(self, root: DailyRoot) -> None:
        """Keep the root; the first of a day stays."""

    def get(self, day: date) -> DailyRoot | None:
        """Return the first root that was kept of this day; None if there is none."""

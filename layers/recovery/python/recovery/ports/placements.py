"""Where packages for firms are kept."""

from __future__ import annotations

from typing import Protocol


class PackageStore(Protocol):
    """Keeps one institution's packages, each for some time."""

    def put(self, placement_id: str, package: bytes) -> None:
        """Keep the package; another of the same id replaces it."""

    def link(self, placement_id: str) -> str | None:
        """Return a link that opens the package for some minutes; None if it is not there."""

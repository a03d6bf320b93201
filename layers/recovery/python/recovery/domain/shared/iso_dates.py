"""Dates as ISO 8601 text, where there may be none."""

from __future__ import annotations

from datetime import date


def iso(day: date | None) -> str | None:
    """Return ``2026-03-31``; None stays None."""
    return day.isoformat() if day else None


def from_iso(text: str | None) -> date | None:
    """Read what ``iso`` wrote. Raises ValueError for anything else."""
    return date.fromisoformat(text) if text else None

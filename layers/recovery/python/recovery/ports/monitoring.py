"""Daily reviews."""

from __future__ import annotations

from datetime import date
from typing import Protocol


class DailyReviews(Protocol):
    """Runs executions of the daily review."""

    def start(self, institution_id: str, until: date) -> None:
        """Start the institution's review up to this date, unless it is running."""

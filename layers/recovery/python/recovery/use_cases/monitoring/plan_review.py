"""Plan which business dates a daily review must cover."""

from __future__ import annotations

from datetime import date, timedelta

from recovery.domain.shared.errors import Problem, RefusedError
from recovery.ports.institutions import InstitutionRepository

_MOST_DAYS = 60
_MOST_SHARDS = 1_400  # in all; well under a state's 256 KB payload limit, even with the longest ids


def plan_review(
    institution_id: str,
    until: date,
    *,
    today: date,
    clock: str,
    shards: int,
    institutions: InstitutionRepository,
) -> dict[str, object]:
    """Plan every date after the last reviewed one up to ``until``, each with its shards.

    Replanning a reviewed day is allowed and changes nothing. After a long break only the first 60
    days (fewer with very many shards) are planned; the next run continues. Raises RefusedError for
    an unknown clock, and for a date after ``today`` unless replaying: the business date never moves
    back, and borrowers would get messages about debts they do not have yet.
    """
    if clock not in ("wall", "replay"):
        raise RefusedError(
            Problem("clock", f"{clock!r} is not a clock", "Use wall (the default) or replay")
        )
    if clock == "wall" and until > today:
        raise RefusedError(
            Problem("as_of", f"{until} is in the future", f"Use a date up to {today}")
        )
    done = institutions.day(institution_id).reviewed_through
    first = min(done + timedelta(days=1), until) if done else until
    count = min((until - first).days + 1, _MOST_DAYS, max(1, _MOST_SHARDS // shards))
    days = [(first + timedelta(days=n)).isoformat() for n in range(count)]
    return {
        "institution_id": institution_id,
        "days": [
            {
                "institution_id": institution_id,
                "as_of": as_of,
                "clock": clock,
                "shards": [
                    {"institution_id": institution_id, "as_of": as_of, "shard": shard}
                    for shard in range(shards)
                ],
            }
            for as_of in days
        ],
    }

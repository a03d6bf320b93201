"""Which business dates a daily review has to do, in order."""

from __future__ import annotations

from datetime import date, timedelta

from recovery.domain.shared.errors import Problem, RefusedError
from recovery.ports.institutions import InstitutionRepository

_MOST_DAYS = 60
_MOST_SHARDS = 1_400  # of all days; with the longest ids well under the 256 KB of a state's payload


def plan_review(
    institution_id: str,
    until: date,
    *,
    today: date,
    clock: str,
    shards: int,
    institutions: InstitutionRepository,
) -> dict[str, object]:
    """Every date after the last reviewed one up to ``until``, each with its shards.

    A day already reviewed is planned again when it is asked for: it changes nothing. After a very
    long break the first 60 days (fewer with very many shards) are planned; the next run goes on.
    Raises RefusedError for an unknown clock, and for a date that ``today`` has not come to: the
    business date never moves back, and borrowers would be told of debts they do not have yet. Only
    a replay may play the future.
    """
    if clock not in ("wall", "replay"):
        raise RefusedError(
            Problem("clock", f"{clock!r} is no clock", "Use wall (the default) or replay")
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

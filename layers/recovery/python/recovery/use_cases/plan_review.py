"""Which business dates a daily review has to do, in order."""

from __future__ import annotations

from datetime import date, timedelta

from recovery.domain.errors import RefusedError
from recovery.ports import InstitutionBook

_MOST_DAYS = 60  # keeps the plan well under the 256 KB of a Step Functions payload


def plan_review(
    institution_id: str,
    until: date,
    *,
    clock: str,
    shards: int,
    institutions: InstitutionBook,
) -> dict[str, object]:
    """Every date after the last reviewed one up to ``until``, each with its shards.

    A day already reviewed is planned again when it is asked for: it changes nothing. After a very
    long break the first 60 days are planned; the next run goes on. Raises RefusedError for an
    unknown clock.
    """
    if clock not in ("wall", "replay"):
        raise RefusedError("clock", f"{clock!r} is no clock", "Use wall (the default) or replay")
    done = institutions.day(institution_id).reviewed_through
    first = min(done + timedelta(days=1), until) if done else until
    count = min((until - first).days + 1, _MOST_DAYS)
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

"""Plan which business dates a daily review must cover."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from recovery.domain.shared.errors import Problem, RefusedError
from recovery.ports.institutions import InstitutionRepository

_MOST_DAYS = 60
_SUNDAY = 6
_MOST_SHARDS = 1_200  # in all; well under a state's 256 KB payload limit, even with the longest ids


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """Which institution to review, up to which date, on which clock: ``wall`` or ``replay``.

    ``reconcile`` asks to read every loan besides, to prove that none is hidden.
    """

    institution_id: str
    until: date
    clock: str = "wall"
    reconcile: bool = False


def plan_review(
    request: ReviewRequest,
    *,
    today: date,
    shards: int,
    replay_allowed: bool,
    institutions: InstitutionRepository,
) -> dict[str, object]:
    """Plan every date after the last reviewed one up to ``until``, each with its shards.

    Every Sunday on the wall clock, and when asked, the last date's shards are reconciled too.

    Replanning a reviewed day is allowed and changes nothing. After a long break only the first 60
    days (fewer with very many shards) are planned; the next run continues.

    Raises RefusedError for an unknown clock, for a replay where the deployment allows none, and on
    the wall clock for a date after ``today``: the business date never moves back, and borrowers
    would get messages about debts they do not have yet.
    """
    institution_id, until, clock = request.institution_id, request.until, request.clock
    if clock not in ("wall", "replay"):
        remedy = "Use wall (the default) or replay"
        raise RefusedError(Problem("clock", f"{clock!r} is not a clock", remedy))
    if clock == "replay" and not replay_allowed:
        reason = "a replay would move the business date and skip quiet hours"
        raise RefusedError(Problem("clock", reason, "Replay on the embedded AWS only"))
    if clock == "wall" and until > today:
        remedy = f"Use a date up to {today}"
        raise RefusedError(Problem("as_of", f"{until} is in the future", remedy, "out_of_range"))
    done = institutions.day(institution_id).reviewed_through
    first = min(done + timedelta(days=1), until) if done else until
    count = min((until - first).days + 1, _MOST_DAYS, max(1, _MOST_SHARDS // shards))
    days = [first + timedelta(days=n) for n in range(count)]
    is_sunday = clock == "wall" and any(day.weekday() == _SUNDAY for day in days)
    reconciled_on = days[-1] if request.reconcile or is_sunday else None
    return {
        "institution_id": institution_id,
        "days": [
            {
                "institution_id": institution_id,
                "as_of": day.isoformat(),
                "clock": clock,
                "shards": [
                    {
                        "institution_id": institution_id,
                        "as_of": day.isoformat(),
                        "shard": shard,
                        "reconcile": day == reconciled_on,
                    }
                    for shard in range(shards)
                ],
            }
            for day in days
        ],
    }

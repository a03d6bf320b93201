"""Whether a title may be enforced: it lives, something is left, a way back was offered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from recovery.domain.accounting.fact import Recorded
from recovery.domain.judicial.claim_rules import ClaimPack
from recovery.domain.judicial.limitation_periods import period_of
from recovery.domain.judicial.limitation_rules import LimitationRule
from recovery.domain.judicial.offered import was_offered
from recovery.domain.judicial.proceedings import Proceedings, left_minor, proceedings_of
from recovery.domain.schedules.due_dates import MONTHLY, step
from recovery.domain.shared.errors import Problem


def title_of(recorded: Recorded) -> Proceedings | None:
    """Return the suit whose title is enforced: the last one; None without a title."""
    found = [each for each in proceedings_of(recorded.counting()) if each.title_on]
    return max(found, key=lambda each: f"{each.title_on}", default=None)


def enforce_by(title_on: date, pack: ClaimPack) -> tuple[date, LimitationRule]:
    """Return the last day on which a title of this day is enforced, and the rule that says so."""
    rule = period_of(pack, "judgment", title_on)
    return step(title_on, MONTHLY, 12 * rule.years), rule


def enforcement_problems(
    recorded: Recorded, pack: ClaimPack, as_of: date, heard_on: Iterable[date] = ()
) -> Iterator[Problem]:
    """Yield every reason why enforcement may not be decided on now; ``heard_on`` are the days of
    messages with an offer that arrived."""
    title = title_of(recorded)
    if title is None or title.title_on is None:
        remedy = "Record the judgment with the day from which it is final"
        yield Problem("decision", "there is no title to enforce", remedy, "conflict")
        return
    last, rule = enforce_by(title.title_on, pack)
    if as_of > last:
        reason = f"the title of {title.title_on} could be enforced until {last} ({rule.id})"
        yield Problem("decision", reason, "Let a lawyer say what is left to do", "conflict")
    if as_of < title.title_on:
        reason = f"the judgment is not final before {title.title_on}"
        yield Problem("decision", reason, "Wait until nobody can appeal it", "conflict")
    if title.stayed_since:
        reason = f"{title.suit_id} has been stayed since {title.stayed_since}"
        yield Problem("decision", reason, "Wait until it goes on", "conflict")
    left = left_minor(title, recorded)
    if left == 0:
        remedy = "Have the court close it"
        yield Problem("decision", "the claim is satisfied: nothing is left", remedy, "conflict")
    if left is None:
        reason = "the record does not say what the title is for"
        yield Problem("decision", reason, "Record the judgment with its amount", "missing")
    if not was_offered(recorded, title.title_on, heard_on):
        remedy = "Offer one, and record it: `recovery proceedings LOAN way-back-offered`"
        reason = f"no agreement was offered since the title of {title.title_on}"
        yield Problem("decision", reason, remedy, "conflict")

"""What an agreement does to proceedings under way: said before anybody agrees to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from recovery.domain.judicial.proceedings import Proceedings
from recovery.domain.judicial.rules import JudicialPack, Point, PointRule
from recovery.domain.shared.packs import may_permit

What = Literal["homologation", "withdrawal", "costs"]
_POINTS: tuple[tuple[What, Point], ...] = (
    ("homologation", "way_back.homologation"),
    ("withdrawal", "way_back.withdrawal"),
    ("costs", "way_back.costs"),
)


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect, and the rule that says so. ``ask_a_lawyer``: nobody verified that rule, or its
    review is past, so that it may be told but not relied on."""

    what: What
    rule: PointRule
    ask_a_lawyer: bool


def way_back(suit: Proceedings, pack: JudicialPack, on: date) -> Iterator[Effect]:
    """Yield what an agreement would do on this day to a suit: the court's approval of it, giving
    the claim up, and who bears the costs. A suit that is over is not given up any more."""
    for what, point in _POINTS:
        if what == "withdrawal" and not suit.is_pending:
            continue
        rule = _rule(pack, point, on)
        if rule:
            yield Effect(what, rule, not may_permit(rule, on))


def _rule(pack: JudicialPack, point: Point, on: date) -> PointRule | None:
    found = pack.in_force(lambda rules: (e for e in rules.points if e.point == point), on)
    return next(iter(found), None)

"""An institution's scorecard: points and knock-outs over facts of money, kept as data.

It stands beside repayment capacity and never outweighs it: points can bring a loan before a person,
never past one. What it may look at is a closed list, in which nothing about sex, health, religion,
origin or opinions has a place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from recovery.domain.shared.errors import Problem
from recovery.domain.shared.limits import range_problems, rule_count_problems

ScoreFact = Literal[
    "share_of_income_percent",
    "proven_income_percent",
    "undeclared_debt_percent",
    "savings_months",
    "collateral_percent",
    "earners",
    "days_past_due",
    "loans_repaid",
    "months_known",
]
Facts = Mapping[ScoreFact, Decimal]
_MOST_POINTS = 10_000
_LONGEST_CODE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRule:
    """Points for a fact from ``at_least`` to ``at_most``, both included; None: without end.

    ``code`` is the institution's own, kept with each assessment.
    """

    code: str
    fact: ScoreFact
    points: int
    at_least: Decimal | None = None
    at_most: Decimal | None = None

    def applies(self, value: Decimal) -> bool:
        """Whether the fact's value is in its band."""
        above = self.at_least is None or value >= self.at_least
        return above and (self.at_most is None or value <= self.at_most)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnockOut:
    """A fact beyond a limit, which proposes to decline: more than one, or less than the other."""

    code: str
    fact: ScoreFact
    more_than: Decimal | None = None
    less_than: Decimal | None = None

    def applies(self, value: Decimal) -> bool:
        """Whether the value is beyond a limit."""
        above = self.more_than is not None and value > self.more_than
        return above or (self.less_than is not None and value < self.less_than)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """``refer_below``: with fewer points a person looks at it; None: points decide nothing."""

    rules: tuple[ScoreRule, ...] = ()
    knock_outs: tuple[KnockOut, ...] = ()
    refer_below: int | None = None


NO_SCORECARD = Scorecard()


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The points, the codes that gave them, and what was missing: that goes to a person."""

    points: int
    codes: tuple[str, ...]
    knocked_out: tuple[str, ...]
    missing: tuple[str, ...]
    is_low: bool

    @property
    def refers(self) -> bool:
        """Whether a person has to look, apart from knock-outs."""
        return self.is_low or bool(self.missing)


def score(scorecard: Scorecard, facts: Facts) -> Score:
    """Apply the scorecard. A fact that nobody knows gives no points and is named as missing."""
    counting = [
        each for each in scorecard.rules if each.fact in facts and each.applies(facts[each.fact])
    ]
    points = sum(each.points for each in counting)
    asked = {each.fact for each in scorecard.rules}
    asked |= {each.fact for each in scorecard.knock_outs}
    return Score(
        points=points,
        codes=tuple(each.code for each in counting),
        knocked_out=tuple(
            each.code
            for each in scorecard.knock_outs
            if each.fact in facts and each.applies(facts[each.fact])
        ),
        missing=tuple(sorted(asked - facts.keys())),
        is_low=scorecard.refer_below is not None and points < scorecard.refer_below,
    )


def scorecard_problems(scorecard: Scorecard) -> Iterator[Problem]:
    """Yield everything wrong with a scorecard."""
    yield from rule_count_problems("rules", len(scorecard.rules))
    yield from rule_count_problems("knock_outs", len(scorecard.knock_outs))
    seen: set[str] = set()
    lines = [(f"rules.{index}", each.code) for index, each in enumerate(scorecard.rules)]
    lines += [(f"knock_outs.{index}", each.code) for index, each in enumerate(scorecard.knock_outs)]
    for path, code in lines:
        if not (code.isascii() and code.replace("_", "").isalnum() and len(code) <= _LONGEST_CODE):
            reason = f"is not {_LONGEST_CODE} letters, digits or underlines or fewer"
            yield Problem(f"{path}.code", reason, "Write one such as few_savings")
        elif code in seen:
            yield Problem(f"{path}.code", "is used twice", "Give each its own", "duplicate")
        seen.add(code)
    for index, rule in enumerate(scorecard.rules):
        path = f"rules.{index}"
        yield from range_problems(f"{path}.points", rule.points, -_MOST_POINTS, _MOST_POINTS)
        if rule.at_least is None and rule.at_most is None:
            yield Problem(path, "applies to everyone", "Give at_least or at_most", "missing")
    for index, knock_out in enumerate(scorecard.knock_outs):
        if knock_out.more_than is None and knock_out.less_than is None:
            path = f"knock_outs.{index}"
            yield Problem(path, "applies to nobody", "Give more_than or less_than", "missing")

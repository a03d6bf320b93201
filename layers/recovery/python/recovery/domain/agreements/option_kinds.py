"""What can be done for a borrower in difficulty, and what each reason asks for first."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Difficulty(StrEnum):
    """Why somebody cannot pay as agreed. Nothing here tells of health or family."""

    LEAN_SEASON = "lean_season"
    LESS_INCOME = "less_income"
    MORE_COSTS = "more_costs"
    ONE_OFF = "one_off"
    OTHER_DAY = "other_day"
    LASTING = "lasting"
    NOT_SAID = "not_said"


class Kind(StrEnum):
    """The options, from those that leave most as it is."""

    PLAN = "payment_plan"
    SHIFT = "shift"
    HOLIDAY = "holiday"
    REAMORTISE = "reamortise"
    CAPITALISE = "capitalise"
    REAGE = "reage"
    EXTENSION = "extension"
    LOWER_INSTALMENT = "lower_instalment"
    WAIVE_PENALTIES = "waive_penalties"
    RATE_CUT = "rate_cut"
    WAIVE_INTEREST = "waive_interest"
    SETTLEMENT = "settlement"


# In these something is let go; the last resort ends the debt for less.
CONCESSIONS = (Kind.WAIVE_PENALTIES, Kind.RATE_CUT, Kind.WAIVE_INTEREST)
KEEPS_ALL = tuple(each for each in Kind if each not in (*CONCESSIONS, Kind.SETTLEMENT))

FIRST: Mapping[Difficulty, tuple[Kind, ...]] = {
    Difficulty.LEAN_SEASON: (Kind.SHIFT, Kind.HOLIDAY, Kind.PLAN),
    Difficulty.LESS_INCOME: (Kind.LOWER_INSTALMENT, Kind.EXTENSION, Kind.REAGE),
    Difficulty.MORE_COSTS: (Kind.PLAN, Kind.LOWER_INSTALMENT, Kind.EXTENSION, Kind.REAMORTISE),
    Difficulty.ONE_OFF: (Kind.HOLIDAY, Kind.PLAN, Kind.REAMORTISE),
    Difficulty.OTHER_DAY: (Kind.SHIFT, Kind.PLAN),
    Difficulty.LASTING: (Kind.LOWER_INSTALMENT, Kind.EXTENSION),
    Difficulty.NOT_SAID: KEEPS_ALL,
}

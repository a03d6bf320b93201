"""The law of one place on one day, as its pack knows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from recovery.domain.judicial.claim_rules import ClaimPack
from recovery.domain.judicial.rules import (
    BarRule,
    JudicialPack,
    JudicialRules,
    LetterKind,
    LetterTextRule,
    LimitRule,
    Point,
    PointRule,
    ProcedureRule,
    Term,
    TermRule,
    WordsOf,
    WordsRule,
)
from recovery.domain.schedules.due_dates import MONTHLY, step
from recovery.domain.shared.business_calendar import WEEKDAYS
from recovery.domain.shared.packs import Rule, in_force

R = TypeVar("R", bound=Rule)
_DAY = timedelta(days=1)
_AUGUST = 8


class UnknownLawError(Exception):
    """The pack does not say what a decision needs; ``subject`` names it."""

    def __init__(self, country: str, subject: str) -> None:
        super().__init__(f"{country}: {subject}")
        self.subject = subject


@dataclass(frozen=True, slots=True)
class Law:
    """``country`` is an ISO code, or EU. The careful rules stand behind the place's own points.

    ``claims`` are its rules on limitation, interest and costs.
    """

    country: str
    pack: JudicialPack
    on: date
    claims: ClaimPack
    holidays: frozenset[date] = frozenset()

    def all(self, kind: Callable[[JudicialRules], Iterable[R]]) -> tuple[R, ...]:
        """Return the place's own rules of a kind that are in force."""
        return () if self.pack.own is None else in_force(kind(self.pack.own), self.on)

    def procedures(self) -> tuple[ProcedureRule, ...]:
        return self.all(lambda rules: rules.procedures)

    def bars(self, procedure: str) -> tuple[BarRule, ...]:
        return tuple(e for e in self.all(lambda rules: rules.bars) if e.procedure == procedure)

    def find_point(self, point: Point) -> PointRule | None:
        """Return the rule on a point, the careful one if the place has none."""
        found = self.pack.in_force(lambda r: (e for e in r.points if e.point == point), self.on)
        return next(iter(found), None)

    def point(self, point: Point) -> PointRule:
        """Raises UnknownLawError if nobody knows."""
        return self._known(self.find_point(point), point)

    def find_term(self, term: Term) -> TermRule | None:
        found = (each for each in self.all(lambda rules: rules.terms) if each.term == term)
        return next(found, None)

    def term(self, term: Term) -> TermRule:
        """Raises UnknownLawError if nobody knows."""
        return self._known(self.find_term(term), term)

    def find_limit(self, limit: str) -> LimitRule | None:
        found = (each for each in self.all(lambda rules: rules.limits) if each.limit == limit)
        return next(found, None)

    def find_words(self, of: WordsOf) -> WordsRule | None:
        return next((e for e in self.all(lambda rules: rules.words) if e.of == of), None)

    def letter(self, kind: LetterKind) -> LetterTextRule:
        """Return what such a letter has to say, the careful rule if the place has none.

        Raises UnknownLawError if nobody knows.
        """
        rules = self.pack.in_force(lambda r: (e for e in r.letters if e.letter == kind), self.on)
        return self._known(next(iter(rules), None), f"letter.{kind}")

    def last_day(self, term: TermRule, start: date) -> date:
        """Return the last day of a term that runs from the day after ``start``.

        Months and years go from date to date; a day that the month lacks becomes its last one.
        """
        if term.months:
            return step(start, MONTHLY, term.months)
        if term.years:
            return step(start, MONTHLY, 12 * term.years)
        day, left = start, term.days
        while left:
            day += _DAY
            left -= not self._is_skipped(term, day)
        return day

    def _is_skipped(self, term: TermRule, day: date) -> bool:
        return (
            WEEKDAYS[day.weekday()] in term.skipped
            or ("holiday" in term.skipped and day in self.holidays)
            or ("august" in term.skipped and day.month == _AUGUST)
        )

    def _known(self, rule: R | None, subject: str) -> R:
        if rule is None:
            raise UnknownLawError(self.country, subject)
        return rule


def words_say(words: WordsRule, text: str | None) -> bool | None:
    """Whether a text passes; None if none of the words known settles it."""
    said = (text or "").casefold()
    if any(each in said for each in words.fails):
        return False
    return True if any(each in said for each in words.passes) else None

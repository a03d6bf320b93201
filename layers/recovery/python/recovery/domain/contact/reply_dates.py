"""The day and the amount that a reply names."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from recovery.domain.contact.reply_words import Phrase, ReplyWords, folded, is_word

_DAY = timedelta(days=1)
_MOST_DAYS = 366
_JUST_PAST_DAYS = 60
_ISO = re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b")
_SHORT = re.compile(r"(?<![\d.,/-])(\d{1,2})([/.-])(\d{1,2})(?:\2(\d{4}|\d{2}))?(?![\d/-]|[.,]\d)")
_CLOCK = re.compile(r"\b\d{1,2}([:h]\d{2}\s*(am|pm|u)?|\s*(am|pm|hrs?|uur|h))\b|\d+\s*%")
_PHONE = re.compile(r"\+?\d[\d -]{7,}\d")  # or an account, or the number of a receipt
_AMOUNT = re.compile(r"\d{1,3}(?:[., ]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,2})?(?!\d)")
_TOKEN = re.compile(r"[a-z]+|\d+")
_ORDINAL = frozenset(("st", "nd", "rd", "th", "e", "ste", "de", "er", "o"))
_BETWEEN = frozenset(("of", "de", "do", "the", "ya", "mwezi", *_ORDINAL))
_MONEY = re.compile(
    "eur|euros?|usd|dollars?|pesos?|soles|reais|real|shillings?|shilingi|ksh|kes|ugx|tzs|php|rupees?"
    "|cents?|pounds?|gbp|cop|clp|mxn|pen|brl|k|mil"
)


@dataclass(frozen=True, slots=True)
class Named:
    """The one day and the one amount named; ``unclear`` if there are several of either."""

    on: date | None = None
    amount: Decimal | None = None
    unclear: bool = False
    past: bool = False


def named(
    text: str, languages: Sequence[ReplyWords], received_on: date, *, month_first: bool = False
) -> Named:
    """Return the day to come and the amount that the text names.

    A day without month or year is the next one such, counted from ``received_on``; a weekday is
    never that day itself. 03/04 is the third of April, unless ``month_first``. ``past``: the only
    days named are past.
    """
    reading = _Reading(_CLOCK.sub(" ", folded(text)), received_on, month_first)
    reading.take(_ISO, reading.iso)
    reading.take(_SHORT, reading.short)
    reading.text = _PHONE.sub(" ", reading.text)
    worded = [reading.in_words_of(each) for each in languages]
    # Whatever names the most is the language: "de" and "a" mean something in several.
    most = max((each.words for each in worded), default=0)
    best = [each for each in worded if each.words == most]
    days = reading.days.union(*(each.days for each in best))
    amounts = {*_amounts(best[0].left if best else reading.text)}
    coming = {each for each in days if 0 <= (each - received_on).days <= _MOST_DAYS}
    if len(coming) > 1 or len(amounts) > 1:
        return Named(unclear=True)
    is_past = bool(days) and not coming
    return Named(next(iter(coming), None), next(iter(amounts), None), past=is_past)


@dataclass(frozen=True, slots=True)
class _Worded:
    """The days that so many words of one language name, and what they leave of the text."""

    days: frozenset[date]
    words: int
    left: str


@dataclass(slots=True)
class _Reading:
    """What is left of the text, and the days found so far in digits alone."""

    text: str
    received_on: date
    month_first: bool
    days: set[date] = field(default_factory=set)

    def take(
        self, pattern: re.Pattern[str], day_of: Callable[[re.Match[str]], date | None]
    ) -> None:
        """Take every day of this form out of the text."""

        def taken(match: re.Match[str]) -> str:
            day = day_of(match)
            if day is None:
                return match[0]
            self.days.add(day)
            return " "

        self.text = pattern.sub(taken, self.text)

    def iso(self, match: re.Match[str]) -> date | None:
        return _date(*map(int, match.groups()))

    def short(self, match: re.Match[str]) -> date | None:
        """Read day and month, with or without a year."""
        one, sign, two, year = match.groups()
        first, second = int(one), int(two)
        if sign != "/" and not year and not (first <= 31 and second <= 12):
            return None  # an amount, such as 12.50
        if sign == "." and not year and len(two) == 2 and second > 12:
            return None
        day, month = (second, first) if self.month_first else (first, second)
        if month > 12:
            day, month = month, day
        if year:
            return _date(int(year) + (2000 if len(year) == 2 else 0), month, day)
        return self._next(month, day)

    def in_words_of(self, words: ReplyWords) -> _Worded:
        """Return every day that these words name."""
        tokens = list(_TOKEN.finditer(self.text))
        said = [each[0] for each in tokens]
        days, left, count, at = set[date](), self.text, 0, 0
        while at < len(said):
            day, length = self._worded(said, at, words)
            if day:
                days.add(day)
                count += length
                start, end = tokens[at].start(), tokens[at + length - 1].end()
                left = left[:start] + " " * (end - start) + left[end:]
            at += length or 1
        return _Worded(frozenset(days), count, left)

    def _worded(self, said: list[str], at: int, words: ReplyWords) -> tuple[date | None, int]:
        """Return the day named here and how many words name it; 0 if none."""
        for phrase, days in sorted(words.near.items(), key=lambda each: -len(each[0])):
            if _is_here(said, at, phrase):
                return self.received_on + days * _DAY, len(phrase)
        for phrase in words.month_end:
            if _is_here(said, at, phrase):
                return _end_of_month(self.received_on), len(phrase)
        weekday = _index(said[at], words.weekdays)
        if weekday is not None:
            ahead = (weekday - self.received_on.weekday() - 1) % 7 + 1
            return self.received_on + ahead * _DAY, 1
        return self._counted(said, at, words) or self._of_month(said, at, words) or (None, 0)

    def _counted(self, said: list[str], at: int, words: ReplyWords) -> tuple[date, int] | None:
        """Read "in 3 days", and "siku 3" where the number comes last."""
        before = said[at - 1] if at else ""
        one, two = said[at], said[at + 1] if at + 1 < len(said) else ""
        number, unit = (one, two) if one.isdigit() else (two, one)
        if before not in words.in_days or not number.isdigit() or len(number) > 2:
            return None
        if unit in words.days | words.weeks:
            return self.received_on + int(number) * (7 if unit in words.weeks else 1) * _DAY, 2
        return None

    def _of_month(self, said: list[str], at: int, words: ReplyWords) -> tuple[date, int] | None:
        """Read "3 of December", "December 3", "the 15th" and "tarehe 15"."""
        found = None
        month = _index(said[at], words.months)
        if month is not None and (day := _day(said, at + 1)):
            found = self._next(month + 1, day), 2
        elif day := _day(said, at):
            end = at + 1
            while end < len(said) and said[end] in _BETWEEN and end < at + 4:
                end += 1
            month = _index(said[end], words.months) if end < len(said) else None
            follows = said[at + 1] if at + 1 < len(said) else ""
            is_marked = bool(at) and said[at - 1] in words.day_of_month
            if month is not None:
                found = self._next(month + 1, day), end + 1 - at
            elif follows in _ORDINAL - {"de", "o"} or (is_marked and not _MONEY.fullmatch(follows)):
                found = self._next(None, day), 1
        return (found[0], found[1]) if found and found[0] else None

    def _next(self, month: int | None, day: int) -> date | None:
        """Return the next such day, the day of receipt included; one just past stays past."""
        year, first, oldest = self.received_on.year, self.received_on.month, self.received_on
        tried = [(year + number // 12, number % 12 + 1) for number in range(first - 1, first + 3)]
        if month:
            tried = [(each, month) for each in (year - 1, year, year + 1)]
            oldest -= _JUST_PAST_DAYS * _DAY
        days = (_date(*each, day) for each in tried)
        return next((each for each in days if each and each >= oldest), None)


def _is_here(said: list[str], at: int, phrase: Phrase) -> bool:
    here = said[at : at + len(phrase)]
    return len(here) == len(phrase) and all(map(is_word, here, phrase))


def _index(word: str, sets: Iterable[frozenset[str]]) -> int | None:
    for index, each in enumerate(sets):
        if any(is_word(word, one) for one in each):
            return index
    return None


def _day(said: list[str], at: int) -> int | None:
    if at >= len(said) or not said[at].isdigit() or not 1 <= int(said[at]) <= 31:
        return None
    return int(said[at])


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _amounts(text: str) -> Iterator[Decimal]:
    for match in _AMOUNT.finditer(text):
        written = match[0].replace(" ", "")
        whole, cents = written, ""
        if (split := max(written.rfind("."), written.rfind(","))) >= len(written) - 3 > 0 <= split:
            whole, cents = written[:split], written[split + 1 :]
        amount = Decimal(f"{re.sub('[.,]', '', whole)}.{cents or '0'}")
        if amount:
            yield amount

"""The words of a dossier in the language of its court, with amounts and days as it writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from recovery.domain.shared.money import to_minor
from recovery.messages.amounts import money
from recovery.messages.writing import one_line, templates

ABOUT = "court"
LANGUAGES = ("en", "es", "nl")
_OF_COUNTRY = {"ES": "es", "NL": "nl"}
_UNION = "EU"
_OURS = "Product policy"


def court_of(procedure: str, law: str | None, country: str | None) -> str | None:
    """Return the country whose courts hear it; None if nobody knows.

    A European procedure goes to the debtor's courts, as does what no procedure was found for; any
    other names its country.
    """
    place = procedure.partition("_")[0]
    if place == _UNION or place not in _OF_COUNTRY:
        return country if place == _UNION else law or country
    return place


def court_language(court: str | None) -> str:
    """Return the language of the court's part: its own, English where we have no text in it."""
    return _OF_COUNTRY.get(court or "", "en")


def is_ours(source: str) -> bool:
    """Whether a rule is the product's own, which is no concern of a court's."""
    return source.startswith(_OURS)


class Voice:
    """One court's language; ``court`` is its country, None if nobody knows."""

    def __init__(self, court: str | None, currency: str) -> None:
        self.language = court_language(court)
        self.court = court
        has_own = court in _OF_COUNTRY
        self.locale = Locale(self.language, court if has_own else "GB")
        self._currency = currency
        self._texts = templates(self.language, ABOUT)

    def say(self, section: str, name: str, /, **facts: object) -> str:
        """Return one text on one line."""
        return one_line(self._texts[section, name].render(facts))

    def code(self, section: str, code: str) -> str:
        """Return the words for a code; what there are no words for is shown as it is."""
        found = self._texts.get((section, code))
        return one_line(found.render()) if found else code.replace("_", " ")

    def knows(self, section: str, name: str) -> bool:
        return (section, name) in self._texts

    def long(self, section: str, name: str, /, **facts: object) -> Iterator[dict[str, Any]]:
        """Yield the blocks of a longer text: headings, lists and paragraphs."""
        plain = {key: _plain(value) for key, value in facts.items()}
        text = self._texts[section, name].render(plain)
        for block in re.split(r"\n{2,}", text.strip()):
            lines = block.split("\n")
            if lines[0].startswith("# "):
                yield {"heading": one_line(lines[0][2:])}
                lines = lines[1:]
            if lines and lines[0].startswith("- "):
                yield {"list": [one_line(line.removeprefix("- ")) for line in lines]}
            elif lines:
                yield {"text": one_line(" ".join(lines))}

    def money(self, amount_minor: int) -> str:
        return money(amount_minor, self._currency, self.locale)

    def amount(self, decimal: object) -> str:
        """Return an amount that is a decimal string or a number of major units."""
        return self.money(to_minor(f"{decimal}", self._currency))

    def minor(self, decimal: str) -> int:
        return to_minor(decimal, self._currency)

    def plain(self, amount_minor: int) -> str:
        """Return an amount without its currency, for columns."""
        text = self.money(amount_minor)
        return one_line(re.sub(r"[^\d.,\u2212-]", "", text))

    def number(self, decimal: str) -> str:
        return str(format_decimal(Decimal(decimal), locale=self.locale))

    def day(self, day: date | str | None) -> str:
        """Return the day in digits, for tables."""
        if not day:
            return "—"
        on = date.fromisoformat(day) if isinstance(day, str) else day
        return str(format_date(on, "dd/MM/yyyy" if self.language == "es" else "dd-MM-yyyy"))

    def long_day(self, day: date | str) -> str:
        on = date.fromisoformat(day) if isinstance(day, str) else day
        return str(format_date(on, "long", locale=self.locale))


def _plain(value: object) -> object:
    """Return the fact with every text on one line: nothing in it becomes a heading or a list."""
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value

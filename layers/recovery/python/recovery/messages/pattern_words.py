"""Say a payment pattern to its borrower: one sentence on what is seen, one on what may help."""

from __future__ import annotations

from collections.abc import Iterable

from babel.dates import format_date

from recovery.domain.monitoring.early_warning import EarlyWarning
from recovery.domain.monitoring.pattern import Pattern
from recovery.messages.writing import language_and_locale, one_line, templates

ABOUT = "patterns"


def pattern_words(pattern: Pattern, language: str, country: str | None = None) -> tuple[str, str]:
    """Say it in the language of a BCP 47 tag. Raises LanguageNotSupportedError."""
    found, locale = language_and_locale(language, country)
    texts = templates(found, ABOUT)
    last = pattern.evidence[-1].due_date if pattern.evidence else None
    facts = {
        "count": pattern.count,
        "looked_at": pattern.looked_at,
        "date": format_date(last, "long", locale=locale) if last else "",
    }
    seen, help_ = (one_line(texts[name, pattern.kind].render(facts)) for name in ("seen", "help"))
    return seen, help_


def warning_words(
    warning: EarlyWarning, patterns: Iterable[Pattern], language: str, country: str | None = None
) -> tuple[str, str] | None:
    """Say why a warning was given, by the pattern that weighs most; None if none weighs anything.

    ``patterns`` are those that the warning was given on. Raises LanguageNotSupportedError.
    """
    by_kind = {each.kind: each for each in patterns}
    for kind in warning.because:
        return pattern_words(by_kind[kind], language, country)
    return None

"""What borrowers read of their patterns: complete, kind, and easy, in six languages."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from recovery.domain.monitoring.early_warning import CAREFUL_DEFAULTS, EarlyWarning
from recovery.domain.monitoring.pattern import Evidence, Pattern, PatternKind
from recovery.messages import LANGUAGES, LanguageNotSupportedError
from recovery.messages import writing as messages_writing
from recovery.messages.pattern_words import pattern_words, warning_words
from tests.messages.languages import COURT, FORBIDDEN, found
from tests.messages.test_lint import EASY, MOST_WORDS, reading_ease
from tests.messages.test_lint import _syllables_without_download as _syllables_without_download

FOLDER = Path(messages_writing.__file__).parent / "patterns"
VARIABLES = re.compile(r"\{\{ (\w+) \}\}")


def texts(language: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


def a_pattern(kind: PatternKind) -> Pattern:
    row = Evidence(3, date(2026, 3, 6), None, 0)
    return Pattern(kind, 1, 3, 9, (row,))


def everything(language: str) -> list[str]:
    return [each for kind in PatternKind for each in pattern_words(a_pattern(kind), language)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_pattern_has_two_sentences_with_the_same_facts(language) -> None:
    mine, english = texts(language), texts("en")
    for section in ("seen", "help"):
        assert set(mine[section]) == {str(kind) for kind in PatternKind}
        for name, text in mine[section].items():
            assert set(VARIABLES.findall(text)) == set(VARIABLES.findall(english[section][name]))
            assert text.endswith(".") and len(re.findall(r"[.!?](?:\s|$)", text)) == 1, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_threatens_shames_or_hurries(language) -> None:
    for text in everything(language):
        assert found(f"{FORBIDDEN[language]}, {COURT[language]}", text) == [], text
        assert "{" not in text


@pytest.mark.usefixtures("_syllables_without_download")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_are_easy_to_read(language) -> None:
    said = everything(language)
    if language in EASY:
        assert reading_ease(" ".join(said), language) >= EASY[language]
    assert max(len(each.split()) for each in said) <= MOST_WORDS.get(language, 20)


def test_days_are_written_as_the_reader_does_and_no_language_is_guessed() -> None:
    seen, _ = pattern_words(a_pattern(PatternKind.LATE_LAST_TIME), "es-PE", "PE")
    assert "6 de marzo de 2026" in seen
    with pytest.raises(LanguageNotSupportedError):
        pattern_words(a_pattern(PatternKind.LATE_LAST_TIME), "qu")


def test_a_warning_is_told_by_the_pattern_that_weighs_most() -> None:
    kinds = (PatternKind.DRIFTING_LATER, PatternKind.FREQUENT_DELAYS)
    warning = EarlyWarning(10, 500, "likely", kinds, CAREFUL_DEFAULTS.version, True)
    patterns = [a_pattern(kind) for kind in reversed(kinds)]
    assert warning_words(warning, patterns, "en") == pattern_words(a_pattern(kinds[0]), "en")
    calm = EarlyWarning(-200, 100, "unlikely", (), CAREFUL_DEFAULTS.version, True)
    assert warning_words(calm, patterns, "en") is None

"""What applicants and borrowers read: complete in six languages, and nothing left unsaid."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest

from recovery.domain.agreements.asked import asked_by_instalment
from recovery.domain.agreements.assessment import Reason, ReasonCode, Verdict, assess
from recovery.domain.agreements.option_kinds import Difficulty, Kind
from recovery.domain.agreements.option_search import Miss, MissCode
from recovery.domain.agreements.options import options_for
from recovery.domain.agreements.policy import CapacityPolicy
from recovery.domain.agreements.would_be_yes import Change
from recovery.domain.schedules.due_dates import MONTHLY
from recovery.messages import LANGUAGES, LanguageNotSupportedError
from recovery.messages import writing as messages_writing
from recovery.messages.assessment_words import assessment_words
from recovery.messages.option_words import options_words
from tests.households import ON, a_capacity, a_household, capacity_terms
from tests.troubles import a_trouble, an_account

FOLDER = Path(messages_writing.__file__).parent / "agreements"
CHANGES = get_args(Change.__annotations__["kind"]) or (
    *("living_costs", "instalment", "income", "amount", "term", "frequency", "months", "due_day"),
)
BY_CODE = {
    "verdict": {*Verdict, "capacity"},
    "reason": set(get_args(ReasonCode)),
    "change": set(CHANGES),
    "option": set(Kind),
    "option_name": set(Kind),
    "refused": set(get_args(MissCode)),
}


def texts(language: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_all_that_may_have_to_be_said(language) -> None:
    found = texts(language)
    for section, names in BY_CODE.items():
        assert set(found[section]) == {str(each) for each in names}, section
    assert {name: set(each) for name, each in found.items()} == {
        name: set(each) for name, each in texts("en").items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_names_the_same_facts(language) -> None:
    variables = re.compile(r"\{\{ (\w+) \}\}")
    english = texts("en")
    for section, sources in texts(language).items():
        for name, source in sources.items():
            assert set(variables.findall(source)) == set(
                variables.findall(english[section][name])
            ), f"{language} {section}.{name}"


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_no_text_was_left_in_english(language) -> None:
    english, found = texts("en"), texts(language)
    for section, sources in found.items():
        for name, source in sources.items():
            assert source != english[section][name], f"{language} {section}.{name}"


def judged(**changes):
    asked = asked_by_instalment(30_000, MONTHLY, ON)
    made = assess(a_household(), asked, capacity_terms(), CapacityPolicy(), ON)
    return replace(made, **changes)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", get_args(ReasonCode))
def test_each_reason_can_be_said_with_and_without_an_income(language, code) -> None:
    for percents in ((Decimal("66.7"), Decimal("44.4")), (None, Decimal(50)), (None, None), None):
        reason = Reason(
            code=code,
            amount_minor=12_345,
            month=2,
            percents=percents,
            of_percent=50,
            about="L-7",
        )
        [said] = assessment_words(judged(reasons=(reason,)), language).reasons
        assert said and "{" not in said and "None" not in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", CHANGES)
def test_each_change_can_be_said(language, kind) -> None:
    change = Change(
        kind=kind, amount_minor=12_345, instalments=7, every=1, day=6, months=(1, 2), total_minor=9
    )
    [said] = assessment_words(judged(changes=(change,)), language).would_be_yes
    assert said and "{" not in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verdict", [*Verdict, None])
def test_each_verdict_says_until_when_and_a_decline_how_to_be_heard_again(
    language, verdict
) -> None:
    words = assessment_words(judged(verdict=verdict), language)
    assert words.verdict and "2027" in words.notes[0]
    assert len(words.notes) == (2 if verdict is Verdict.DECLINE else 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_option_says_what_when_how_much_and_what_if_it_is_missed(language) -> None:
    seen = set()
    for trouble in (
        *(a_trouble(reason=reason, capacity=a_capacity(9_000)) for reason in Difficulty),
        *(a_trouble(reason=reason) for reason in Difficulty),
        a_trouble(capacity=a_capacity(0), lump_sum_minor=90_000),
        a_trouble(account=an_account(11_347, penalty_minor=600), capacity=a_capacity(9_000)),
    ):
        found = options_for(trouble)
        words = options_words(found, "EUR", language)
        for option, said in zip(found.best, words.best, strict=True):
            seen.add(option.kind)
            assert said.name and said.what and said.if_missed
            total = said.facts[3]
            assert any(mark in total for mark in ("€", "EUR"))
            assert len(said.facts) == 5
        assert len(words.refused) == len(found.refused)
        assert all(name and why for name, why in words.refused)
    assert {Kind.PLAN, Kind.LOWER_INSTALMENT, Kind.SETTLEMENT} <= seen


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", get_args(MissCode))
def test_each_refusal_can_be_said(language, code) -> None:
    found = replace(options_for(a_trouble()), best=(), refused=(Miss(kind=Kind.PLAN, code=code),))
    [(name, why)] = options_words(found, "EUR", language).refused
    assert name and why and "{" not in why


def test_amounts_and_days_are_written_as_the_reader_does() -> None:
    found = options_for(a_trouble(on=date(2026, 4, 10)))
    spanish = options_words(found, "EUR", "es", "ES").best[0].facts
    assert spanish[0].startswith("Próximo pago: ") and "mayo de 2026" in spanish[0]
    with pytest.raises(LanguageNotSupportedError):
        options_words(found, "EUR", "qu")

"""People are answered in the language that they read."""

from __future__ import annotations

import pytest

from infra.demo.answers import answer
from infra.demo.countries import COUNTRIES


@pytest.mark.parametrize("country", COUNTRIES, ids=lambda each: each.code)
@pytest.mark.parametrize(
    "what", ["receipt_found", "no_payment_found", "called_too_often", "called_as_chosen"]
)
def test_every_country_of_the_sample_is_answered_in_its_language(country, what) -> None:
    english = answer(what, "en")
    said = answer(what, country.language)
    assert (said == english) == country.language.startswith("en")


def test_without_a_text_it_is_english() -> None:
    assert answer("receipt_found", "sw-KE") == answer("receipt_found", "en-KE")

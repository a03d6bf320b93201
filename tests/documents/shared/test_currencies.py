"""The known currencies are those of Babel's list, and an unknown one is refused."""

from __future__ import annotations

import pytest
from babel.core import get_global
from pydantic import BaseModel

from recovery.documents.shared.currencies import KNOWN_CURRENCIES
from recovery.documents.shared.fields import Currency
from recovery.documents.shared.problems import InvalidDocumentError, validated

_SHARED = {"XAF", "XCD", "XCG", "XDR", "XOF", "XPF"}  # with X, but spent; the others are metals


def test_they_are_the_currencies_in_use_since_2000() -> None:
    used = {
        code
        for spans in get_global("territory_currencies").values()
        for code, _, end, _ in spans
        if end is None or end[0] >= 2000
    }
    assert {code for code in used if code[0] != "X" or code in _SHARED} == KNOWN_CURRENCIES


class _Priced(BaseModel):
    currency: Currency


@pytest.mark.parametrize("code", ["EUX", "XAU", "eur", "EURO"])
def test_an_unknown_one_is_refused_with_the_form_that_is_meant(code: str) -> None:
    with pytest.raises(InvalidDocumentError) as error:
        validated(_Priced, {"currency": code})
    assert "ISO 4217" in error.value.problems[0].remedy

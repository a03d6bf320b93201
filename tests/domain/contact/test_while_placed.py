"""While a firm handles a loan nothing is asked from here; answers that are owed still go."""

from __future__ import annotations

from datetime import date

import pytest

from recovery.domain.accounting.ownership import SilentPeriod
from recovery.domain.contact.plan import Wish
from recovery.domain.contact.while_placed import OWED_ANSWERS, silenced

DAY = date(2026, 2, 2)


def wish(kind: str) -> Wish:
    return Wish(kind, kind, DAY)


@pytest.mark.parametrize("kind", sorted(OWED_ANSWERS))
def test_an_answer_that_is_owed_goes_for_a_creditor_and_not_once_it_is_sold(kind) -> None:
    assert silenced(wish(kind), SilentPeriod(DAY, None, "placed")) is None
    for why in ("outside", "not_told"):
        silent = SilentPeriod(DAY, None, why)
        assert silenced(wish(kind), silent) == silent


@pytest.mark.parametrize("kind", ["first_days_late", "upcoming_payment", "thank_you"])
def test_what_asks_for_money_or_only_is_kind_is_the_firms_to_say(kind) -> None:
    silent = SilentPeriod(DAY, None, "placed")
    assert silenced(wish(kind), silent) == silent
    assert silenced(None, silent) == silent
    assert silenced(wish(kind), None) is None

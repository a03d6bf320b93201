"""Steps around a court as they are said on the timeline."""

from __future__ import annotations

from datetime import date

import pytest

from recovery.domain.accounting.court_steps import CourtStep, PreActionCheck, court_in_words
from recovery.domain.accounting.fact import date_of, kind_of

ON = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (
            PreActionCheck(on=ON, codes=("MASC",), reference="BF-1"),
            "before court, checked: MASC, reference BF-1",
        ),
        (
            CourtStep(suit_id="S-1", on=ON, step="hearing", by_on=date(2026, 7, 1)),
            "suit S-1, hearing, by 2026-07-01",
        ),
        (
            CourtStep(suit_id="S-1", on=ON, step="judgment", outcome="creditor", final_on=ON),
            "suit S-1, judgment, for the creditor, final on 2026-06-01",
        ),
        (
            CourtStep(suit_id="S-1", on=ON, step="judgment", outcome="part"),
            "suit S-1, judgment, for a part",
        ),
        (CourtStep(suit_id="S-1", on=ON, step="met", step_id="H-1"), "suit S-1, met, H-1"),
    ],
)
def test_it_is_said_without_names(fact, words) -> None:
    assert court_in_words(fact) == words
    assert date_of(fact) == ON and kind_of(fact) in ("court_step", "pre_action_check")

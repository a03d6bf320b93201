"""When a title may be enforced."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from recovery.documents.packs.reading import careful_claim_pack, claim_pack
from recovery.domain.accounting.fact import Recorded
from recovery.domain.judicial.enforcing import enforce_by, enforcement_problems, title_of
from tests.builders import a_payment
from tests.domain.judicial.test_proceedings import DAY, FILED, SUIT, on_record, step

FINAL = FILED + 30 * DAY
NOW = FINAL + 40 * DAY
WON = step("judgment", FILED + 9 * DAY, outcome="creditor", amount_minor=120_000, final_on=FINAL)
OFFERED = step("way_back_offered", FINAL + DAY)


def recorded(*facts: Any, payments: tuple[Any, ...] = ()) -> Recorded:
    records = (on_record(SUIT), *(on_record(e, f"F-{n}") for n, e in enumerate(facts)))
    return Recorded(payments, records)


def problems(*facts: Any, on: date = NOW, payments: tuple[Any, ...] = ()) -> list[str]:
    found = enforcement_problems(recorded(*facts, payments=payments), claim_pack("ES"), on)
    return [each.reason for each in found]


def test_a_living_title_of_which_something_is_left_may_be_enforced_after_an_offer() -> None:
    assert problems(WON, OFFERED) == []


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ((), "there is no title to enforce"),
        ((step("judgment", outcome="creditor", amount_minor=1),), "there is no title to enforce"),
        ((WON,), f"no agreement was offered since the title of {FINAL}"),
        (
            (WON, step("way_back_offered", FINAL - DAY)),
            f"no agreement was offered since the title of {FINAL}",
        ),
        ((WON, OFFERED, step("stayed", NOW)), f"S-1 has been stayed since {NOW}"),
    ],
)
def test_without_one_of_these_nobody_decides_on_it(facts, why) -> None:
    assert problems(*facts) == [why]


def test_a_satisfied_claim_is_never_enforced() -> None:
    some = a_payment("P-1", value_date=NOW, amount_minor=119_999)
    rest = a_payment("P-2", value_date=NOW, amount_minor=1)
    assert problems(WON, OFFERED, payments=(some,)) == []
    assert problems(WON, OFFERED, payments=(some, rest)) == [
        "the claim is satisfied: nothing is left"
    ]


@pytest.mark.parametrize(("law", "years"), [("ES", 5), ("NL", 20)])
def test_a_title_lives_as_long_as_the_pack_says(law: str, years: int) -> None:
    last, rule = enforce_by(FINAL, claim_pack(law))
    assert last == FINAL.replace(year=FINAL.year + years) and rule.claim == "judgment"
    assert problems(WON, OFFERED, on=FINAL.replace(year=FINAL.year + 5)) == []
    (late,) = problems(WON, OFFERED, on=FINAL.replace(year=FINAL.year + 5) + DAY)
    assert "es.claim.limitation.judgment" in late


def test_under_an_unread_law_the_careful_rule_is_named() -> None:
    _, rule = enforce_by(FINAL, careful_claim_pack())
    assert rule.confidence == "U"


def test_the_last_title_is_the_one() -> None:
    later = step("judgment", FINAL, outcome="part", amount_minor=1, final_on=FINAL + timedelta(9))
    found = title_of(recorded(WON, later))
    assert found and found.title_minor() == 1 and title_of(recorded()) is None

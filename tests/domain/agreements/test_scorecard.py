from __future__ import annotations

from decimal import Decimal

import pytest

from recovery.domain.agreements.scorecard import (
    NO_SCORECARD,
    KnockOut,
    Scorecard,
    ScoreRule,
    score,
    scorecard_problems,
)

SAVES = ScoreRule(code="saves", fact="savings_months", points=10, at_least=Decimal(2))
HEAVY = ScoreRule(
    code="heavy",
    fact="share_of_income_percent",
    points=-5,
    at_least=Decimal(40),
    at_most=Decimal(50),
)
LATE = KnockOut(code="late", fact="days_past_due", more_than=Decimal(30))
CARD = Scorecard(rules=(SAVES, HEAVY), knock_outs=(LATE,), refer_below=6)


def test_points_come_from_the_bands_that_hold() -> None:
    facts = {"savings_months": 2, "share_of_income_percent": 40, "days_past_due": 30}
    found = score(CARD, {name: Decimal(value) for name, value in facts.items()})
    assert (found.points, found.codes, found.knocked_out) == (5, ("saves", "heavy"), ())
    assert found.is_low and found.refers
    light = score(CARD, {**facts, "share_of_income_percent": Decimal(39)})
    assert (light.points, light.refers) == (10, False)


def test_a_knock_out_is_beyond_its_limit_and_what_nobody_knows_goes_to_a_person() -> None:
    late = score(CARD, {"days_past_due": Decimal(31)})
    assert late.knocked_out == ("late",)
    assert late.missing == ("savings_months", "share_of_income_percent")
    assert late.refers
    few = KnockOut(code="few", fact="earners", less_than=Decimal(1))
    assert score(Scorecard(knock_outs=(few,)), {"earners": Decimal(0)}).knocked_out == ("few",)
    assert not score(NO_SCORECARD, {}).refers


@pytest.mark.parametrize(
    ("card", "field"),
    [
        (Scorecard(rules=(ScoreRule(code="a b", fact="earners", points=1, at_least=0),)), "code"),
        (Scorecard(rules=(SAVES, SAVES)), "code"),
        (Scorecard(rules=(ScoreRule(code="a", fact="earners", points=1),)), "rules.0"),
        (Scorecard(knock_outs=(KnockOut(code="a", fact="earners"),)), "knock_outs.0"),
        (
            Scorecard(rules=(ScoreRule(code="a", fact="earners", points=99_999, at_most=1),)),
            "points",
        ),
    ],
)
def test_a_wrong_scorecard_is_refused_where_it_is_wrong(card, field) -> None:
    assert next(each.field for each in scorecard_problems(card)).endswith(field)


def test_a_right_one_is_not() -> None:
    assert not list(scorecard_problems(CARD))

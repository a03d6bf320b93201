"""Ranges of what each way to go on may bring: never narrower than the assumptions."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.judicial.sue_or_settle import (
    Between,
    Chance,
    Frame,
    MinorBetween,
    Option,
    frame_problems,
    option_problems,
    outlooks,
    surely_best,
)
from tests.builders import fields


def between(low, high) -> Between:
    return Between(Decimal(low), Decimal(high))


FRAME = Frame(as_of=date(2026, 11, 27), claim_minor=100_000, discount_pct=between(0, 10))
COURT = Option(
    name="court",
    kind="court",
    amount=MinorBetween(100_000, 100_000),
    chances=(
        Chance(name="won", percent=between(50, 90)),
        Chance(name="paid", percent=between(20, 60)),
    ),
    months=between(6, 24),
    cost=MinorBetween(10_000, 20_000),
    cost_if_lost=MinorBetween(0, 30_000),
    cost_back_pct=between(0, 50),
)
SETTLED = Option(
    name="settled",
    kind="settlement",
    amount=MinorBetween(60_000, 60_000),
    chances=(Chance(name="kept", percent=between(80, 100)),),
    months=between(0, 6),
)


def test_the_ends_are_those_of_all_assumptions() -> None:
    [found] = outlooks([COURT], FRAME)
    assert found.recovery == (8333, 54_000), "a tenth two years later at 10 %; 54 % at once"
    assert found.cost == (7300, 35_000), "27 % of the cost comes back; half the time 300 is lost"
    assert found.net == (8333 - 35_000, 54_000 - 7300)
    assert found.cautions == ("may_lose_money",)


def test_one_is_better_only_if_its_worst_beats_the_others_best() -> None:
    low = replace(SETTLED, name="low", amount=MinorBetween(40_000, 45_000))
    best, other = outlooks([low, SETTLED], FRAME)
    assert (best.option.name, best.better_than, other.better_than) == ("settled", ("low",), ())
    assert surely_best([best, other]) == best
    overlapping = outlooks([COURT, SETTLED], FRAME)
    assert surely_best(overlapping) is None
    assert overlapping[0].option.name == "settled", "its worst case is the better one"
    assert surely_best(outlooks([COURT], FRAME)) is not None


@pytest.mark.parametrize(
    ("changes", "caution", "may_be_taken"),
    [
        ({"may_sue": False}, "may_not_sue", False),
        ({"minimum_claim_minor": 100_001}, "below_minimum_claim", False),
        ({"minimum_claim_minor": 100_000}, None, True),
        ({"most_cost_pct": Decimal("34.99")}, "cost_out_of_proportion", True),
        ({"most_cost_pct": Decimal(35)}, None, True),
    ],
)
def test_law_and_proportion_limit_the_way_to_court(changes, caution, may_be_taken) -> None:
    [found] = outlooks([COURT], replace(FRAME, **changes))
    assert found.may_be_taken is may_be_taken
    assert found.cautions == ((caution, "may_lose_money") if caution else ("may_lose_money",))


def test_a_barred_debt_is_neither_sued_for_nor_asked_for() -> None:
    waiting = replace(SETTLED, name="waiting", kind="waiting")
    frame = replace(FRAME, may_sue=False, may_ask=False)
    found = outlooks([COURT, SETTLED, waiting], frame)
    assert [each.option.name for each in found if each.may_be_taken] == ["waiting"]
    assert found[0].option.name == "waiting" and not any(each.better_than for each in found)


def test_waiting_may_let_the_claim_become_too_old() -> None:
    waiting = replace(SETTLED, kind="waiting")
    for last_day, cautions in ((27, ()), (26, ("prescribes_meanwhile",))):
        frame = replace(FRAME, prescribes_on=date(2027, 5, last_day))
        assert outlooks([waiting], frame)[0].cautions == cautions


PERCENT = st.tuples(st.integers(0, 100), st.integers(0, 100)).map(lambda e: between(*sorted(e)))
AMOUNTS = st.tuples(st.integers(0, 10**7), st.integers(0, 10**7)).map(
    lambda each: MinorBetween(*sorted(each))
)
OPTIONS = st.builds(
    Option,
    name=st.just("court"),
    kind=st.just("court"),
    amount=AMOUNTS,
    chances=st.lists(PERCENT, max_size=3).map(
        lambda found: tuple(Chance(name=str(n), percent=each) for n, each in enumerate(found))
    ),
    months=PERCENT,
    cost=AMOUNTS,
    cost_if_lost=AMOUNTS,
    cost_back_pct=PERCENT,
)


@given(OPTIONS, st.integers(0, 4))
def test_whatever_comes_true_within_the_assumptions_is_within_the_range(option, step) -> None:
    def at(found):
        value = found.low + (found.high - found.low) * step // 4
        return type(found)(value, value)

    exact = replace(
        option,
        amount=at(option.amount),
        chances=tuple(replace(each, percent=at(each.percent)) for each in option.chances),
        months=at(option.months),
        cost=at(option.cost),
        cost_if_lost=at(option.cost_if_lost),
        cost_back_pct=at(option.cost_back_pct),
    )
    [wide] = outlooks([option], FRAME)
    [narrow] = outlooks([exact], replace(FRAME, discount_pct=between(5, 5)))
    for name in ("recovery", "cost", "net"):
        outer, inner = getattr(wide, name), getattr(narrow, name)
        assert outer.low <= inner.low <= inner.high <= outer.high


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": MinorBetween(2, 1)}, "amount.low"),
        ({"cost": MinorBetween(-1, 1)}, "cost.low_minor"),
        ({"months": between(0, 601)}, "months.high"),
        ({"chances": (Chance(name="x", percent=between(0, 101)),)}, "chances.0.high"),
        ({"cost_back_pct": between(50, 40)}, "cost_back_pct.low"),
    ],
)
def test_a_mistake_is_named(changes, field) -> None:
    assert fields(option_problems(replace(COURT, **changes))) == {field}
    assert not fields(option_problems(COURT))


def test_a_mistake_in_what_holds_for_all_is_named() -> None:
    assert fields(frame_problems(replace(FRAME, discount_pct=between(9, 5)))) == {
        "discount_pct.low"
    }
    assert fields(frame_problems(replace(FRAME, claim_minor=-1))) == {"claim_minor"}
    assert not fields(frame_problems(FRAME))

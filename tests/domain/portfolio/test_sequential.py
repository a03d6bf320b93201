"""Intervals that hold whenever one looks: their error rates, shown by simulation."""

from __future__ import annotations

import random
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.portfolio.sequential import Share, difference, evidence, share

ALPHA = 0.05
_TRIALS, _PEOPLE = 200, 300
seen = st.integers(0, 200).flatmap(lambda of: st.integers(0, of).map(lambda k: Share(k, of)))


def ever_sure(one: float, other: float, chance: random.Random) -> bool:
    """Whether looking after every single person ever finds a difference."""
    hits, of = [0, 0], [0, 0]
    for _ in range(_PEOPLE):
        arm = chance.random() < 0.5
        of[arm] += 1
        hits[arm] += chance.random() < (one if arm else other)
        if evidence(Share(hits[1], of[1]), Share(hits[0], of[0])) >= log(1 / ALPHA):
            return True
    return False


@pytest.mark.parametrize("rate", [0.05, 0.5, 0.8, 0.95])
def test_what_does_nothing_is_found_to_do_something_in_at_most_one_of_twenty(rate: float) -> None:
    """By theory at most 5 % of trials looked at after every person; 200 trials vary by 3 %."""
    chance = random.Random(20261127)
    mistakes = sum(ever_sure(rate, rate, chance) for _ in range(_TRIALS))
    assert mistakes <= _TRIALS * (ALPHA + 0.03)


def test_a_real_difference_is_found_and_a_large_one_soon() -> None:
    chance = random.Random(20261127)
    assert sum(ever_sure(0.9, 0.6, chance) for _ in range(50)) >= 48
    assert 2 <= sum(ever_sure(0.9, 0.8, chance) for _ in range(50)) <= 35  # 300 people are few


def test_the_truth_is_covered_at_every_look_at_once() -> None:
    """The difference of .85 and .75, looked at after every thirtieth person."""
    chance, missed, trials = random.Random(7), 0, 80
    for _ in range(trials):
        hits, of = [0, 0], [0, 0]
        for number in range(1, 301):
            arm = chance.random() < 0.5
            of[arm] += 1
            hits[arm] += chance.random() < (0.85 if arm else 0.75)
            if number % 30 == 0:
                interval = difference(Share(hits[1], of[1]), Share(hits[0], of[0]), ALPHA)
                if not interval.has(0.1):
                    missed += 1
                    break
    assert missed <= trials * (ALPHA + 0.045)


@given(seen, seen)
def test_an_interval_holds_what_was_seen_and_turns_around_with_the_arms(one, other) -> None:
    there, back = difference(one, other, ALPHA), difference(other, one, ALPHA)
    if one.of and other.of:
        assert there.has(one.value - other.value)
    assert -1 <= there.low <= there.high <= 1
    assert abs(there.low + back.high) < 1e-6 and abs(there.high + back.low) < 1e-6
    assert share(one, ALPHA).has(one.value)


@given(seen, seen)
def test_zero_is_left_out_just_when_the_evidence_says_so(one, other) -> None:
    against = evidence(one, other)
    if abs(against - log(1 / ALPHA)) > 1e-3:
        assert difference(one, other, ALPHA).has(0) == (against < log(1 / ALPHA))


def test_nothing_seen_says_nothing_and_more_people_say_more() -> None:
    assert difference(Share(0, 0), Share(0, 0), ALPHA).low == -1
    assert evidence(Share(0, 0), Share(5, 5)) <= 0
    widths = [
        difference(Share(9 * n, 10 * n), Share(8 * n, 10 * n), ALPHA) for n in (1, 10, 100, 1_000)
    ]
    assert sorted((each.high - each.low for each in widths), reverse=True) == [
        each.high - each.low for each in widths
    ]
    assert not widths[-1].has(0)

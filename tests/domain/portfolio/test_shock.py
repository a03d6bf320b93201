"""Shocks are found, and chance is rarely taken for one: shown by simulation."""

from __future__ import annotations

import random
from datetime import date, timedelta
from math import comb

import pytest

from recovery.domain.accounting.allocation import allocate
from recovery.domain.accounting.loan import LoanProfile, Payment
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.agreements.restraints import Block, Kind, Restraint
from recovery.domain.monitoring.shock_policy import ShockPolicy, shock_problems
from recovery.domain.portfolio.shock import (
    Group,
    Measure,
    Tally,
    count_loan,
    find_shocks,
    groups_of,
    tail,
)
from tests.builders import a_loan

POLICY = ShockPolicy()
WEEKS = POLICY.window_weeks + POLICY.history_weeks
LOOKS = 400


def a_year(
    chance: random.Random, sizes: dict[str, int], rate: float, *, wave: float = 0.0, flood: str = ""
) -> Tally:
    """Draw weeks of a quiet portfolio in which everybody has something due every other week.

    With ``wave``, each fortnight of each group has a rate of its own, up or down by that share. In
    the place ``flood`` the last window has a rate of 40%.
    """
    tally = Tally()
    for name, people in sizes.items():
        group = Group("place", name)
        for fortnight in range(0, WEEKS, 2):
            own = rate * (1 + wave * chance.uniform(-1, 1))
            if name == flood and fortnight < POLICY.window_weeks:
                own = 0.4
            for person in range(people):
                week = fortnight + person % 2
                tally.asked[group, Measure.LATENESS, week].add(f"{name}-{person}")
                if chance.random() < own:
                    tally.troubled[group, Measure.LATENESS, week].add(f"{name}-{person}")
    return tally


PLACES = {"A": 8, "B": 15, "C": 30, "D": 60, "E": 120}


@pytest.mark.parametrize(("rate", "wave"), [(0.05, 0.0), (0.15, 0.0), (0.15, 0.5), (0.3, 0.5)])
def test_chance_alone_raises_about_one_alarm_a_year_at_most(rate: float, wave: float) -> None:
    """A look a week: at most one false alarm in 52 looks, over all places together."""
    chance = random.Random(13)
    alarms = sum(
        bool(find_shocks(a_year(chance, PLACES, rate, wave=wave), POLICY)) for _ in range(LOOKS)
    )
    assert alarms / LOOKS <= POLICY.false_alarms_per_year / 52 + 0.014  # two standard errors


@pytest.mark.parametrize(("place", "least"), [("A", 0.2), ("B", 0.5), ("C", 0.85), ("E", 0.99)])
def test_a_flood_that_keeps_two_in_five_from_paying_is_seen(place: str, least: float) -> None:
    """The power at a usual rate of 8%: high from thirty people on, low in the smallest places."""
    chance, seen = random.Random(7), 0
    for _ in range(100):
        found = find_shocks(a_year(chance, PLACES, 0.08, flood=place), POLICY)
        seen += any(each.group.name == place for each in found)
    assert seen / 100 >= least


def test_a_place_too_small_to_say_anything_never_alarms() -> None:
    few = {"A": POLICY.least_people - 1, "E": 120}
    tally = a_year(random.Random(1), few, 0.05)
    for week in (0, 1):
        everybody = tally.asked[Group("place", "A"), Measure.LATENESS, week]
        tally.troubled[Group("place", "A"), Measure.LATENESS, week] |= everybody
    assert find_shocks(tally, POLICY) == ()
    assert find_shocks(Tally(), POLICY) == ()


def test_the_tail_is_the_binomial_one_where_the_rate_is_certain() -> None:
    exact = sum(comb(20, k) * 0.1**k * 0.9 ** (20 - k) for k in range(6, 21))
    assert tail(6, 20, 0.1, 1e8) == pytest.approx(exact, rel=1e-3)
    assert tail(6, 20, 0.1, 30) > exact  # the less is known, the less a rise says
    assert tail(0, 20, 0.1, 30) == pytest.approx(1)


AS_OF = date(2026, 7, 1)


def a_loan_of(place: str, person: str = "B-1"):
    profile = LoanProfile(place=place, sector="farming")
    return a_loan(f"L-{person}", borrower_id=person, profile=profile, instalments=6)


def test_a_loan_counts_in_its_groups_once_a_week_for_each_person() -> None:
    loan = a_loan_of("Riverside")
    kinds = [(each.kind, each.name) for each in groups_of(loan)]
    assert kinds == [("place", "Riverside"), ("sector", "farming"), ("portfolio", loan.portfolio)]
    due = loan.schedule[0].due_date
    late = [
        Payment("P-1", due + timedelta(days=POLICY.late_after_days), loan.schedule[0].due.total)
    ]
    position = allocate(loan.schedule, late, AllocationPolicy())
    as_of = due + timedelta(days=POLICY.late_after_days)
    tally = Tally()
    for _ in range(2):  # a second loan of the same person
        count_loan(tally, loan, position, (), POLICY, as_of)
    place = Group("place", "Riverside")
    assert tally.asked[place, Measure.LATENESS, 0] == {"B-1"}
    assert tally.troubled[place, Measure.LATENESS, 0] == {"B-1"}


def test_the_day_before_its_outcome_is_known_an_instalment_says_nothing() -> None:
    loan = a_loan_of("Riverside")
    position = allocate(loan.schedule, [], AllocationPolicy())
    as_of = loan.schedule[0].due_date + timedelta(days=POLICY.late_after_days - 1)
    tally = Tally()
    count_loan(tally, loan, position, (), POLICY, as_of)
    assert not [each for each in tally.asked if each[1] is Measure.LATENESS]


def test_hardship_that_many_tell_of_in_the_same_weeks_is_a_shock_before_anybody_is_late() -> None:
    tally = Tally()
    told = Restraint(
        Kind.HARDSHIP, AS_OF - timedelta(days=3), None, frozenset({Block.CALLS}), "told"
    )
    for number in range(60):
        loan = a_loan_of("Riverside" if number < 20 else "Hilltop", f"B-{number}")
        position = allocate(loan.schedule, [], AllocationPolicy())
        count_loan(tally, loan, position, (told,) if number < 9 else (), POLICY, AS_OF)
    hardships = [each for each in find_shocks(tally, POLICY) if each.measure is Measure.HARDSHIP]
    assert hardships[0].group == Group("place", "Riverside")
    assert (hardships[0].people, hardships[0].troubled) == (20, 9)


def test_a_policy_that_sees_floods_everywhere_or_in_families_is_refused() -> None:
    assert list(shock_problems(POLICY)) == []
    wrong = ShockPolicy(false_alarms_per_year=50, least_people=2)
    assert {each.field for each in shock_problems(wrong)} == {
        "false_alarms_per_year",
        "least_people",
    }

"""When a claim prescribes: which acts count, which came too late, and that time never heals."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.judicial.facts import Act, Negotiation
from recovery.domain.judicial.prescription import counted_acts, prescription
from tests.claims import a_claim, a_dutch_claim, a_law

DUE = date(2021, 1, 10)
DAY = timedelta(days=1)


def acts(*given) -> tuple[Act, ...]:
    return tuple(Act(on=on, kind=kind) for on, kind in given)


def old(*given, **changes):
    return a_claim(due=DUE, acts=acts(*given), negotiation=None, **changes)


@pytest.mark.parametrize(
    ("given_acts", "last_day"),
    [
        ((), date(2026, 1, 10)),
        (((date(2021, 3, 5), "demand with proof"),), date(2026, 3, 5)),
        (
            (
                (date(2021, 3, 5), "demand with proof"),
                (date(2023, 6, 1), "burofax, returned 'unknown'"),
                (date(2025, 2, 2), "phone call, without proof"),
            ),
            date(2026, 3, 5),
        ),
        (((date(2024, 2, 29), "acknowledgement of the debt"),), date(2029, 2, 28)),
        (((date(2026, 1, 10), "burofax"),), date(2031, 1, 10)),  # on the last day
        (((date(2026, 1, 11), "burofax"),), date(2026, 1, 10)),  # nothing revives it
        (((date(2025, 1, 1), "smoke signals"),), date(2026, 1, 10)),
    ],
)
def test_the_last_day_follows_from_the_acts_that_count(given_acts, last_day) -> None:
    assert counted_acts(old(*given_acts), a_law())[0] == last_day


def test_each_act_says_why_it_does_not_count() -> None:
    given_acts = ((date(2022, 1, 1), "phone call"), (date(2027, 1, 1), "burofax"))
    _, counted = counted_acts(old(*given_acts), a_law())
    assert [each.why_not for each in counted] == [
        "does not interrupt",
        "came after the claim had prescribed",
    ]


@pytest.mark.parametrize(("days", "effect"), [(0, "informs"), (1, "stops")])
def test_the_last_day_is_still_a_day(days, effect) -> None:
    found = prescription(old(), a_law(on=date(2026, 1, 10) + days * DAY))
    assert found is not None and found.effect == effect


def test_from_the_day_it_falls_due_its_last_day_is_known() -> None:
    found = prescription(a_claim(due=a_law().on, negotiation=None), a_law())
    assert found is not None and found.details["prescribes"] == date(2031, 5, 15)


def test_nothing_is_said_where_nobody_knows_or_a_court_decided() -> None:
    assert prescription(replace(old(), due=None), a_law()) is None
    assert prescription(old(stage="order_unopposed"), a_law()) is None
    assert prescription(a_claim(due=date(2026, 12, 1)), a_law()) is None


def test_only_a_proven_request_to_negotiate_is_an_act() -> None:
    proven = Negotiation(kind="invitation", received=date(2025, 6, 1), proof="burofax")
    for attempt, last_day in (
        (proven, date(2030, 6, 1)),
        (replace(proven, proof="none"), date(2026, 1, 10)),
        (replace(proven, kind="plain demand"), date(2026, 1, 10)),
    ):
        assert counted_acts(replace(old(), negotiation=attempt), a_law())[0] == last_day


def test_in_the_netherlands_a_writing_reserves_the_right() -> None:
    due = date(2020, 9, 15)
    for kind, last_day in (
        ("written, reserves right to performance", date(2025, 12, 1)),
        ("phone call", date(2025, 9, 15)),
        ("written reminder", date(2025, 9, 15)),
    ):
        facts = a_dutch_claim(due=due, acts=acts((date(2020, 12, 1), kind)))
        assert counted_acts(facts, a_law("NL"))[0] == last_day


@given(
    st.lists(
        st.tuples(
            st.dates(date(2020, 1, 1), date(2036, 1, 1)),
            st.sampled_from(["burofax", "phone call", "payment", "x"]),
        ),
        max_size=5,
    ),
    st.dates(date(2020, 1, 1), date(2036, 1, 1)),
    st.integers(1, 3000),
)
def test_a_later_day_never_revives_what_prescribed(given_acts, on, later) -> None:
    facts = a_claim(due=date(2020, 1, 1), acts=acts(*given_acts), negotiation=None)

    def stopped(day: date) -> bool:
        past = tuple(act for act in facts.acts or () if act.on <= on)
        found = prescription(replace(facts, acts=past), a_law(on=day))
        return found is not None and found.effect == "stops"

    assert not stopped(on) or stopped(on + later * DAY)


@given(st.lists(st.dates(date(2016, 1, 2), date(2030, 1, 1)), max_size=5), st.randoms())
def test_the_order_in_which_acts_are_told_does_not_matter(days, random) -> None:
    told = [(day, "burofax") for day in days]
    last_day, _ = counted_acts(old(*told), a_law())
    random.shuffle(told)
    assert counted_acts(old(*told), a_law())[0] == last_day

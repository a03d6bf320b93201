from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.monitoring.pattern import Contacts
from recovery.domain.monitoring.pattern import PatternKind as Kind
from recovery.domain.monitoring.segments import Segment, segment_of
from tests.payers import a_line, a_payer, found


def segment(payer):
    return segment_of(payer, found(payer))


@pytest.mark.parametrize(
    ("late", "expected", "reason"),
    [
        ((), Segment.NEW, None),
        ((0,), Segment.NEW, None),
        ((0, 0, 0), Segment.PUNCTUAL, None),
        ((0, 2, 0, 2), Segment.FORGETFUL, Kind.LATE_LAST_TIME),
        ((0, 0, 0, 40), Segment.STRAINED, Kind.LATE_LAST_TIME),
        ((9, 0, 0), Segment.STRAINED, Kind.FIRST_PAYMENT_DEFAULT),
        ((9, 9, 0, 0, 0), Segment.RECOVERING, Kind.ON_TIME_IN_A_ROW),
        ((-6, 3, -2, 4), Segment.IRREGULAR_INCOME, Kind.IRREGULAR_BUT_SOUND),
    ],
)
def test_a_segment_comes_with_its_reason(late, expected: Segment, reason) -> None:
    found_ = segment(a_payer(*late))
    assert (found_.segment, found_.reason) == (expected, reason)


def test_hard_months_are_a_season_and_not_a_strain() -> None:
    year = [14 if month in (3, 4) else 0 for month in range(12)]
    seasonal = a_payer(*year, *year[:5])
    assert segment(seasonal).segment is Segment.IRREGULAR_INCOME


def test_a_broken_promise_strains_and_silence_after_contact_comes_first() -> None:
    assert segment(a_payer(0, 0, promises=(0, 2))).segment is Segment.STRAINED
    silent = a_payer(0, 0, promises=(0, 2), contacts=Contacts(arrived=3))
    assert segment(silent).segment is Segment.NOT_ENGAGING


@given(
    st.lists(st.integers(-5, 60), max_size=9),
    st.builds(
        Contacts,
        arrived=st.integers(0, 2),
        not_delivered=st.integers(0, 99),
        no_language=st.integers(0, 99),
        stopped=st.integers(0, 99),
    ),
)
def test_a_stop_a_language_or_the_mail_never_makes_someone_not_engaging(late, contacts) -> None:
    assert segment(a_payer(*late, contacts=contacts)).segment is not Segment.NOT_ENGAGING


def test_whoever_is_in_trouble_and_was_not_reached_is_unreachable() -> None:
    no_text = Contacts(no_language=1)
    assert segment(a_payer(0, 3, 3, contacts=no_text)).segment is Segment.UNREACHABLE
    assert segment(a_payer(0, 0, contacts=no_text)).segment is Segment.PUNCTUAL
    stopped = Contacts(stopped=5)  # a stop is a choice, not a lost address
    assert segment(a_payer(0, 3, 3, contacts=stopped)).segment is Segment.FORGETFUL


def test_others_paying_does_not_make_someone_punctual() -> None:
    lines = tuple(a_line(n, 0, by_others=True) for n in (1, 2, 3))
    payer = a_payer(lines=lines, as_of=date(2026, 4, 20))
    assert segment(payer).segment is Segment.NEW


def test_whoever_owes_months_is_strained_on_the_day_after_the_next_instalment_too() -> None:
    behind = a_payer(0, 0, None, None, as_of=date(2026, 5, 3))
    last = max(each.due_date for each in behind.due())
    assert (behind.as_of - last).days < 8
    assert segment(behind).segment is Segment.STRAINED

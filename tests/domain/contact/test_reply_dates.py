"""The day and the amount that a reply names."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.contact.reply_dates import Named, named
from recovery.messages.reply_words import reply_words

FRIDAY = date(2026, 11, 27)


def of(text: str, **changes) -> Named:
    return named(text, reply_words(), FRIDAY, **changes)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("2026-12-03", date(2026, 12, 3)),
        ("3/12", date(2026, 12, 3)),
        ("03-12-2026", date(2026, 12, 3)),
        ("3.12.26", date(2026, 12, 3)),
        ("12/25", date(2026, 12, 25)),
        ("05/01", date(2027, 1, 5)),
        ("the 15th", date(2026, 12, 15)),
        ("on the 30", date(2026, 11, 30)),
        ("3rd of December", date(2026, 12, 3)),
        ("December 3", date(2026, 12, 3)),
        ("el día 2", date(2026, 12, 2)),
        ("3 de enero", date(2027, 1, 3)),
        ("de 15e", date(2026, 12, 15)),
        ("1er décembre", date(2026, 12, 1)),
        ("dia 10", date(2026, 12, 10)),
        ("tarehe 15", date(2026, 12, 15)),
        ("siku 3 ... baada ya siku 3", date(2026, 11, 30)),
        ("dentro de 2 semanas", date(2026, 12, 11)),
        ("overmorgen", date(2026, 11, 29)),
        ("après-demain", date(2026, 11, 29)),
        ("hoje", FRIDAY),
        ("sexta-feira", date(2026, 12, 4)),
        ("eind van de maand", date(2026, 11, 30)),
        ("mañana por la mañana", date(2026, 11, 28)),
        ("at 10:30 tomorrow", date(2026, 11, 28)),
        ("call me at 5pm", None),
        ("50%", None),
        ("31/02", None),
        ("may I", None),
    ],
)
def test_days(text, on) -> None:
    assert of(text).on == on


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("100", "100"),
        ("€ 1.200,50", "1200.50"),
        ("1,200.50 USD", "1200.50"),
        ("1 500", "1500"),
        ("120,5", "120.5"),
        ("5.000", "5000"),
        ("12.50 on 3/12", "12.50"),
        ("call +31 6 1234 5678", None),
        ("0", None),
        ("10 or 20", None),
    ],
)
def test_amounts(text, amount) -> None:
    assert of(text).amount == (Decimal(amount) if amount else None)


def test_where_the_month_comes_first_it_is_read_so() -> None:
    assert of("12/05", month_first=True).on == date(2026, 12, 5)
    assert of("12/05").on == date(2027, 5, 12)


def test_several_days_or_amounts_are_unclear() -> None:
    assert of("Monday or Tuesday").unclear
    assert of("10 or 20").unclear
    assert not of("Monday, I repeat: Monday").unclear


def test_a_day_just_past_is_past_and_no_day_of_next_year() -> None:
    assert of("25/11") == Named(past=True)


@given(st.integers(0, 300), st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]))
def test_a_whole_date_is_read_as_written(ahead, form) -> None:
    day = FRIDAY + timedelta(days=ahead)
    assert of(day.strftime(form)).on == day


@given(st.integers(0, 6), st.integers(0, 400))
def test_a_weekday_is_the_next_one(number, ahead) -> None:
    received_on = FRIDAY + timedelta(days=ahead)
    word = min(reply_words()[0].weekdays[number], key=lambda each: (-len(each), each))
    found = named(word, reply_words(), received_on).on
    assert found and found.weekday() == number and 1 <= (found - received_on).days <= 7

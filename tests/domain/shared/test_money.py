import pytest
from babel.numbers import get_currency_precision, list_currencies
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.shared.money import Money, MoneyError, minor_digits, to_decimal_text, to_minor

NOW_USED = sorted(
    c
    for c in list_currencies()
    if c
    in {
        "EUR",
        "USD",
        "KES",
        "UGX",
        "JPY",
        "PEN",
        "MXN",
        "KWD",
        "TND",
        "XOF",
        "XAF",
        "RWF",
        "PHP",
        "INR",
        "VND",
        "CLP",
        "PYG",
        "BHD",
        "JOD",
        "GNF",
        "NGN",
    }
)


@pytest.mark.parametrize("currency", NOW_USED)
def test_minor_digits_agree_with_the_published_table(currency: str) -> None:
    assert minor_digits(currency) == get_currency_precision(currency)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12.50", "EUR", 1250),
        ("12.5", "EUR", 1250),
        ("7", "EUR", 700),
        ("7", "UGX", 7),
        ("0.001", "KWD", 1),
        ("-3.20", "USD", -320),
        ("1500.00", "UGX", 1500),
    ],
)
def test_decimal_text_becomes_minor_units(text: str, currency: str, minor: int) -> None:
    assert to_minor(text, currency) == minor


@pytest.mark.parametrize("text", ["", "abc", "1e3", "NaN", "Infinity", "1,50", "1_0", "1.005"])
def test_what_is_not_money_is_refused(text: str) -> None:
    with pytest.raises(MoneyError):
        to_minor(text, "EUR")


def test_half_a_shilling_is_refused() -> None:
    with pytest.raises(MoneyError, match="more digits"):
        to_minor("1.5", "UGX")


@given(st.integers(-(10**14), 10**14), st.sampled_from(["EUR", "UGX", "KWD"]))
def test_minor_units_survive_the_round_trip(amount_minor: int, currency: str) -> None:
    assert to_minor(to_decimal_text(amount_minor, currency), currency) == amount_minor


def test_an_amount_is_said_with_its_currency() -> None:
    assert str(Money(-5, "EUR")) == "-0.05 EUR"

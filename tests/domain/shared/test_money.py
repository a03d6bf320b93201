import pytest
from babel import Locale
from babel.numbers import get_currency_precision, get_territory_currencies
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.shared.money import Money, MoneyError, minor_digits, to_decimal_text, to_minor

# Legal tender somewhere today, and the two units of account with four digits.
IN_USE = {
    currency
    for territory in Locale("en").territories
    if len(territory) == 2
    for currency in get_territory_currencies(territory, tender=True)
} | {"CLF", "UYW"}
# Where the digits people write (CLDR) differ from the minor unit (ISO 4217).
CLDR_DIFFERS = set("AFN ALL IQD IRR KPW LAK LBP MGA MMK RSD SOS SYP YER".split())  # noqa: SIM905


def test_minor_digits_follow_iso_4217_where_babel_differs_for_thirteen() -> None:
    assert len(IN_USE) > 150
    assert {
        currency
        for currency in IN_USE
        if minor_digits(currency) != get_currency_precision(currency)
    } == CLDR_DIFFERS
    assert {minor_digits(currency) for currency in CLDR_DIFFERS - {"IQD"}} == {2}
    assert minor_digits("IQD") == 3


def test_units_of_account_have_four_digits() -> None:
    for currency in ("CLF", "UYW"):
        assert to_minor("1.2345", currency) == 12_345
        assert to_decimal_text(12_345, currency) == "1.2345"


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
def test_invalid_amounts_are_refused(text: str) -> None:
    with pytest.raises(MoneyError):
        to_minor(text, "EUR")


def test_half_a_shilling_is_refused() -> None:
    with pytest.raises(MoneyError, match="more decimal places"):
        to_minor("1.5", "UGX")


@given(st.integers(-(10**14), 10**14), st.sampled_from(["EUR", "UGX", "KWD"]))
def test_minor_units_round_trip(amount_minor: int, currency: str) -> None:
    assert to_minor(to_decimal_text(amount_minor, currency), currency) == amount_minor


def test_money_prints_with_its_currency() -> None:
    assert str(Money(-5, "EUR")) == "-0.05 EUR"

"""Money as whole minor units of one ISO 4217 currency; never a float."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

# ISO 4217, list one: currencies whose minor unit is not a hundredth. The CLDR, and so Babel, gives
# the digits people usually write instead, which differ for 13 currencies in use.
_DIGITS = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(),  # noqa: SIM905
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}


class MoneyError(ValueError):
    """Not a valid amount in its currency."""


def minor_digits(currency: str) -> int:
    """Return the number of decimal places of this ISO 4217 currency: 0, 2, 3 or 4."""
    return _DIGITS.get(currency, 2)


def to_minor(amount: str, currency: str) -> int:
    """Parse a decimal string into minor units: ``to_minor("12.50", "EUR") == 1250``.

    Raises MoneyError unless it is a plain decimal number, in range for the system, with no more
    decimal places than the currency.
    """
    try:
        value = Decimal(amount)
    except InvalidOperation:
        raise MoneyError(f"{amount!r} is not a decimal number, such as 12.50") from None
    if not value.is_finite() or "e" in amount.lower() or "_" in amount:
        raise MoneyError(f"{amount!r} is not a plain decimal number, such as 12.50")
    scaled = value.scaleb(minor_digits(currency))
    if scaled != scaled.to_integral_value():
        raise MoneyError(
            f"{amount} has more decimal places than {currency} allows ({minor_digits(currency)})"
        )
    if abs(scaled) >= 10**15:
        raise MoneyError(f"{amount} is larger than the largest supported amount")
    return int(scaled)


def to_decimal_text(amount_minor: int, currency: str) -> str:
    """Format minor units as a decimal string: ``to_decimal_text(1250, "EUR") == "12.50"``."""
    digits = minor_digits(currency)
    if digits == 0:
        return str(amount_minor)
    sign = "-" if amount_minor < 0 else ""
    whole, fraction = divmod(abs(amount_minor), 10**digits)
    return f"{sign}{whole}.{fraction:0{digits}d}"


def to_decimal_texts(parts_minor: Mapping[str, int], currency: str) -> dict[str, str]:
    """Format each named amount as a decimal string."""
    return {name: to_decimal_text(minor, currency) for name, minor in parts_minor.items()}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units, with its currency."""

    amount_minor: int
    currency: str

    def __str__(self) -> str:
        return f"{to_decimal_text(self.amount_minor, self.currency)} {self.currency}"

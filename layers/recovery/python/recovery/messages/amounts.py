"""Write amounts as people read them: digits from ISO 4217, the rest by their locale."""

from __future__ import annotations

import copy
import re
from decimal import Decimal

from babel import Locale
from babel.numbers import get_currency_symbol

from recovery.domain.shared.money import minor_digits, to_decimal_text
from recovery.messages.sms import GSM, in_gsm

_NO_BREAK_SPACE = "\u00a0"


def money(amount_minor: int, currency: str, locale: Locale, *, for_sms: bool = False) -> str:
    """Format an amount; in an SMS, with the currency's code where its symbol does not fit."""
    digits = minor_digits(currency)
    pattern = copy.copy(locale.currency_formats["standard"])
    pattern.frac_prec = (digits, digits)  # as many as ISO 4217 has, as elsewhere, not CLDR
    amount = Decimal(to_decimal_text(amount_minor, currency))
    text: str = pattern.apply(amount, locale, currency=currency, currency_digits=False)
    symbol = get_currency_symbol(currency, locale)
    if for_sms and not GSM.issuperset(in_gsm(symbol)):
        text = text.replace(symbol, currency)
    # CLDR puts a space between letters and digits ("KES 100"); babel does not.
    return re.sub(r"(?<=[^\W\d_])(?=\d)", _NO_BREAK_SPACE, text)


def percent(value: Decimal, locale: Locale) -> str:
    """Format percent with at most one decimal place."""
    pattern = copy.copy(locale.percent_formats[None])
    pattern.frac_prec = (0, 1)
    text: str = pattern.apply(value / 100, locale)
    return text

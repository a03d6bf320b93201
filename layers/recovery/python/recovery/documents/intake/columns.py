"""What a column of a portfolio file may hold, each in one form only.

Amounts stay decimal strings: only the loan knows the currency, so only the join can convert them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache, lru_cache
from typing import Annotated, Literal
from zoneinfo import available_timezones

import babel
import phonenumbers
from babel.numbers import list_currencies
from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from recovery.documents.shared.fields import ID
from recovery.domain.accounting.acts import ACT_KINDS
from recovery.domain.accounting.court_steps import COURT_KINDS
from recovery.domain.shared.free_text import is_printable_line

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?", re.ASCII | re.IGNORECASE)
# The HTML standard's address, with a dot in the domain; ASCII only, because SES sends to no other.
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
_E164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_NO_TERRITORY = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
_NO_CURRENCY = frozenset({"XTS", "XXX"})


def _refusal(reason: str, remedy: str) -> PydanticCustomError:
    return PydanticCustomError("refused", "{reason}", {"reason": reason, "remedy": remedy})


def _like(pattern: str, reason: str, remedy: str) -> BeforeValidator:
    compiled = re.compile(pattern, re.ASCII)

    def check(value: object) -> object:
        if not compiled.fullmatch(str(value)):
            raise _refusal(reason, remedy)
        return value

    return BeforeValidator(check)


def _one_of(choices: Callable[[], frozenset[str]], reason: str, remedy: str) -> BeforeValidator:
    known = cache(choices)  # lazy: the tables would slow a cold start

    def check(value: object) -> object:
        if not isinstance(value, str) or value not in known():
            raise _refusal(reason, remedy)
        return value

    return BeforeValidator(check)


def _territories() -> frozenset[str]:
    return frozenset(code for code in map(str, babel.Locale("en").territories) if len(code) == 2)


def _not_zero(value: str) -> str:
    if not Decimal(value):
        raise _refusal("is zero", "Write an amount above zero, or leave the row out")
    return value


def text(most: int) -> AfterValidator:
    """Accept one line of plain text of up to so many characters."""

    def check(value: str) -> str:
        if not 1 <= len(value) <= most:
            reason = f"is empty or longer than {most} characters"
            raise _refusal(reason, f"Write 1 to {most} characters")
        if not is_printable_line(value):
            remedy = "Write plain text on one line"
            raise _refusal("holds a control character or line break", remedy)
        return value

    return AfterValidator(check)


@lru_cache(maxsize=1024)
def _language(value: str) -> str:
    english = babel.Locale("en")  # names all languages; the layer has few other locales
    language, *subtags = value.split("-")
    regions = [tag.upper() for tag in subtags if len(tag) != 4]
    if (
        not _LANGUAGE.fullmatch(value)
        or language.lower() not in english.languages
        or any(region not in english.territories for region in regions)
    ):
        raise _refusal(
            "is not a known language tag", "Write language-COUNTRY as in BCP 47, such as es-PE"
        )
    cased = (tag.title() if len(tag) == 4 else tag.upper() for tag in subtags)
    return "-".join([language.lower(), *cased])


def _email(value: str) -> str:
    if len(value) > 254 or value.find("@") > 64 or not _EMAIL.fullmatch(value):
        raise _refusal(
            "is not an e-mail address", "Write one address such as name@example.org, or none"
        )
    return value


def _phone(value: str) -> str:
    try:
        if not _E164.fullmatch(value):
            raise ValueError
        number = phonenumbers.parse(value)
        e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        if e164 != value or not phonenumbers.is_possible_number(number):
            raise ValueError
    except (ValueError, phonenumbers.NumberParseException):
        raise _refusal(
            "is not a possible phone number",
            "Write + and the country code, digits only, such as +51900000123 (E.164), or none",
        ) from None
    return value


def _any_of(what: str, *choices: str) -> BeforeValidator:
    listed = f"{', '.join(choices[:-1])} or {choices[-1]}"
    return _one_of(lambda: frozenset(choices), f"is not {what}", f"Write {listed}")


def _share(value: Decimal) -> Decimal:
    if not 0 < value <= 100:
        raise _refusal("is not above 0 and at most 100", "Write the share in percent, such as 50")
    return value


def _comes_otherwise(value: object) -> object:
    """Refuse the kinds of facts that no file of facts has."""
    if value == "write_off":
        remedy = "Leave the row out, and propose it with recovery write-offs"
        raise _refusal("is for two people to decide, not for a file", remedy)
    if value in ("schedule", "reage", "reamortise", "capitalise", "reschedule", "payment_holiday"):
        remedy = "Deliver the loan with all its instalments as they are owed now"
        raise _refusal("is a new schedule, which the file of instalments tells", remedy)
    return value


def _yes_or_no(value: object) -> object:
    text = str(value).lower()
    if text not in ("true", "false"):
        raise _refusal("is neither true nor false", "Write true or false")
    return text == "true"


Id = Annotated[
    str,
    _like(
        rf"(?!\.\.?$){ID.removeprefix('^')}",  # a path step is no id
        "is not an id",
        "Use 1 to 64 letters, digits or . _ - characters",
    ),
]
Amount = Annotated[
    str,
    _like(
        r"\d{1,15}(\.\d{1,6})?",
        "is not an amount of zero or more",
        "Write digits and a point, such as 1250.50: no sign, thousands separator or currency",
    ),
]
PositiveAmount = Annotated[Amount, AfterValidator(_not_zero)]
Rate = Annotated[
    Decimal,
    _like(
        r"\d{1,3}(\.\d{1,6})?",
        "is not an annual rate",
        "Write percent per year, such as 38.5, or none",
    ),
]
Number = Annotated[
    int,
    _like(r"[1-9]\d{0,3}", "is not an instalment number", "Count 1, 2, 3 ... within the loan"),
]
Country = Annotated[
    str,
    _one_of(
        lambda: _territories() - _NO_TERRITORY,
        "is not a country code",
        "Write two capital letters, such as PE (ISO 3166)",
    ),
]
Currency = Annotated[
    str,
    _one_of(
        lambda: frozenset(list_currencies()) - _NO_CURRENCY,
        "is not a currency code",
        "Write three capital letters, such as PEN (ISO 4217)",
    ),
]
TimeZone = Annotated[
    str,
    _one_of(
        lambda: frozenset(available_timezones()),
        "is not a time zone",
        "Write an IANA name, such as America/Lima",
    ),
]
Channel = Annotated[
    Literal["email", "sms"],
    _one_of(lambda: frozenset({"email", "sms"}), "is not a channel", "Write email or sms, or none"),
]
Privacy = Annotated[
    Literal["private", "shared", "unsafe"],
    _any_of("who sees what is sent there", "private", "shared", "unsafe"),
]
Name = Annotated[str, text(120)]
Language = Annotated[str, AfterValidator(_language)]
Email = Annotated[str, AfterValidator(_email)]
Phone = Annotated[str, AfterValidator(_phone)]
YesOrNo = Annotated[bool, BeforeValidator(_yes_or_no)]
Share = Annotated[Rate, AfterValidator(_share)]
Purpose = Annotated[
    Literal["consumer", "business", "mixed"],
    _any_of("a purpose", "consumer", "business", "mixed"),
]
PartyRole = Annotated[
    Literal["co_borrower", "guarantor", "group_member"],
    _any_of("a role of a party", "co_borrower", "guarantor", "group_member"),
]
Liability = Annotated[
    Literal["joint_and_several", "share"],
    _any_of("a liability", "joint_and_several", "share"),
]
CollateralKind = Annotated[
    Literal["vehicle", "land", "equipment", "pledged_savings", "credit_life_insurance", "other"],
    _any_of(
        "a kind of collateral",
        "vehicle",
        "land",
        "equipment",
        "pledged_savings",
        "credit_life_insurance",
        "other",
    ),
]
Covers = Annotated[
    Literal["death", "disability", "death_and_disability"],
    _any_of("what an insurance covers", "death", "disability", "death_and_disability"),
]
_PLAIN_FACTS = (
    *("charge", "waiver", "chargeback", "pause", "resume", "undo", "booked"),
    "agreed_elsewhere",
)
_FACT_KINDS: tuple[str, ...] = (*_PLAIN_FACTS, *sorted((*ACT_KINDS, *COURT_KINDS)))
FactKind = Annotated[
    str,
    _any_of("a kind of fact", *_FACT_KINDS),
    BeforeValidator(_comes_otherwise),  # runs first
]
Component = Annotated[
    Literal["principal", "interest", "fee", "penalty"],
    _any_of("a component", "principal", "interest", "fee", "penalty"),
]
_PART = r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{1,15}(\.[0-9]{1,4})?"
Parts = Annotated[
    str,
    _like(
        rf"{_PART}(; ?{_PART}){{0,119}}",
        "are not days and amounts",
        "Write them as 2026-03-31 75.00; 2026-04-30 75.00",
    ),
]
Reason = Annotated[str, text(140)]
ReasonCode = Annotated[
    str,
    _like(r"[A-Z0-9]{2,4}", "is not a reason code", "Write the scheme's code, such as AM04"),
]

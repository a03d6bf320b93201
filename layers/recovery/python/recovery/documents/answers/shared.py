"""Parts that many answers have."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

Money = Annotated[
    str,
    Field(
        pattern=r"^-?[0-9]+(\.[0-9]{1,4})?$",
        description="A decimal amount with the digits of its currency",
        examples=["125.00"],
    ),
]
Date = Annotated[str, Field(json_schema_extra={"format": "date"})]
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]


class Amounts(TypedDict):
    """An amount by component."""

    principal: Money
    interest: Money
    fee: Money
    penalty: Money


class AmountsInTotal(Amounts):
    """An amount by component, and their sum."""

    total: Money


class Health(TypedDict):
    """The API is up."""

    status: str

"""What a restructuring does, as JSON: asked in a question, or recorded on a loan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from recovery.documents.questions.loan_question import Body, Component, Rate
from recovery.documents.questions.terms_reading import read_frequency
from recovery.documents.shared.fields import Amount, Day
from recovery.documents.shared.problems import ProblemList
from recovery.domain.agreements.reage import Reage
from recovery.domain.agreements.reamortise import Reamortise
from recovery.domain.agreements.reschedule import PaymentHoliday, Reschedule
from recovery.domain.agreements.restructuring import Action
from recovery.domain.schedules.due_dates import Frequency
from recovery.domain.shared.money import to_decimal_text

_NAMES = {"from_date": "from"}
_Terms = Annotated[int, Field(ge=0, le=600)]


class ActionBody(Body):
    """Fields of every action. ``on``: the day it takes effect, by default as_of. ``waive``:
    components whose unpaid amounts are waived first."""

    on: Day | None = None
    waive: list[Component] = Field(default=[])


class ReageBody(ActionBody):
    """Spread everything unpaid over new instalments from ``start``."""

    kind: Literal["reage"]
    start: Day
    frequency: Literal["DAYS", "WEEKS", "MONTHS"] = "MONTHS"
    every: Annotated[int, Field(ge=1, le=366)] = 1
    instalments: Annotated[int, Field(ge=1, le=600)]
    interest: Literal["keep", "recalculate"] = "keep"
    multiple_of: Amount | None = None


class ReamortiseBody(ActionBody):
    """Spread what is overdue over the remaining instalments; ``capitalise``: as principal."""

    kind: Literal["reamortise", "capitalise"]
    interest: Literal["keep", "recalculate"] = "keep"
    multiple_of: Amount | None = None


class RescheduleBody(ActionBody):
    """From the instalment due on ``from``: another date, extra terms, grace or another rate."""

    kind: Literal["reschedule"]
    from_: Day = Field(alias="from")
    new_due_date: Day | None = None
    extra_terms: _Terms | None = None
    grace_principal: _Terms | None = None
    grace_interest: _Terms | None = None
    new_rate_pct: Rate | None = None
    interest: Literal["keep", "recalculate"] = "recalculate"
    multiple_of: Amount | None = None


class PaymentHolidayBody(ActionBody):
    """Nothing is due for ``instalments`` steps, starting with the instalment due on ``from``."""

    kind: Literal["payment_holiday"]
    from_: Day = Field(alias="from")
    instalments: Annotated[int, Field(ge=1, le=600)]
    interest: Literal["keep", "recalculate"] = "recalculate"


AnyAction = ReageBody | ReamortiseBody | RescheduleBody | PaymentHolidayBody


def read_action(body: Any, problems: ProblemList) -> Action:
    """Convert the action to its domain value; problems name its fields."""
    multiple_minor = 1
    if multiple_of := getattr(body, "multiple_of", None):
        multiple_minor = problems.positive_minor(multiple_of, "action.multiple_of")
    match body:
        case ReageBody():
            return Reage(
                start=body.start,
                frequency=read_frequency(body.frequency, body.every),
                instalments=body.instalments,
                interest=body.interest,
                multiple_minor=multiple_minor,
            )
        case ReamortiseBody():
            return Reamortise(
                capitalise=body.kind == "capitalise",
                interest=body.interest,
                multiple_minor=multiple_minor,
            )
        case PaymentHolidayBody():
            return PaymentHoliday(
                from_date=body.from_, instalments=body.instalments, interest=body.interest
            )
        case _:
            return _reschedule(body, multiple_minor, problems)


def _reschedule(body: RescheduleBody, multiple_minor: int, problems: ProblemList) -> Reschedule:
    changes = (body.extra_terms, body.grace_principal, body.grace_interest)
    if not any(changes) and body.new_due_date is None and body.new_rate_pct is None:
        problems.add(
            "action",
            "changes nothing",
            "Give new_due_date, extra_terms, grace_principal, grace_interest or new_rate_pct",
        )
    return Reschedule(
        from_date=body.from_,
        new_due_date=body.new_due_date,
        extra_terms=body.extra_terms or 0,
        grace_principal=body.grace_principal or 0,
        grace_interest=body.grace_interest or 0,
        new_rate_pct=body.new_rate_pct,
        interest=body.interest,
        multiple_minor=multiple_minor,
    )


def action_text(action: Action, waive: tuple[str, ...], currency: str) -> dict[str, Any]:
    """Write an action as JSON, as ``read_action`` reads it."""
    shown: dict[str, Any] = {"kind": action.kind}
    for name, value in _fields_of(action):
        if isinstance(value, date):
            value = value.isoformat()
        elif isinstance(value, Decimal):
            value = f"{value:f}"
        elif isinstance(value, Frequency):
            shown |= {"frequency": value.unit.upper(), "every": value.every}
            continue
        shown[_NAMES.get(name, name)] = value
    multiple_minor = getattr(action, "multiple_minor", 1)
    if multiple_minor != 1:
        shown["multiple_of"] = to_decimal_text(multiple_minor, currency)
    if waive:
        shown["waive"] = list(waive)
    return shown


def _fields_of(action: Action) -> Iterator[tuple[str, Any]]:
    """Yield what an action says, without what the kind says and what it leaves as it is."""
    for each in fields(action):
        value = getattr(action, each.name)
        if each.name in ("capitalise", "multiple_minor") or value == each.default:
            continue
        yield each.name, value

"""The people whose story the demo tells, as data: what to deliver of them, and what they do.

``stories.toml`` has the stories. Their days count from the first day played.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from infra.demo.countries import COUNTRIES, Country
from infra.demo.sample_portfolio import SamplePortfolio
from recovery.documents.intake.rows import (
    BorrowerRow,
    FactRow,
    InstalmentRow,
    LoanRow,
    PaymentRow,
    columns_of,
)
from recovery.domain.schedules.due_dates import MONTHLY, step
from recovery.domain.shared.money import to_decimal_text, to_minor

_FILE = Path(__file__).with_name("stories.toml")
_DAYS = ("on", "sent_on", "received_on", "by_on", "final_on")
_GRANTED_DAYS = 30  # before the first due date
_WITH_A_PACK = ("ES", "NL")  # whose law decides; without one a person of law does


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is done next: not before ``day``, ``after`` so many days since the step before, and only
    once the case is in ``stage`` and the last agreement is ``plan``; ``said`` is the rest."""

    do: str
    day: int = 0
    after: int = 0
    stage: str = ""
    plan: str = ""
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One person with one loan. ``principal`` and ``interest`` are of each instalment, of which the
    first ``paid`` are paid on their day. ``answer`` is what they say when they are called."""

    loan: str
    says: str
    country: str
    name: str
    principal: str
    interest: str
    instalments: int
    first_due: int
    paid: int
    answer: str
    purpose: str = "consumer"
    open_dispute: bool = False
    facts: Sequence[Mapping[str, Any]] = ()
    steps: Sequence[Step] = field(default=())

    @property
    def person_id(self) -> str:
        return f"B-{self.loan}"


@cache
def stories() -> tuple[Story, ...]:
    """Return every story, in order."""
    told = tomllib.loads(_FILE.read_text(encoding="utf-8"))["stories"]
    return tuple(_story(each) for each in told)


def with_stories(sample: SamplePortfolio, start: date) -> SamplePortfolio:
    """Add everybody's loan, as it stands on the first day played, to the portfolio."""
    rows = [_rows(number, each, start) for number, each in enumerate(stories(), 1)]
    dues = [due for _, _, of_loan in rows for due in of_loan]
    payments = [_payment(each, due) for each in stories() for due in _paid(each, dues)]
    past = (each for each in payments if each.value_date < start)
    order = sorted([*sample.past_payments, *past], key=lambda e: (e.value_date, e.payment_id))
    return replace(
        sample,
        borrowers=(*sample.borrowers, *(person for person, _, _ in rows)),
        loans=(*sample.loans, *(loan for _, loan, _ in rows)),
        instalments=(*sample.instalments, *dues),
        past_payments=tuple(order),
    )


def fact_rows(start: date) -> Iterator[FactRow]:
    """Yield what was on record of the stories' loans before the first day."""
    for story in stories():
        for number, fact in enumerate(story.facts, 1):
            yield FactRow.model_validate(
                {
                    "fact_id": f"F-{number}",
                    "loan_id": story.loan,
                    "reason": "taken over from the files",
                    **{name: _cell(name, value, story, start) for name, value in fact.items()},
                }
            )


def write_facts(folder: Path, start: date) -> None:
    """Write the file of facts of the first delivery."""
    with (folder / "facts.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns_of("facts"), lineterminator="\n")
        writer.writeheader()
        for row in fact_rows(start):
            values = row.model_dump(mode="json", by_alias=True, exclude_none=True)
            writer.writerow({name: _words(value) for name, value in values.items()})


def dated(values: Mapping[str, Any], day: date) -> dict[str, Any]:
    """Return the values with each number of days as the date it means, counted from ``day``."""
    return {
        name: f"{day + timedelta(value)}" if name in _DAYS and isinstance(value, int) else value
        for name, value in values.items()
    }


def _story(told: Mapping[str, Any]) -> Story:
    names = ("do", "day", "after", "stage", "plan")
    steps = tuple(
        Step(
            **{name: each[name] for name in names if name in each},
            said={name: value for name, value in each.items() if name not in names},
        )
        for each in told.get("steps", ())
    )
    return Story(**{**told, "facts": tuple(told.get("facts", ())), "steps": steps})


def _rows(
    number: int, story: Story, start: date
) -> tuple[BorrowerRow, LoanRow, list[InstalmentRow]]:
    country = next(each for each in COUNTRIES if each.code == story.country)
    first = start + timedelta(story.first_due)
    principal = to_minor(story.principal, country.currency) * story.instalments
    loan = LoanRow(
        loan_id=story.loan,
        borrower_id=story.person_id,
        portfolio=country.portfolios[0],
        currency=country.currency,
        principal=to_decimal_text(principal, country.currency),
        disbursed_on=first - timedelta(_GRANTED_DAYS),
        annual_rate_pct=Decimal(country.rates_pct[0]),
        advisor_name=f"{country.given[0]} {country.family[-1]}",
        advisor_phone=f"{country.phone_block}9990",
        purpose=story.purpose,
        law=story.country if story.country in _WITH_A_PACK else None,
    )
    dues = [
        InstalmentRow(
            loan_id=story.loan,
            number=place,
            due_date=step(first, MONTHLY, place - 1),
            principal=story.principal,
            interest=story.interest,
        )
        for place in range(1, story.instalments + 1)
    ]
    return _person(number, story, country, start), loan, dues


def _person(number: int, story: Story, country: Country, start: date) -> BorrowerRow:
    return BorrowerRow(
        borrower_id=story.person_id,
        name=story.name,
        language=country.language,
        country=country.code,
        time_zone=country.time_zone,
        email=f"{story.loan.lower()}@example.org",
        phone=f"{country.phone_block}{9900 + number}",
        email_consent=True,
        sms_consent=True,
        contact_confirmed_on=start - timedelta(2),
        email_privacy="private",
    )


def _paid(story: Story, dues: Sequence[InstalmentRow]) -> list[InstalmentRow]:
    return [each for each in dues if each.loan_id == story.loan and each.number <= story.paid]


def _payment(story: Story, due: InstalmentRow) -> PaymentRow:
    country = next(each for each in COUNTRIES if each.code == story.country)
    parts = (to_minor(each, country.currency) for each in (due.principal, due.interest))
    return PaymentRow(
        payment_id=f"{story.loan}-P{due.number:03}",
        loan_id=story.loan,
        value_date=due.due_date,
        amount=to_decimal_text(sum(parts), country.currency),
        currency=country.currency,
        reference=f"Loan {story.loan}",
    )


def _words(value: Any) -> Any:
    return " ".join(value) if isinstance(value, list) else value


def _cell(name: str, value: Any, story: Story, start: date) -> Any:
    if name in _DAYS and isinstance(value, int):
        return f"{start + timedelta(value)}"
    if name == "parts":
        return "; ".join(f"{start + timedelta(days)} {amount}" for days, amount in value)
    return story.person_id if value == "$person" else value

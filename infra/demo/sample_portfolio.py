"""A made-up portfolio: borrowers in seven countries, their loans, and how each one pays.

The same seed gives the same portfolio. Email addresses are at example.org or example.com; phone
numbers have a valid format but sit in blocks of zeros.
"""

from __future__ import annotations

import calendar
import csv
import random
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from infra.demo.countries import COUNTRIES, Country
from infra.demo.payers import PAYER_WEIGHTS, Due, Paid, payments_of
from recovery.documents.intake.rows import (
    BorrowerRow,
    InstalmentRow,
    Kind,
    LoanRow,
    PaymentRow,
    Values,
    columns_of,
)
from recovery.domain.shared.money import minor_digits, to_decimal_text, to_minor


@dataclass(frozen=True, slots=True)
class SamplePortfolio:
    """The rows to deliver, and what a delivery must not reveal: later payments and payer types."""

    borrowers: tuple[BorrowerRow, ...]
    loans: tuple[LoanRow, ...]
    instalments: tuple[InstalmentRow, ...]
    past_payments: tuple[PaymentRow, ...]
    future_payments: tuple[PaymentRow, ...]
    payer_by_loan: Mapping[str, str]

    def write(self, directory: Path) -> None:
        """Write the four CSV files of the first delivery, creating the directory."""
        directory.mkdir(parents=True, exist_ok=True)
        files: Mapping[Kind, Sequence[Values]] = {
            "borrowers": self.borrowers,
            "loans": self.loans,
            "instalments": self.instalments,
            "payments": self.past_payments,
        }
        for kind, rows in files.items():
            path = directory / f"{kind}.csv"
            with path.open("w", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream, lineterminator="\n")
                writer.writerow(columns_of(kind))
                for row in rows:
                    writer.writerow(map(_cell, row.model_dump(mode="json").values()))


def make_sample_portfolio(*, loans: int, seed: int, start: date, end: date) -> SamplePortfolio:
    """Make a portfolio as it stands on ``start``, and the payments up to and including ``end``.

    Raises ValueError if ``loans`` is less than 1 or the end is before the start.
    """
    if loans < 1 or end < start:
        raise ValueError("ask for at least one loan, and an end that is not before the start")
    rng = random.Random(seed)
    borrowers: list[BorrowerRow] = []
    loan_rows: list[LoanRow] = []
    instalments: list[InstalmentRow] = []
    payments: list[PaymentRow] = []
    payer_by_loan: dict[str, str] = {}
    country = rng.choice(COUNTRIES)
    for number in range(1, loans + 1):
        owners = [row.borrower_id for row in loan_rows[-2:]]
        has_one = bool(owners) and owners.count(owners[-1]) == 1
        if not (has_one and rng.random() < 0.07):
            country = rng.choice(COUNTRIES)
            borrowers.append(_make_borrower(rng, country, len(borrowers) + 1, start))
        payer = rng.choices(list(PAYER_WEIGHTS), list(PAYER_WEIGHTS.values()))[0]
        loan = _make_loan(rng, country, f"L{number:06}", borrowers[-1].borrower_id, start)
        dues = _make_schedule(rng, loan, country)
        loan_rows.append(loan)
        payer_by_loan[loan.loan_id] = payer
        instalments += (
            _instalment_row(loan, position, due) for position, due in enumerate(dues, 1)
        )
        payments += _payment_rows(loan, payments_of(payer, rng, dues, start))
    payments.sort(key=lambda row: (row.value_date, row.payment_id))
    return SamplePortfolio(
        borrowers=tuple(borrowers),
        loans=tuple(loan_rows),
        instalments=tuple(instalments),
        past_payments=tuple(row for row in payments if row.value_date < start),
        future_payments=tuple(row for row in payments if start <= row.value_date <= end),
        payer_by_loan=payer_by_loan,
    )


def _make_borrower(rng: random.Random, country: Country, number: int, start: date) -> BorrowerRow:
    given, family = rng.choice(country.given), rng.choice(country.family)
    plain = unicodedata.normalize("NFKD", f"{given}.{family}").encode("ascii", "ignore").decode()
    domain = rng.choice(("example.org", "example.com"))
    reach = rng.random()
    return BorrowerRow(
        borrower_id=f"B{number:06}",
        name=f"{given} {family}",
        language=country.language,
        country=country.code,
        time_zone=country.time_zone,
        email=f"{plain.lower()}.{number}@{domain}" if reach >= 0.15 else None,
        phone=f"{country.phone_block}{number % 10_000:04}" if reach < 0.9 else None,
        preferred_channel="sms" if reach < 0.15 else rng.choice((None, "email")),
        email_consent=rng.random() >= 0.04,
        sms_consent=rng.random() >= 0.04,
        # From the number alone, so that the rest of the sample stays as it was.
        contact_confirmed_on=start - timedelta(days=number % 50) if number % 20 else None,
    )


def _make_loan(
    rng: random.Random, country: Country, loan_id: str, borrower_id: str, start: date
) -> LoanRow:
    least, most, step = country.principal
    minor = rng.randrange(least, most + 1, step) * 10 ** minor_digits(country.currency)
    advisor = rng.randrange(3)
    return LoanRow(
        loan_id=loan_id,
        borrower_id=borrower_id,
        portfolio=rng.choice(country.portfolios),
        currency=country.currency,
        principal=to_decimal_text(minor, country.currency),
        disbursed_on=start + timedelta(days=rng.randint(-300, 90)),
        annual_rate_pct=Decimal(rng.choice(country.rates_pct)),
        advisor_name=f"{country.given[advisor]} {country.family[-1 - advisor]}",
        advisor_phone=f"{country.phone_block}{9990 + advisor}",
    )


def _make_schedule(rng: random.Random, loan: LoanRow, country: Country) -> list[Due]:
    """Make 6 to 18 instalments with flat or declining-balance interest."""
    count = rng.randint(6, 18)
    days_between = rng.choices((0, 14, 7), (80, 12, 8))[0]  # 0 is monthly
    is_flat, avoids_weekends = rng.random() < 0.5, rng.random() < 0.6
    principal = to_minor(loan.principal, loan.currency)
    fee = rng.choice((0, 0, principal // 1000))
    rate, dues, left, previous = int(loan.annual_rate_pct or 0), [], principal, loan.disbursed_on
    for number in range(1, count + 1):
        day = _later(loan.disbursed_on, number, days_between)
        share = principal // count if number < count else left
        base = principal if is_flat else left
        interest = base * rate * (day - previous).days // (100 * 365)
        previous, left = day, left - share
        if avoids_weekends and day.weekday() >= 5:
            day += timedelta(days=7 - day.weekday())
        dues.append(Due(day, share, interest, fee))
    return dues


def _later(day: date, periods: int, days_between: int) -> date:
    if days_between:
        return day + timedelta(days=days_between * periods)
    year, month = divmod(day.year * 12 + day.month - 1 + periods, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _instalment_row(loan: LoanRow, number: int, due: Due) -> InstalmentRow:
    return InstalmentRow(
        loan_id=loan.loan_id,
        number=number,
        due_date=due.day,
        principal=to_decimal_text(due.principal, loan.currency),
        interest=to_decimal_text(due.interest, loan.currency),
        fee=to_decimal_text(due.fee, loan.currency),
    )


def _payment_rows(loan: LoanRow, payments: Sequence[Paid]) -> Iterator[PaymentRow]:
    for number, (day, amount) in enumerate(payments, start=1):
        yield PaymentRow(
            payment_id=f"{loan.loan_id}-P{number:03}",
            loan_id=loan.loan_id,
            value_date=max(day, loan.disbursed_on),
            amount=to_decimal_text(amount, loan.currency),
            currency=loan.currency,
            reference=f"Loan {loan.loan_id}",
        )


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else value

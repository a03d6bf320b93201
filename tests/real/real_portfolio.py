"""Reads the real loans in ``../shared/data/real`` as portfolio files; none are stored here.

Borrowers are made up: the sources contain no names or addresses.
"""

from __future__ import annotations

import csv
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from recovery.documents.intake.rows import MODELS, BorrowerRow, InstalmentRow, LoanRow, PaymentRow

_SHARED = os.environ.get("RECOVERY_SHARED") or Path(__file__).parents[3] / "shared"
FOLDER = Path(_SHARED) / "data" / "real"
HERE = pytest.mark.skipif(
    not (FOLDER / "loans.csv").is_file(),
    reason=f"{FOLDER} does not exist; set RECOVERY_SHARED to the folder that holds data/real",
)

# Language, time zone, and a block of zeros in valid phone format; four digits follow.
_COUNTRIES: Mapping[str, tuple[str, str, str]] = {
    "BG": ("bg-BG", "Europe/Sofia", "+35988000"),
    "EC": ("es-EC", "America/Guayaquil", "+59390000"),
    "HN": ("es-HN", "America/Tegucigalpa", "+5049000"),
    "KE": ("en-KE", "Africa/Nairobi", "+25470000"),
    "KH": ("km-KH", "Asia/Phnom_Penh", "+8551000"),
    "MD": ("ro-MD", "Europe/Chisinau", "+3736000"),
    "MX": ("es-MX", "America/Mexico_City", "+52550000"),
    "NG": ("en-NG", "Africa/Lagos", "+234800000"),
    "NI": ("es-NI", "America/Managua", "+5058000"),
    "SN": ("fr-SN", "Africa/Dakar", "+22170000"),
    "TZ": ("sw-TZ", "Africa/Dar_es_Salaam", "+25570000"),
    "UG": ("en-UG", "Africa/Kampala", "+25670000"),
    "WS": ("en-WS", "Pacific/Apia", "+685720"),
}


@dataclass(frozen=True)
class RealLoan:
    """A source loan in our row format, with the source's own status."""

    source: str
    status: str
    borrower: BorrowerRow
    loan: LoanRow
    instalments: tuple[InstalmentRow, ...]
    payments: tuple[PaymentRow, ...]
    oddities: frozenset[str]

    @property
    def loan_id(self) -> str:
        return self.loan.loan_id


@dataclass(frozen=True)
class Reference:
    """An expected standing. ``arrears`` is None where the source only counts days.

    ``before_closing``: the source counted days up to the payment that closed the loan.
    """

    loan_id: str
    as_of: date
    dpd: int
    arrears: Decimal | None = None
    before_closing: bool = False


@dataclass(frozen=True)
class RealPortfolio:
    """Loans by id, and the standings to compare against."""

    loans: Mapping[str, RealLoan]
    references: Sequence[Reference]
    oddities: Counter[str] = field(default_factory=Counter)


@cache
def read_real_portfolio() -> RealPortfolio:
    """Read every row. A loan without instalments raises KeyError; stray rows fail an assertion."""
    instalments = _by_loan("instalments.csv")
    payments = _by_loan("payments.csv")
    loans: dict[str, RealLoan] = {}
    references = [
        Reference(
            row["loan_id"],
            date.fromisoformat(row["as_of"]),
            int(row["dpd"]),
            Decimal(row["arrears"]),
        )
        for row in _rows("reference_fifo.csv")
    ]
    for row in _rows("loans.csv"):
        loan_id = row["loan_id"]
        loans[loan_id] = _real_loan(row, instalments.pop(loan_id), payments.pop(loan_id, []))
        if row["expected_dpd"]:
            on = date.fromisoformat(row["expected_dpd_as_of"])
            references.append(Reference(loan_id, on, int(row["expected_dpd"]), before_closing=True))
    assert not instalments and not payments, "rows of unknown loans"
    oddities = Counter(oddity for each in loans.values() for oddity in each.oddities)
    return RealPortfolio(loans, references, oddities)


def write_delivery(loans: Iterable[RealLoan], folder: Path, *, payments_until: date) -> None:
    """Write the four files, with payments up to and including that day."""
    loans = sorted(loans, key=lambda each: each.loan_id)
    borrowers = {each.borrower.borrower_id: each.borrower for each in loans}
    rows = {
        "borrowers": list(borrowers.values()),
        "loans": [each.loan for each in loans],
        "instalments": [row for each in loans for row in each.instalments],
        "payments": [
            row for each in loans for row in each.payments if row.value_date <= payments_until
        ],
    }
    for kind, of_kind in rows.items():
        with (folder / f"{kind}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(MODELS[kind].model_fields))
            writer.writeheader()
            writer.writerows(each.model_dump(mode="json", exclude_none=True) for each in of_kind)


def plain_standing(real: RealLoan, as_of: date) -> tuple[int, Decimal]:
    """Compute days past due and arrears by plain arithmetic, oldest instalment first.

    Shares no code with the product, so it can check dates the reference lacks.
    """
    paid = sum((Decimal(p.amount) for p in real.payments if p.value_date <= as_of), Decimal(0))
    due, oldest = Decimal(0), None
    for instalment in real.instalments:
        if instalment.due_date < as_of:
            due += Decimal(instalment.principal)
            if due > paid and oldest is None:
                oldest = instalment.due_date
    return (as_of - oldest).days if oldest else 0, max(Decimal(0), due - paid)


def _real_loan(
    row: Mapping[str, str],
    instalment_rows: Sequence[Mapping[str, str]],
    payment_rows: Sequence[Mapping[str, str]],
) -> RealLoan:
    disbursed = date.fromisoformat(row["disbursed"])
    in_order = sorted(instalment_rows, key=lambda each: (each["due_date"], int(each["number"])))
    total = sum(Decimal(each["amount"]) for each in in_order)
    loan = LoanRow(
        loan_id=row["loan_id"],
        borrower_id=row["borrower_id"],
        portfolio=f"{row['source']} {row['country']}",
        currency=row["currency"],
        principal=str(total),
        disbursed_on=min(disbursed, date.fromisoformat(in_order[0]["due_date"])),
        advisor_name=f"Advisor of {row['country']}",
    )
    payments = tuple(
        PaymentRow(
            payment_id=each["id"],
            loan_id=row["loan_id"],
            value_date=each["date"],
            amount=each["amount"],
            currency=row["currency"],
        )
        for each in sorted(payment_rows, key=lambda each: (each["date"], each["id"]))
        if Decimal(each["amount"])  # zero payments are counted as an oddity
    )
    return RealLoan(
        source=row["source"],
        status=row["expected_status"],
        borrower=_borrower(row["borrower_id"], row["country"]),
        loan=loan,
        instalments=tuple(
            InstalmentRow(
                loan_id=row["loan_id"],
                number=number,
                due_date=each["due_date"],
                principal=each["amount"],
            )
            for number, each in enumerate(in_order, start=1)
        ),
        payments=payments,
        oddities=frozenset(_oddities(row, in_order, payment_rows, total)),
    )


def _oddities(
    row: Mapping[str, str],
    in_order: Sequence[Mapping[str, str]],
    payment_rows: Sequence[Mapping[str, str]],
    total: Decimal,
) -> Iterator[str]:
    """Yield what is unusual, for a test to count; only the first three change a row."""
    due_dates = [each["due_date"] for each in in_order]
    days = [each["date"] for each in payment_rows]
    paid = sum(Decimal(each["amount"]) for each in payment_rows)
    found = {
        "disbursed after the first due date": row["disbursed"] > due_dates[0],
        "numbers not in the order of due dates": [int(each["number"]) for each in in_order]
        != list(range(1, len(in_order) + 1)),
        "zero payment": any(not Decimal(each["amount"]) for each in payment_rows),
        "zero instalment": any(not Decimal(each["amount"]) for each in in_order),
        "equal due dates": len(set(due_dates)) < len(due_dates),
        "instalments are more than the principal": total != Decimal(row["principal"]),
        "several payments a day": len(set(days)) < len(days),
        "paid before disbursement": bool(days) and min(days) < row["disbursed"],
        "paid over": paid > total,
        "not paid in full": paid < total,
        "never paid": not days,
    }
    return (name for name, is_so in found.items() if is_so)


@cache
def _borrower(borrower_id: str, country: str) -> BorrowerRow:
    number = int(borrower_id.rpartition("-")[2])
    language, time_zone, block = _COUNTRIES[country]
    return BorrowerRow(
        borrower_id=borrower_id,
        name=f"Borrower {number}",
        language=language,
        country=country,
        time_zone=time_zone,
        email=f"{borrower_id.lower()}@example.org" if number % 7 else None,
        phone=f"{block}{number % 10_000:04}" if number % 5 or not number % 7 else None,
        email_consent=True,
        sms_consent=True,
    )


def _by_loan(name: str) -> dict[str, list[dict[str, str]]]:
    found: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in _rows(name):
        found[row["loan_id"]].append(row)
    return dict(found)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)

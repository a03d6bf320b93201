"""A made-up core banking system: it keeps people and loans, and delivers all of them as files."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from recovery.documents.intake.files import stage_portfolio
from recovery.documents.intake.imported import ImportResult
from recovery.documents.intake.manifest import Manifest
from recovery.documents.intake.rows import Kind
from recovery.domain.accounting.history import History, ScheduleVersion
from recovery.domain.accounting.loan import Instalment, Payment, sum_components
from recovery.domain.shared.money import to_decimal_text
from recovery.use_cases.intake.import_portfolio import import_portfolio
from tests import fakes

Files = Mapping[Kind, str]


@dataclass
class CoreLoan:
    """A loan as the core has it: its schedule now, every one it had, and what was paid."""

    row: dict[str, str]
    schedules: list[tuple[date, tuple[Instalment, ...]]]
    payments: list[Payment] = field(default_factory=list)

    def change(self, on: date, schedule: tuple[Instalment, ...]) -> None:
        self.schedules.append((on, schedule))

    @property
    def schedule(self) -> tuple[Instalment, ...]:
        return self.schedules[-1][1]

    def history(self) -> History:
        """Return the loan's own ledger, for the engine."""
        versions = [
            ScheduleVersion(
                version,
                on,
                "from_core",
                schedule,
                due_before=sum_components(each.due for each in self.schedules[version - 2][1]),
            )
            for version, (on, schedule) in enumerate(self.schedules, start=1)
            if version > 1
        ]
        return History(payments=tuple(self.payments), versions=tuple(versions))


class Core:
    """People by id and loans by id, in EUR; change them and deliver."""

    def __init__(self) -> None:
        self.people: dict[str, dict[str, str]] = {}
        self.loans: dict[str, CoreLoan] = {}

    def add_person(self, person_id: str, **details: str) -> None:
        number = len(self.people)
        self.people[person_id] = {
            "borrower_id": person_id,
            "name": f"Person {person_id}",
            "language": "nl-NL",
            "country": "NL",
            "email": f"{person_id.lower()}@example.org",
            "phone": f"+3160000{number:04}",
            "email_consent": "true",
            "sms_consent": "true",
            "barred": "",
            **details,
        }

    def lend(
        self,
        loan_id: str,
        person_id: str,
        schedule: tuple[Instalment, ...],
        disbursed_on: date,
        **details: str,
    ) -> CoreLoan:
        row = {
            "loan_id": loan_id,
            "borrower_id": person_id,
            "portfolio": "Noord",
            "currency": "EUR",
            "disbursed_on": disbursed_on.isoformat(),
            "advisor_name": "Peter de Vries",
            "branch": "Utrecht",
            "place": "",
            **details,
        }
        self.loans[loan_id] = CoreLoan(row, [(disbursed_on, schedule)])
        return self.loans[loan_id]

    def pay(self, loan_id: str, payment_id: str, on: date, amount_minor: int) -> None:
        self.loans[loan_id].payments.append(Payment(payment_id, on, amount_minor))

    def files(self) -> Files:
        """Return all files as they are now."""
        loans, instalments, payments = [], [], []
        for loan_id, loan in self.loans.items():
            principal = sum(each.due.principal for each in loan.schedule)
            loans.append({**loan.row, "principal": to_decimal_text(principal, "EUR")})
            instalments += (
                {
                    "loan_id": loan_id,
                    "number": str(number),
                    "due_date": due_date.isoformat(),
                    **{name: to_decimal_text(due, "EUR") for name, due in dues._asdict().items()},
                }
                for number, due_date, dues in loan.schedule
            )
            payments += (
                {
                    "payment_id": each.payment_id,
                    "loan_id": loan_id,
                    "value_date": each.value_date.isoformat(),
                    "amount": to_decimal_text(each.amount_minor, "EUR"),
                }
                for each in loan.payments
            )
        files: dict[Kind, str] = {
            "borrowers": _csv([*self.people.values()]),
            "loans": _csv(loans),
            "instalments": _csv(instalments),
        }
        return files | ({"payments": _csv(payments)} if payments else {})


def ports_of() -> SimpleNamespace:
    """Return the ports of an import, all in memory; the institution is in Nairobi."""
    loans = fakes.FakeLoanRepository()
    return SimpleNamespace(
        loans=loans,
        payments=fakes.FakePaymentRepository(loans),
        suspense=fakes.FakeSuspenseRepository(loans),
        collateral=fakes.FakeCollateralRepository(loans),
        borrowers=fakes.FakeBorrowerRepository(),
        institutions=fakes.FakeInstitutionRepository(),
        cases=fakes.FakeCaseRepository(),
        deliveries=fakes.FakeDeliveryRepository(),
    )


def morning_of(day: date) -> datetime:
    """Return ten o'clock in Nairobi."""
    return datetime.combine(day, time(7), UTC)


def deliver(
    files: Files, ports: Any, day: date, *, delivery_id: str = "", **declared: Any
) -> ImportResult:
    """Import the files on the morning of this day; ``declared`` goes into the manifest."""
    names: dict[Kind, str] = {kind: f"{kind}.csv" for kind in files}
    streams = {kind: io.BytesIO(text.encode()) for kind, text in files.items()}
    with (
        tempfile.TemporaryDirectory() as folder,
        stage_portfolio(streams, workspace=Path(folder)) as staged,
    ):
        assert staged.counts().rejections == 0, list(staged.rejections())
        return import_portfolio(
            staged,
            "umoja",
            morning_of(day),
            ports,
            delivery_id=delivery_id or f"D-{day}",
            manifest=Manifest(names, **declared),
        )


def _csv(rows: Sequence[Mapping[str, str]]) -> str:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()

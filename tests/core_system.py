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
from recovery.domain.accounting.history import Charge, Chargeback, History, ScheduleVersion
from recovery.domain.accounting.loan import Instalment, Payment, sum_components
from recovery.domain.accounting.pauses import Pause
from recovery.domain.shared.money import to_decimal_text
from recovery.use_cases.intake.import_portfolio import import_portfolio
from tests import fakes

Files = Mapping[Kind, str]
CoreFact = Charge | Chargeback | Pause


@dataclass
class CoreLoan:
    """A loan as the core has it: its schedule now and every one it had, payments and other facts.

    ``facts`` are by the core's ids, and ``undone`` tells when one of them turned out a mistake.
    """

    row: dict[str, str]
    schedules: list[tuple[date, tuple[Instalment, ...]]]
    payments: list[Payment] = field(default_factory=list)
    facts: dict[str, CoreFact] = field(default_factory=dict)
    undone: dict[str, date] = field(default_factory=dict)

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
        facts = [each for fact_id, each in self.facts.items() if fact_id not in self.undone]
        return History(
            payments=tuple(self.payments),
            versions=tuple(versions),
            charges=tuple(each for each in facts if isinstance(each, Charge)),
            chargebacks=tuple(each for each in facts if isinstance(each, Chargeback)),
            pauses=tuple(each for each in facts if isinstance(each, Pause)),
        )

    def fact_rows(self) -> list[dict[str, str]]:
        """Return a row for each fact, and for each that undoes one."""
        of_loan = {"loan_id": self.row["loan_id"], "reason": "as the core has it"}
        told = [
            {**of_loan, "fact_id": fact_id, **_cells(fact)} for fact_id, fact in self.facts.items()
        ]
        undone = [
            {
                **of_loan,
                "fact_id": f"undo-{fact_id}",
                "kind": "undo",
                "on": str(on),
                "undoes": fact_id,
            }
            for fact_id, on in self.undone.items()
        ]
        return told + undone


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
        facts = [row for loan in self.loans.values() for row in loan.fact_rows()]
        told: Files = {"payments": _csv(payments), "facts": _csv(facts)}
        return files | {kind: text for kind, text in told.items() if text}


def ports_of() -> SimpleNamespace:
    """Return the ports of an import, all in memory; the institution is in Nairobi."""
    loans = fakes.FakeLoanRepository()
    borrowers = fakes.FakeBorrowerRepository()
    return SimpleNamespace(
        loans=loans,
        payments=fakes.FakePaymentRepository(loans),
        suspense=fakes.FakeSuspenseRepository(loans),
        collateral=fakes.FakeCollateralRepository(loans),
        borrowers=borrowers,
        people=fakes.FakePeopleRepository(borrowers, loans),
        institutions=fakes.FakeInstitutionRepository(),
        cases=fakes.FakeCaseRepository(),
        deliveries=fakes.FakeDeliveryRepository(),
        audit=fakes.FakePersonAudit(),
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


def _cells(fact: CoreFact) -> dict[str, str]:
    match fact:
        case Charge(on, component, amount_minor):
            amount = to_decimal_text(amount_minor, "EUR")
            return {"kind": "charge", "on": str(on), "component": component, "amount": amount}
        case Chargeback(payment_id, on, amount_minor):
            amount = to_decimal_text(amount_minor, "EUR")
            told = {"kind": "chargeback", "on": str(on), "payment_id": payment_id}
            return {**told, "amount": amount, "reason_code": "AM04"}
        case Pause(from_date, to_date):
            return {"kind": "pause", "from": str(from_date), "to": str(to_date)}


def _csv(rows: Sequence[Mapping[str, str]]) -> str:
    stream = io.StringIO(newline="")
    columns = dict.fromkeys(name for row in rows for name in row)
    if not columns:
        return ""
    writer = csv.DictWriter(stream, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()

"""The reports over the table itself, its shards read side by side."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from recovery.adapters.dynamodb.institution_repository import DynamoDbInstitutionRepository
from recovery.adapters.dynamodb.loan_repository import DynamoDbLoanRepository
from recovery.documents.portfolio.loan_list import NamedLoan
from recovery.domain.accounting.ownership import OwnerChange
from recovery.domain.portfolio.report import Part
from recovery.ports.accounting import StoredLoan
from recovery.use_cases.portfolio.read_owner_reports import read_owner_reports
from recovery.use_cases.portfolio.read_report import read_report
from recovery.use_cases.portfolio.transfer_loans import transfer_loans
from tests.builders import a_loan, a_payment, a_state, an_actor, an_institution

SHARDS, LOANS = 8, 60
TODAY = date(2026, 3, 2)  # without a review so far, the calendar's
NOW = datetime(2026, 3, 2, 7, tzinfo=UTC)


@pytest.fixture
def ports(table: str) -> SimpleNamespace:
    ports = SimpleNamespace(
        loans=DynamoDbLoanRepository("umoja", SHARDS), institutions=DynamoDbInstitutionRepository()
    )
    ports.institutions.save(an_institution())
    for number in range(LOANS):
        loan = a_loan(f"L-{number:02}", instalments=2)
        paid = [a_payment(f"P-{number:02}", loan_id=loan.loan_id)] if number % 2 else []
        ports.loans.add_loan(StoredLoan(loan, a_state(loan, paid)), paid)
    return ports


def test_every_loan_of_every_shard_is_reported_once(ports) -> None:
    seen: list[int] = []
    for as_of in (TODAY, TODAY - timedelta(days=1)):
        read = read_report("umoja", as_of, NOW, ports, shards=SHARDS, seen=seen.append)
        (euro,) = read.report.currencies
        assert read.failed == ()
        assert euro.book == Part(LOANS, LOANS // 2 * 30_000)
    assert sum(seen) == 2 * LOANS


def test_both_sides_of_a_sale_agree(ports) -> None:
    sale = OwnerChange(
        change_id="list-7", kind="sale", executed_on=TODAY, creditor="Fondo Norte", outside=True
    )
    rows = [NamedLoan(number + 1, f"L-{number:02}") for number in range(LOANS // 2)]
    sold = transfer_loans(rows, sale, "umoja", an_actor(), NOW, ports)
    assert (sold.transferred, sold.refused) == (LOANS // 2, [])
    period = date(2026, 3, 1), TODAY
    fondo, umoja = read_owner_reports("umoja", *period, NOW, ports, shards=SHARDS)
    assert umoja.sold_minor == fondo.bought_minor == fondo.closing_minor
    assert umoja.opening_minor == umoja.closing_minor + fondo.closing_minor
    assert (umoja.unexplained_minor, fondo.unexplained_minor) == (0, 0)

"""The rules on real loans give the days past due and arrears of plain arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from recovery.documents.intake.files import StagedLoan, stage_portfolio
from recovery.domain.accounting.allocation import allocate
from recovery.domain.accounting.loan import Components, Instalment, Payment, sum_components
from recovery.domain.accounting.position import Position
from recovery.domain.monitoring.delinquency import Standing, standing_at
from recovery.domain.policy import DEFAULT_POLICY
from recovery.domain.shared.money import to_decimal_text
from tests.real.real_portfolio import (
    HERE,
    RealLoan,
    RealPortfolio,
    plain_standing,
    read_real_portfolio,
    write_delivery,
)

pytestmark = HERE
# Twice a month in the years with payments.
_YEARS = (2006, 2007, 2008, 2016, 2017)
_DATES = [date(year, month, day) for year in _YEARS for month in range(1, 13) for day in (15, 28)]


class Staged(NamedTuple):
    """A loan in the engine's types."""

    currency: str
    schedule: tuple[Instalment, ...]
    payments: tuple[Payment, ...]

    def position(self, until: date) -> Position:
        counting = [each for each in self.payments if each.value_date <= until]
        return allocate(self.schedule, counting, DEFAULT_POLICY.accounting.allocation)

    def standing(self, as_of: date) -> Standing:
        return standing_at(self.schedule, self.position(as_of), DEFAULT_POLICY.monitoring, as_of)


@pytest.fixture(scope="module")
def real() -> RealPortfolio:
    return read_real_portfolio()


@pytest.fixture(scope="module")
def staged(real: RealPortfolio, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Staged]:
    """Stage every loan from portfolio files; nothing may be rejected."""
    folder = tmp_path_factory.mktemp("real")
    write_delivery(real.loans.values(), folder, payments_until=date.max)
    loans = real.loans.values()
    payments = sum(len(each.payments) for each in loans)
    with _staged(folder) as delivery:
        assert list(delivery.rejections()) == []
        counts = delivery.counts()
        assert counts.loans == len(loans)
        assert counts.borrowers == len({each.borrower.borrower_id for each in loans})
        assert counts.instalments == sum(len(each.instalments) for each in loans)
        assert (counts.payments, counts.payments_for_other_loans) == (payments, 0)
        return {each.loan.loan_id: _for_the_engine(each) for each in delivery.loans()}


def test_the_oddities_in_the_data_are_known(real: RealPortfolio):
    assert len(real.loans) == 4759
    assert real.oddities == {
        "instalments are more than the principal": 4343,  # one instalment, with the interest
        "several payments a day": 79,
        "paid over": 63,
        "paid before disbursement": 5,
        "not paid in full": 4,
    }


def test_arrears_and_days_past_due_match_the_reference(
    real: RealPortfolio, staged: Mapping[str, Staged]
):
    rows = [each for each in real.references if not each.before_closing]
    assert (len(rows), sum(row.dpd > 0 for row in rows)) == (1248, 25)
    differences = []
    for row in rows:
        standing = staged[row.loan_id].standing(row.as_of)
        found = standing.days_past_due, _amount(standing, staged[row.loan_id].currency)
        if found != (row.dpd, row.arrears):
            differences.append((row, found))
    assert differences == []


def test_the_source_counts_days_up_to_the_payment_that_closed_the_loan(
    real: RealPortfolio, staged: Mapping[str, Staged]
):
    """Leaving that day's payments out gives the source's days; with them nothing is past due."""
    rows = [each for each in real.references if each.before_closing]
    assert (len(rows), sum(row.dpd > 0 for row in rows)) == (4343, 787)
    for row in rows:
        loan = staged[row.loan_id]
        before = loan._replace(payments=tuple(p for p in loan.payments if p.value_date < row.as_of))
        assert before.standing(row.as_of).days_past_due == row.dpd, row
        assert loan.standing(row.as_of).days_past_due == 0, row


def test_standings_between_the_reference_dates_match_plain_arithmetic(
    real: RealPortfolio, staged: Mapping[str, Staged]
):
    """Also checks that the plain arithmetic matches the reference."""
    for row in real.references:
        if not row.before_closing:
            assert plain_standing(real.loans[row.loan_id], row.as_of) == (row.dpd, row.arrears)
    overdue = 0
    for each in real.loans.values():
        for as_of in _living(each):
            standing = staged[each.loan_id].standing(as_of)
            found = standing.days_past_due, _amount(standing, each.loan.currency)
            assert found == plain_standing(each, as_of), (each.loan_id, as_of)
            overdue += standing.days_past_due > 0
    assert overdue > 1000


def test_no_money_is_lost_and_the_sources_statuses_hold(
    real: RealPortfolio, staged: Mapping[str, Staged]
):
    """Paid means nothing outstanding, overpaid means credit, defaulted means something owed."""
    for each in real.loans.values():
        loan = staged[each.loan_id]
        position = loan.position(date.max)
        paid = sum(payment.amount_minor for payment in loan.payments)
        assert sum_components(position.paid).total + position.credit_minor == paid
        assert (position.credit_minor > 0) == ("paid over" in each.oddities)
        outstanding = loan.standing(date(2017, 12, 31)).outstanding.total
        assert (outstanding > 0) == (each.status == "defaulted"), (each.loan_id, each.status)


def _living(real: RealLoan) -> Iterator[date]:
    """Yield the dates from disbursement to a month after the last event."""
    last = max([each.due_date for each in real.instalments] + [p.value_date for p in real.payments])
    return (day for day in _DATES if real.loan.disbursed_on <= day and (day - last).days <= 31)


def _amount(standing: Standing, currency: str) -> Decimal:
    return Decimal(to_decimal_text(standing.overdue.total, currency))


def _staged(folder: Path):
    kinds = ("borrowers", "loans", "instalments", "payments")
    files = {kind: (folder / f"{kind}.csv").open("rb") for kind in kinds}
    try:
        return stage_portfolio(files, workspace=folder)
    finally:
        for stream in files.values():
            stream.close()


def _for_the_engine(loan: StagedLoan) -> Staged:
    return Staged(
        currency=loan.loan.currency,
        schedule=tuple(
            Instalment(each.number, each.due_date, Components(principal=each.principal_minor))
            for each in loan.instalments
        ),
        payments=tuple(
            Payment(each.payment_id, each.value_date, each.amount_minor) for each in loan.payments
        ),
    )

"""The portfolio report, with numbers worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.portfolio.report import (
    AT_RISK_DAYS,
    Losses,
    Part,
    ReportedLoan,
    merged,
    percent,
    portfolio_report,
)

AS_OF = date(2026, 6, 30)


def a_reported_loan(principal_minor: int, days_past_due: int = 0, **changes: object):
    loan = ReportedLoan(
        currency="EUR",
        creditor="umoja",
        principal_minor=principal_minor,
        outstanding_minor=principal_minor + principal_minor // 10,
        days_past_due=days_past_due,
    )
    return replace(loan, **changes)


SAMPLE = [
    a_reported_loan(400_000),
    a_reported_loan(200_000, 30),  # not over 30
    a_reported_loan(100_000, 31),
    a_reported_loan(50_000, 91),
    a_reported_loan(150_000, 65, forborne=True),
    a_reported_loan(60_000, 40, paused=True),
    a_reported_loan(40_000, 95, paused=True, forborne=True),  # counted once, as forborne
    a_reported_loan(0),  # paid off
    a_reported_loan(0, 0, written_off_on=AS_OF, loss_minor=70_000, recovered_minor=12_000),
    a_reported_loan(90_000, 200, written_off_on=AS_OF, loss_minor=90_000),
    a_reported_loan(500_000, 10, currency="KES", creditor="Fondo Norte"),
]


def test_a_sample_portfolio() -> None:
    report = portfolio_report(SAMPLE, AS_OF)
    euro, shilling = report.currencies
    assert (euro.currency, euro.book, euro.outstanding_minor) == (
        "EUR",
        Part(7, 1_000_000),
        1_100_000,
    )
    over_30, over_60, over_90 = euro.at_risk
    assert (over_30.ordinary, over_30.forborne, over_30.paused) == (
        Part(2, 150_000),
        Part(2, 190_000),
        Part(1, 60_000),
    )
    assert (over_60.ordinary, over_60.forborne, over_60.paused) == (
        Part(1, 50_000),
        Part(2, 190_000),
        Part(),
    )
    assert (over_90.ordinary, over_90.forborne) == (Part(1, 50_000), Part(1, 40_000))
    assert [percent(euro.share(each.all)) for each in euro.at_risk] == ["40.0%", "24.0%", "9.0%"]
    assert percent(euro.share(euro.with_forborne(over_90))) == "24.0%"
    assert (euro.forborne, euro.paused) == (Part(2, 190_000), Part(2, 100_000))
    assert (euro.credit, euro.fraud) == (Losses(2, 160_000, 12_000), Losses())
    assert percent(shilling.share(shilling.at_risk[0].all)) == "0.0%"
    assert (report.loans, report.written_off_loans) == (8, 2)


def test_one_creditors_report_has_only_its_loans() -> None:
    report = portfolio_report(SAMPLE, AS_OF, "Fondo Norte")
    assert [(each.currency, each.book.loans) for each in report.currencies] == [("KES", 1)]
    assert portfolio_report(SAMPLE, AS_OF, "nobody").currencies == ()


def test_a_loan_written_off_in_part_stays_in_the_book() -> None:
    part = a_reported_loan(30_000, 120, loss_minor=20_000, recovered_minor=500)
    (euro,) = portfolio_report([part], AS_OF).currencies
    assert (euro.book.loans, euro.credit) == (1, Losses(0, 20_000, 500))
    assert euro.share(euro.at_risk[2].all) == 1


def test_what_fraud_cost_is_apart_and_in_no_credit_statistics() -> None:
    fraud = a_reported_loan(0, written_off_on=AS_OF, loss_minor=9_000, recovered_minor=300)
    report = portfolio_report([*SAMPLE, replace(fraud, fraud=True)], AS_OF)
    [euro, _], [before, _] = report.currencies, portfolio_report(SAMPLE, AS_OF).currencies
    assert euro == replace(before, fraud=Losses(1, 9_000, 300))
    assert report.written_off_loans == 2


def test_a_book_without_principal_has_no_share_at_risk() -> None:
    only_interest = a_reported_loan(0, 40, outstanding_minor=700)
    (euro,) = portfolio_report([only_interest], AS_OF).currencies
    assert (euro.book.loans, euro.outstanding_minor) == (1, 700)
    assert euro.share(euro.at_risk[0].all) == 0


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Fraction(0), "0.0%"),
        (Fraction(1), "100.0%"),
        (Fraction(1, 3), "33.3%"),
        (Fraction(2, 3), "66.7%"),
        (Fraction(25, 10_000), "0.2%"),  # half to even
        (Fraction(35, 10_000), "0.4%"),
    ],
)
def test_shares_are_written_with_one_decimal(share, text) -> None:
    assert percent(share) == text


loans = st.lists(
    st.builds(
        ReportedLoan,
        currency=st.sampled_from(["EUR", "KES", "UGX"]),
        creditor=st.sampled_from(["umoja", "Fondo Norte"]),
        principal_minor=st.integers(0, 10**9),
        outstanding_minor=st.integers(0, 10**9),
        days_past_due=st.integers(0, 200),
        forborne=st.booleans(),
        paused=st.booleans(),
        written_off_on=st.sampled_from([None, None, AS_OF]),
        loss_minor=st.integers(0, 10**6),
        recovered_minor=st.integers(0, 10**6),
        fraud=st.booleans(),
    ),
    max_size=12,
)


@given(loans)
def test_every_loss_is_either_of_credit_or_of_fraud(found) -> None:
    for report in portfolio_report(found, AS_OF).currencies:
        for losses, fraud in ((report.credit, False), (report.fraud, True)):
            of = [e for e in found if e.currency == report.currency and e.fraud == fraud]
            assert losses == Losses(
                sum(each.written_off_on is not None for each in of),
                sum(each.loss_minor for each in of),
                sum(each.recovered_minor for each in of),
            )


@given(loans)
def test_par_is_what_cgap_says_it_is(found) -> None:
    """Stated once more from the definition, over the loans themselves."""
    for report in portfolio_report(found, AS_OF).currencies:
        book = [
            each
            for each in found
            if each.currency == report.currency
            and each.written_off_on is None
            and each.outstanding_minor
        ]
        gross = sum(each.principal_minor for each in book)
        assert report.book == Part(len(book), gross)
        for over_days, at_risk in zip(AT_RISK_DAYS, report.at_risk, strict=True):
            late = [each for each in book if each.days_past_due > over_days]
            assert at_risk.all == Part(len(late), sum(each.principal_minor for each in late))
            assert report.share(at_risk.all) * gross == at_risk.all.principal_minor
            assert (
                0 <= report.share(at_risk.all) <= report.share(report.with_forborne(at_risk)) <= 1
            )
        shares = [report.share(each.all) for each in report.at_risk]
        assert shares == sorted(shares, reverse=True)


@given(loans, st.integers(0, 12), st.sampled_from([None, "umoja"]))
def test_reports_of_parts_add_up_to_the_report_of_all(found, cut, creditor) -> None:
    parts = [portfolio_report(part, AS_OF, creditor) for part in (found[:cut], found[cut:])]
    assert merged(parts, AS_OF, creditor) == portfolio_report(found, AS_OF, creditor)

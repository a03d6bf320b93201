"""The sample portfolio is a valid delivery, and its payers live up to their names."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.demo.payers import PAYER_WEIGHTS
from infra.demo.sample_portfolio import SamplePortfolio, make_sample_portfolio
from recovery.documents.intake.files import stage_portfolio
from recovery.domain.shared.money import to_minor

START, END = date(2025, 3, 3), date(2025, 12, 31)
FAR = date(2029, 12, 31)  # every loan has ended by then, so totals are complete
FILES = ("borrowers", "loans", "instalments", "payments")


def totals(sample: SamplePortfolio) -> tuple[dict[str, int], dict[str, int]]:
    """Return what is owed and what is paid over the loan's life, by loan, in minor units."""
    currency = {loan.loan_id: loan.currency for loan in sample.loans}
    owed: dict[str, int] = defaultdict(int)
    paid: dict[str, int] = defaultdict(int)
    for due in sample.instalments:
        for amount in (due.principal, due.interest, due.fee, due.penalty):
            owed[due.loan_id] += to_minor(amount, currency[due.loan_id])
    for payment in (*sample.past_payments, *sample.future_payments):
        paid[payment.loan_id] += to_minor(payment.amount, currency[payment.loan_id])
    return owed, paid


@pytest.fixture(scope="module")
def sample() -> SamplePortfolio:
    return make_sample_portfolio(loans=600, seed=11, start=START, end=FAR)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(
    loans=st.integers(1, 40), seed=st.integers(), start=st.dates(date(2001, 1, 1), date(2090, 1, 1))
)
def test_every_row_of_every_sample_is_accepted(
    tmp_path_factory, loans: int, seed: int, start: date
) -> None:
    directory = tmp_path_factory.mktemp("sample")
    made = make_sample_portfolio(loans=loans, seed=seed, start=start, end=start + timedelta(90))
    made.write(directory)
    streams = {kind: (directory / f"{kind}.csv").open("rb") for kind in FILES}

    with stage_portfolio(streams, workspace=directory) as staged:
        counts = staged.counts()
        assert list(staged.rejections()) == []
        assert [loan.loan for loan in staged.loans()] == list(made.loans)
        assert [row.values for row in staged.borrowers()] == list(made.borrowers)
    for stream in streams.values():
        stream.close()
    assert counts.loans == loans
    assert counts.instalments == len(made.instalments)
    assert counts.payments == len(made.past_payments)


def test_the_seed_decides_everything(sample: SamplePortfolio) -> None:
    assert make_sample_portfolio(loans=600, seed=11, start=START, end=FAR) == sample
    other = make_sample_portfolio(loans=600, seed=12, start=START, end=FAR)
    assert other.instalments != sample.instalments


def test_an_earlier_end_only_drops_later_payments(sample: SamplePortfolio) -> None:
    short = make_sample_portfolio(loans=600, seed=11, start=START, end=END)

    assert short.past_payments == sample.past_payments
    assert short.future_payments == tuple(
        row for row in sample.future_payments if row.value_date <= END
    )
    assert all(row.value_date < START for row in sample.past_payments)
    assert all(row.value_date >= START for row in sample.future_payments)


def test_only_the_over_payer_pays_more_than_is_owed(sample: SamplePortfolio) -> None:
    owed, paid = totals(sample)

    for loan_id, payer in sample.payer_by_loan.items():
        match payer:
            case "over_payer":
                assert paid[loan_id] > owed[loan_id]
            case "silent":
                assert paid[loan_id] < owed[loan_id]
            case _:
                assert paid[loan_id] == owed[loan_id], payer


def lags(sample: SamplePortfolio, payer: str) -> list[int]:
    """Return the days from each due date until everything due by then was paid."""
    found: list[int] = []
    by_loan = defaultdict(list)
    for payment in (*sample.past_payments, *sample.future_payments):
        by_loan[payment.loan_id].append(payment)
    currency = {loan.loan_id: loan.currency for loan in sample.loans}
    needed: dict[str, int] = defaultdict(int)
    for due in sample.instalments:
        if sample.payer_by_loan[due.loan_id] != payer:
            continue
        unit = currency[due.loan_id]
        needed[due.loan_id] += sum(
            to_minor(x, unit) for x in (due.principal, due.interest, due.fee)
        )
        paid = 0
        for payment in by_loan[due.loan_id]:
            paid += to_minor(payment.amount, unit)
            if paid >= needed[due.loan_id]:
                found.append((payment.value_date - due.due_date).days)
                break
    return found


def test_payers_live_up_to_their_names(sample: SamplePortfolio) -> None:
    days = {payer: lags(sample, payer) for payer in PAYER_WEIGHTS}

    assert set(days["punctual"]) == {0}
    assert set(days["early"]) == {-3, -2, -1}
    assert 3 <= max(days["slightly_late"]) <= 9 and Counter(days["slightly_late"])[0] > 0
    assert 8 <= max(days["partial"]) <= 25
    assert 35 <= max(days["struggling"]) <= 70
    assert max(days["seasonal"]) >= 55
    assert min(days["pays_off_early"]) < -30
    assert max(days["deteriorating"]) >= 60
    assert max(days["over_payer"]) <= 1


def test_some_borrowers_have_been_silent_for_months_at_the_start(sample: SamplePortfolio) -> None:
    last_paid: dict[str, date] = {}
    for payment in sample.past_payments:
        last_paid[payment.loan_id] = payment.value_date
    unpaid_long_ago = {
        loan_id
        for loan_id, payer in sample.payer_by_loan.items()
        if payer == "silent" and last_paid.get(loan_id, START) < START - timedelta(days=60)
    }

    assert len(unpaid_long_ago) >= 5


def test_the_sample_has_enough_variety_for_a_trial(sample: SamplePortfolio) -> None:
    loans_of = Counter(loan.borrower_id for loan in sample.loans)
    count_of = Counter(due.loan_id for due in sample.instalments)

    assert {row.country for row in sample.borrowers} == {"ES", "NL", "PE", "MX", "KE", "UG", "PH"}
    assert set(sample.payer_by_loan.values()) == set(PAYER_WEIGHTS)
    assert set(loans_of.values()) == {1, 2}
    assert (min(count_of.values()), max(count_of.values())) == (6, 18)
    assert any(row.email is None for row in sample.borrowers)
    assert any(row.phone is None for row in sample.borrowers)
    assert all(row.email or row.phone for row in sample.borrowers)
    assert any(not row.email_consent for row in sample.borrowers)
    assert any(not row.sms_consent for row in sample.borrowers)
    disbursed = [loan.disbursed_on for loan in sample.loans]
    assert min(disbursed) < START - timedelta(days=270) and max(disbursed) > START + timedelta(80)


def test_files_are_reproducible_and_do_not_reveal_the_payer(
    sample: SamplePortfolio, tmp_path: Path
) -> None:
    sample.write(tmp_path / "one")
    sample.write(tmp_path / "two")

    for kind in FILES:
        content = (tmp_path / "one" / f"{kind}.csv").read_bytes()
        assert content == (tmp_path / "two" / f"{kind}.csv").read_bytes()
        assert b"payer" not in content and b"silent" not in content


@pytest.mark.parametrize(("loans", "end"), [(0, END), (1, START - timedelta(days=1))])
def test_an_empty_sample_is_refused(loans: int, end: date) -> None:
    with pytest.raises(ValueError, match="at least one loan"):
        make_sample_portfolio(loans=loans, seed=1, start=START, end=end)

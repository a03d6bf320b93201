"""The report over stored loans: today from their states, an earlier day from their facts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recovery.domain.accounting.fact import FactRecord, RecordedFact
from recovery.domain.accounting.history import WriteOff
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.loan_facts import LoanFacts
from recovery.domain.accounting.ownership import OwnerChange
from recovery.domain.accounting.pauses import Pause
from recovery.domain.accounting.payment import PaymentRequest
from recovery.domain.accounting.refinancing import Carried
from recovery.domain.portfolio.report import Part, PortfolioReport, percent
from recovery.domain.shared.errors import RefusedError
from recovery.ports.accounting import StoredLoan, UnreadableLoanError
from recovery.ports.institutions import InstitutionDay
from recovery.use_cases.accounting.record_fact import change_by
from recovery.use_cases.accounting.reverse_payment import reverse_payment
from recovery.use_cases.accounting.take_payment import take_payment
from recovery.use_cases.portfolio.read_report import read_report
from recovery.use_cases.portfolio.transfer_loans import NamedLoan, transfer_loans
from recovery.use_cases.shared.rules import rules_of
from tests.builders import FIRST_DUE, a_loan, a_state, an_actor
from tests.fakes import FakeInstitutionRepository, FakeLoanRepository, use
from tests.use_cases.agreements.test_agree import a_life, agree, offer

DAY = timedelta(days=1)
ANA = an_actor()
MAY_15, JUNE_15 = date(2026, 5, 15), date(2026, 6, 15)  # 4 and 5 instalments were due by then
SHARDS = 3


@pytest.fixture
def on(wiring):
    use(wiring, FakeLoanRepository(SHARDS))

    def move(day: date) -> None:
        wiring.institutions.days["umoja"] = InstitutionDay(day)

    move(MAY_15)
    return move


def keep(wiring, loan_id: str, **changes) -> None:
    loan = a_loan(loan_id, **changes)
    wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])


def pay(wiring, loan_id: str, amount_minor: int, day: date) -> None:
    payment = Payment(f"P-{loan_id}-{day}", day, amount_minor)
    take_payment(PaymentRequest(payment, loan_id, "EUR"), ANA, wiring.now(), wiring)


def record(wiring, loan_id: str, fact: RecordedFact) -> None:
    stored, recorded = wiring.loans.load(loan_id), wiring.loans.recorded(loan_id)
    today = wiring.institutions.day("umoja").business_date
    said = FactRecord(
        fact_id=f"F-{len(recorded.facts)}",
        loan_id=loan_id,
        fact=fact,
        known_on=today,
        fingerprint="",
        reason="as agreed",
        recorded_by="ana",
        recorded_at=datetime(2026, 5, 15, tzinfo=UTC) + len(recorded.facts) * DAY,
    )
    rules = rules_of("umoja", today, wiring.institutions)
    wiring.loans.commit(change_by(said, stored, recorded, rules))


def report(wiring, as_of: date | None = None, creditor: str | None = None) -> PortfolioReport:
    read = read_report("umoja", as_of, wiring.now(), wiring, shards=SHARDS, creditor=creditor)
    assert read.failed == ()
    return read.report


@pytest.fixture
def book(wiring, on) -> None:
    """Six loans of 12 times 100.00 principal and 15.00 interest, on 15 May."""
    for number in range(1, 7):
        keep(wiring, f"L-{number}")
    pay(wiring, "L-1", 4 * 11_500, MAY_15)  # on time: 800.00 principal left
    pay(wiring, "L-2", 3 * 11_500, MAY_15)  # 14 days late: 900.00
    pay(wiring, "L-3", 2 * 11_500, MAY_15)  # 44 days late: 1000.00
    record(wiring, "L-4", Pause(date(2026, 3, 1), date(2026, 9, 1)))  # 103 days late: 1200.00
    pay(wiring, "L-5", 11_500, MAY_15)
    record(wiring, "L-5", WriteOff(MAY_15))
    pay(wiring, "L-6", 12 * 11_500, MAY_15)  # paid off
    keep(wiring, "L-7", disbursed_on=MAY_15 + DAY)  # not lent yet on 15 May


@pytest.mark.usefixtures("book")
def test_the_report_of_the_business_date_in_worked_numbers(wiring) -> None:
    (euro,) = report(wiring).currencies
    assert (euro.book, euro.outstanding_minor) == (Part(4, 390_000), 4 * 138_000 - 9 * 11_500)
    over_30, over_60, over_90 = euro.at_risk
    assert (over_30.ordinary, over_30.paused) == (Part(1, 100_000), Part(1, 120_000))
    assert over_60.all == over_90.all == over_90.paused == Part(1, 120_000)
    assert [percent(euro.share(each.all)) for each in euro.at_risk] == ["56.4%", "30.8%", "30.8%"]
    assert (euro.credit.loans, euro.credit.written_off_minor) == (1, 11 * 11_500)


@pytest.mark.usefixtures("book")
def test_an_earlier_day_is_computed_from_what_counted_by_then(wiring, on) -> None:
    on(JUNE_15)
    (euro,) = report(wiring, date(2026, 4, 10)).currencies
    assert euro.book == Part(6, 720_000)  # nobody had paid, nothing was written off
    assert percent(euro.share(euro.at_risk[1].ordinary)) == "83.3%"  # 68 days, all but the paused
    assert (euro.paused, euro.credit.loans) == (Part(1, 120_000), 0)


@pytest.mark.usefixtures("book")
def test_what_happened_since_does_not_change_an_earlier_day(wiring, on) -> None:
    before = report(wiring)
    on(JUNE_15)
    pay(wiring, "L-3", 50_000, JUNE_15)
    pay(wiring, "L-5", 1_000, JUNE_15)
    reverse_payment("umoja", f"P-L-2-{MAY_15}", "wrong account", ANA, wiring.now(), wiring)
    record(wiring, "L-1", WriteOff(JUNE_15))
    sale = OwnerChange(
        change_id="list-7", kind="sale", executed_on=JUNE_15, creditor="Kredit", outside=True
    )
    rows = [NamedLoan(1, "L-3")]
    assert transfer_loans(rows, sale, "umoja", ANA, wiring.now(), wiring).transferred == 1
    assert report(wiring, MAY_15) == before
    (now,) = report(wiring, JUNE_15).currencies
    assert (now.credit.loans, now.credit.recovered_minor) == (2, 1_000)


@pytest.mark.usefixtures("book")
def test_a_loan_sold_outside_is_in_its_creditors_report_from_the_next_day(wiring, on) -> None:
    on(JUNE_15)
    sale = OwnerChange(
        change_id="list-7", kind="sale", executed_on=JUNE_15, creditor="Kredit", outside=True
    )
    transfer_loans([NamedLoan(1, "L-3")], sale, "umoja", ANA, wiring.now(), wiring)
    assert report(wiring).loans == report(wiring, creditor="umoja").loans == 5
    assert report(wiring, creditor="Kredit").currencies == ()
    on(JUNE_15 + DAY)
    assert report(wiring).loans == report(wiring, creditor="umoja").loans == 4
    assert [each.book for each in report(wiring, creditor="Kredit").currencies] == [
        Part(1, 100_000)
    ]


def test_a_refinanced_loan_is_forborne(wiring, on) -> None:
    loan = a_loan("L-9")
    carried = Carried(("L-1",), 45, date(2025, 3, 2))
    state = a_state(loan, facts=LoanFacts(carried=carried))
    wiring.loans.add_loan(StoredLoan(loan, state), [])
    (euro,) = report(wiring).currencies
    assert euro.forborne == Part(1, 120_000)
    on(JUNE_15)
    assert report(wiring, MAY_15).currencies == (euro,)


def test_a_day_to_come_is_refused(wiring, on) -> None:
    with pytest.raises(RefusedError):
        report(wiring, MAY_15 + DAY)


@pytest.mark.parametrize("as_of", [MAY_15, MAY_15 - DAY])
def test_a_loan_that_cannot_be_read_is_named_and_the_rest_is_reported(
    wiring, on, monkeypatch, as_of
) -> None:
    keep(wiring, "L-1")
    keep(wiring, "bad")
    loans, load_many, recorded = wiring.loans, wiring.loans.load_many, wiring.loans.recorded

    def broken(loan_ids):
        if "bad" in loan_ids:
            raise UnreadableLoanError("bad")
        return load_many(loan_ids)

    def corrupt(loan_id):
        if loan_id == "bad":
            raise ValueError("no date")
        return recorded(loan_id)

    if as_of == MAY_15:
        monkeypatch.setattr(loans, "load_many", broken)
    else:
        monkeypatch.setattr(loans, "recorded", corrupt)
    read = read_report("umoja", as_of, wiring.now(), wiring, shards=SHARDS)
    assert ([loan_id for loan_id, _ in read.failed], read.report.loans) == (["bad"], 1)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.integers(1, 60_000), st.integers(0, 60)),
        max_size=8,
        unique_by=lambda each: (each[0], each[2]),
    )
)
def test_the_report_of_a_day_is_the_same_on_that_day_and_later(wiring, payments) -> None:
    """Read from the states on the day, or from the facts afterwards."""
    use(wiring, FakeLoanRepository(SHARDS))
    wiring.institutions = FakeInstitutionRepository()
    for number in range(1, 5):
        keep(wiring, f"L-{number}")
    for number, amount_minor, days in sorted(payments, key=lambda each: each[2]):
        day = FIRST_DUE + days * DAY
        wiring.institutions.days["umoja"] = InstitutionDay(day)
        pay(wiring, f"L-{number}", amount_minor, day)
    last = FIRST_DUE + 60 * DAY
    wiring.institutions.days["umoja"] = InstitutionDay(last)
    on_the_day = report(wiring, last)
    wiring.institutions.days["umoja"] = InstitutionDay(last + 30 * DAY)
    assert report(wiring, last) == on_the_day


def test_a_plan_marks_a_loan_as_forborne_and_its_cure_is_counted(wiring) -> None:
    life = a_life(wiring)
    offer(life)
    plan = agree(life).record.fact
    assert report_of(life).forborne.loans == 1
    par30 = report_of(life).at_risk[0]
    assert (par30.all.loans, par30.forborne.loans, par30.ordinary.loans) == (1, 1, 0)
    for each in plan.payments:
        life.until(each.due_date)
        life.pay("L-1", each.amount_minor)
    assert [each.cured for each in report_of(life).cures] == [0, 0, 0]
    cured_on = life.today
    for each in life.ports.loans.load("L-1").loan.schedule:
        if each.due_date > cured_on:
            life.until(each.due_date)
            life.pay("L-1", each.due.total)
    life.until(cured_on + timedelta(days=95))
    assert [each.cured for each in report_of(life).cures] == [1, 0, 0]
    assert [each.redefaulted for each in report_of(life).cures] == [0, 0, 0]


def report_of(life):
    [euro] = read_report("umoja", None, life.ports.now(), life.ports, shards=1).report.currencies
    return euro

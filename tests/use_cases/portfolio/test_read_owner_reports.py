"""Both owners' reports, from what the running system has on record: S14 in numbers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recovery.documents.portfolio.loan_list import NamedLoan
from recovery.documents.portfolio.report import owner_report_document
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.ownership import OwnerChange
from recovery.domain.accounting.payment import PaymentRequest
from recovery.domain.shared.errors import RefusedError
from recovery.ports.accounting import StoredLoan
from recovery.ports.institutions import InstitutionDay
from recovery.use_cases.accounting.reverse_payment import reverse_payment
from recovery.use_cases.accounting.take_payment import take_payment
from recovery.use_cases.portfolio.buy_back import buy_back
from recovery.use_cases.portfolio.read_owner_reports import read_owner_reports
from recovery.use_cases.portfolio.transfer_loans import transfer_loans
from tests.builders import a_loan, a_state, an_actor
from tests.fakes import FakeInstitutionRepository, FakeLoanRepository, use

ANA = an_actor()
JUNE_1, JUNE_30, AUGUST_31 = date(2026, 6, 1), date(2026, 6, 30), date(2026, 8, 31)
SALE = OwnerChange(
    change_id="list-7", kind="sale", executed_on=JUNE_30, creditor="Fondo Norte", outside=True
)


def keep(wiring, *loan_ids: str) -> None:
    use(wiring, FakeLoanRepository(2))
    wiring.institutions = FakeInstitutionRepository()
    for loan_id in loan_ids:
        loan = a_loan(loan_id)
        wiring.loans.add_loan(StoredLoan(loan, a_state(loan)), [])


def on(wiring, day: date) -> None:
    wiring.institutions.days["umoja"] = InstitutionDay(day)


def pay(wiring, loan_id: str, amount_minor: int, day: date) -> None:
    on(wiring, day)
    payment = Payment(f"P-{loan_id}-{day}", day, amount_minor)
    take_payment(PaymentRequest(payment, loan_id, "EUR"), ANA, wiring.now(), wiring)


def sell(wiring, *loan_ids: str, change: OwnerChange = SALE) -> None:
    on(wiring, change.executed_on)
    rows = [NamedLoan(number, each) for number, each in enumerate(loan_ids, start=1)]
    result = transfer_loans(rows, change, "umoja", ANA, wiring.now(), wiring)
    assert result.transferred == len(loan_ids), result.refused


def reports(wiring, first: date, last: date):
    return read_owner_reports("umoja", first, last, wiring.now(), wiring, shards=2)


def test_the_sale_and_buy_back_of_s14_in_numbers(wiring) -> None:
    keep(wiring, "L-1", "L-2")
    pay(wiring, "L-1", 11_500, date(2026, 5, 4))
    pay(wiring, "L-1", 2_000, date(2026, 6, 15))
    sell(wiring, "L-1")
    pay(wiring, "L-1", 5_000, date(2026, 7, 3))
    on(wiring, date(2026, 8, 10))
    buy_back([NamedLoan(1, "L-1")], "list-9", date(2026, 8, 10), "umoja", ANA, wiring.now(), wiring)
    pay(wiring, "L-1", 1_000, date(2026, 8, 20))
    on(wiring, AUGUST_31)
    fondo, umoja = map(owner_report_document, reports(wiring, JUNE_1, AUGUST_31))
    nothing = dict.fromkeys(fondo, "0.00")
    assert fondo == nothing | {
        "creditor": "Fondo Norte",
        "currency": "EUR",
        "bought": "1245.00",
        "received": "50.00",
        "received_through_others": "50.00",
        "given_back": "1195.00",
    }
    assert umoja == nothing | {
        "creditor": "umoja",
        "currency": "EUR",
        "opening": "2645.00",
        "sold": "1245.00",
        "bought_back": "1195.00",
        "received": "30.00",
        "passed_on_to_others": "50.00",
        "closing": "2565.00",
    }


def test_a_loan_lent_in_the_period_opens_with_nothing(wiring) -> None:
    keep(wiring, "L-1")
    on(wiring, AUGUST_31)
    (umoja,) = reports(wiring, date(2026, 1, 1), JUNE_30)
    assert (umoja.opening_minor, umoja.other_minor, umoja.closing_minor) == (0, 138_000, 138_000)
    assert reports(wiring, date(2025, 1, 1), date(2025, 12, 31)) == ()


@pytest.mark.parametrize(
    ("first", "last"), [(JUNE_30, JUNE_1), (JUNE_1, AUGUST_31 + timedelta(days=1))]
)
def test_a_period_that_is_not_over_is_refused(wiring, first, last) -> None:
    keep(wiring, "L-1")
    on(wiring, AUGUST_31)
    with pytest.raises(RefusedError):
        reports(wiring, first, last)


days = st.integers(0, 80).map(lambda number: JUNE_1 + timedelta(days=number))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 60_000), days), max_size=6,
             unique_by=lambda each: (each[0], each[2])),
    st.frozensets(st.integers(0, 5), max_size=2),
    st.lists(days, min_size=2, max_size=2, unique=True).map(sorted),
    st.lists(days, min_size=2, max_size=2).map(sorted),
)  # fmt: skip
def test_both_sides_agree_whatever_was_paid_reversed_sold_and_bought_back(
    wiring, payments, reversals, hands, period
) -> None:
    keep(wiring, "a", "b", "c")
    in_order = sorted(payments, key=lambda each: each[2])
    for number, (loan_id, amount_minor, day) in enumerate(in_order):
        pay(wiring, loan_id, amount_minor, day)
        if number in reversals:
            payment_id = f"P-{loan_id}-{day}"
            on(wiring, day + timedelta(days=9))
            reverse_payment("umoja", payment_id, "wrong account", ANA, wiring.now(), wiring)
    on(wiring, AUGUST_31)
    sold_on, back_on = hands
    excepted = NamedLoan(1, "a", "Ana Torres", "agreed with the buyer")
    sale = OwnerChange(
        change_id="list-7", kind="sale", executed_on=sold_on, creditor="Kredit", outside=True
    )
    sold = transfer_loans([excepted], sale, "umoja", ANA, wiring.now(), wiring)
    back = buy_back([excepted], "list-9", back_on, "umoja", ANA, wiring.now(), wiring)
    assert (sold.transferred, back.transferred) == (1, 1), (sold.refused, back.refused)

    found = reports(wiring, *period)
    assert not any(each.unexplained_minor for each in found)
    assert sum(each.sold_minor for each in found) == sum(each.bought_minor for each in found)
    given_back = sum(each.given_back_minor for each in found)
    assert given_back == sum(each.bought_back_minor for each in found)
    passed_on = sum(each.passed_on_minor for each in found)
    assert passed_on == sum(each.passed_to_minor for each in found)
    assert sum(each.other_minor for each in found) == 0  # only money moved these loans

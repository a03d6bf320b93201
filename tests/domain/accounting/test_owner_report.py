"""Both owners' reports reconcile: what leaves one comes in on the other."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.accounting.owner_report import Account, Movement, OwnerReport, owner_reports
from recovery.domain.accounting.ownership import (
    OwnerChange,
    OwnerChangeKind,
    OwnerHistory,
    bought_back,
)

SOLD_ON, BACK_ON = date(2026, 6, 30), date(2026, 8, 10)
SALE = OwnerChange(
    change_id="list-7",
    kind=OwnerChangeKind.SALE,
    executed_on=SOLD_ON,
    creditor="Fondo Norte",
    outside=True,
)
SOLD = OwnerHistory("umoja", (SALE,))
BACK = OwnerHistory("umoja", (SALE, bought_back(SOLD, "list-9", BACK_ON)))
LENT = Movement(date(2026, 1, 2), 60_000)
PAID = (
    Movement(date(2026, 5, 4), -10_000, is_payment=True),
    Movement(date(2026, 6, 30), -2_000, is_payment=True),
    Movement(date(2026, 7, 3), -5_000, is_payment=True),  # to the old lender, passed on
    Movement(date(2026, 8, 20), -1_000, is_payment=True),
)
FEE = Movement(date(2026, 7, 15), 300)


def test_a_loan_sold_and_bought_back_adds_up_on_both_sides() -> None:
    kept = Account("EUR", OwnerHistory("umoja"), (LENT, PAID[2]))
    sold = Account("EUR", BACK, (LENT, *PAID, FEE))
    reports = owner_reports([kept, sold], "umoja", date(2026, 6, 1), date(2026, 8, 31))
    fondo, umoja = reports
    assert fondo == OwnerReport(
        "Fondo Norte",
        "EUR",
        bought_minor=48_000,
        given_back_minor=43_300,
        received_minor=5_000,
        passed_to_minor=5_000,
        other_minor=300,
    )
    assert umoja == OwnerReport(
        "umoja",
        "EUR",
        opening_minor=110_000,
        bought_back_minor=43_300,
        sold_minor=48_000,
        received_minor=8_000,
        passed_on_minor=5_000,
        closing_minor=97_300,
    )
    assert [each.unexplained_minor for each in reports] == [0, 0]


def test_a_period_that_ends_with_the_sale_closes_with_the_new_owner() -> None:
    account = Account("EUR", SOLD, (LENT,))
    fondo, umoja = owner_reports([account], "umoja", date(2026, 6, 1), SOLD_ON)
    assert (fondo.closing_minor, umoja.closing_minor) == (60_000, 0)
    following = owner_reports([account], "umoja", SOLD_ON + timedelta(1), date(2026, 7, 31))
    assert [(each.creditor, each.opening_minor) for each in following] == [("Fondo Norte", 60_000)]


def test_a_reversal_takes_back_what_was_passed_on() -> None:
    reversal = Movement(date(2026, 7, 9), 5_000, is_payment=True)
    account = Account("EUR", SOLD, (LENT, PAID[2], reversal))
    fondo, umoja = owner_reports([account], "umoja", date(2026, 7, 1), date(2026, 7, 31))
    assert fondo.closing_minor == 60_000
    assert umoja.passed_on_minor == fondo.passed_to_minor == 0


days = st.integers(0, 60).map(lambda number: SOLD_ON + timedelta(number))
movements = st.builds(Movement, days, st.integers(-9_000, 9_000), st.booleans())
changes = st.builds(
    OwnerChange,
    change_id=st.just("c"),
    kind=st.sampled_from(OwnerChangeKind),
    executed_on=days,
    creditor=st.sampled_from(["umoja", "Fondo Norte", "Kredit"]),
    outside=st.booleans(),
)
histories = st.lists(changes, max_size=5, unique_by=lambda each: each.executed_on).map(
    lambda found: OwnerHistory("umoja", tuple(found))
)
accounts = st.builds(
    Account, st.sampled_from(["EUR", "KES"]), histories, st.lists(movements, max_size=8).map(tuple)
)


@given(st.lists(accounts, max_size=5), st.lists(days, min_size=2, max_size=2))
def test_nothing_is_lost_or_made_between_owners(loans, period) -> None:
    from_on, until = sorted(period)
    reports = owner_reports(loans, "umoja", from_on, until)
    assert not any(each.unexplained_minor for each in reports)
    for currency in ("EUR", "KES"):
        of = [each for each in reports if each.currency == currency]
        assert sum(each.sold_minor for each in of) == sum(each.bought_minor for each in of)
        given_back = sum(each.given_back_minor for each in of)
        assert given_back == sum(each.bought_back_minor for each in of)
        assert sum(each.passed_on_minor for each in of) == sum(each.passed_to_minor for each in of)
        closing = sum(
            each.amount_minor
            for loan in loans
            if loan.currency == currency
            for each in loan.movements
            if each.on <= until
        )
        assert sum(each.closing_minor for each in of) == closing


@given(st.lists(accounts, max_size=5), st.lists(days, min_size=2, max_size=2))
def test_one_period_opens_with_what_the_one_before_closed(loans, period) -> None:
    from_on, until = sorted(period)
    before = owner_reports(loans, "umoja", SOLD_ON, from_on - timedelta(1))
    closed = {(each.creditor, each.currency): each.closing_minor for each in before}
    for each in owner_reports(loans, "umoja", from_on, until):
        assert each.opening_minor == closed.get((each.creditor, each.currency), 0)

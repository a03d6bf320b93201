"""What the core says about a loan besides its money, and when that is something new."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from recovery.domain.accounting.details import (
    OF_LOAN,
    OF_PROFILE,
    core_terms,
    details_of,
    has_new_terms,
    with_details,
)
from recovery.domain.accounting.loan import Components, LoanProfile
from tests.builders import a_loan, a_schedule

OTHER = a_schedule(due=Components(10_000, 1_501))


def test_details_go_out_and_come_back() -> None:
    told = a_loan(
        portfolio="2027",
        annual_rate_pct=Decimal("12.50"),
        profile=LoanProfile(branch="Cusco 2", purpose="mixed"),
    )
    details = details_of(told)
    assert set(details) == {*OF_LOAN, *OF_PROFILE, "annual_rate_pct"}
    assert with_details(a_loan(), details) == told


def test_details_leave_the_others_as_they_are() -> None:
    loan = a_loan(profile=LoanProfile(branch="Cusco 2"), annual_rate_pct=Decimal(10))
    changed = with_details(loan, {"advisor_phone": None, "place": "Pisac"})
    profile = LoanProfile(branch="Cusco 2", place="Pisac")
    assert changed == replace(loan, advisor_phone=None, profile=profile)


@pytest.mark.parametrize(
    ("known", "schedule", "rate", "is_new"),
    [
        (a_loan(), a_schedule(), None, False),
        (a_loan(), OTHER, None, True),
        (a_loan(), a_schedule(first_due=date(2026, 2, 2)), None, True),
        (a_loan(), a_schedule()[:-1], None, True),
        # What is owed follows from facts here; the core does not know them.
        (a_loan(schedule=OTHER, first_schedule=a_schedule()), a_schedule(), None, False),
        (a_loan(schedule=OTHER, core_terms=core_terms(a_schedule(), None)), OTHER, None, True),
        (a_loan(core_terms=core_terms(OTHER, None)), OTHER, None, False),
        (a_loan(annual_rate_pct=Decimal(10)), a_schedule(), Decimal("10.0"), False),
        (a_loan(annual_rate_pct=Decimal(10)), a_schedule(), Decimal(11), True),
        (a_loan(annual_rate_pct=Decimal(10)), a_schedule(), None, False),
        (a_loan(), a_schedule(), Decimal(11), False),  # the first that is told
        (a_loan(core_terms=core_terms(OTHER, Decimal(9))), OTHER, Decimal(10), True),
    ],
)
def test_terms_are_new_when_the_core_has_others_than_it_delivered(
    known, schedule, rate, is_new
) -> None:
    assert has_new_terms(known, schedule, rate) is is_new

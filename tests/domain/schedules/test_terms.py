"""Invalid terms are refused with the field; terms within bounds are accepted."""

from datetime import date
from decimal import Decimal

import pytest

from recovery.domain.schedules.building import build_schedule
from recovery.domain.schedules.due_dates import Frequency
from recovery.domain.schedules.terms import terms_problems
from recovery.domain.shared.errors import RefusedError
from tests.builders import fields
from tests.loan_terms import EQUAL_INSTALMENT, rows, terms

DAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"principal_minor": 0}, "principal_minor"),
        ({"principal_minor": 10**15 + 1}, "principal_minor"),
        ({"instalments": 0}, "instalments"),
        ({"instalments": 1201}, "instalments"),
        ({"annual_rate_pct": Decimal("-0.01")}, "annual_rate_pct"),
        ({"annual_rate_pct": Decimal("1000.01")}, "annual_rate_pct"),
        ({"annual_rate_pct": Decimal("NaN")}, "annual_rate_pct"),
        ({"annual_rate_pct": Decimal("0.00000000001")}, "annual_rate_pct"),
        ({"balloon_minor": -1}, "balloon_minor"),
        ({"balloon_minor": 120_001}, "balloon_minor"),
        ({"balloon_minor": 1, "amortisation": "interest_only"}, "balloon_minor"),
        ({"grace_principal": -1}, "grace_principal"),
        ({"grace_principal": 4}, "grace_principal"),
        ({"grace_principal": 1, "principal_shares": (0, 1, 1, 1)}, "grace_principal"),
        ({"grace_interest": -1}, "grace_interest"),
        ({"grace_interest": 4}, "grace_interest"),
        ({"interest_free": -1}, "interest_free"),
        ({"interest_free": 5}, "interest_free"),
        ({"fee_minor": -1}, "fee_minor"),
        ({"fee_minor": 10**15 + 1}, "fee_minor"),
        ({"multiple_minor": 0}, "multiple_minor"),
        ({"multiple_minor": 10**15 + 1}, "multiple_minor"),
        ({"frequency": Frequency(0, "months")}, "frequency.every"),
        ({"frequency": Frequency(121, "months")}, "frequency.every"),
        ({"frequency": Frequency(521, "weeks")}, "frequency.every"),
        ({"frequency": Frequency(3661, "days")}, "frequency.every"),
        ({"frequency": Frequency(1, "years")}, "frequency.unit"),  # type: ignore[arg-type]
        ({"first_due_date": date(2026, 1, 1)}, "first_due_date"),
        ({"first_due_date": DAY, "instalments": 1, "due_dates": (DAY,)}, "first_due_date"),
        ({"due_dates": (DAY,)}, "due_dates"),
        ({"due_dates": (DAY, DAY), "instalments": 2}, "due_dates"),
        ({"due_dates": (date(2026, 1, 1),), "instalments": 1}, "due_dates"),
        ({"principal_shares": (1, 1, 1)}, "principal_shares"),
        ({"principal_shares": (0, 0, 0, 0)}, "principal_shares"),
        ({"principal_shares": (-1, 1, 1, 1)}, "principal_shares"),
        ({"principal_shares": (10**15 + 1, 1, 1, 1)}, "principal_shares"),
        ({"principal_shares": (1, 1, 1, 1), **EQUAL_INSTALMENT}, "principal_shares"),
        ({"interest_method": "compound"}, "interest_method"),
        ({"amortisation": "bullet"}, "amortisation"),
        ({"day_count": "30/365"}, "day_count"),
        ({"interest_period": "yearly"}, "interest_period"),
        ({"rounding": "down"}, "rounding"),
        ({"roll": "backwards"}, "roll"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_invalid_terms_are_refused_by_field(changes, field) -> None:
    loan_terms = terms(**changes)
    assert field in fields(terms_problems(loan_terms))
    with pytest.raises(RefusedError) as refused:
        build_schedule(loan_terms)
    assert refused.value.problems[0].field == field


@pytest.mark.parametrize(
    "changes",
    [
        {"principal_minor": 10**15, "annual_rate_pct": Decimal(1000), "instalments": 1200},
        {"principal_minor": 1, "annual_rate_pct": Decimal(0), "instalments": 1},
        {"balloon_minor": 120_000, "interest_free": 4, "grace_principal": 3, "grace_interest": 3},
        {"annual_rate_pct": Decimal("0.0000000001"), "fee_minor": 10**15},
        {"multiple_minor": 10**15, **EQUAL_INSTALMENT},
        {"frequency": Frequency(120, "months"), "principal_shares": (10**15, 0, 0, 0)},
    ],
    ids=lambda value: str(value)[:40],
)
def test_terms_at_their_bounds_are_accepted(changes) -> None:
    loan_terms = terms(**changes)
    assert list(terms_problems(loan_terms)) == []
    assert sum(principal for principal, _ in rows(loan_terms)) == loan_terms.principal_minor

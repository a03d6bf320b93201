"""Strategies for tests that generate loan histories, and checks that hold for each.

Loans are small, so that a few payments and charges reach the edge cases. Amounts are in minor
units.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from recovery.domain.accounting.late_charges import LateCharge
from recovery.domain.accounting.loan import Components, Instalment, Payment
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.agreements.reage import Reage
from recovery.domain.agreements.reamortise import Reamortise
from recovery.domain.agreements.reschedule import PaymentHoliday, Reschedule
from recovery.domain.agreements.restructuring import Action
from recovery.domain.monitoring.buckets import Bucket
from recovery.domain.monitoring.evaluation import Evaluation, EvaluationRules
from recovery.domain.monitoring.policy import MonitoringPolicy
from recovery.domain.monitoring.tolerance import Tolerance
from recovery.domain.policy import DEFAULT_POLICY
from recovery.domain.schedules.due_dates import MONTHLY, Frequency, step
from recovery.domain.shared.business_calendar import BusinessCalendar, calendar_days

START = date(2026, 1, 1)
COMPONENTS = Components._fields
_AGREED = COMPONENTS[:2]
_FORTNIGHTLY = Frequency(2, "weeks")
_IRREGULAR_DAYS = (17, 45, 46, 90, 133)


def after_start(days: int) -> date:
    return START + timedelta(days=days)


def _schedule(
    frequency: Frequency | None, dues: list[tuple[int, int, int, int]]
) -> tuple[Instalment, ...]:
    return tuple(
        Instalment(
            n,
            step(START, frequency, n) if frequency else after_start(_IRREGULAR_DAYS[n - 1]),
            Components(*due),
        )
        for n, due in enumerate(dues, start=1)
    )


frequencies = st.sampled_from((MONTHLY, _FORTNIGHTLY, Frequency(9, "days")))
schedules = st.builds(
    _schedule,
    st.sampled_from((MONTHLY, _FORTNIGHTLY, None)),
    st.lists(
        st.tuples(
            st.sampled_from((100, 0, 250, 333)),
            st.integers(0, 60),
            st.integers(0, 15),
            st.sampled_from((0, 0, 4)),
        ),
        min_size=1,
        max_size=len(_IRREGULAR_DAYS),
    ),
)
payments = st.lists(
    st.tuples(
        st.integers(1, 600), st.integers(-30, 250), st.sampled_from((None, None, None, 1, 2, 3, 9))
    ),
    max_size=12,
).map(
    lambda rows: [
        Payment(f"p{at:02}", after_start(days), amount_minor, named)
        for at, (amount_minor, days, named) in enumerate(rows)
    ]
)

allocations = st.builds(
    AllocationPolicy,
    by=st.sampled_from(("instalment", "component")),
    order=st.permutations(COMPONENTS).map(tuple),
    prepayment=st.sampled_from(("next_instalment", "last_instalment", "reduce_instalment")),
)
tolerances = st.builds(
    Tolerance,
    amount_minor=st.sampled_from((0, 0, 5, 60)),
    percent_of_instalment=st.sampled_from((Decimal(0), Decimal(0), Decimal("2.5"), Decimal(50))),
    percent_of_principal=st.sampled_from((Decimal(0), Decimal(0), Decimal(5))),
)
bands = st.sampled_from(
    (
        DEFAULT_POLICY.monitoring.buckets,
        (
            Bucket(name="few", min_days=3, max_days=9),
            Bucket(name="many", min_days=20, max_days=60),
        ),
    )
)
monitoring = st.builds(
    MonitoringPolicy,
    tolerance=tolerances,
    grace_days=st.sampled_from((0, 0, 5, 30)),
    buckets=bands,
)
evaluation_rules = st.builds(EvaluationRules, allocation=allocations, monitoring=monitoring)

_percents = st.sampled_from((Decimal("0.1"), Decimal(2), Decimal(10)))
_how_much = st.one_of(
    st.integers(1, 30).map(lambda minor: {"amount_minor": minor}),
    _percents.map(lambda percent: {"percent": percent}),
)
rules = st.builds(
    lambda amount, **others: LateCharge(**amount, **others),
    _how_much,
    component=st.sampled_from(("fee", "penalty")),
    per=st.sampled_from(("instalment", "day")),
    of=st.sampled_from(
        (_AGREED, _AGREED, _AGREED, ("principal",), ("principal",), ("fee", "penalty"), COMPONENTS)
    ),
    from_days=st.sampled_from((1, 5, 30)),
    cap_minor=st.sampled_from((None, None, 0, 25)),
    cap_percent=st.sampled_from((None, None, Decimal(0), Decimal(20))),
)
late_charges = st.lists(rules, max_size=2).map(tuple)
day_counters = st.sampled_from((calendar_days, BusinessCalendar().business_days_between))

_interest = st.sampled_from(("keep", "recalculate"))
_multiples = st.sampled_from((1, 1, 50))
Plan = Callable[[date, date, timedelta], Action]


def _reage(**terms: Any) -> Plan:
    return lambda today, from_date, by: Reage(start=today + abs(by), **terms)


def _reamortise(**terms: Any) -> Plan:
    return lambda today, from_date, by: Reamortise(**terms)


def _reschedule(moves: bool, **terms: Any) -> Plan:
    return lambda today, from_date, by: Reschedule(
        from_date=from_date, new_due_date=from_date + by if moves else None, **terms
    )


def _holiday(**terms: Any) -> Plan:
    return lambda today, from_date, by: PaymentHoliday(from_date=from_date, **terms)


# Each plan maps today, a due date and a number of days to an action.
plans: st.SearchStrategy[Plan] = st.one_of(
    st.builds(
        _reage,
        frequency=frequencies,
        instalments=st.integers(1, 4),
        interest=_interest,
        multiple_minor=_multiples,
    ),
    st.builds(_reamortise, capitalise=st.booleans(), interest=_interest, multiple_minor=_multiples),
    st.builds(
        _reschedule,
        st.booleans(),
        extra_terms=st.integers(0, 2),
        grace_principal=st.integers(0, 2),
        grace_interest=st.integers(0, 3),
        new_rate_pct=st.sampled_from((None, None, Decimal(0), Decimal(12))),
        interest=_interest,
        multiple_minor=_multiples,
    ),
    st.builds(_holiday, instalments=st.integers(1, 3), interest=_interest),
)


def assert_consistent(evaluation: Evaluation) -> None:
    """Assert that nothing is negative and no part exceeds its whole."""
    standing, ledger = evaluation.standing, evaluation.ledger
    for (number, _, due), paid, paid_off_on, in_advance, late, aged in zip(
        ledger.schedule,
        ledger.position.paid,
        ledger.position.paid_off_on,
        ledger.paid_in_advance,
        ledger.paid_late,
        evaluation.instalments,
        strict=True,
    ):
        assert is_part(paid, due)
        assert min(in_advance, late) >= 0
        assert in_advance + late <= paid.total
        assert (paid_off_on is not None) == (any(due) and paid == due)
        assert (aged.number, aged.due, aged.paid) == (number, due.total, paid.total)
        assert aged.outstanding == due.total - paid.total
        assert aged.days_past_due >= 0
        assert aged.bucket is None or standing.days_delinquent
    assert all(a.due_date <= b.due_date for a, b in pairwise(ledger.schedule))
    assert len({each.number for each in ledger.schedule}) == len(ledger.schedule)
    assert is_part(standing.overdue, standing.outstanding)
    assert standing.outstanding.total == sum(each.outstanding for each in evaluation.instalments)
    assert min(ledger.waived) >= 0
    assert standing.credit_minor >= 0
    assert not standing.credit_minor or not standing.outstanding.total
    assert 0 <= standing.days_delinquent <= standing.days_past_due
    assert standing.overdue.total or not standing.days_past_due


def is_part(part: Components, whole: Components) -> bool:
    return all(0 <= one <= of for one, of in zip(part, whole, strict=True))

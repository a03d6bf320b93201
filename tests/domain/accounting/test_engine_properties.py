"""Check the engine against simpler statements of the same rules, over generated loans."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from recovery.domain.accounting.allocation import allocate
from recovery.domain.accounting.history import History
from recovery.domain.accounting.late_charges import ChargeRules
from recovery.domain.accounting.ledger import accrue, build_ledger
from recovery.domain.accounting.loan import Components, sum_components
from recovery.domain.accounting.pauses import Pause, paused_days
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.monitoring.buckets import Bucket, bucket_of, bucket_problems
from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.monitoring.evaluation import EvaluationRules, evaluate
from recovery.domain.monitoring.tolerance import Tolerance, late_since
from recovery.domain.shared.business_calendar import BusinessCalendar, calendar_days
from tests import loan_histories as some

DAY = timedelta(days=1)
WEEKDAYS = BusinessCalendar()
quick_settings = settings(max_examples=60)
days_later = st.integers(0, 250)
dates = st.integers(-40, 120).map(some.after_start)


@quick_settings
@given(some.schedules, some.payments, some.allocations)
def test_the_quick_walk_matches_the_ledger(schedule, payments, allocation) -> None:
    policy = replace(allocation, by="instalment", prepayment="next_instalment")
    unnamed = tuple(replace(payment, instalment=None) for payment in payments)
    ledger = build_ledger(schedule, History(payments=unnamed), policy)
    assert allocate(schedule, unnamed, policy) == ledger.position


@quick_settings
@given(some.schedules, some.payments, some.allocations, some.allocations, days_later)
def test_no_money_is_lost_under_one_policy_or_a_change_of_policy(
    schedule, payments, former, latter, days
) -> None:
    def policy_on(on: date) -> AllocationPolicy:
        return latter if on >= some.after_start(days) else former

    for policy in (former, policy_on):
        position = allocate(schedule, payments, policy)
        paid = sum_components(position.paid).total
        assert paid + position.credit_minor == sum(each.amount_minor for each in payments)
        assert not position.credit_minor or paid == sum(each.due.total for each in schedule)
        for instalment, part, paid_off_on in zip(
            schedule, position.paid, position.paid_off_on, strict=True
        ):
            assert all(0 <= of <= due for of, due in zip(part, instalment.due, strict=True))
            paid_off = part == instalment.due and any(part)
            assert (paid_off_on is not None) == paid_off


@quick_settings
@given(some.schedules, some.late_charges, days_later, st.integers(1, 20))
def test_late_charges_only_grow_while_nothing_is_paid(schedule, rules, days, more) -> None:
    def charged(on: date) -> list[Components]:
        ledger = build_ledger(schedule, History(), AllocationPolicy(), rules, on)
        return [
            each.due.less(agreed.due)
            for each, agreed in zip(ledger.schedule, schedule, strict=True)
        ]

    on = some.after_start(days)
    for before, after in zip(charged(on), charged(on + more * DAY), strict=True):
        assert all(0 <= was <= now for was, now in zip(before, after, strict=True))
        assert not any(after[:2])


@quick_settings
@given(some.schedules, some.payments, some.rules, some.allocations, days_later)
def test_late_charges_stay_within_their_caps(schedule, payments, rule, allocation, days) -> None:
    history = History(payments=tuple(payments))
    ledger = build_ledger(schedule, history, allocation, (rule,), some.after_start(days))
    for each, agreed in zip(ledger.schedule, schedule, strict=True):
        charged = each.due.less(agreed.due).total
        assert charged == 0 or each.due_date + rule.from_days * DAY <= some.after_start(days)
        if rule.cap_minor is not None:
            assert charged <= rule.cap_minor
        if rule.cap_percent is not None:
            assert charged * 100 <= rule.cap_percent * agreed.due.total


pauses = st.lists(
    st.builds(
        lambda start, length, resumed: Pause(
            start,
            None if length is None else start + length * DAY,
            None if resumed is None else start + resumed * DAY,
        ),
        dates,
        st.none() | st.integers(0, 60),
        st.none() | st.integers(0, 60),
    ),
    max_size=5,
)


@given(pauses, dates, st.integers(0, 150))
def test_overlapping_pauses_count_each_day_once(given_pauses, due_date, length) -> None:
    as_of = due_date + length * DAY
    paused = {due_date + n * DAY for n in range(1, length + 1)}
    paused = {
        day for day in paused if any(each.from_date < day <= each.ends_on for each in given_pauses)
    }
    assert paused_days(given_pauses, due_date, as_of, calendar_days) == len(paused)
    on_weekdays = paused_days(given_pauses, due_date, as_of, WEEKDAYS.business_days_between)
    assert on_weekdays == sum(map(WEEKDAYS.is_business_day, paused))


@given(
    st.lists(st.tuples(st.integers(1, 400), st.integers(0, 100)), max_size=6),
    st.integers(0, 2000),
    some.tolerances,
)
def test_a_loan_is_late_from_the_instalment_that_exceeds_the_tolerance(
    dues, principal_minor, tolerance
) -> None:
    overdue = [
        (some.after_start(30 * n), due_minor, due_minor * rest_pct // 100)
        for n, (due_minor, rest_pct) in enumerate(dues)
    ]
    outgrown = [
        due_date
        for at, (due_date, due_minor, _) in enumerate(overdue)
        for unpaid in [sum(rest_minor for *_, rest_minor in overdue[: at + 1])]
        if unpaid > tolerance.amount_minor
        and 100 * unpaid > tolerance.percent_of_instalment * due_minor
        and 100 * unpaid > tolerance.percent_of_principal * principal_minor
    ]
    assert late_since(overdue, principal_minor, tolerance) == min(outgrown, default=None)


@given(st.lists(st.integers(0, 40), max_size=8, unique=True).map(sorted), st.booleans())
def test_the_bucket_is_the_band_that_holds_the_days(ends, is_open) -> None:
    bands = list(zip(ends[::2], ends[1::2], strict=False))
    buckets = tuple(
        Bucket(
            name=str(low),
            min_days=low,
            max_days=None if is_open and (low, high) == bands[-1] else high,
        )
        for low, high in bands
    )
    assert not list(bucket_problems(buckets))
    for days in range(50):
        holding = [
            each.name
            for each in buckets
            if each.min_days <= days and (each.max_days is None or days <= each.max_days)
        ]
        assert bucket_of(buckets, days) == (holding[0] if holding else None)


@quick_settings
@given(some.schedules, some.payments, some.evaluation_rules, st.integers(0, 200))
def test_each_day_without_payment_adds_one_day_past_due(schedule, payments, rules, days) -> None:
    on = some.after_start(days)
    history = History(payments=tuple(each for each in payments if each.value_date <= on))

    def standing(day: date, by: EvaluationRules = rules) -> Standing:
        return evaluate(schedule, history, by, day).standing

    today, tomorrow = standing(on), standing(on + DAY)
    assert tomorrow.outstanding == today.outstanding
    assert all(was <= now for was, now in zip(today.overdue, tomorrow.overdue, strict=True))
    if today.days_past_due:
        assert tomorrow.oldest_due_date == today.oldest_due_date
        assert tomorrow.days_past_due == today.days_past_due + 1
    else:
        assert tomorrow.days_past_due in (0, 1)
    for each in (today, tomorrow):
        assert each.days_delinquent == max(0, each.days_past_due - rules.monitoring.grace_days)
        untolerant = replace(rules.monitoring, tolerance=Tolerance())
        exact = standing(each.as_of, replace(rules, monitoring=untolerant))
        assert exact.overdue == each.overdue
        assert exact.days_past_due >= each.days_past_due
        assert (exact.days_past_due > 0) == (each.overdue.total > 0)


@given(some.tolerances, st.integers(1, 400), st.integers(0, 2000))
def test_a_larger_tolerance_never_allows_less(tolerance, due_minor, principal_minor) -> None:
    allowed = tolerance.allows_minor(due_minor, principal_minor)
    more = replace(tolerance, percent_of_instalment=tolerance.percent_of_instalment + Decimal(1))
    assert more.allows_minor(due_minor, principal_minor) >= allowed >= tolerance.amount_minor


@quick_settings
@given(
    some.schedules,
    some.payments,
    some.allocations,
    some.late_charges,
    some.late_charges,
    pauses,
    days_later,
    st.integers(0, 90),
    st.integers(0, 90),
)
def test_late_charges_go_on_from_what_was_accrued(
    schedule, payments, allocation, former, latter, given_pauses, days, changes, more
) -> None:
    """A review without the facts finds what the ledger finds with all of them."""
    last = max([some.after_start(days), *(each.value_date for each in payments)])
    rules = ChargeRules(((date.min, former), (last + changes * DAY, latter)))
    history = History(payments=tuple(payments), pauses=tuple(given_pauses))
    as_of = last + more * DAY
    whole = build_ledger(schedule, history, allocation, rules, as_of)
    known = build_ledger(schedule, history, allocation, rules, last)
    owed, accrued = accrue(
        known.schedule, known.position, known.accrued, rules, history.pauses, as_of
    )
    assert owed == whole.schedule
    if whole.accrued:
        assert accrued == whole.accrued

"""Ageing of instalments. The first test uses dates and figures from Apache Fineract's pause and
resume scenario (LoanDelinquency, instalment level), in our own table."""

from dataclasses import replace
from datetime import date

from recovery.domain.accounting.history import History
from recovery.domain.accounting.loan import Components, Instalment, Payment
from recovery.domain.accounting.pauses import Pause
from recovery.domain.monitoring.buckets import Bucket
from recovery.domain.monitoring.evaluation import EvaluationRules, evaluate
from recovery.domain.monitoring.policy import MonitoringPolicy
from recovery.domain.shared.business_calendar import BusinessCalendar

DATES = (date(2023, 10, 1), date(2023, 10, 16), date(2023, 10, 31), date(2023, 11, 15))
SCHEDULE = tuple(Instalment(n, day, Components(25_000)) for n, day in enumerate(DATES, start=1))
BANDS = (("first", 1, 3), ("second", 4, 30), ("third", 31, None))
POLICY = MonitoringPolicy(
    grace_days=3,
    buckets=tuple(Bucket(name=n, min_days=a, max_days=b) for n, a, b in BANDS),
)
PAUSES = (
    Pause(date(2023, 10, 15), date(2023, 10, 30), resumed_on=date(2023, 10, 25)),
    Pause(date(2023, 11, 14), date(2023, 11, 30)),
)


def evaluated(as_of: date, *payments: Payment, pauses=(), policy=POLICY, **counting):
    history = History(payments=payments, pauses=pauses)
    return evaluate(SCHEDULE, history, EvaluationRules(monitoring=policy, **counting), as_of)


def test_instalments_age_independently_and_pauses_count_only_after_the_due_date() -> None:
    found = evaluated(date(2023, 12, 1), pauses=PAUSES)
    standing = found.standing
    assert (standing.days_past_due, standing.days_delinquent, standing.bucket) == (61, 32, "third")
    assert standing.delinquent_since == date(2023, 10, 4)
    rows = [(each.days_past_due, each.bucket) for each in found.instalments]
    assert rows == [(61, "third"), (46, "second"), (31, "second"), (16, "first")]
    day_before = evaluated(date(2023, 11, 30), pauses=PAUSES)
    assert day_before.instalments[3].bucket is None  # all its days were paused


def test_instalments_have_buckets_only_while_the_loan_is_delinquent() -> None:
    in_grace = evaluated(date(2023, 10, 4))
    assert (in_grace.standing.days_past_due, in_grace.standing.days_delinquent) == (3, 0)
    assert [each.bucket for each in in_grace.instalments] == [None] * 4
    assert in_grace.instalments[0].days_past_due == 3
    delinquent = evaluated(date(2023, 10, 5))
    assert delinquent.instalments[0].bucket == "second"  # the grace days are the loan's


def test_paid_and_coming_instalments_have_no_days_and_no_bucket() -> None:
    paid = Payment("a", date(2023, 10, 20), 25_000 + 10_000)
    found = evaluated(date(2023, 11, 15), paid, policy=replace(POLICY, grace_days=0))
    first, second, third, last = found.instalments
    assert (first.days_past_due, first.bucket, first.paid_off_on) == (0, None, paid.value_date)
    assert (second.days_past_due, second.bucket, second.outstanding) == (30, "second", 15_000)
    assert (second.paid, second.paid_in_advance, second.paid_late) == (10_000, 0, 10_000)
    assert (third.days_past_due, third.bucket) == (15, "second")
    assert (last.days_past_due, last.bucket, last.due) == (0, None, 25_000)  # due today


def test_an_instalment_due_today_is_not_late_however_late_the_loan_is() -> None:
    found = evaluated(date(2023, 11, 15), policy=MonitoringPolicy())
    assert [each.number for each in found.instalments] == [1, 2, 3, 4]
    assert [each.bucket for each in found.instalments] == ["31-60", "1-30", "1-30", None]


def test_business_days_apply_to_the_loan_its_instalments_and_pauses() -> None:
    calendar = BusinessCalendar(holidays=frozenset({date(2023, 10, 9)}))
    pause = (Pause(date(2023, 10, 12), date(2023, 10, 17)),)  # Thursday to Tuesday: 3 days
    found = evaluated(date(2023, 10, 20), pauses=pause, days_between=calendar.business_days_between)
    assert found.standing.days_past_due == 14  # 2 to 20 October, less two weekends and the 9th
    assert found.standing.days_delinquent == 14 - 3 - 3
    assert [each.days_past_due for each in found.instalments] == [14, 4, 0, 0]
    assert found.instalments[1].bucket == "first"  # 4 days less the 17th
    assert found.standing.delinquent_since == date(2023, 10, 4)
    over_a_weekend = evaluated(
        date(2023, 10, 27),
        Payment("a", date(2023, 10, 1), 50_000),
        policy=replace(POLICY, grace_days=0),
        days_between=calendar.business_days_between,
    )
    assert over_a_weekend.standing.delinquent_since is None
    grace = replace(POLICY, grace_days=5)
    later = evaluated(date(2023, 10, 20), policy=grace, days_between=calendar.business_days_between)
    assert later.standing.delinquent_since == date(2023, 10, 6)  # Monday to Friday

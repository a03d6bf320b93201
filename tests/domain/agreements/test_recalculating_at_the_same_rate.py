"""Restructuring calculates interest as the contract does: at the same rate nothing changes."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from recovery.domain.accounting.history import Charge, History
from recovery.domain.agreements.reage import Reage
from recovery.domain.agreements.reschedule import PaymentHoliday, Reschedule
from recovery.domain.agreements.restructuring import Restructuring, restructure
from recovery.domain.monitoring.evaluation import EvaluationRules
from recovery.domain.schedules.building import build_schedule
from recovery.domain.schedules.contract import LoanAccount, contract_of
from recovery.domain.schedules.due_dates import Frequency
from recovery.domain.shared.business_calendar import BusinessCalendar
from recovery.domain.shared.errors import RefusedError
from tests.loan_terms import EQUAL_INSTALMENT, FLAT, terms

CALENDAR = BusinessCalendar()
RATE = Decimal(24)


def changed(given, action, on: date, history: History = History(), **how) -> Restructuring:  # noqa: B008
    schedule = build_schedule(given, CALENDAR)
    contract = contract_of(schedule, given.annual_rate_pct, given.disbursed_on, given)
    account = LoanAccount("EUR", schedule, history, contract)
    return restructure(account, action, on, EvaluationRules(), **how)


@pytest.mark.parametrize(
    "special",
    [
        {},
        EQUAL_INSTALMENT,
        {**EQUAL_INSTALMENT, "multiple_minor": 1_000},
        {"disbursed_on": date(2026, 1, 31)},
        {"disbursed_on": date(2026, 1, 31), "end_of_month": True},
        {"roll": "following", "first_due_date": date(2026, 2, 1)},
        {**EQUAL_INSTALMENT, "roll": "preceding", "first_due_date": date(2026, 2, 28)},
        {"day_count": "actual/360", "interest_period": "daily"},
        {"day_count": "actual/365", "interest_period": "daily", "roll": "following"},
        {"principal_shares": (0, 3, 1, 2)},
        {"amortisation": "interest_only"},
        {"frequency": Frequency(2, "weeks")},
        FLAT,
    ],
    ids=str,
)
def test_at_the_same_rate_nothing_changes(special) -> None:
    given = terms(**special)
    schedule = build_schedule(given, CALENDAR)
    multiple = given.multiple_minor
    action = Reschedule(from_date=schedule[1].due_date, new_rate_pct=RATE, multiple_minor=multiple)
    again = changed(given, action, date(2026, 1, 10)).version.instalments
    for before, after in zip(schedule, again, strict=True):
        assert before.due_date == after.due_date
        difference = (one - other for one, other in zip(before.due, after.due, strict=True))
        assert max(map(abs, difference)) <= (
            1 if multiple == 1 else 3 * multiple
        )  # the last absorbs


def test_the_next_restructuring_keeps_a_lower_rate() -> None:
    given, on = terms(), date(2026, 1, 10)
    schedule = build_schedule(given)
    cheaper = changed(given, Reschedule(from_date=schedule[0].due_date, new_rate_pct=RATE / 2), on)
    assert [each.due.interest for each in cheaper.version.instalments] == [1_200, 900, 600, 300]
    longer = Reschedule(from_date=schedule[0].due_date, extra_terms=2)
    again = changed(given, longer, on, History(versions=(cheaper.version,)))
    assert [each.due.interest for each in again.version.instalments] == [
        1_200, 1_000, 800, 600, 400, 200,
    ]  # fmt: skip


def test_a_fee_after_the_last_due_date_does_not_stop_interest() -> None:
    given = terms(instalments=1)
    reage = Reage(
        start=date(2026, 10, 1),
        frequency=Frequency(1, "months"),
        instalments=2,
        interest="recalculate",
    )
    on = date(2026, 9, 15)
    plain = changed(given, reage, on)
    fee = History(charges=(Charge(date(2026, 9, 10), "fee", 100),))
    charged = changed(given, reage, on, fee)

    def interest(done: Restructuring) -> list[int]:
        return [each.due.interest for each in done.version.instalments if each.due.principal]

    # Eight months at 2 % on 1,200.00, and half of the overdue 24.00.
    assert interest(plain)[0] == interest(charged)[0] == 19_200 + 1_200


def test_a_holiday_of_whole_steps_costs_whole_steps_of_interest() -> None:
    given = terms(disbursed_on=date(2026, 1, 31))
    schedule = build_schedule(given)
    rest = PaymentHoliday(from_date=schedule[1].due_date, instalments=1)
    done = changed(given, rest, date(2026, 3, 1))
    assert [each.due.interest for each in done.version.instalments] == [2_400, 3_600, 1_200, 600]


def test_recalculated_interest_cannot_be_waived_in_the_same_step() -> None:
    given = terms()
    action = Reschedule(from_date=build_schedule(given)[1].due_date, extra_terms=1)
    with pytest.raises(RefusedError) as refused:
        changed(given, action, date(2026, 1, 10), waive=("interest",))
    assert refused.value.problems[0].field == "action.waive"
    kept = changed(given, replace(action, interest="keep"), date(2026, 1, 10), waive=("interest",))
    assert not any(each.due.interest for each in kept.version.instalments)

"""Late charges calculated by hand: an instalment of 100.00 plus 10.00 interest, due on DUE."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from recovery.domain.accounting.history import Charge, History
from recovery.domain.accounting.late_charges import LateCharge, late_charge_problems
from recovery.domain.accounting.ledger import build_ledger
from recovery.domain.accounting.loan import Components, Instalment, Payment, sum_components
from recovery.domain.accounting.pauses import Pause
from recovery.domain.accounting.policy import AllocationPolicy
from tests.builders import fields

DUE = date(2026, 3, 10)
SCHEDULE = (Instalment(1, DUE, Components(10_000, 1_000)),)
FIXED = LateCharge(amount_minor=500, from_days=5)
TENTH_A_DAY = LateCharge(per="day", percent=Decimal("0.1"))


def day(number: int) -> date:
    return DUE + timedelta(days=number)


def penalty(*rules: LateCharge, on: int, history: History = History()) -> int:  # noqa: B008
    ledger = build_ledger(SCHEDULE, history, AllocationPolicy(), rules, day(on))
    assert not ledger.schedule[0].due.fee
    return ledger.schedule[0].due.penalty


@pytest.mark.parametrize(
    ("rule", "charged"),
    [
        (FIXED, {4: 0, 5: 500, 30: 500}),
        (LateCharge(percent=Decimal(2)), {0: 0, 1: 220, 90: 220}),  # of 110.00, once
        (LateCharge(percent=Decimal(2), of=("principal",)), {1: 200}),
        (TENTH_A_DAY, {1: 11, 10: 110, 45: 495}),  # 0.11 a day
        (
            replace(TENTH_A_DAY, percent=Decimal("0.01")),
            {1: 1, 10: 11, 45: 50},
        ),  # exact until charged
        (LateCharge(per="day", amount_minor=25, from_days=3), {2: 0, 3: 25, 5: 75}),
        (replace(TENTH_A_DAY, cap_minor=100), {9: 99, 10: 100, 45: 100}),
        (replace(TENTH_A_DAY, cap_percent=Decimal(2)), {20: 220, 21: 220}),
        (replace(TENTH_A_DAY, cap_percent=Decimal(0)), {20: 0}),
        (replace(TENTH_A_DAY, of=("principal", "interest", "penalty")), {1: 11, 2: 22, 30: 335}),
    ],
)
def test_a_rule_charges_the_expected_amounts(rule, charged) -> None:
    assert {on: penalty(rule, on=on) for on in charged} == charged


def test_rules_add_up_and_compound_only_where_they_name_penalties() -> None:
    assert penalty(FIXED, TENTH_A_DAY, on=10) == 500 + 110
    assert penalty(FIXED, TENTH_A_DAY, on=3) == 33
    assert penalty(FIXED, replace(FIXED, from_days=6), on=9) == 1_000


def test_a_payment_pays_the_penalty_first_and_lowers_later_charges() -> None:
    half = History(payments=(Payment("a", day(10), 5_000 + 110),))
    # Nine days of 0.11. Of 51.10, 0.99 then pays those, 10.00 the interest and 40.11 principal;
    # the eleven days from the tenth cost 0.05989 each.
    assert penalty(TENTH_A_DAY, on=20, history=half) == round(99 + 11 * Decimal("5.989"))
    ledger = build_ledger(SCHEDULE, half, AllocationPolicy(), (TENTH_A_DAY,), day(10))
    assert ledger.position.paid[0].penalty == 99  # charged up to the day before


def test_an_unpaid_penalty_alone_is_not_charged_again() -> None:
    paid = History(payments=(Payment("a", day(10), 11_000 + 99),))
    daily = LateCharge(per="day", amount_minor=25)
    assert penalty(TENTH_A_DAY, on=60, history=paid) == 99
    assert penalty(daily, on=60, history=History(payments=(Payment("a", day(0), 10_999),))) == 1500
    one_left = History(payments=(Payment("a", day(10), 11_000 + 9 * 25 - 1),))
    last = AllocationPolicy(order=("principal", "interest", "fee", "penalty"))
    ledger = build_ledger(SCHEDULE, one_left, last, (daily,), day(60))
    assert ledger.schedule[0].due.penalty == 9 * 25
    assert ledger.position.paid[0].penalty == 9 * 25 - 1


def test_a_rule_can_charge_a_fee() -> None:
    rule = LateCharge(component="fee", amount_minor=300)
    ledger = build_ledger(SCHEDULE, History(), AllocationPolicy(), (rule,), day(1))
    assert ledger.schedule[0].due == Components(10_000, 1_000, 300)


def test_paused_days_are_not_charged() -> None:
    pause = History(pauses=(Pause(day(5), day(15)),))
    assert penalty(TENTH_A_DAY, on=20, history=pause) == 110
    assert penalty(FIXED, on=15, history=replace(pause, pauses=(Pause(day(4), day(15)),))) == 0
    assert penalty(FIXED, on=16, history=replace(pause, pauses=(Pause(day(4), day(15)),))) == 500


def test_one_rules_charge_enters_anothers_base_the_next_day() -> None:
    """Charging several days at once makes no difference, whatever else happens."""
    daily = LateCharge(component="fee", per="day", amount_minor=100)
    on_fees = LateCharge(per="day", percent=Decimal(10), of=("fee",))
    once_there_is_a_fee = LateCharge(amount_minor=7, of=("fee",))
    meanwhile = History(charges=(Charge(day(6), "penalty", 1),))
    for rules, charged in {
        (daily, on_fees): 10 * sum(range(11)),
        (daily, once_there_is_a_fee): 7,
    }.items():
        for history, more in ((History(), 0), (meanwhile, 1)):
            ledger = build_ledger(SCHEDULE, history, AllocationPolicy(), rules, day(11))
            due = sum_components(each.due for each in ledger.schedule)
            assert due == Components(10_000, 1_000, 1_100, charged + more)


def test_payment_on_the_due_date_costs_nothing() -> None:
    paid = History(payments=(Payment("a", day(0), 11_000),))
    assert penalty(FIXED, TENTH_A_DAY, on=90, history=paid) == 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (LateCharge(), "late_charges.0"),
        (LateCharge(amount_minor=1, percent=Decimal(1)), "late_charges.0"),
        (LateCharge(percent=Decimal(101)), "late_charges.0"),
        (LateCharge(amount_minor=-1, percent=Decimal(1)), "late_charges.0"),
        (LateCharge(amount_minor=1, from_days=0), "late_charges.0.from_days"),
        (LateCharge(amount_minor=1, from_days=3661), "late_charges.0.from_days"),
        (LateCharge(amount_minor=1, cap_minor=-1), "late_charges.0.cap_minor"),
        (LateCharge(amount_minor=1, cap_percent=Decimal(1001)), "late_charges.0.cap_percent"),
        (LateCharge(percent=Decimal(1), of=()), "late_charges.0.of"),
    ],
)
def test_an_invalid_rule_is_reported(wrong, field) -> None:
    assert field in fields(late_charge_problems((wrong,)))


def test_valid_rules_have_no_problems() -> None:
    most = LateCharge(percent=Decimal(100), from_days=3660, cap_percent=Decimal(1000))
    least = replace(FIXED, cap_minor=0, cap_percent=Decimal(0))
    assert not list(late_charge_problems((FIXED, TENTH_A_DAY, most, least)))


def test_two_equal_rules_charge_twice() -> None:
    assert penalty(FIXED, FIXED, on=5) == 1_000
    assert penalty(TENTH_A_DAY, TENTH_A_DAY, on=10) == 220

"""Who is owed an apology: a demand was sent for money that was on another loan."""

from datetime import date, timedelta

import pytest

from recovery.domain.accounting.allocation import allocate
from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.contact.apology import apology_for
from recovery.domain.contact.borrower import Told
from recovery.domain.contact.plan import APOLOGY, NOTICE, PLEASE_CALL, Wish, told_by
from tests.builders import FIRST_DUE, a_schedule

DAY = timedelta(days=1)
PAID_ON = FIRST_DUE
TODAY = FIRST_DUE + 20 * DAY
SCHEDULE = a_schedule(3)
DEMAND = Told("first_days_late", FIRST_DUE, FIRST_DUE + DAY)


def standing(*amounts: int, on: date = PAID_ON):
    payments = [Payment(f"P-{n}", on, minor) for n, minor in enumerate(amounts)]
    return SCHEDULE, allocate(SCHEDULE, payments, AllocationPolicy())


def apology(*told: Told, before=(), after=(11_500,), value_date=PAID_ON) -> Wish | None:
    return apology_for(told, value_date, standing(*before), standing(*after, on=value_date), TODAY)


def test_whoever_was_asked_for_what_had_been_paid_hears_that_we_are_sorry() -> None:
    wish = apology(DEMAND)
    assert wish == Wish(APOLOGY, APOLOGY, TODAY, TODAY + 30 * DAY)


@pytest.mark.parametrize("kind", ["we_would_like_to_help", "meeting_with_your_advisor", NOTICE])
def test_every_demand_counts(kind) -> None:
    assert apology(Told(kind, FIRST_DUE, FIRST_DUE + DAY))


@pytest.mark.parametrize(
    "kind", ["reminder_before_due", "due_today", "thank_you", APOLOGY, PLEASE_CALL]
)
def test_what_is_no_demand_calls_for_nothing(kind) -> None:
    assert apology(Told(kind, FIRST_DUE, FIRST_DUE + DAY)) is None


def test_without_a_demand_there_is_nothing_to_be_sorry_for() -> None:
    assert apology() is None


def test_a_demand_before_the_money_came_was_right() -> None:
    assert apology(DEMAND, value_date=FIRST_DUE + 2 * DAY) is None


def test_a_demand_for_more_than_the_money_covers_was_right() -> None:
    assert apology(DEMAND, after=(11_499,)) is None


def test_a_demand_that_was_wrong_for_another_reason_is_not_ours_to_explain_here() -> None:
    assert apology(DEMAND, before=(11_500,), after=(11_500, 11_500)) is None


def test_nobody_is_told_twice_about_the_same_demand() -> None:
    sorry = Told(APOLOGY, FIRST_DUE + 3 * DAY, FIRST_DUE + 3 * DAY)
    assert apology(DEMAND, sorry) is None
    again = Told("first_days_late", FIRST_DUE, FIRST_DUE + 8 * DAY)
    assert apology(DEMAND, sorry, again)


@pytest.mark.parametrize(
    ("message_id", "kind"),
    [
        ("L-1/first_days_late+8/2026-02-01", "first_days_late"),
        ("L-1/reminder_before_due-3/2026-02-01", "reminder_before_due"),
        (f"L-1/{NOTICE}+76@2026-05-01/2026-02-01", NOTICE),
        ("L-1/apology/2026-02-01", APOLOGY),
    ],
)
def test_a_message_s_id_says_what_it_was_about(message_id, kind) -> None:
    assert told_by(message_id, TODAY) == Told(kind, FIRST_DUE, TODAY)
    instead = told_by(message_id, TODAY, PLEASE_CALL)
    assert instead == Told(PLEASE_CALL, FIRST_DUE, TODAY)

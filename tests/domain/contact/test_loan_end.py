"""The end of a loan that was paid on time."""

from dataclasses import replace
from datetime import date, timedelta

from recovery.domain.accounting.position import Position
from recovery.domain.agreements.restraints import EVERYTHING, Restraint
from recovery.domain.contact.loan_end import loan_end_thanks_due, offer_tasks, offers_earned
from recovery.domain.contact.plan import Wish
from recovery.domain.contact.rewards import RewardRule
from recovery.domain.monitoring.delinquency import standing_at
from recovery.domain.monitoring.policy import MonitoringPolicy
from tests.builders import a_loan

LOAN = a_loan(instalments=6)
LAST, DAY = LOAN.schedule[-1].due_date, timedelta(days=1)
PAID = Position(
    tuple(each.due for each in LOAN.schedule),
    tuple(each.due_date for each in LOAN.schedule),
    0,
    LAST,
)
RULES = (
    RewardRule(name="thanks", kind="thank_you"),
    RewardRule(name="rate", kind="rate", offer="one point less"),
)


def standing(on: date, position: Position = PAID):
    return standing_at(LOAN.schedule, position, MonitoringPolicy(), on)


def thanks(on: date = LAST, asked=None, retry_on=None, rules=RULES) -> Wish | None:
    return loan_end_thanks_due(rules, LOAN, PAID, (), standing(on), asked or {}, retry_on or {})


def test_thanks_are_due_in_the_week_after_the_last_payment_once() -> None:
    wish = thanks()
    assert wish == Wish("loan_end_thanks", "loan_end_thanks", LAST, LAST + 7 * DAY)
    assert thanks(LAST + 7 * DAY) == wish
    assert thanks(LAST + 8 * DAY) is None
    assert thanks(asked={"loan_end_thanks": LAST}) is None
    assert thanks(retry_on={"loan_end_thanks": LAST + DAY}) is None
    assert thanks(rules=RULES[1:]) is None


def test_an_offer_is_made_once_when_the_last_of_it_is_paid() -> None:
    open_one = Position((*PAID.paid[:-1], type(PAID.paid[0])(0, 0, 0, 0)),
                        (*PAID.paid_off_on[:-1], None), 0, LAST)  # fmt: skip
    before, now = standing(LAST, open_one), standing(LAST)
    assert offers_earned(RULES, LOAN, PAID, (), before, now) == RULES[1:]
    assert offers_earned(RULES, LOAN, PAID, (), now, now) == ()
    assert offers_earned(RULES, LOAN, PAID, (), None, now) == ()
    written_off = replace(now, written_off_on=LAST)
    assert offers_earned(RULES, LOAN, PAID, (), before, written_off) == ()


def test_a_person_offers_it_and_nobody_is_called_while_calls_are_held() -> None:
    (task,) = offer_tasks(RULES[1:], LOAN, (), LAST)
    assert task.task_id == "L-1.reward.rate" and "one point less" in task.reason
    held = Restraint("death", LAST, None, EVERYTHING, "death")
    assert list(offer_tasks(RULES[1:], LOAN, (held,), LAST)) == []

"""What all restructurings share, on a loan with an overdue instalment and a penalty."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from recovery.domain.accounting.history import Charge, History
from recovery.domain.accounting.late_charges import LateCharge
from recovery.domain.accounting.loan import Components, Instalment, Payment
from recovery.domain.agreements.reage import Reage
from recovery.domain.agreements.reamortise import Reamortise
from recovery.domain.agreements.reschedule import PaymentHoliday, Reschedule
from recovery.domain.agreements.restructuring import Action, Restructuring, restructure
from recovery.domain.monitoring.evaluation import EvaluationRules, evaluate
from recovery.domain.schedules.contract import LoanAccount, contract_of
from recovery.domain.schedules.due_dates import Frequency
from recovery.domain.shared.business_calendar import BusinessCalendar
from recovery.domain.shared.errors import RefusedError

SCHEDULE = tuple(
    Instalment(n, date(2026, 1 + n, 1), Components(10_000, 800 - 200 * n)) for n in (1, 2, 3)
)
CONTRACT = contract_of(SCHEDULE, Decimal(24), date(2026, 1, 1))
HISTORY = History(
    payments=(Payment("a", date(2026, 2, 1), 4_600),),
    charges=(Charge(date(2026, 2, 10), "penalty", 700, instalment=1),),
)
ON = date(2026, 2, 20)
RULES = EvaluationRules()
REAGE = Reage(start=date(2026, 3, 15), frequency=Frequency(1, "months"), instalments=6)
ACTIONS: tuple[Action, ...] = (
    REAGE,
    Reamortise(),
    Reamortise(capitalise=True),
    Reschedule(from_date=date(2026, 3, 1), extra_terms=2),
    PaymentHoliday(from_date=date(2026, 2, 1), instalments=2),
)


def restructured(
    action: Action, history: History = HISTORY, on: date = ON, rules=RULES, **how
) -> Restructuring:
    account = LoanAccount("EUR", SCHEDULE, history, CONTRACT)
    return restructure(account, action, on, rules, **how)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda each: each.kind)
def test_a_new_version_leaves_earlier_dates_unchanged(action) -> None:
    done = restructured(action)
    assert (done.version.version, done.version.on, done.version.kind) == (2, ON, action.kind)
    assert done.version.days_past_due == done.before.standing.days_past_due == 19
    both = replace(HISTORY, versions=(done.version,))
    assert evaluate(SCHEDULE, both, RULES, ON) == done.after
    day_before = date(2026, 2, 19)
    assert evaluate(SCHEDULE, both, RULES, day_before) == evaluate(
        SCHEDULE, HISTORY, RULES, day_before
    )


@pytest.mark.parametrize("action", ACTIONS[:3], ids=lambda each: each.kind)
def test_penalties_are_waived_in_the_same_step_while_they_are_overdue(action) -> None:
    done = restructured(action, waive=("penalty",))
    assert done.version.waived == Components(penalty=700)
    assert done.before.standing.overdue.penalty == 700
    assert done.after.standing.outstanding.penalty == 0
    assert done.after.standing.days_past_due == 0
    owed = done.before.standing.outstanding.total - done.after.standing.outstanding.total
    assert owed == 700
    assert restructured(action).version.waived == Components()


def test_a_later_version_builds_on_the_one_in_force() -> None:
    first = restructured(REAGE)
    again = replace(REAGE, start=date(2026, 5, 1), instalments=3)
    history = replace(HISTORY, versions=(first.version,))
    done = restructured(again, history, date(2026, 4, 20))
    assert done.version.version == 3
    assert done.version.days_past_due == 36  # since 15 March
    total = done.after.standing.outstanding.total
    assert total == first.after.standing.outstanding.total


def test_late_charges_and_business_days_count_as_before() -> None:
    daily = LateCharge(per="day", amount_minor=10)
    rules = EvaluationRules(
        late_charges=(daily,), days_between=BusinessCalendar().business_days_between
    )
    done = restructured(REAGE, rules=rules)
    assert done.version.days_past_due == 15  # 2 to 20 February
    assert done.after.standing.outstanding.penalty == 700 + 19 * 10
    with_it = replace(HISTORY, versions=(done.version,))
    later = evaluate(SCHEDULE, with_it, EvaluationRules(late_charges=(daily,)), date(2026, 3, 15))
    assert later.standing.outstanding == done.after.standing.outstanding


def test_the_cost_uses_the_given_discount_rate() -> None:
    done = restructured(REAGE, discount_rate_pct=Decimal(24))
    assert done.present_value.annual_rate_fraction == Decimal("0.24")
    assert 0 < done.present_value.loss_pct < 10
    assert restructured(REAGE).present_value.annual_rate_fraction == pytest.approx(
        Decimal("0.2681"), abs=Decimal("0.005")
    )


def test_a_loan_that_owes_nothing_is_not_restructured() -> None:
    paid = replace(HISTORY, payments=(Payment("a", ON, 50_000),))
    for action in ACTIONS:
        with pytest.raises(RefusedError):
            restructured(action, paid)

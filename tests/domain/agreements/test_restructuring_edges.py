"""Edge cases found by generated histories: two instalments of 1.00, due FIRST and SECOND."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from recovery.domain.accounting.history import History, Waiver
from recovery.domain.accounting.late_charges import LateCharge
from recovery.domain.accounting.loan import Components, Instalment
from recovery.domain.agreements.reage import Reage
from recovery.domain.agreements.reschedule import Reschedule
from recovery.domain.agreements.restructuring import Action, Restructuring, restructure
from recovery.domain.monitoring.evaluation import Evaluation, EvaluationRules, evaluate
from recovery.domain.schedules.contract import LoanAccount, contract_of
from recovery.domain.schedules.due_dates import MONTHLY
from recovery.domain.shared.errors import RefusedError

FIRST, SECOND = date(2026, 2, 1), date(2026, 3, 1)
SCHEDULE = (Instalment(1, FIRST, Components(100)), Instalment(2, SECOND, Components(100)))
RULES = EvaluationRules(late_charges=(LateCharge(per="day", amount_minor=1),))
LATER = Reschedule(from_date=SECOND, new_due_date=date(2026, 3, 10), interest="keep")


def changed(action: Action, on: date, history: History = History(), **how: Any) -> Restructuring:  # noqa: B008
    return restructure(
        LoanAccount("EUR", SCHEDULE, history, contract_of(SCHEDULE)),
        action,
        on,
        RULES,
        discount_rate_pct=Decimal(5),
        **how,
    )


def evaluated(history: History, as_of: date) -> Evaluation:
    return evaluate(SCHEDULE, history, RULES, as_of)


def owed(history: History, as_of: date) -> Components:
    return evaluated(history, as_of).standing.outstanding


def test_the_day_of_a_restructuring_is_charged_once() -> None:
    done = changed(LATER, FIRST + timedelta(days=10))
    assert done.before.standing.outstanding == Components(200, 0, 0, 10)
    assert done.after.standing.outstanding == Components(200, 0, 0, 10)
    history = History(versions=(done.version,))
    assert owed(history, FIRST + timedelta(days=11)) == Components(200, 0, 0, 11)


def test_days_late_before_the_former_first_due_date_are_charged() -> None:
    sooner = Reage(start=date(2026, 1, 10), frequency=MONTHLY, instalments=1)
    history = History(versions=(changed(sooner, date(2026, 1, 5)).version,))
    assert owed(history, date(2026, 1, 20)) == Components(200, 0, 0, 10)
    assert owed(history, date(2026, 2, 20)) == Components(200, 0, 0, 41)


@pytest.mark.parametrize("interest", ["keep", "recalculate"])
def test_some_instalment_must_carry_the_interest(interest) -> None:
    def without_interest(instalments: int) -> Restructuring:
        action = Reschedule(from_date=SECOND, grace_interest=instalments, interest=interest)
        return changed(action, FIRST)

    assert len(without_interest(0).version.instalments) == 2
    with pytest.raises(RefusedError, match="grace_interest: leaves no instalment"):
        without_interest(1)


def test_a_second_restructuring_on_the_same_day_cannot_waive() -> None:
    on = FIRST + timedelta(days=10)
    history = History(versions=(changed(LATER, on).version,))
    reage = Reage(start=SECOND, frequency=MONTHLY, instalments=2)
    with pytest.raises(RefusedError, match="waive: comes too late"):
        changed(reage, on, history, waive=("penalty",))
    assert changed(reage, on, history).after.standing.outstanding.penalty == 10
    assert changed(
        reage, on + timedelta(days=1), history, waive=("penalty",)
    ).version.waived.penalty


def test_a_waiver_includes_the_charges_of_its_day() -> None:
    on = FIRST + timedelta(days=10)
    waived = History(waivers=(Waiver(on, "penalty"),))
    assert owed(waived, on) == Components(200)
    assert owed(waived, on + timedelta(days=1)) == Components(200, 0, 0, 1)
    done = changed(Reage(start=SECOND, frequency=MONTHLY, instalments=2), on, waive=("penalty",))
    assert done.version.waived == Components(penalty=10)
    assert done.after.standing.outstanding == Components(200)

"""Back-dated facts learned after a restructuring carry forward without losing money.

A loan of three instalments of 106.00, the first paid, re-aged on 15 April with 212.00 owed.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from recovery.domain.accounting.history import Charge, Chargeback, History, Reversal, Waiver
from recovery.domain.accounting.late_charges import LateCharge
from recovery.domain.accounting.loan import Components, Instalment, Payment
from recovery.domain.accounting.pauses import Pause
from recovery.domain.agreements.reage import Reage
from recovery.domain.agreements.reamortise import Reamortise
from recovery.domain.agreements.restructuring import restructure
from recovery.domain.monitoring.evaluation import EvaluationRules, evaluate
from recovery.domain.schedules.contract import LoanAccount, contract_of
from recovery.domain.schedules.due_dates import Frequency

SCHEDULE = tuple(Instalment(n, date(2026, n + 1, 1), Components(10_000, 600)) for n in (1, 2, 3))
KNOWN = History(payments=(Payment("a", date(2026, 2, 1), 10_600),))
ON, LATER = date(2026, 4, 15), date(2026, 4, 20)
MARCH = date(2026, 3, 15)
RULES = EvaluationRules()
REAGE = Reage(start=date(2026, 5, 1), frequency=Frequency(1, "months"), instalments=4)


def with_version(action=REAGE, on: date = ON, rules=RULES, **how) -> History:
    contract = contract_of(SCHEDULE, Decimal(24), date(2026, 1, 1))
    account = LoanAccount("EUR", SCHEDULE, KNOWN, contract)
    done = restructure(account, action, on, rules, **how)
    return replace(KNOWN, versions=(done.version,))


def unpaid(history: History, rules=RULES) -> Components:
    return evaluate(SCHEDULE, history, rules, LATER).standing.outstanding


@pytest.mark.parametrize(
    ("fact", "total"),
    [
        ({}, 21_200),
        ({"chargebacks": (Chargeback("a", MARCH, 10_600),)}, 31_800),
        ({"charges": (Charge(MARCH, "fee", 1_000),)}, 22_200),
        ({"waivers": (Waiver(MARCH, "interest"),)}, 20_000),
        ({"waivers": (Waiver(ON, "principal"),)}, 1_200),
        ({"reversals": (Reversal("a", MARCH),)}, 31_800),
        ({"payments": (*KNOWN.payments, Payment("b", MARCH, 5_000))}, 16_200),
    ],
)
def test_a_back_dated_fact_counts(fact, total) -> None:
    assert unpaid(replace(with_version(), **fact)).total == total
    assert unpaid(replace(KNOWN, **fact)).total == total  # as without the restructuring


def test_a_waiver_follows_an_amount_into_another_component() -> None:
    before = with_version(Reamortise(capitalise=True), date(2026, 3, 20))
    eased = replace(before, waivers=(Waiver(MARCH, "interest"),))
    assert unpaid(eased) == Components(20_000)
    assert evaluate(SCHEDULE, eased, RULES, LATER).ledger.waived == Components(0, 1_200)


def test_a_back_dated_pause_removes_its_late_charges() -> None:
    daily = EvaluationRules(late_charges=(LateCharge(per="day", amount_minor=10),))
    known = with_version(rules=daily)
    paused = replace(known, pauses=(Pause(date(2026, 3, 1), date(2026, 4, 1)),))
    assert unpaid(known, daily).penalty - unpaid(paused, daily).penalty == 31 * 10


def test_amounts_waived_with_the_version_stay_waived() -> None:
    history = with_version(waive=("interest",))
    assert unpaid(history) == Components(20_000)
    assert evaluate(SCHEDULE, history, RULES, LATER).ledger.waived == Components(0, 1_200)


def test_the_version_does_not_waive_an_earlier_waiver_again() -> None:
    twice = replace(with_version(waive=("interest",)), waivers=(Waiver(MARCH, "interest"),))
    assert unpaid(twice) == Components(20_000)
    assert evaluate(SCHEDULE, twice, RULES, LATER).ledger.waived == Components(0, 1_200)
    part = replace(twice, waivers=(Waiver(MARCH, "interest", 500), Waiver(MARCH, "principal", 1)))
    assert unpaid(part) == Components(19_999)
    assert evaluate(SCHEDULE, part, RULES, LATER).ledger.waived == Components(1, 1_200)


def test_a_charge_after_the_last_due_date_is_not_an_instalment_of_the_new_version() -> None:
    late = EvaluationRules(late_charges=(LateCharge(amount_minor=500, cap_percent=Decimal(1)),))
    history = replace(with_version(), charges=(Charge(date(2026, 4, 10), "fee", 100),))
    in_may = evaluate(SCHEDULE, history, late, date(2026, 5, 2))
    first_new = next(each for each in in_may.instalments if each.number == 4)
    # 1 % of its own scheduled amount, plus 1 % of both old ones, not yet known in April.
    assert first_new.due == 5_300 + 100 + 53 + 2 * 106


def test_a_back_dated_payment_that_changes_a_chargebacks_split_moves_no_money() -> None:
    """Found by generated histories: an amount moved from fee to principal must not change."""
    schedule = (Instalment(1, date(2026, 3, 1), Components(100, 0, 1)),)
    known = History(payments=(Payment("a", ON, 101),), chargebacks=(Chargeback("a", ON, 1),))
    contract = contract_of(schedule)
    account = LoanAccount("EUR", schedule, known, contract)
    done = restructure(account, REAGE, ON, RULES)
    earlier = Payment("b", MARCH, 101)
    late = replace(known, payments=(*known.payments, earlier), versions=(done.version,))
    found = evaluate(schedule, late, RULES, LATER)
    assert found.ledger.waived == Components()
    assert (found.standing.outstanding.total, found.standing.credit_minor) == (0, 100)


def test_waiving_an_amount_already_paid_gives_credit() -> None:
    paid_all = replace(with_version(), payments=(*KNOWN.payments, Payment("b", ON, 21_200)))
    eased = replace(paid_all, waivers=(Waiver(MARCH, "interest"),))
    found = evaluate(SCHEDULE, eased, RULES, LATER)
    assert found.ledger.waived == Components(0, 1_200)
    assert (found.standing.outstanding.total, found.standing.credit_minor) == (0, 1_200)

"""Re-amortising checked by hand; Apache Fineract's scenarios are in tests/published."""

from datetime import date
from decimal import Decimal

import pytest

from recovery.domain.accounting.history import Charge, History
from recovery.domain.accounting.ledger import Ledger, build_ledger
from recovery.domain.accounting.loan import Components, Instalment, Payment
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.agreements.reamortise import Reamortise, reamortised
from recovery.domain.schedules.building import build_schedule
from recovery.domain.schedules.contract import contract_of
from recovery.domain.shared.errors import RefusedError
from tests.loan_terms import EQUAL_INSTALMENT, terms

DISBURSED = date(2026, 1, 1)
# 2 % a month on 300.00, 200.00 and 100.00.
SCHEDULE = tuple(
    Instalment(n, date(2026, 1 + n, 1), Components(10_000, 800 - 200 * n)) for n in (1, 2, 3)
)
ON = date(2026, 2, 20)


def ledger(*payments: Payment, schedule=SCHEDULE, penalty_minor: int = 0) -> Ledger:
    charges = (Charge(date(2026, 2, 1), "penalty", penalty_minor),) if penalty_minor else ()
    history = History(payments=payments, charges=charges)
    return build_ledger(schedule, history, AllocationPolicy(), (), ON)


def reamortise(found: Ledger, on: date = ON, schedule=SCHEDULE, **changes) -> list[Components]:
    contract = contract_of(schedule, Decimal(24), DISBURSED)
    return [each.due for each in reamortised(found, contract, Reamortise(**changes), on)]


def test_the_overdue_amount_is_added_equally_to_the_remaining_instalments() -> None:
    paid = Payment("a", date(2026, 2, 1), 3_601)
    assert reamortise(ledger(paid, penalty_minor=50)) == [
        Components(2_951, 600, 0, 50), Components(10_000 + 3_524, 400), Components(13_525, 200),
    ]  # fmt: skip


def test_capitalising_turns_overdue_interest_and_penalties_into_principal() -> None:
    due = reamortise(ledger(penalty_minor=50), capitalise=True)
    assert due == [Components(), Components(10_000 + 5_325, 400), Components(15_325, 200)]
    assert (Reamortise(capitalise=True).kind, Reamortise().kind) == ("capitalise", "reamortise")


def test_recalculated_interest_is_on_the_larger_principal() -> None:
    due = reamortise(ledger(), interest="recalculate")
    # 2 % of 300.00 and of 150.00, and half of the overdue 6.00 each.
    assert due == [Components(), Components(15_000, 600 + 300), Components(15_000, 300 + 300)]


def test_equal_instalments_stay_equal() -> None:
    built = build_schedule(terms(**EQUAL_INSTALMENT, disbursed_on=DISBURSED))
    found = ledger(schedule=built)
    due = reamortise(found, interest="recalculate", schedule=built)
    totals = [each.total for each in due[1:]]
    assert max(totals) - min(totals) <= 2
    assert sum(each.principal for each in due) == 120_000


def test_an_instalment_paid_in_advance_gets_no_share() -> None:
    ahead = Payment("a", date(2026, 2, 10), 10_400, instalment=2)
    assert reamortise(ledger(ahead)) == [Components(), SCHEDULE[1].due, Components(20_000, 800)]


def test_a_partial_prepayment_is_not_charged_again() -> None:
    ahead = Payment("a", date(2026, 2, 10), 5_400, instalment=2)
    due = reamortise(ledger(ahead), interest="recalculate")
    # 250.00 are unpaid: 100.00 and 150.00; 2 % of that, less the 4.00 paid ahead, and 3.00 each.
    assert due[1] == Components(5_000 + 10_000, 400 + 500 - 400 + 300)
    assert due[2] == Components(15_000, 300 + 300)


@pytest.mark.parametrize(
    ("on", "payments"),
    [
        (date(2026, 2, 1), ()),  # due today is not overdue
        (date(2026, 4, 2), ()),  # nothing remains
        (date(2026, 3, 10), (Payment("a", date(2026, 2, 1), 21_000),)),
    ],
)
def test_it_is_refused_if_nothing_is_overdue_or_nothing_remains(on, payments) -> None:
    with pytest.raises(RefusedError) as refused:
        reamortise(ledger(*payments), on)
    assert refused.value.problems[0].field == "action"


def test_an_instalment_due_today_still_counts_as_remaining() -> None:
    assert reamortise(ledger(), date(2026, 4, 1))[2] == Components(30_000, 1_200)

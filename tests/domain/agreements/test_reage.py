"""Re-ageing checked by hand; Apache Fineract's scenarios are in tests/published."""

from datetime import date
from decimal import Decimal

import pytest

from recovery.domain.accounting.history import History
from recovery.domain.accounting.ledger import Ledger, build_ledger
from recovery.domain.accounting.loan import Components, Instalment, Payment, sum_components
from recovery.domain.accounting.policy import AllocationPolicy
from recovery.domain.agreements.reage import Reage, reaged
from recovery.domain.schedules.building import build_schedule
from recovery.domain.schedules.contract import Contract, contract_of
from recovery.domain.schedules.due_dates import Frequency
from recovery.domain.shared.errors import RefusedError
from tests.loan_terms import EQUAL_INSTALMENT, terms

MONTHLY = Frequency(1, "months")
DISBURSED = date(2026, 1, 1)
# 2 % a month on what is owed: 300.00, 200.00, 100.00; a fee of 2.00 each.
SCHEDULE = tuple(
    Instalment(n, date(2026, 1 + n, 1), Components(10_000, 800 - 200 * n, 200)) for n in (1, 2, 3)
)
CONTRACT = contract_of(SCHEDULE, Decimal(24), DISBURSED)
ON = date(2026, 2, 20)


def ledger(*payments: Payment) -> Ledger:
    return build_ledger(SCHEDULE, History(payments=payments), AllocationPolicy(), (), ON)


def reage(found: Ledger, contract: Contract = CONTRACT, **changes) -> tuple[Instalment, ...]:
    usual = {"start": date(2026, 3, 1), "frequency": MONTHLY, "instalments": 4}
    return reaged(found, contract, Reage(**usual | changes), ON)


def test_everything_unpaid_is_spread_over_new_instalments() -> None:
    version = reage(ledger())
    assert version[0] == Instalment(1, date(2026, 2, 1), Components())
    assert [each.number for each in version] == [1, 4, 5, 6, 7]  # untouched future ones are dropped
    assert [each.due_date.month for each in version[1:]] == [3, 4, 5, 6]
    assert {each.due for each in version[1:]} == {Components(7_500, 300, 150)}


def test_what_was_paid_stays_on_its_instalment() -> None:
    ahead = Payment("b", date(2026, 2, 10), 1_000, instalment=3)
    version = reage(ledger(Payment("a", date(2026, 2, 1), 4_000), ahead))
    assert version[0].due == Components(3_200, 600, 200)
    kept = next(each for each in version if each.number == 3)
    assert (kept.due_date, kept.due) == (date(2026, 4, 1), Components(600, 200, 200))
    assert sum_components(each.due for each in version) == Components(30_000, 1_200, 600)


def test_rounding_to_a_multiple_leaves_the_rest_to_the_last() -> None:
    due = [each.due.principal for each in reage(ledger(), instalments=7, multiple_minor=1_000)[1:]]
    assert due == [4_000] * 6 + [6_000]


def test_recalculated_interest_is_on_what_is_owed_and_accrued_interest_is_spread() -> None:
    version = reage(ledger(), interest="recalculate")
    new = [each.due for each in version[1:]]
    # 300.00 from 1 February: 6.00, then 2 % of what is left; 6.00 overdue spread over four.
    assert [due.principal for due in new] == [7_500] * 4
    assert [due.interest for due in new] == [600 + 150, 450 + 150, 300 + 150, 150 + 150]
    assert [due.fee for due in new] == [150] * 4


def test_recalculation_does_not_spread_a_part_payment_again() -> None:
    part = Payment("a", date(2026, 2, 1), 500)
    new = reage(ledger(part), interest="recalculate", instalments=2)[1:]
    assert [due.interest for _, _, due in new] == [600 + 150, 300 + 150]  # 3.00 of 6.00 overdue
    rounded = reage(ledger(), interest="recalculate", instalments=4, multiple_minor=1_000)[1:]
    assert [due.principal for _, _, due in rounded] == [8_000, 8_000, 8_000, 6_000]


def test_equal_instalments_stay_equal_when_interest_is_recalculated_by_weeks() -> None:
    built = build_schedule(terms(**EQUAL_INSTALMENT, disbursed_on=DISBURSED))
    found = build_ledger(built, History(), AllocationPolicy(), (), date(2026, 1, 20))
    action = Reage(
        start=date(2026, 1, 29),
        frequency=Frequency(4, "weeks"),
        instalments=3,
        interest="recalculate",
    )
    version = reaged(found, contract_of(built, Decimal(24), DISBURSED), action, date(2026, 1, 20))
    assert [due.interest for _, _, due in version] == [2_215, 1_490, 752]  # 4/52 of 24 %
    assert len({due.total for _, _, due in version[:2]}) == 1


def test_prepaid_interest_is_not_charged_again() -> None:
    ahead = Payment("b", date(2026, 2, 10), 500, instalment=2)
    version = reage(ledger(ahead), interest="recalculate")
    assert next(each for each in version if each.number == 2).due == Components(0, 300, 200)
    first_new = next(each for each in version if each.number == 4)
    assert first_new.due.interest == 600 - 300 + 150


def test_without_a_rate_there_is_nothing_to_recalculate() -> None:
    no_rate = contract_of(SCHEDULE, Decimal(0), DISBURSED)
    assert reage(ledger(), no_rate, interest="recalculate") == reage(ledger())


@pytest.mark.parametrize(
    ("paid_minor", "changes", "field"),
    [
        (0, {"start": date(2026, 2, 19)}, "action.start"),
        (31_800, {}, "loan"),
    ],
)
def test_an_invalid_re_ageing_is_refused(paid_minor, changes, field) -> None:
    paid = [Payment("a", ON, paid_minor)] if paid_minor else []
    with pytest.raises(RefusedError) as refused:
        reage(ledger(*paid), **changes)
    assert refused.value.problems[0].field == field


def test_it_may_start_on_the_same_day() -> None:
    assert reage(ledger(), start=ON)[1].due_date == ON

"""Each kind of fact, on a loan of three monthly instalments of 100.00 plus 10.00 interest."""

from dataclasses import replace
from datetime import date
from typing import get_args

import pytest

from recovery.domain.accounting.history import (
    Charge,
    Chargeback,
    Fact,
    History,
    Reversal,
    ScheduleVersion,
    Waiver,
    WriteOff,
)
from recovery.domain.accounting.ledger import Ledger, build_ledger
from recovery.domain.accounting.loan import Components, Instalment, Payment, sum_components
from recovery.domain.accounting.policy import AllocationPolicy

DUE = Components(10_000, 1_000)
SCHEDULE = tuple(Instalment(n, date(2026, n + 1, 10), DUE) for n in (1, 2, 3))
DEFAULT = AllocationPolicy()
AS_OF = date(2026, 6, 1)


def pays(amount_minor: int, month: int, day: int = 10, name: str = "a", **meant) -> Payment:
    return Payment(name, date(2026, month, day), amount_minor, **meant)


def ledger(history: History, policy: AllocationPolicy = DEFAULT, as_of: date = AS_OF) -> Ledger:
    return build_ledger(SCHEDULE, history, policy, (), as_of)


def totals(found: Ledger) -> list[int]:
    return [paid.total for paid in found.position.paid]


def test_advance_and_late_payments_are_kept_apart() -> None:
    found = ledger(
        History(payments=(pays(4_000, 2, 9), pays(3_000, 2, 10, "b"), pays(5_000, 2, 11, "c")))
    )
    assert found.paid_in_advance == (4_000, 1_000, 0)
    assert found.paid_late == (4_000, 0, 0)
    assert found.position.paid_off_on == (date(2026, 2, 11), None, None)


@pytest.mark.parametrize(
    ("prepayment", "paid"),
    [
        ("next_instalment", [11_000, 11_000, 1_000]),
        ("last_instalment", [11_000, 1_000, 11_000]),
        ("reduce_instalment", [11_000, 6_000, 6_000]),
    ],
)
def test_a_prepayment_pays_the_next_the_last_or_part_of_each_instalment(prepayment, paid) -> None:
    found = ledger(History(payments=(pays(23_000, 2),)), AllocationPolicy(prepayment=prepayment))
    assert totals(found) == paid
    assert not found.position.credit_minor


def test_the_excess_of_a_small_instalment_goes_to_the_others() -> None:
    policy = AllocationPolicy(prepayment="reduce_instalment")
    early = (pays(10_500, 1, 1, meant) for meant in "ab")
    first, second = (replace(each, instalment=2) for each in early)
    found = ledger(History(payments=(first, replace(second, amount_minor=9_000))), policy)
    assert totals(found) == [4_250, 11_000, 4_250]  # 10_500, then 500 and twice 4_250
    assert ledger(History(payments=(pays(1, 1, 1),)), policy).position.paid[0].interest == 1


def test_prepaying_more_than_the_loan_leaves_credit_under_every_rule() -> None:
    for prepayment in ("next_instalment", "last_instalment", "reduce_instalment"):
        found = ledger(
            History(payments=(pays(34_000, 1),)), AllocationPolicy(prepayment=prepayment)
        )
        assert (totals(found), found.position.credit_minor) == ([11_000] * 3, 1_000)


def test_a_named_instalment_is_paid_first_and_the_rest_as_usual() -> None:
    found = ledger(History(payments=(pays(12_000, 2, instalment=3),)))
    assert totals(found) == [1_000, 0, 11_000]
    assert found.paid_in_advance == (0, 0, 11_000)
    gone = ledger(History(payments=(pays(12_000, 2, instalment=9),)))
    assert totals(gone) == [11_000, 1_000, 0]


def test_component_first_pays_all_interest_due_before_any_principal() -> None:
    found = ledger(History(payments=(pays(2_500, 3, 11),)), AllocationPolicy(by="component"))
    assert [paid[:2] for paid in found.position.paid] == [(500, 1_000), (0, 1_000), (0, 0)]


def test_a_charge_lands_on_the_instalment_due_next_or_on_a_new_last_one() -> None:
    found = ledger(
        History(
            charges=(
                Charge(date(2026, 2, 11), "fee", 300),
                Charge(date(2026, 3, 10), "fee", 40),
                Charge(date(2026, 2, 1), "penalty", 70, instalment=3),
                Charge(date(2026, 5, 1), "penalty", 500),
            )
        )
    )
    assert [each.due for each in found.schedule] == [
        DUE, DUE._replace(fee=340), DUE._replace(penalty=70), Components(penalty=500),
    ]  # fmt: skip
    assert found.schedule[3][:2] == (4, date(2026, 5, 1))


def test_an_earlier_payment_does_not_pay_a_later_charge() -> None:
    history = History(
        payments=(pays(5_000, 2, 1),), charges=(Charge(date(2026, 2, 5), "penalty", 700),)
    )
    assert ledger(history).position.paid[0] == Components(4_000, 1_000)


def test_a_charge_reopens_a_paid_instalment_and_credit_pays_it() -> None:
    charged = (Charge(date(2026, 2, 20), "fee", 300, instalment=1),)
    found = ledger(History(payments=(pays(11_000, 2),), charges=charged))
    assert found.position.paid_off_on[0] is None
    over = ledger(History(payments=(pays(33_200, 2),), charges=charged))
    assert over.position.paid[0] == Components(10_000, 1_000, 200)
    assert (over.position.credit_minor, over.paid_late) == (0, (200, 0, 0))


def test_a_waiver_removes_what_is_unpaid_oldest_first() -> None:
    waiver = Waiver(date(2026, 3, 1), "interest", 1_500)
    found = ledger(History(payments=(pays(400, 2),), waivers=(waiver,)))
    assert [each.due.interest for each in found.schedule] == [400, 100, 1_000]
    assert found.waived == Components(0, 1_500)
    everything = replace(waiver, amount_minor=None)
    found = ledger(History(payments=(pays(400, 2),), waivers=(everything,)))
    assert [each.due.interest for each in found.schedule] == [400, 0, 0]
    only = replace(everything, instalment=2)
    assert ledger(History(waivers=(only,))).waived == Components(0, 1_000)


def test_a_waiver_can_complete_an_instalment_but_never_refunds() -> None:
    waiver = Waiver(date(2026, 3, 1), "principal", 50_000, instalment=1)
    found = ledger(History(payments=(pays(11_000, 2),), waivers=(waiver,)))
    assert not found.waived.total
    found = ledger(History(payments=(pays(10_900, 2),), waivers=(waiver,)))
    assert found.position.paid_off_on[0] == date(2026, 3, 1)
    untouched = [Waiver(date(2026, 2, 1), part, instalment=3) for part in ("principal", "interest")]
    found = ledger(History(waivers=tuple(untouched)))
    assert (found.schedule[2].due.total, found.position.paid_off_on[2]) == (0, None)


def test_a_reversed_payment_stops_counting_on_the_day_it_is_reversed() -> None:
    history = History(payments=(pays(11_000, 2),), reversals=(Reversal("a", date(2026, 4, 1)),))
    assert totals(ledger(history, as_of=date(2026, 3, 31)))[0] == 11_000
    assert totals(ledger(history, as_of=date(2026, 4, 1)))[0] == 0


def test_a_chargeback_is_owed_from_its_date_and_the_past_stays_paid() -> None:
    back = Chargeback("a", date(2026, 2, 20), 10_500)
    found = ledger(History(payments=(pays(11_000, 2),), chargebacks=(back,)))
    assert found.position.paid_off_on[0] == date(2026, 2, 10)
    assert found.schedule[1].due == Components(20_000, 1_500)  # the principal it paid comes first
    after_all = ledger(
        History(payments=(pays(11_000, 2),), chargebacks=(replace(back, on=date(2026, 5, 2)),))
    )
    assert after_all.schedule[3] == Instalment(4, date(2026, 5, 2), Components(10_000, 500))


def test_credit_pays_a_chargeback_of_that_credit() -> None:
    back = Chargeback("a", date(2026, 2, 20), 1_000)
    found = ledger(History(payments=(pays(34_000, 1),), chargebacks=(back,)))
    assert found.position.credit_minor == 0
    assert sum_components(found.position.paid).total == 34_000
    assert sum_components(each.due for each in found.schedule) == Components(31_000, 3_000)


def test_a_chargeback_reverses_the_allocation_order_of_its_date() -> None:
    principal_first = AllocationPolicy(order=("principal", "interest", "fee", "penalty"))
    history = History(
        payments=(pays(11_000, 2, 1),), chargebacks=(Chargeback("a", date(2026, 2, 20), 1_500),)
    )
    found = build_ledger(SCHEDULE, history, lambda on: principal_first if on.day > 9 else DEFAULT)
    assert found.schedule[1].due == Components(10_500, 2_000)


def test_a_chargeback_of_an_unknown_payment_is_owed_as_principal() -> None:
    found = ledger(History(chargebacks=(Chargeback("z", date(2026, 2, 20), 500),)))
    assert found.schedule[1].due == Components(10_500, 1_000)


def test_a_chargeback_covers_every_instalment_the_payment_paid() -> None:
    back = Chargeback("a", date(2026, 3, 20), 21_500)
    found = ledger(History(payments=(pays(22_000, 3),), chargebacks=(back,)))
    assert found.schedule[2].due == Components(30_000, 2_500)


def test_later_facts_are_ignored() -> None:
    later = date(2026, 4, 2)
    history = History(
        payments=(pays(11_000, 2),),
        chargebacks=(Chargeback("a", later, 500),),
        charges=(Charge(later, "fee", 100, instalment=3),),
        waivers=(Waiver(later, "interest"),),
    )
    before = ledger(history, as_of=date(2026, 4, 1))
    assert before == ledger(History(payments=history.payments), as_of=date(2026, 4, 1))
    on_the_day = ledger(history, as_of=later)
    assert on_the_day.schedule[2].due == Components(10_500, 0, 100)
    assert on_the_day.waived == Components(0, 2_000)


def test_late_payments_add_up_and_a_waiver_skips_paid_instalments() -> None:
    paid = (pays(2_000, 2, 11), pays(3_000, 2, 12, "b"), pays(1_000, 2, 13, "c", instalment=2))
    found = ledger(History(payments=paid, waivers=(Waiver(date(2026, 3, 1), "interest"),)))
    assert found.paid_late[0] == 5_000
    assert [each.due.interest for each in found.schedule] == [1_000, 1_000, 0]


def test_a_same_day_chargeback_reverses_the_components_paid() -> None:
    back = Chargeback("a", date(2026, 2, 10), 11_000)
    found = ledger(History(payments=(pays(11_000, 2),), chargebacks=(back,)))
    assert found.schedule[0].due == Components(20_000, 2_000)


def test_two_chargebacks_reverse_each_component_once() -> None:
    backs = tuple(Chargeback("a", date(2026, 2, day), 5_500) for day in (20, 21))
    found = ledger(History(payments=(pays(11_000, 2),), chargebacks=backs))
    assert found.schedule[1].due == Components(20_000, 2_000)


def test_a_new_version_keeps_payments_and_the_old_one_stays_readable() -> None:
    version = ScheduleVersion(
        2,
        date(2026, 3, 20),
        "reage",
        (
            Instalment(1, date(2026, 2, 10), Components(3_000, 1_000)),
            Instalment(4, date(2026, 5, 1), Components(30_000, 2_000)),
        ),
    )
    history = History(payments=(pays(4_500, 2, 1),), versions=(version,))
    found = ledger(history)
    assert [each.number for each in found.schedule] == [1, 4]
    assert totals(found) == [4_000, 500]  # the excess on instalment 1 pays what is owed next
    assert found.position.paid_off_on == (date(2026, 3, 20), None)
    assert (found.paid_in_advance, found.paid_late) == ((4_000, 500), (0, 0))
    before = ledger(history, as_of=date(2026, 3, 19))
    assert before == ledger(replace(history, versions=()), as_of=date(2026, 3, 19))


def test_a_new_version_may_start_with_a_new_instalment() -> None:
    new = (
        Instalment(7, date(2026, 2, 1), Components(100)),
        Instalment(1, date(2026, 3, 1), Components(9_000, 1_000)),
        Instalment(8, date(2026, 4, 1), Components()),
    )
    version = ScheduleVersion(2, date(2026, 2, 20), "reschedule", new)
    paid = (pays(5_000, 2, 1), pays(3_000, 2, 12, "b"), pays(40_000, 2, 13, "c"))
    found = ledger(History(payments=paid[:2], versions=(version,)))
    assert totals(found) == [0, 8_000, 0]
    assert (found.paid_in_advance[1], found.paid_late[1]) == (5_000, 3_000)
    everything = ledger(History(payments=paid, versions=(version,)))
    assert totals(everything) == [100, 10_000, 0]
    assert everything.position.credit_minor == 48_000 - 10_100
    assert everything.position.paid_off_on[2] is None


def test_facts_of_the_same_day_apply_in_a_fixed_order() -> None:
    on = date(2026, 2, 10)
    history = History(
        payments=(pays(500, 2, 10),),
        charges=(Charge(on, "penalty", 500),),
        waivers=(Waiver(on, "penalty"),),
    )
    # The penalty is charged before the payment, which leaves none of it to waive.
    assert ledger(history).position.paid[0] == Components(penalty=500)
    assert [type(fact) for _, fact in history.facts()] == [Charge, Payment, Waiver]
    assert set(get_args(Fact)) == {Charge, Chargeback, Payment, ScheduleVersion, Waiver, WriteOff}


def test_a_dated_policy_is_looked_up_by_value_date() -> None:
    principal_first = AllocationPolicy(order=("principal", "interest", "fee", "penalty"))
    history = History(payments=(pays(500, 2, 1), pays(700, 2, 5, "b")))
    by_day = build_ledger(
        SCHEDULE, history, lambda on: principal_first if on.day >= 5 else DEFAULT, (), AS_OF
    )
    assert by_day.position.paid[0] == Components(700, 500)
    assert by_day.position.last_value_date == date(2026, 2, 5)


def test_without_a_date_every_reversal_counts() -> None:
    reversed_ = History(payments=(pays(500, 2),), reversals=(Reversal("a", date(2026, 4, 1)),))
    assert build_ledger(SCHEDULE, reversed_, DEFAULT) == build_ledger(SCHEDULE, History(), DEFAULT)

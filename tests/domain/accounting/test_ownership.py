"""Who owns a loan on a day, and whether its debtor may be contacted: S14, sold and bought back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.domain.accounting.loan import Payment
from recovery.domain.accounting.ownership import (
    CHANGES_CREDITOR,
    Medium,
    Owner,
    OwnerChange,
    OwnerChangeKind,
    OwnerHistory,
    PassedOn,
    Silence,
    SilentPeriod,
    TransferNotice,
    bought_back,
    may_contact,
    owner_on,
    owners,
    passed_on,
    silence_on,
    silent_periods,
)

DAY = timedelta(days=1)
SOLD_ON, BACK_ON = date(2026, 6, 30), date(2026, 8, 10)
OURS = OwnerHistory("umoja")
SALE = OwnerChange(
    change_id="list-7",
    kind=OwnerChangeKind.SALE,
    executed_on=SOLD_ON,
    creditor="Fondo Norte",
    outside=True,
)
SOLD = replace(OURS, changes=(SALE,))
BACK = replace(SOLD, changes=(bought_back(SOLD, "list-9", BACK_ON), SALE))


def told(change_id: str, sent_on: date) -> TransferNotice:
    return TransferNotice(
        change_id=change_id, medium=Medium.REGISTERED_LETTER, sent_on=sent_on, proof="RR123456789"
    )


def test_a_change_takes_effect_at_the_close_of_its_day() -> None:
    assert owner_on(SOLD, SOLD_ON) == Owner("umoja")
    assert owner_on(SOLD, SOLD_ON + DAY) == Owner(
        "Fondo Norte", outside=True, from_on=date(2026, 7, 1)
    )


def test_a_buy_back_restores_the_owner_and_keeps_the_history_by_date() -> None:
    assert owner_on(BACK, BACK_ON + DAY) == Owner("umoja", from_on=BACK_ON + DAY)
    assert [each.creditor for each in owners(BACK)] == ["umoja", "Fondo Norte", "umoja"]
    assert owner_on(BACK, BACK_ON).creditor == "Fondo Norte"
    assert owner_on(BACK, SOLD_ON).creditor == "umoja"


def test_a_payment_to_the_old_lender_is_passed_on_to_the_owner_of_its_value_date() -> None:
    late = Payment("P-50", date(2026, 7, 3), 5_000)
    assert passed_on(owners(BACK), late) == PassedOn("P-50", late.value_date, 5_000, "Fondo Norte")
    assert passed_on(owners(BACK), replace(late, value_date=SOLD_ON)) is None
    assert passed_on(owners(BACK), replace(late, value_date=BACK_ON + DAY)) is None


def test_a_loan_sold_outside_is_silent_even_after_the_notice() -> None:
    assert may_contact(SOLD, SOLD_ON)
    noticed = replace(SOLD, notices=(told("list-7", date(2026, 7, 2)),))
    assert silence_on(noticed, date(2026, 7, 30)) is Silence.OUTSIDE


def test_a_new_owner_served_here_contacts_nobody_before_the_notice_was_sent() -> None:
    inside = replace(OURS, changes=(replace(SALE, outside=False),))
    assert silence_on(inside, date(2026, 7, 1)) is Silence.NOT_TOLD
    noticed = replace(inside, notices=(told("list-7", date(2026, 7, 8)),))
    assert not may_contact(noticed, date(2026, 7, 8))
    assert may_contact(noticed, date(2026, 7, 9))
    other = replace(inside, notices=(told("list-6", date(2026, 7, 8)),))
    assert not may_contact(other, date.max)


def test_after_a_buy_back_only_who_was_told_of_the_sale_is_told_again() -> None:
    assert may_contact(BACK, BACK_ON + DAY)
    noticed = replace(BACK, notices=(told("list-7", date(2026, 7, 2)),))
    assert silence_on(noticed, BACK_ON + DAY) is Silence.NOT_TOLD
    again = replace(noticed, notices=(*noticed.notices, told("list-9", date(2026, 8, 20))))
    assert may_contact(again, date(2026, 8, 21))


def test_each_sale_needs_a_notice_of_its_own() -> None:
    inside = replace(SALE, outside=False)
    history = replace(OURS, changes=(inside,), notices=(told("list-7", SOLD_ON + DAY),))
    history = replace(history, changes=(inside, bought_back(history, "list-9", BACK_ON)))
    anew = replace(inside, change_id="list-11", executed_on=BACK_ON + 30 * DAY)
    history = replace(history, changes=(*history.changes, anew))
    assert silence_on(history, date.max) is Silence.NOT_TOLD


PLACED_ON = date(2026, 3, 31)
PLACEMENT = OwnerChange(
    change_id="firm-1",
    kind=OwnerChangeKind.PLACEMENT,
    executed_on=PLACED_ON,
    servicer="Bufete Sol",
    outside=True,
)


def test_a_placed_loan_keeps_its_creditor_and_its_payments() -> None:
    placed = replace(OURS, changes=(PLACEMENT,))
    assert owner_on(placed, PLACED_ON + DAY) == Owner(
        "umoja", "Bufete Sol", handled_outside=True, from_on=PLACED_ON + DAY
    )
    assert silence_on(placed, PLACED_ON + DAY) is Silence.PLACED
    assert passed_on(owners(placed), Payment("P-1", PLACED_ON + DAY, 100)) is None


@pytest.mark.parametrize("outside", [True, False])
def test_a_recall_ends_a_placement_and_needs_no_notice(outside) -> None:
    placement = replace(PLACEMENT, outside=outside)
    recall = OwnerChange(
        change_id="firm-2", kind=OwnerChangeKind.RECALL, executed_on=PLACED_ON + 60 * DAY
    )
    recalled = replace(OURS, changes=(recall, placement))
    assert owner_on(recalled, recall.from_on) == Owner("umoja", from_on=recall.from_on)
    assert may_contact(recalled, recall.from_on)
    assert may_contact(recalled, recall.executed_on) is not outside


def test_a_sale_ends_a_placement_and_a_buy_back_does_not_bring_it_back() -> None:
    history = replace(OURS, changes=(PLACEMENT, SALE))
    history = replace(history, changes=(*history.changes, bought_back(history, "b", BACK_ON)))
    assert [each.servicer for each in owners(history)] == [None, "Bufete Sol", None, None]


def test_silent_periods_join_what_has_one_reason() -> None:
    history = replace(
        BACK, notices=(told("list-7", date(2026, 7, 2)), told("list-9", date(2026, 8, 20)))
    )
    assert silent_periods(history) == (
        SilentPeriod(date(2026, 7, 1), BACK_ON, Silence.OUTSIDE),
        SilentPeriod(BACK_ON + DAY, date(2026, 8, 20), Silence.NOT_TOLD),
    )
    assert silent_periods(SOLD) == (SilentPeriod(date(2026, 7, 1), None, Silence.OUTSIDE),)
    assert silent_periods(OURS) == ()


changes = st.builds(
    OwnerChange,
    change_id=st.sampled_from("abcdef"),
    kind=st.sampled_from(OwnerChangeKind),
    executed_on=st.integers(0, 60).map(lambda days: SOLD_ON + days * DAY),
    creditor=st.sampled_from(["umoja", "Fondo Norte", "Kredit"]),
    servicer=st.sampled_from([None, "Bufete Sol"]),
    outside=st.booleans(),
)
notices = st.builds(
    told, st.sampled_from("abcdef"), st.integers(0, 70).map(lambda days: SOLD_ON + days * DAY)
)
histories = st.builds(
    OwnerHistory,
    st.just("umoja"),
    st.lists(changes, max_size=5, unique_by=lambda each: each.executed_on).map(tuple),
    st.lists(notices, max_size=4).map(tuple),
)


@given(histories, st.integers(-5, 80))
def test_the_silent_periods_say_of_every_day_what_asking_for_it_says(history, days) -> None:
    day = SOLD_ON + days * DAY
    held = [
        each.why
        for each in silent_periods(history)
        if each.from_on <= day and (each.until is None or day <= each.until)
    ]
    assert held == [each for each in [silence_on(history, day)] if each]


@given(histories, st.randoms(use_true_random=False), st.integers(-5, 80))
def test_the_order_in_which_changes_arrive_does_not_matter(history, random, days) -> None:
    shuffled = list(history.changes)
    random.shuffle(shuffled)
    day = SOLD_ON + days * DAY
    assert owner_on(replace(history, changes=tuple(shuffled)), day) == owner_on(history, day)


@given(histories)
def test_a_new_creditor_who_told_nobody_never_contacts_anybody(history) -> None:
    untold = replace(history, notices=())
    sold = [each for each in history.in_order() if each.kind in CHANGES_CREDITOR]
    if sold and sold[-1].kind != OwnerChangeKind.BUY_BACK:
        assert not may_contact(untold, date.max)

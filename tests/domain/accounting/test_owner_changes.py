from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.domain.accounting.owner_changes import change_problems, notice_problems
from recovery.domain.accounting.ownership import (
    Medium,
    OwnerChange,
    OwnerChangeKind,
    OwnerHistory,
    TransferNotice,
    bought_back,
)
from tests.builders import fields

DAY = timedelta(days=1)
DISBURSED_ON, SOLD_ON, TODAY = date(2026, 1, 2), date(2026, 6, 30), date(2026, 8, 31)
OURS = OwnerHistory("umoja")
SALE = OwnerChange(
    change_id="list-7",
    kind=OwnerChangeKind.SALE,
    executed_on=SOLD_ON,
    creditor="Fondo Norte",
    outside=True,
)
SOLD = replace(OURS, changes=(SALE,))
LATER = SOLD_ON + 10 * DAY


def refused(history: OwnerHistory, change: OwnerChange, as_of: date = TODAY) -> set[str]:
    return fields(change_problems(history, change, DISBURSED_ON, as_of))


def other(kind: str, **changes: object) -> OwnerChange:
    change = OwnerChange(change_id="c-2", kind=kind, executed_on=LATER)
    return replace(change, **changes)


def test_a_sale_then_a_buy_back_may_be_recorded() -> None:
    assert not refused(OURS, SALE)
    assert not refused(SOLD, bought_back(SOLD, "list-9", LATER))


@pytest.mark.parametrize(
    ("history", "change", "field"),
    [
        (OURS, replace(SALE, kind="gift"), "kind"),
        (OURS, replace(SALE, creditor=None), "creditor"),
        (OURS, replace(SALE, creditor="umoja"), "creditor"),
        (OURS, replace(SALE, change_id=" "), "change_id"),
        (OURS, replace(SALE, executed_on=DISBURSED_ON - DAY), "executed_on"),
        (OURS, replace(SALE, executed_on=TODAY + DAY), "executed_on"),
        (SOLD, other("transfer", creditor="Kredit", executed_on=SOLD_ON), "executed_on"),
        (SOLD, other("sale", creditor="Kredit"), "change_id"),
        (SOLD, other("placement", servicer="Bufete Sol"), "change_id"),
        (SOLD, other("buy_back", creditor="Kredit"), "creditor"),
        (OURS, bought_back(OURS, "list-9", LATER), "creditor"),
        (OURS, other("placement"), "servicer"),
        (OURS, other("recall"), "kind"),
    ],
)
def test_what_may_not_follow_is_refused(history, change, field) -> None:
    assert field in refused(history, change)


def test_an_owner_outside_may_transfer_the_loan_to_another() -> None:
    assert not refused(SOLD, other("transfer", creditor="Kredit", outside=True))


def test_what_came_back_does_not_come_back_again() -> None:
    back = replace(SOLD, changes=(SALE, bought_back(SOLD, "list-9", LATER)))
    assert refused(back, bought_back(back, "list-10", LATER + DAY)) == {"creditor"}


def test_a_placed_loan_is_recalled_once_and_placed_with_nobody_twice() -> None:
    placement = other("placement", servicer="Bufete Sol", outside=True)
    placed = replace(OURS, changes=(placement,))
    again = replace(placement, change_id="c-3", executed_on=LATER + DAY)
    assert refused(placed, again) == {"servicer"}
    recall = other("recall", change_id="c-4", executed_on=LATER + DAY)
    assert not refused(placed, recall)
    recalled = replace(placed, changes=(placement, recall))
    assert refused(recalled, replace(recall, executed_on=LATER + 2 * DAY)) == {"kind"}


NOTICE = TransferNotice(
    change_id="list-7", medium=Medium.BY_HAND, sent_on=SOLD_ON + DAY, proof="receipt 12"
)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, None),
        ({"change_id": "list-8"}, "change_id"),
        ({"sent_on": SOLD_ON}, "sent_on"),  # still the old owner's day
        ({"sent_on": TODAY + DAY}, "sent_on"),
        ({"medium": "sms"}, "medium"),
        ({"proof": ""}, "proof"),
    ],
)
def test_a_notice_is_proven_and_sent_after_the_transfer(changes, field) -> None:
    found = fields(notice_problems(SOLD, replace(NOTICE, **changes), TODAY))
    assert found == ({field} if field else set())


def test_a_placement_has_no_transfer_notice() -> None:
    placed = replace(OURS, changes=(other("placement", servicer="Bufete Sol"),))
    notice = replace(NOTICE, change_id="c-2", sent_on=LATER + DAY)
    assert fields(notice_problems(placed, notice, TODAY)) == {"change_id"}

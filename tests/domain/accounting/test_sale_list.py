from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.domain.accounting.ownership import OwnerChange, OwnerChangeKind, OwnerHistory
from recovery.domain.accounting.sale_list import ListedLoan, ListRow, is_on_record, list_problems

SETTLED_ON, TODAY = date(2026, 6, 30), date(2026, 7, 1)
SALE = OwnerChange(
    change_id="list-7",
    kind=OwnerChangeKind.SALE,
    executed_on=SETTLED_ON,
    creditor="Fondo Norte",
    outside=True,
)
EXCEPTED = replace(SALE, excepted_by="Ana Torres", excepted_because="the buyer knows of it")
PLAIN = ListedLoan(
    loan_id="L-1",
    owners=OwnerHistory("umoja"),
    disbursed_on=date(2026, 1, 2),
    owed_minor=40_000,
    disputed=False,
)


def refusals(change: OwnerChange, loan: ListedLoan, as_of: date = TODAY) -> list[str]:
    found = list_problems([ListRow(1, "L-1", change)], {"L-1": loan}, as_of)
    return [f"{each.problem.field} {each.problem.reason}" for each in found]


def test_a_loan_that_owes_and_is_not_disputed_may_be_sold() -> None:
    assert refusals(SALE, PLAIN) == []


@pytest.mark.parametrize(
    ("loan", "why"),
    [
        (replace(PLAIN, disputed=True), "loan_id L-1 is disputed"),
        (replace(PLAIN, owed_minor=0), "loan_id nothing is owed on L-1"),
    ],
)
def test_a_disputed_or_zero_balance_loan_needs_a_named_exception(loan, why) -> None:
    assert refusals(SALE, loan) == [why]
    assert refusals(EXCEPTED, loan) == []
    assert len(refusals(replace(EXCEPTED, excepted_by=None), loan)) == 1
    assert len(refusals(replace(EXCEPTED, excepted_because=" "), loan)) == 1


def test_a_disputed_loan_may_be_placed_and_bought_back() -> None:
    disputed = replace(PLAIN, disputed=True)
    placement = replace(SALE, kind=OwnerChangeKind.PLACEMENT, creditor=None, servicer="Bufete")
    assert refusals(placement, disputed) == []


def test_an_exception_lifts_nothing_else() -> None:
    assert refusals(replace(EXCEPTED, creditor="umoja"), PLAIN)
    assert refusals(EXCEPTED, PLAIN, as_of=SETTLED_ON - timedelta(days=1))


def test_a_list_is_refused_for_every_row_that_is_wrong() -> None:
    rows = [ListRow(1, "L-1", SALE), ListRow(2, "L-2", SALE), ListRow(3, "L-1", SALE)]
    found = list(list_problems(rows, {"L-1": PLAIN}, TODAY))
    assert [(each.number, each.problem.code) for each in found] == [
        (1, "duplicate"),
        (2, "not_found"),
        (3, "duplicate"),
    ]


def test_a_rerun_finds_its_changes_on_record_and_another_list_does_not() -> None:
    sold = replace(
        PLAIN, owners=replace(PLAIN.owners, changes=(EXCEPTED,)), owed_minor=0, disputed=True
    )
    assert is_on_record(EXCEPTED, sold.owners)
    assert refusals(EXCEPTED, sold) == []
    assert refusals(replace(EXCEPTED, creditor="Kredit"), sold) == [
        "change_id list-7 is on record for L-1 with something else in it"
    ]

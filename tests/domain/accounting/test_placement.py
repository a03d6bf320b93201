"""A firm's report fits its placement, or is refused with the column that is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recovery.domain.accounting.ownership import OwnerChange, OwnerHistory
from recovery.domain.accounting.placement import (
    PlacementReport,
    asks_recall,
    placed,
    report_problems,
)

DAY = timedelta(days=1)
PLACED, TODAY = date(2026, 2, 2), date(2026, 3, 2)
PLACEMENT = OwnerChange(
    change_id="p-1", kind="placement", executed_on=PLACED, servicer="Bufete Ríos", outside=True
)
RECALL = OwnerChange(change_id="r-1", kind="recall", executed_on=PLACED + 10 * DAY)
HISTORY = OwnerHistory("umoja", (PLACEMENT,))
REPORT = PlacementReport(report_id="R-1", change_id="p-1", status="in_contact", on=PLACED + 3 * DAY)


def fields(report: PlacementReport, history: OwnerHistory = HISTORY, *known) -> list[str]:
    return [each.field for each in report_problems(history, known, report, TODAY)]


def test_a_report_of_the_time_of_the_placement_fits() -> None:
    assert fields(REPORT) == []
    assert fields(replace(REPORT, status="paid", amount_minor=500, reference="118/2026")) == []
    assert fields(REPORT, HISTORY, REPORT) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"status": "threatened"}, "status"),
        ({"status": "paid"}, "amount"),
        ({"status": "promised"}, "amount"),
        ({"amount_minor": 0}, "amount"),
        ({"amount_minor": -5}, "amount"),
        ({"on": PLACED}, "on"),
        ({"on": TODAY + DAY}, "on"),
        ({"change_id": "p-2"}, "placement_id"),
        ({"report_id": ""}, "report_id"),
        ({"reference": "a\nb"}, "reference"),
    ],
)
def test_what_does_not_fit_is_named(changes, field) -> None:
    assert fields(replace(REPORT, **changes)) == [field]


def test_after_the_recall_the_firm_has_nothing_to_report() -> None:
    history = OwnerHistory("umoja", (PLACEMENT, RECALL))
    assert fields(replace(REPORT, on=RECALL.from_on - DAY), history) == []
    assert fields(replace(REPORT, on=RECALL.from_on), history) == ["on"]


def test_an_id_stands_for_one_report() -> None:
    assert fields(replace(REPORT, status="filed"), HISTORY, REPORT) == ["report_id"]


def test_a_sale_is_no_placement() -> None:
    sale = replace(PLACEMENT, kind="sale", creditor="Fondo", servicer=None)
    assert fields(REPORT, OwnerHistory("umoja", (sale,))) == ["placement_id"]


def test_who_handles_the_loan_follows_from_the_day() -> None:
    history = OwnerHistory("umoja", (PLACEMENT, RECALL))
    assert placed(history, PLACED) is None
    assert placed(history, PLACED + DAY) == PLACEMENT
    assert placed(history, RECALL.executed_on) == PLACEMENT
    assert placed(history, RECALL.from_on) is None


@pytest.mark.parametrize(
    ("statuses", "asks"),
    [
        ((), False),
        (("accepted", "in_contact"), False),
        (("accepted", "declined"), True),
        (("disputed",), True),
        (("disputed", "in_contact"), False),
        (("filed", "closed"), True),
    ],
)
def test_the_last_report_says_whether_to_call_the_loan_back(statuses, asks) -> None:
    reports = [
        replace(REPORT, report_id=f"R-{n}", status=status, on=PLACED + n * DAY)
        for n, status in enumerate(statuses, start=1)
    ]
    assert asks_recall(reports) is asks

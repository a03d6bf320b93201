"""An operator sees what waits, for whom and since when."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from recovery.domain.cases.approval import DAILY_REVIEW, DecisionKind, PendingDecision
from recovery.domain.cases.tasks import TaskKind
from recovery.domain.shared.actor import Role
from recovery.ports.institutions import InstitutionDay
from recovery.use_cases.cases.list_waiting import list_waiting
from recovery.use_cases.cases.route_tasks import open_tasks
from tests.builders import a_task

TODAY = date(2026, 3, 5)


def question(kind: DecisionKind, decision_id: str, asked_at: datetime) -> PendingDecision:
    return PendingDecision(
        decision_id=decision_id,
        kind=kind,
        loan_id="L-1",
        case_id="L-1-C1",
        asked_by=DAILY_REVIEW,
        asked_at=asked_at,
        reason="365 days past due",
    )


@pytest.fixture(autouse=True)
def waiting(wiring) -> None:
    wiring.institutions.days["umoja"] = InstitutionDay(TODAY)
    open_tasks(
        [
            a_task("call"),
            a_task("data", kind=TaskKind.DATA_REQUEST, role=Role.LEGAL, loan_id=None),
            a_task("later", opened_on=date(2026, 3, 9), do_by=date(2026, 3, 9)),
        ],
        wiring,
    )
    evening = datetime(2026, 2, 28, 22, tzinfo=UTC)  # the next day in Nairobi
    for each in (
        question(DecisionKind.WRITE_OFF, "L-1-W3", evening),
        question(DecisionKind.JUDICIAL_APPROVAL, "L-1-J1", datetime(2026, 3, 4, tzinfo=UTC)),
    ):
        wiring.cases.save_decision(each)


def ids(wiring, role=None) -> list[object]:
    return [each["id"] for each in list_waiting("umoja", wiring.now(), wiring, role)]


def test_what_waits_longest_comes_first_and_what_begins_later_does_not_wait(wiring) -> None:
    assert ids(wiring) == ["L-1-W3", "call", "data", "L-1-J1"]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.ADVISOR, ["call"]),
        (Role.LEGAL, ["data", "L-1-J1"]),
        (Role.SUPERVISOR, ["L-1-W3", "L-1-J1"]),
        (Role.AUDITOR, []),
    ],
)
def test_a_role_sees_what_waits_for_it(wiring, role, expected) -> None:
    assert ids(wiring, role) == expected


def test_each_row_says_for_whom_since_when_until_when_and_why(wiring) -> None:
    write_off, call, data, _ = list_waiting("umoja", wiring.now(), wiring)
    assert (write_off["what"], write_off["for"], write_off["since"], write_off["why"]) == (
        "write_off", ["supervisor"], "2026-03-01", "365 days past due",
    )  # fmt: skip
    assert (call["for"], call["since"], call["until"], call["about"]) == (
        ["advisor"], "2026-03-02", "2026-03-04", "L-1",
    )  # fmt: skip
    assert (data["about"], data["with"]) == ("B-1", None)


def test_what_is_to_be_decided_about_a_court_says_where_to_read_it(wiring) -> None:
    rows = {each["id"]: each.get("read") for each in list_waiting("umoja", wiring.now(), wiring)}
    assert rows["L-1-J1"] == {
        "command": "recovery proceedings L-1",
        "path": "/v1/institutions/umoja/loans/L-1/judicial",
    }
    assert rows["L-1-W3"] is None and rows["call"] is None

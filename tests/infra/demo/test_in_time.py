"""What the demo counts as seen in time, and what nobody could see coming."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from infra.demo.in_time import in_time
from recovery.adapters.dynamodb import codec
from recovery.domain.accounting.loan import Components
from recovery.domain.cases.record import Step
from recovery.domain.cases.stages import Stage
from tests.builders import a_schedule
from tests.life import Life

DAY = timedelta(days=1)
START = date(2026, 5, 1)


def a_case(loan_id: str, on: date, stage: str, reason: str, outcome: str | None) -> dict[str, Any]:
    path = codec.path_to_json([Step(Stage(stage), on, reason)])
    item = {"pk": f"LOAN#umoja#{loan_id}", "path": path}
    return {**item, **({"outcome": outcome} if outcome else {})}


def test_cases_are_told_apart_by_what_could_be_seen(wiring) -> None:
    life = Life(wiring, date(2026, 1, 15))
    for loan_id in ("L-1", "L-2", "L-3"):
        life.lend(loan_id, schedule=a_schedule(6, Components(10_000), date(2026, 2, 2)))
    life.pay("L-2", 10_000, date(2026, 1, 15))
    life.until(date(2026, 2, 10))
    life.pay("L-1", 10_000)  # late: a sign
    life.pay("L-3", 10_000)
    rows = {
        "L-1": (START + DAY, "early_management", "1 day delinquent"),
        "L-2": (START + DAY, "early_management", "1 day delinquent"),
        "L-3": (START, "prevention", "late last time: 1 of 1, before the due date 2026-05-08"),
        "L-4": (START - DAY, "early_management", "40 days delinquent"),
    }
    cases = [
        a_case(each, on, stage, why, "cured" if stage == "prevention" else None)
        for each, (on, stage, why) in rows.items()
    ]
    found = in_time(cases, START, life.ports)
    assert (found.new, found.no_sign, found.too_late, found.before_overdue) == (3, 1, 1, 1)
    assert (found.by_warning, found.without_a_late_day, found.overdue_at_import) == (1, 1, 1)
    assert found.avoidable == 2

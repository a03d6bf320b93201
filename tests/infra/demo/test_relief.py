"""After a flood the demo's supervisor looks first, then gives a month, to that place alone."""

from __future__ import annotations

from datetime import date, timedelta

from infra.demo.relief import give_relief
from recovery.domain.accounting.loan import Components, LoanProfile
from recovery.domain.portfolio.shock import Group
from tests.builders import a_schedule
from tests.life import Life

DAY = timedelta(days=1)


def test_only_the_flooded_place_gets_a_month_and_the_rest_stays(wiring) -> None:
    life = Life(wiring, date(2026, 1, 15))
    for number, place in enumerate(("Riverside", "Hilltop"), 1):
        life.lend(
            f"L-{number}",
            f"B-{number}",
            schedule=a_schedule(8, Components(10_000), date(2026, 3, 2)),
            profile=LoanProfile(place=place),
        )
    life.until(date(2026, 3, 20))
    before = {each: life.ports.loans.load(each).loan.schedule for each in ("L-1", "L-2")}
    said = give_relief(Group("place", "Riverside"), life.today, "umoja", life.ports)
    assert "the dry run shows 1 loans; 1 get a month" in said
    life.until(life.today + DAY)
    assert life.ports.loans.load("L-1").loan.schedule != before["L-1"]
    assert life.ports.loans.load("L-2").loan.schedule == before["L-2"]
    assert life.standing("L-1")["days_past_due"] == 0
    assert life.standing("L-2")["days_past_due"] > 0

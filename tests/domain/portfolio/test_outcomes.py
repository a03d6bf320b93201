"""What became of people, and whether an arm harms."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

from recovery.domain.accounting.position import Position, unpaid_position
from recovery.domain.portfolio.experiments import BUILT_IN, OutcomeOf, subject_of
from recovery.domain.portfolio.outcomes import (
    Counts,
    arm_interval,
    compare,
    harm_of,
    seen_of,
    together,
)
from tests.builders import a_loan

TODAY, DAY = date(2026, 3, 2), timedelta(days=1)
LOAN = a_loan(instalments=3)
LESSONS = BUILT_IN["lessons"](TODAY, TODAY + 180 * DAY)


def paid(*days: int | None) -> Position:
    on = tuple(
        None if d is None else e.due_date + d * DAY
        for e, d in zip(LOAN.schedule, days, strict=True)
    )
    whole = unpaid_position(LOAN.schedule).paid
    return Position(
        tuple(e.due if d is not None else n
              for e, d, n in zip(LOAN.schedule, days, whole, strict=True)),
        on, 0, TODAY,
    )  # fmt: skip


def hits(outcome: OutcomeOf, position: Position, days_past_due: int = 0, **told: bool) -> set[str]:
    experiment = replace(LESSONS, outcome=outcome)
    second = LOAN.schedule[1].due_date
    is_late = outcome is OutcomeOf.CURE
    subject = subject_of(
        experiment, "B-1", LESSONS.arms[0], "L-1", second - 20 * DAY, second, late=is_late
    )
    seen = seen_of(
        *(subject, outcome, LOAN, position, days_past_due),
        complained=told.get("complained", False),
        opted_out=told.get("opted_out", False),
    )
    return {each.value for each in seen.hits}


def test_the_next_instalment_is_on_time_if_all_of_it_came_by_its_day() -> None:
    on_time = {"on_time_next_instalment"}
    assert hits(OutcomeOf.ON_TIME, paid(9, 0, None)) == on_time
    assert hits(OutcomeOf.ON_TIME, paid(0, -5, None)) == on_time
    assert hits(OutcomeOf.ON_TIME, paid(0, 1, None)) == set()
    assert hits(OutcomeOf.ON_TIME, paid(0, None, None)) == set()


def test_the_other_outcomes() -> None:
    assert hits(OutcomeOf.CURE, paid(9, 0, None)) == {"cure"}
    assert hits(OutcomeOf.CURE, paid(0, None, None), 8) == set()
    assert hits(OutcomeOf.RE_DEFAULT, paid(0, 31, None)) == {"re_default"}
    assert hits(OutcomeOf.RE_DEFAULT, paid(50, 0, None)) == set()  # was before
    assert hits(OutcomeOf.RE_DEFAULT, paid(0, None, None), 31) == {"re_default"}
    told = hits(OutcomeOf.ON_TIME, paid(0, 1, None), complained=True, opted_out=True)
    assert told == {"complaint", "opt_out"}


def counts(on_time: int, of: int, **more: int) -> Counts:
    return Counts(of, of, {"on_time_next_instalment": on_time, **more})


def test_zero_is_said_to_be_included_until_it_surely_is_not() -> None:
    same = compare(LESSONS, {"later": counts(80, 100), "lessons": counts(83, 100)})
    assert same[0].outcome is OutcomeOf.ON_TIME and same[0].shows_nothing
    assert [each.outcome.value for each in same[1:]] == ["complaint", "opt_out"]
    sure = compare(LESSONS, {"later": counts(300, 500), "lessons": counts(450, 500)})
    assert not sure[0].shows_nothing and sure[0].interval.low > 0 and sure[0].harms is None
    assert compare(LESSONS, {})[0].interval.low == -1


def test_what_harms_says_so_whichever_way_harm_goes() -> None:
    worse = {"later": counts(450, 500), "lessons": counts(300, 500)}
    assert harm_of(LESSONS, worse) == (
        "lessons harms: on time next instalment 300 of 500, against 450 of 500"
    )
    better = {"later": counts(300, 500), "lessons": counts(450, 500)}
    assert harm_of(LESSONS, better) is None
    annoying = {"later": counts(400, 500), "lessons": counts(400, 500, opt_out=60)}
    assert "opt out 60 of 500" in str(harm_of(LESSONS, annoying))
    bad = replace(LESSONS, outcome=OutcomeOf.RE_DEFAULT)
    fewer = {"later": Counts(500, 500, {"re_default": 200}), "lessons": Counts(500, 500, {})}
    assert harm_of(bad, fewer) is None
    more = {"later": fewer["lessons"], "lessons": fewer["later"]}
    assert "re default" in str(harm_of(bad, more))


def test_what_does_nothing_is_rarely_stopped_for_harm() -> None:
    """At most 7 % by theory, over the outcome and both that are watched, looked at each day."""
    chance, stops, trials = random.Random(11), 0, 150
    for _ in range(trials):
        known = {"later": Counts(), "lessons": Counts()}
        for _ in range(40):  # days, ten people each
            for _ in range(10):
                arm = chance.choice(["later", "lessons"])
                its = known[arm]
                found = {
                    "on_time_next_instalment": chance.random() < 0.85,
                    "opt_out": chance.random() < 0.03,
                    "complaint": chance.random() < 0.02,
                }
                added = {k: its.hits.get(k, 0) + v for k, v in found.items()}
                known[arm] = Counts(its.enrolled + 1, its.looked + 1, added)
            if harm_of(LESSONS, known):
                stops += 1
                break
    assert stops <= trials * 0.1


def test_arms_together_and_alone() -> None:
    both = together([counts(3, 4), counts(1, 2)])
    assert (both.enrolled, both.looked, both.hits["on_time_next_instalment"]) == (6, 6, 4)
    assert arm_interval(counts(3, 4), OutcomeOf.ON_TIME, LESSONS).has(0.75)

"""Re-ageing, re-amortising and rescheduling, checked against Apache Fineract's scenarios.

Source: Apache Fineract (https://github.com/apache/fineract), Apache-2.0, in the folder
fineract-e2e-tests-runner/src/test/resources/features: LoanReAging-Part1 (C305x, C310x),
LoanReAmortization-Part1 (C306x, C307x, C311x), LoanReschedule (C268x to C302x). Dates and figures
only, in our own tables; each case has its scenario's id. Where a scenario is replayed with
another payment, the case includes that payment. A down payment is the first instalment.
"""

from collections.abc import Iterable

import pytest

from recovery.documents.questions.evaluation import answer_evaluation
from recovery.documents.questions.restructuring import answer_restructuring
from tests.published.tables import Row, facts, level, rows_of, schedule, table

BUCKETS = [
    {"name": "1-3", "min_days": 1, "max_days": 3},
    {"name": "4-30", "min_days": 4, "max_days": 30},
    {"name": "31-60", "min_days": 31, "max_days": 60},
]
POLICY = {"grace_days": 3, "buckets": BUCKETS}


def restructured(instalments, action, happened, on, rate="0", disbursed_on="2024-01-01"):
    loan = {
        "currency": "EUR",
        "disbursed_on": disbursed_on,
        "annual_rate_pct": rate,
        "instalments": instalments,
    }
    return answer_restructuring(
        {"loan": loan, **happened, "action": action, "policy": POLICY, "as_of": on}
    )


def evaluated(loan, happened, as_of):
    return answer_evaluation({"loan": loan, **happened, "policy": POLICY, "as_of": as_of})


def coming(answer) -> list[tuple[str, float]]:
    """Return the due date and outstanding amount of each unpaid instalment."""
    rows = answer["instalments"]
    return [(e["due_date"], float(e["outstanding"])) for e in rows if e["outstanding"] != "0.00"]


def paid(*rows: Row) -> Iterable[Row]:
    """Build rows of paid instalments from (amount, paid off on[, in advance, late])."""
    return ((row[0], row[0], *(*row[2:], 0, 0)[:2], 0, row[1]) for row in rows)


GONE = (0, 0, 0, 0, 0)
JAN, FEB = "2024-01-{:02}".format, "2024-02-{:02}".format
DATES = "2024-01-01 2024-01-16 2024-01-31 2024-02-15"
THOUSAND, HALF = level(DATES, 250), level(DATES, 125)
DOWN, DOWN_HALF = (JAN(1), 250), (JAN(1), 125)
FIRST, FIRST_HALF, FIRST_EIGHT = paid((250, JAN(1)), (125, JAN(1)), (200, JAN(1)))
SPRING = "2024-03-01 2024-04-01 2024-05-01 2024-06-01 2024-07-01 2024-08-01"
EVERY_TWO = "2024-03-10 2024-05-10 2024-07-10"


def reage(start, instalments, every=1, frequency="MONTHS", **more):
    return {"kind": "reage", "start": start, "instalments": instalments, "every": every,
            "frequency": frequency, **more}  # fmt: skip


SIX, TWO = reage("2024-03-01", 6, multiple_of="1"), reage("2024-03-01", 2, multiple_of="1")
THREE = reage("2024-03-10", 3, every=2)
PART = facts([DOWN_HALF, (JAN(16), 50)])
ONE_PAID = facts([DOWN_HALF, (JAN(16), 125)])


def spread(dates: str, *amounts: float) -> list[tuple[str, float]]:
    days = dates.split()
    if len(amounts) == 1:
        amounts *= len(days)
    return list(zip(days, amounts, strict=True))


@pytest.mark.parametrize(
    ("instalments", "happened", "on", "action", "old", "new"),
    [
        pytest.param(THOUSAND, facts([DOWN]), FEB(20), SIX,
            (FIRST, GONE, GONE, GONE), spread(SPRING, 125), id="C3050"),
        pytest.param(THOUSAND, facts([DOWN]), FEB(20), reage("2024-03-10", 2, 30, "DAYS"),
            (FIRST, GONE, GONE, GONE), spread("2024-03-10 2024-04-09", 375), id="C3051"),
        pytest.param(THOUSAND, facts([DOWN]), FEB(20), reage("2024-03-10", 1, 1, "DAYS"),
            (FIRST, GONE, GONE, GONE), spread("2024-03-10", 750), id="C3052"),
        pytest.param(THOUSAND, facts([DOWN]), FEB(21), THREE,
            (FIRST, GONE, GONE, GONE), spread(EVERY_TWO, 250), id="C3053"),
        pytest.param(THOUSAND, facts([DOWN], charged_back=[(1, FEB(2), 125)]), FEB(21), THREE,
            (FIRST, GONE, GONE, GONE), spread(EVERY_TWO, 291.67, 291.67, 291.66), id="C3056"),
        pytest.param(THOUSAND, facts([DOWN], charged_back=[(1, FEB(20), 125)]), FEB(21), THREE,
            (FIRST, GONE, GONE, GONE, GONE), spread(EVERY_TWO, 291.67, 291.67, 291.66),
            id="C3057"),
        pytest.param(HALF, PART, FEB(27), SIX,
            (FIRST_HALF, *paid((50, FEB(27))), GONE, GONE),
            spread(SPRING, 54, 54, 54, 54, 54, 55), id="C3059"),
        pytest.param(HALF, ONE_PAID, FEB(20), TWO,
            (FIRST_HALF, *paid((125, JAN(16))), GONE, GONE),
            spread("2024-03-01 2024-04-01", 125), id="C3107"),
        pytest.param(HALF, facts([DOWN_HALF]), FEB(20), TWO, (FIRST_HALF, GONE, GONE, GONE),
            spread("2024-03-01 2024-04-01", 188, 187), id="C3107 payment reversed"),
        pytest.param(HALF, facts([DOWN_HALF, (JAN(16), 125)]), FEB(20), TWO,
            (FIRST_HALF, *paid((125, JAN(16))), GONE, GONE),
            spread("2024-03-01 2024-04-01", 125), id="C3108"),
    ],
)  # fmt: skip
def test_re_ageing(instalments, happened, on, action, old, new) -> None:
    answer = restructured(instalments, action, happened, on)
    assert coming(answer) == new
    rows = rows_of(evaluated(answer["loan"], happened, on))
    assert rows == table(*old, *((amount, 0, 0, 0, amount) for _, amount in new))


def test_a_chargeback_after_re_ageing_is_due_with_the_next_instalment() -> None:
    """C3053, after re-ageing."""
    loan = restructured(THOUSAND, THREE, facts([DOWN]), FEB(21))["loan"]
    answer = evaluated(loan, facts([DOWN], charged_back=[(1, FEB(25), 250)]), FEB(25))
    open_rows = ((500, 0, 0, 0, 500), (250, 0, 0, 0, 250), (250, 0, 0, 0, 250))
    assert rows_of(answer) == table(FIRST, GONE, GONE, GONE, *open_rows)
    assert float(answer["outstanding"]["total"]) == 1000


EIGHT = schedule(
    (JAN(1), 200), (JAN(16), 120), (JAN(31), 120), (FEB(15), 120),
    ("2024-03-01", 120), ("2024-03-16", 120),
)  # fmt: skip
DOWN_EIGHT = (JAN(1), 200)
MARCH = "2024-03-01 2024-03-16"
ROUND, PLAIN = {"kind": "reamortise", "multiple_of": "1"}, {"kind": "reamortise"}


@pytest.mark.parametrize(
    ("instalments", "happened", "on", "action", "old", "new"),
    [
        pytest.param(HALF, facts([DOWN_HALF]), JAN(25), ROUND, (FIRST_HALF, GONE),
            spread(f"{JAN(31)} {FEB(15)}", 187, 188), id="C3069"),
        pytest.param(HALF, facts([DOWN_HALF]), FEB(1), PLAIN, (FIRST_HALF, GONE, GONE),
            spread(FEB(15), 375), id="C3074"),
        pytest.param(HALF, facts([DOWN_HALF, (JAN(15), 125)]), FEB(1), PLAIN,
            (FIRST_HALF, *paid((125, JAN(15), 125)), GONE), spread(FEB(15), 250), id="C3075"),
        pytest.param(HALF, facts([DOWN_HALF, (JAN(17), 50)]), JAN(30), ROUND,
            (FIRST_HALF, *paid((50, JAN(30), 0, 50))),
            spread(f"{JAN(31)} {FEB(15)}", 163, 162), id="C3078"),
        pytest.param(EIGHT, facts([DOWN_EIGHT, (JAN(16), 120)]), FEB(20), PLAIN,
            (FIRST_EIGHT, *paid((120, JAN(16))), GONE, GONE), spread(MARCH, 240), id="C3112"),
        pytest.param(EIGHT, facts([DOWN_EIGHT]), FEB(20), PLAIN,
            (FIRST_EIGHT, GONE, GONE, GONE), spread(MARCH, 300), id="C3112 payment reversed"),
        pytest.param(EIGHT, facts([DOWN_EIGHT, (JAN(16), 120)]), FEB(20), ROUND,
            (FIRST_EIGHT, *paid((120, JAN(16))), GONE, GONE), spread(MARCH, 240), id="C3113"),
    ],
)  # fmt: skip
def test_re_amortising(instalments, happened, on, action, old, new) -> None:
    answer = restructured(instalments, action, happened, on)
    assert coming(answer) == new
    rows = rows_of(evaluated(answer["loan"], happened, on))
    assert rows == table(*old, *((amount, 0, 0, 0, amount) for _, amount in new))


@pytest.mark.parametrize(
    ("instalments", "happened", "on", "action", "since", "bucket"),
    [
        pytest.param(THOUSAND, facts([DOWN]), FEB(20), SIX, JAN(19), "31-60", id="C3050"),
        pytest.param(THOUSAND, facts(), FEB(20), SIX, JAN(4), "31-60", id="C3053"),
        pytest.param(HALF, facts([DOWN_HALF]), JAN(24), PLAIN, JAN(19), "4-30", id="C3072"),
    ],
)
def test_restructuring_makes_the_loan_current(
    instalments, happened, on, action, since, bucket
) -> None:
    before = evaluated({"currency": "EUR", "instalments": instalments}, happened, on)
    assert (before["delinquent_since"], before["bucket"]) == (since, bucket)
    answer = restructured(instalments, action, happened, on)
    assert answer["changed"]["bucket"] == {"before": bucket, "after": None}
    after = evaluated(answer["loan"], happened, on)
    assert (after["delinquent_since"], after["days_past_due"]) == (None, 0)


DAY = "2023-07-05"
SUMMER = "2023-08-01 2023-09-01 2023-10-01"
AUTUMN = level("2023-10-01 2023-10-16 2023-10-31 2023-11-15", 250)
OCT, NOV = "2023-10-{:02}".format, "2023-11-{:02}".format
AUTUMN_DOWN = facts([(OCT(1), 250)])
UNDONE = facts([(OCT(1), 250, OCT(2)), (OCT(3), 250)], penalties=[(OCT(2), 15)])


def change(from_date, **changes):
    return {"kind": "reschedule", "from": from_date, **changes}


def holiday(instalments):
    return {"kind": "payment_holiday", "from": OCT(16), "instalments": instalments}


BY_ONE = spread(f"{OCT(31)} {NOV(15)} {NOV(30)}", 250)
BY_TWO = spread(f"{NOV(15)} {NOV(30)} 2023-12-15", 250)


@pytest.mark.parametrize(
    ("instalments", "rate", "happened", "on", "action", "new"),
    [
        pytest.param(level("2022-08-01", 5000), "0", facts(), "2022-07-01",
            change("2022-08-01", new_due_date="2022-08-31"), spread("2022-08-31", 5000),
            id="C2680"),
        pytest.param(level("2023-07-31", 1000), "0", facts(), DAY,
            change("2023-07-31", new_due_date="2023-08-31"), spread("2023-08-31", 1000),
            id="C2804"),
        pytest.param(level(SUMMER, 1000), "0", facts(), DAY,
            change("2023-09-01", new_due_date="2023-09-15"),
            spread("2023-08-01 2023-09-15 2023-10-15", 1000), id="C2805"),
        pytest.param(level(SUMMER, 1000), "0", facts(), DAY, change("2023-09-01", extra_terms=2),
            spread(f"{SUMMER} 2023-11-01 2023-12-01", 1000, 500, 500, 500, 500), id="C2806"),
        pytest.param(level(SUMMER, 1000), "0", facts(), DAY,
            change("2023-09-01", grace_principal=1),
            spread("2023-08-01 2023-10-01 2023-11-01", 1000), id="C2807"),
        pytest.param(level(f"{SUMMER} 2023-11-01", 1000, 40), "12", facts(), DAY,
            change("2023-09-01", grace_interest=2),
            spread(f"{SUMMER} 2023-11-01", 1040, 1000, 1000, 1120), id="C2808"),
        pytest.param(level(SUMMER, 1000, 30), "12", facts(), DAY,
            change("2023-09-01", new_rate_pct="6"), spread(SUMMER, 1030, 1015, 1015), id="C2809"),
        pytest.param(AUTUMN, "0", AUTUMN_DOWN, OCT(1), change(OCT(16), extra_terms=2),
            spread(f"{OCT(16)} {OCT(31)} {NOV(15)} {NOV(30)} 2023-12-15", 150), id="C2996"),
        pytest.param(AUTUMN, "0", AUTUMN_DOWN, OCT(5), change(OCT(16), new_due_date=OCT(31)),
            BY_ONE, id="C3022"),
        pytest.param(AUTUMN, "0", AUTUMN_DOWN, OCT(5), holiday(1), BY_ONE, id="C3022 holiday"),
        pytest.param(AUTUMN, "0", AUTUMN_DOWN, OCT(5), change(OCT(16), new_due_date=NOV(15)),
            BY_TWO, id="C3023"),
        pytest.param(AUTUMN, "0", AUTUMN_DOWN, OCT(5), holiday(2), BY_TWO, id="C3023 holiday"),
        pytest.param(AUTUMN, "0", facts(), OCT(5), change(OCT(16), new_due_date=NOV(15)),
            [(OCT(1), 250), *BY_TWO], id="C3024"),
        pytest.param(AUTUMN, "0", AUTUMN_DOWN, OCT(1), holiday(1), BY_ONE, id="C3026"),
    ],
)  # fmt: skip
def test_rescheduling(instalments, rate, happened, on, action, new) -> None:
    disbursed_on = f"{on[:-2]}01"
    assert coming(restructured(instalments, action, happened, on, rate, disbursed_on)) == new


def test_a_penalty_moves_with_its_instalment() -> None:
    """C3025, with a down payment that was reversed and then paid late."""
    action = change(OCT(16), new_due_date=OCT(31))
    answer = restructured(AUTUMN, action, UNDONE, OCT(5), disbursed_on=OCT(1))
    assert coming(answer) == [(OCT(31), 265), *BY_ONE[1:]]
    rows = rows_of(evaluated(answer["loan"], UNDONE, OCT(5)))
    assert rows == table(*paid((250, OCT(3), 0, 250)), (265, 0, 0, 0, 265),
                         (250, 0, 0, 0, 250), (250, 0, 0, 0, 250))  # fmt: skip

"""Delinquency, checked against Apache Fineract's end-to-end scenarios.

Source: Apache Fineract (https://github.com/apache/fineract), Apache-2.0, in the folder
fineract-e2e-tests-runner/src/test/resources/features: LoanDelinquency-Part1 (C29xx to C39xx),
LoanChargeback-Part1 (C2459, C2460). Dates and figures only, in our own tables; each case has its
scenario's id. Grace is three days; waived amounts are waivers of principal.

Not compared: what Fineract shows between runs of its daily job, or keeps from before a pause
(C3001 on 14 and 30 November: 31 days delinquent, still in the bucket up to 30).
"""

from collections import Counter
from decimal import Decimal

import pytest

from recovery.documents.questions.evaluation import answer_evaluation
from tests.published.tables import amounts, facts, level, schedule

EDGES = (1, 4, 31, 61, 91, 121, 151, 181, 241)
BUCKETS = [
    {"name": f"from {low}", "min_days": low, "max_days": above and above - 1}
    for low, above in zip(EDGES, (*EDGES[1:], None), strict=True)
]
POLICY = {"grace_days": 3, "buckets": BUCKETS}
FORTNIGHTS = level("2023-10-01 2023-10-16 2023-10-31 2023-11-15", 250)
OCT, NOV = "2023-10-{:02}".format, "2023-11-{:02}".format
SINCE, NEXT = OCT(4), OCT(19)
NONE = None


def ask(happened, as_of, instalments=FORTNIGHTS):
    loan = {"currency": "EUR", "instalments": instalments}
    return answer_evaluation({"loan": loan, **happened, "policy": POLICY, "as_of": as_of})


def bucket(low: int | None) -> str | None:
    return None if low is None else f"from {low}"


def owed_by_bucket(answer) -> dict[str, Decimal]:
    """Return the outstanding amount in each bucket."""
    owed: Counter[str] = Counter()
    for each in answer["instalments"]:
        if each["bucket"]:
            owed[each["bucket"]] += Decimal(each["outstanding"])
    return dict(owed)


UNPAID = facts()
WHOLE = facts(pauses=[(OCT(6), OCT(30))])
RESUMED = facts(pauses=[(OCT(15), OCT(30), OCT(25))])
TWICE = facts(pauses=[(OCT(15), OCT(30), OCT(25)), (NOV(14), NOV(30))])
PAID_ALL = facts([(OCT(16), 500)], pauses=[(OCT(6), OCT(30))])
PAID_PART = facts([(OCT(16), 150)], pauses=[(OCT(6), OCT(30))])
PAID_LATE = facts([(OCT(16), 250)], pauses=[(OCT(6), OCT(30), OCT(25))])
TOUCHING = facts(pauses=[(OCT(25), OCT(30)), (OCT(30), NOV(15), OCT(30))])
BACK_DATED = facts(pauses=[(OCT(25), NOV(15))])
AHEAD = facts([(OCT(1), 250)], pauses=[(OCT(16), OCT(25))])


@pytest.mark.parametrize(
    ("happened", "as_of", "low", "overdue", "since", "days_delinquent", "days_past_due"),
    [
        pytest.param(WHOLE, OCT(2), NONE, 250, SINCE, 0, 1, id="C2999 in grace"),
        pytest.param(WHOLE, OCT(4), NONE, 250, SINCE, 0, 3, id="C2999 last day of grace"),
        pytest.param(WHOLE, OCT(5), 1, 250, SINCE, 1, 4, id="C2999 first day"),
        pytest.param(WHOLE, OCT(6), 1, 250, SINCE, 2, 5, id="C2999 pause begins"),
        pytest.param(WHOLE, OCT(30), 1, 500, SINCE, 2, 29, id="C2999 pause ends"),
        pytest.param(WHOLE, OCT(31), 1, 500, SINCE, 3, 30, id="C2999"),
        pytest.param(RESUMED, OCT(15), 4, 250, SINCE, 11, 14, id="C3000 pause begins"),
        pytest.param(RESUMED, OCT(26), 4, 500, SINCE, 12, 25, id="C3000"),
        pytest.param(TWICE, OCT(16), 4, 250, SINCE, 11, 15, id="C3001 first pause"),
        pytest.param(TWICE, OCT(26), 4, 500, SINCE, 12, 25, id="C3001 resumed"),
        pytest.param(TWICE, NOV(13), 4, 750, SINCE, 30, 43, id="C3001 between"),
        pytest.param(TWICE, "2023-12-01", 31, 1000, SINCE, 32, 61, id="C3001"),
        pytest.param(WHOLE, OCT(16), 1, 250, SINCE, 2, 15, id="C3002 before payment"),
        pytest.param(PAID_ALL, OCT(16), NONE, 0, None, 0, 0, id="C3002"),
        pytest.param(PAID_PART, OCT(16), 1, 100, SINCE, 2, 15, id="C3003"),
        pytest.param(PAID_LATE, OCT(16), NONE, 0, None, 0, 0, id="C3004 paid"),
        pytest.param(PAID_LATE, OCT(26), NONE, 250, NEXT, 0, 10, id="C3004 resumed"),
        pytest.param(PAID_LATE, NOV(15), 4, 500, NEXT, 18, 30, id="C3004"),
        pytest.param(TOUCHING, OCT(30), 4, 500, SINCE, 21, 29, id="C3013 pauses touch"),
        pytest.param(TOUCHING, OCT(31), 4, 500, SINCE, 22, 30, id="C3013"),
        pytest.param(UNPAID, OCT(25), 4, 500, SINCE, 21, 24, id="C3015 no pause"),
        pytest.param(BACK_DATED, OCT(27), 4, 500, SINCE, 21, 26, id="C3015"),
        pytest.param(AHEAD, OCT(26), NONE, 250, NEXT, 0, 10, id="C3016 first day of grace"),
        pytest.param(AHEAD, OCT(27), NONE, 250, NEXT, 0, 11, id="C3016 second"),
        pytest.param(AHEAD, OCT(28), NONE, 250, NEXT, 0, 12, id="C3016 third"),
        pytest.param(AHEAD, OCT(29), 1, 250, NEXT, 1, 13, id="C3016"),
        pytest.param(UNPAID, "2023-12-01", 31, 1000, SINCE, 58, 61, id="C3032"),
    ],
)
def test_grace_and_pauses_of_a_loan(
    happened, as_of, low, overdue, since, days_delinquent, days_past_due
) -> None:
    answer = ask(happened, as_of)
    assert (answer["days_past_due"], answer["days_delinquent"]) == (days_past_due, days_delinquent)
    assert (answer["delinquent_since"], answer["bucket"]) == (since, bucket(low))
    assert Decimal(answer["overdue"]["total"]) == overdue


@pytest.mark.parametrize("as_of", [NOV(14), NOV(30)])
def test_a_second_pause_stops_the_count(as_of) -> None:
    """C3001: days and amounts only; Fineract keeps a different bucket."""
    answer = ask(TWICE, as_of)
    assert (answer["days_delinquent"], answer["delinquent_since"]) == (31, SINCE)
    assert owed_by_bucket(answer) == amounts({"from 4": 500, "from 31": 250})


CHARGED = facts(penalties=[(OCT(5), 20)], fees=[(OCT(20), 20)])
LONG = facts(pauses=[(NOV(17), NOV(30))])
ENDED = facts(pauses=[(NOV(17), "2023-12-30", "2023-12-01")])
DECEMBER = "2023-12-16"
SPREAD = {1: 250, 4: 250, 31: 500}


@pytest.mark.parametrize(
    ("happened", "as_of", "owed"),
    [
        pytest.param(UNPAID, DECEMBER, {31: 500, 61: 500}, id="C2979"),
        pytest.param(UNPAID, NOV(16), SPREAD, id="C2980"),
        pytest.param(facts([("2023-12-17", 1000)]), DECEMBER, {31: 500, 61: 500}, id="C2981 late"),
        pytest.param(facts([("2023-12-17", 1000)]), "2023-12-17", {}, id="C2981"),
        pytest.param(facts([(OCT(26), 250)]), OCT(25), {4: 500}, id="C2982 late"),
        pytest.param(facts([(OCT(26), 250)]), OCT(26), {4: 250}, id="C2982"),
        pytest.param(facts(waived=[("2023-12-17", 1000)]), "2023-12-17", {}, id="C2983"),
        pytest.param(facts(waived=[(OCT(26), 250)]), OCT(26), {4: 250}, id="C2984"),
        pytest.param(CHARGED, DECEMBER, {31: 520, 61: 520}, id="C2985"),
        pytest.param(LONG, NOV(17), SPREAD, id="C2987 pause begins"),
        pytest.param(LONG, NOV(30), SPREAD, id="C2987 pause ends"),
        pytest.param(LONG, "2024-01-01", {31: 500, 61: 500}, id="C2987"),
        pytest.param(ENDED, NOV(17), SPREAD, id="C2988 pause begins"),
        pytest.param(ENDED, "2023-12-01", SPREAD, id="C2988"),
        pytest.param(WHOLE, OCT(4), {}, id="C2999 in grace"),
        pytest.param(WHOLE, OCT(5), {4: 250}, id="C2999 first day"),
        pytest.param(WHOLE, OCT(6), {4: 250}, id="C2999 pause begins"),
        pytest.param(WHOLE, OCT(30), {4: 250}, id="C2999 pause ends"),
        pytest.param(WHOLE, OCT(31), {1: 250, 4: 250}, id="C2999"),
        pytest.param(RESUMED, OCT(15), {4: 250}, id="C3000"),
        pytest.param(TWICE, NOV(13), {4: 500, 31: 250}, id="C3001 between"),
        pytest.param(TWICE, "2023-12-01", SPREAD | {4: 500, 31: 250}, id="C3001"),
        pytest.param(PAID_PART, OCT(16), {4: 100}, id="C3003"),
        pytest.param(PAID_LATE, OCT(26), {}, id="C3004 resumed"),
        pytest.param(PAID_LATE, NOV(15), {4: 500}, id="C3004"),
        pytest.param(TOUCHING, OCT(30), {4: 500}, id="C3013 pauses touch"),
        pytest.param(TOUCHING, OCT(31), {4: 500}, id="C3013"),
        pytest.param(BACK_DATED, OCT(27), {4: 500}, id="C3015"),
        pytest.param(AHEAD, OCT(28), {}, id="C3016 in grace"),
        pytest.param(AHEAD, OCT(29), {4: 250}, id="C3016"),
    ],
)
def test_buckets_of_instalments(happened, as_of, owed) -> None:
    expected = amounts({f"from {low}": amount for low, amount in owed.items()})
    assert owed_by_bucket(ask(happened, as_of)) == expected


THREE = level("2022-02-01 2022-03-01 2022-04-01", 1000)
BACK = [(2, "2022-03-15", 1000)]
PAID = (("2022-02-01", 1000), ("2022-03-01", 1000), ("2022-03-20", 1000), ("2022-04-01", 1000))
SUMMER = level("2024-07-01 2024-08-01 2024-09-01 2024-10-01", 250)
FLAT = schedule(
    ("2024-07-01", 333.33, 10), ("2024-08-01", 333.33, 10), ("2024-09-01", 333.34, 10)
)  # fmt: skip
FIRST_OF_AUGUST = "2024-08-01"


@pytest.mark.parametrize(
    ("instalments", "happened", "as_of", "low", "since", "overdue"),
    [
        pytest.param(THREE, facts(PAID[:3], charged_back=BACK), "2022-04-07", 1, "2022-04-04",
            1000, id="C2459"),
        pytest.param(THREE, facts(PAID, charged_back=BACK), "2022-04-07", NONE, None,
            0, id="C2460"),
        pytest.param(FORTNIGHTS, ENDED, OCT(5), 1, SINCE, 250, id="C2992 first day"),
        pytest.param(FORTNIGHTS, ENDED, NOV(17), 31, SINCE, 1000, id="C2992 pause begins"),
        pytest.param(FORTNIGHTS, ENDED, "2023-12-01", 31, SINCE, 1000, id="C2992"),
        pytest.param(SUMMER, facts([("2024-06-15", 50)]), FIRST_OF_AUGUST, 4, "2024-07-04",
            200, id="C3930"),
        pytest.param(FLAT, facts([("2024-07-15", 343.33)]), FIRST_OF_AUGUST, NONE, None,
            0, id="C3932"),
    ],
)  # fmt: skip
def test_chargebacks_and_first_instalments(
    instalments, happened, as_of, low, since, overdue
) -> None:
    answer = ask(happened, as_of, instalments)
    assert (answer["bucket"], answer["delinquent_since"]) == (bucket(low), since)
    assert Decimal(answer["overdue"]["total"]) == overdue

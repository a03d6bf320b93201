"""Payment allocation, checked against Apache Fineract's end-to-end scenarios.

Source: Apache Fineract (https://github.com/apache/fineract), Apache-2.0, in the folder
fineract-e2e-tests-runner/src/test/resources/features: Loan-Part3 (C29xx), LoanRepayment-Part2
(C26xx), LoanChargeback-Part1 (C24xx to C2610), LoanDelinquency-Part1 (C393x), EMICalculation
(C319x) and Loan (C3225). Dates and figures only, in our own tables; each case has its scenario's
id. Charges known before they fell due are in the schedule. Refunds and goodwill credits are
payments.
"""

import pytest

from recovery.documents.questions.evaluation import answer_evaluation
from tests.published.tables import ORDER, amounts, facts, level, rows_of, schedule, table

BY_COMPONENT = {"by": "component"}
LAST, REDUCE = {"prepayment": "last_instalment"}, {"prepayment": "reduce_instalment"}
FEE_LAST = {"order": ["penalty", "interest", "principal", "fee"]}


def ask(instalments, happened, as_of, allocation=None):
    policy = {"allocation": {"order": ORDER, **(allocation or {})}}
    loan = {"currency": "EUR", "instalments": instalments}
    return answer_evaluation({"loan": loan, **happened, "policy": policy, "as_of": as_of})


# Four times 250.00, with a 20.00 penalty on the last two and another a day later.
AUTUMN = schedule(
    ("2023-09-01", 250), ("2023-09-16", 250), ("2023-10-01", 250, 0, 0, 20),
    ("2023-10-16", 250, 0, 0, 20), ("2023-10-17", 0, 0, 0, 20),
)  # fmt: skip
FIRST_TWO = (
    (250, 250, 0, 0, 0, "2023-09-01"), (250, 250, 0, 0, 0, "2023-09-16"),
)  # fmt: skip
LATE, AHEAD = "2023-10-17", "2023-09-17"


@pytest.mark.parametrize(
    ("on", "amount", "allocation", "rows"),
    [
        pytest.param(LATE, 15, {},
            ((270, 15, 0, 15, 255), (270, 0, 0, 0, 270), (20, 0, 0, 0, 20)), id="C2946"),
        pytest.param(LATE, 15, BY_COMPONENT,
            ((270, 15, 0, 15, 255), (270, 0, 0, 0, 270), (20, 0, 0, 0, 20)), id="C2947"),
        pytest.param(LATE, 35, {},
            ((270, 35, 0, 35, 235), (270, 0, 0, 0, 270), (20, 0, 0, 0, 20)), id="C2948"),
        pytest.param(LATE, 35, BY_COMPONENT,
            ((270, 20, 0, 20, 250), (270, 15, 0, 15, 255), (20, 0, 0, 0, 20)), id="C2949"),
        pytest.param(LATE, 350, {},
            ((270, 270, 0, 270, 0, LATE), (270, 80, 0, 80, 190), (20, 0, 0, 0, 20)), id="C2950"),
        pytest.param(LATE, 350, BY_COMPONENT,
            ((270, 270, 0, 270, 0, LATE), (270, 80, 0, 80, 190), (20, 0, 0, 0, 20)), id="C2951"),
        pytest.param(AHEAD, 35, LAST,
            ((270, 0, 0, 0, 270), (270, 15, 15, 0, 255), (20, 20, 20, 0, 0, AHEAD)), id="C2952"),
        pytest.param(AHEAD, 35, BY_COMPONENT | LAST,
            ((270, 0, 0, 0, 270), (270, 15, 15, 0, 255), (20, 20, 20, 0, 0, AHEAD)), id="C2953"),
        pytest.param(AHEAD, 30, REDUCE,
            ((270, 10, 10, 0, 260), (270, 10, 10, 0, 260), (20, 10, 10, 0, 10)), id="C2956"),
        pytest.param(AHEAD, 30, BY_COMPONENT | REDUCE,
            ((270, 10, 10, 0, 260), (270, 10, 10, 0, 260), (20, 10, 10, 0, 10)), id="C2957"),
    ],
)  # fmt: skip
def test_instalment_first_component_first_and_prepayment(on, amount, allocation, rows) -> None:
    paid = (("2023-09-01", 250), ("2023-09-16", 250), (on, amount))
    assert rows_of(ask(AUTUMN, facts(paid), on, allocation)) == table(*FIRST_TWO, *rows)


MONTHS = "2023-02-01 2023-03-01 2023-04-01"
THREE, FLAT = level(MONTHS, 1000), level(MONTHS, 1000, 30)
OPEN, OPEN_FLAT = (1000, 0, 0, 0, 1000), (1030, 0, 0, 0, 1030)
DUE = "2023-02-01"


@pytest.mark.parametrize(
    ("instalments", "happened", "as_of", "rows", "outstanding"),
    [
        pytest.param(THREE, facts([(DUE, 1500)]), DUE,
            ((1000, 1000, 0, 0, 0, DUE), (1000, 500, 500, 0, 500), OPEN),
            {"principal": 1500}, id="C2657"),
        pytest.param(THREE, facts([(DUE, 500)], penalties=[(DUE, 50)]), DUE,
            ((1050, 500, 0, 0, 550), OPEN, OPEN), {"principal": 2550}, id="C2658"),
        pytest.param(THREE, facts([(DUE, 500)], fees=[(DUE, 50)]), DUE,
            ((1050, 500, 0, 0, 550), OPEN, OPEN), {"principal": 2550}, id="C2659"),
        pytest.param(FLAT, facts([(DUE, 500)]), DUE,
            ((1030, 500, 0, 0, 530), OPEN_FLAT, OPEN_FLAT),
            {"principal": 2530, "interest": 60}, id="C2660"),
        pytest.param(THREE, facts([(DUE, 500)], penalties=[(DUE, 50)], fees=[(DUE, 50)]), DUE,
            ((1100, 500, 0, 0, 600), OPEN, OPEN), {"principal": 2600}, id="C2661"),
        pytest.param(THREE, facts([("2023-01-15", 500)], penalties=[("2023-01-15", 50)]),
            "2023-01-15", ((1050, 500, 500, 0, 550), OPEN, OPEN), {"principal": 2550}, id="C2662"),
        pytest.param(THREE, facts([("2023-01-15", 1100)], penalties=[("2023-01-15", 50)] * 2),
            "2023-01-15", ((1100, 1100, 1100, 0, 0, "2023-01-15"), OPEN, OPEN),
            {"principal": 2000}, id="C2664"),
        pytest.param(FLAT, facts([("2023-01-15", 1180)], penalties=[("2023-01-15", 50)] * 2,
            fees=[("2023-01-15", 50)]), "2023-01-15",
            ((1180, 1180, 1180, 0, 0, "2023-01-15"), OPEN_FLAT, OPEN_FLAT),
            {"principal": 2000, "interest": 60}, id="C2666"),
        pytest.param(FLAT, facts([("2023-01-15", 1180, "2023-01-15")],
            penalties=[("2023-01-15", 50)] * 2, fees=[("2023-01-15", 50)]), "2023-01-15",
            ((1180, 0, 0, 0, 1180), OPEN_FLAT, OPEN_FLAT),
            {"principal": 3000, "interest": 90, "fee": 50, "penalty": 100}, id="C2667"),
    ],
)  # fmt: skip
def test_penalty_fee_interest_principal(instalments, happened, as_of, rows, outstanding) -> None:
    answer = ask(instalments, happened, as_of)
    assert rows_of(answer) == table(*rows)
    total = sum(outstanding.values())
    assert amounts(answer["outstanding"]) == amounts({**outstanding, "total": total})


ONCE = level(DUE, 1000)
UNDONE = facts(
    [("2023-01-25", 1020, "2023-01-28"), (DUE, 1040, "2023-02-05"), ("2023-02-08", 1060)],
    penalties=[("2023-01-28", 20), ("2023-02-08", 20)],
    fees=[("2023-01-10", 20)],
)
PART = facts([("2023-01-25", 500), (DUE, 520)], fees=[("2023-01-10", 20)])
AGAIN = facts(
    [("2023-01-10", 1000, "2023-01-25"), ("2023-01-28", 520), (DUE, 500)],
    penalties=[("2023-01-25", 20)],
)


@pytest.mark.parametrize(
    ("happened", "as_of", "rows", "owed"),
    [
        pytest.param(facts([("2023-01-25", 500), (DUE, 500)]), DUE,
            ((1000, 1000, 500, 0, 0, DUE),), {}, id="C2699"),
        pytest.param(PART, "2023-01-25", ((1020, 500, 500, 0, 520),),
            {"principal": 500, "fee": 20, "total": 520}, id="C2700 in advance"),
        pytest.param(PART, DUE, ((1020, 1020, 500, 0, 0, DUE),), {}, id="C2700"),
        pytest.param(AGAIN, "2023-01-28", ((1020, 520, 520, 0, 500),),
            {"principal": 500, "total": 500}, id="C2701 in advance"),
        pytest.param(AGAIN, DUE, ((1020, 1020, 520, 0, 0, DUE),), {}, id="C2701"),
        pytest.param(UNDONE, "2023-01-25", ((1020, 1020, 1020, 0, 0, "2023-01-25"),), {},
            id="C2698 in advance"),
        pytest.param(UNDONE, DUE, ((1040, 1040, 0, 0, 0, DUE),), {}, id="C2698 when due"),
        pytest.param(UNDONE, "2023-02-08", ((1040, 1040, 0, 1040, 0, "2023-02-08"),
            (20, 20, 0, 0, 0, "2023-02-08")), {}, id="C2698"),
    ],
)  # fmt: skip
def test_penalty_interest_principal_fee_and_reversals(happened, as_of, rows, owed) -> None:
    answer = ask(ONCE, happened, as_of, FEE_LAST)
    assert rows_of(answer) == table(*rows)
    assert amounts(answer["outstanding"]) == amounts(owed)


AUGUST = (("2024-08-08", 76.48), ("2024-08-13", 35.44, "2024-08-15"),
          ("2024-08-22", 35.44, "2024-08-24"), ("2024-08-22", 38.24))  # fmt: skip
SUMMER = "2024-07-01 2024-08-01 2024-09-01"
LEVEL = schedule(
    ("2024-07-01", 246.28, 10), ("2024-08-01", 248.74, 7.54),
    ("2024-09-01", 251.23, 5.05), ("2024-10-01", 253.75, 2.54),
)  # fmt: skip
LEVEL_OPEN = ((256.28, 0, 0, 0, 256.28), (256.28, 0, 0, 0, 256.28), (256.29, 0, 0, 0, 256.29))
SMALL = schedule(
    ("2024-02-01", 16.34, 0.79), ("2024-03-01", 16.47, 0.66), ("2024-04-01", 16.6, 0.53),
    ("2024-05-01", 16.73, 0.4), ("2024-06-01", 16.86, 0.27), ("2024-07-01", 17, 0.13),
)  # fmt: skip
SMALL_OPEN = ((17.13, 0, 0, 0, 17.13),) * 5


def after_maturity(first_penalty, second_penalty):
    return schedule(
        ("2024-08-23", 111.92, 0, 0, first_penalty), ("2024-08-24", 0, 0, 0, second_penalty)
    )


@pytest.mark.parametrize(
    ("instalments", "happened", "as_of", "allocation", "rows", "credit"),
    [
        pytest.param(level(SUMMER + " 2024-10-01", 250), facts([("2024-06-15", 50)]),
            "2024-08-01", {}, ((250, 50, 50, 0, 200), *((250, 0, 0, 0, 250),) * 3), 0, id="C3930"),
        pytest.param(LEVEL, facts(penalties=[("2024-06-20", 20)]), "2024-08-01", {},
            ((276.28, 0, 0, 0, 276.28), *LEVEL_OPEN), 0, id="C3931"),
        pytest.param(schedule(("2024-07-01", 333.33, 10), ("2024-08-01", 333.33, 10),
            ("2024-09-01", 333.34, 10)), facts([("2024-07-15", 343.33)]), "2024-08-01", {},
            ((343.33, 343.33, 0, 343.33, 0, "2024-07-15"), (343.33, 0, 0, 0, 343.33),
             (343.34, 0, 0, 0, 343.34)), 0, id="C3932"),
        pytest.param(SMALL, facts([("2024-01-05", 17.13)]), "2024-01-05", LAST,
            (*SMALL_OPEN, (17.13, 17.13, 17.13, 0, 0, "2024-01-05")), 0, id="C3196"),
        pytest.param(SMALL, facts([("2024-02-01", 17.13)]), "2024-02-01", {},
            ((17.13, 17.13, 0, 0, 0, "2024-02-01"), *SMALL_OPEN), 0, id="C3197"),
        pytest.param(after_maturity(0, 2.8), facts(AUGUST[:3]), "2024-08-25", {},
            ((111.92, 76.48, 76.48, 0, 35.44), (2.8, 0, 0, 0, 2.8)), 0, id="C3225"),
        pytest.param(after_maturity(0, 2.8), facts(AUGUST), "2024-08-28", {},
            ((111.92, 111.92, 111.92, 0, 0, "2024-08-22"), (2.8, 2.8, 2.8, 0, 0, "2024-08-22")),
            0, id="C3225 back-dated"),
        pytest.param(after_maturity(5, 2.8), facts((*AUGUST, ("2024-08-23", 10))), "2024-08-29",
            {}, ((116.92, 116.92, 114.72, 0, 0, "2024-08-23"),
                 (2.8, 2.8, 2.8, 0, 0, "2024-08-23")), 5, id="C3225 overpaid"),
    ],
)  # fmt: skip
def test_in_advance_late_and_overpaid(
    instalments, happened, as_of, allocation, rows, credit
) -> None:
    answer = ask(instalments, happened, as_of, allocation)
    assert rows_of(answer) == table(*rows)
    assert float(answer["credit"]) == credit


QUARTER = level(MONTHS, 250)
MARCH = "2023-03-30"
THRICE = (("2023-02-01", 250), ("2023-03-01", 250), (MARCH, 250))
ON_TIME = ((250, 250, 0, 0, 0, "2023-02-01"), (250, 250, 0, 0, 0, "2023-03-01"))
APRIL, END = "2023-04-01", "2023-04-25"
BACK, BACK_END = [(2, MARCH, 250)], [(2, END, 250)]
FOURTH = (*THRICE[:2], (APRIL, 250), (END, 250))


def undone(paid, on, *numbers):
    return [(*each, on) if n in numbers else each for n, each in enumerate(paid, start=1)]


@pytest.mark.parametrize(
    ("happened", "as_of", "rows"),
    [
        pytest.param(facts(THRICE, charged_back=BACK), MARCH,
            (*ON_TIME, (500, 250, 250, 0, 250)), id="C2543"),
        pytest.param(facts((*THRICE, (APRIL, 250)), charged_back=BACK), APRIL,
            (*ON_TIME, (500, 500, 250, 0, 0, APRIL)), id="C2544"),
        pytest.param(facts(undone((*THRICE, (APRIL, 250)), APRIL, 1), charged_back=BACK), APRIL,
            ((250, 250, 0, 250, 0, "2023-03-01"), (250, 250, 0, 250, 0, MARCH),
             (500, 250, 0, 0, 250)), id="C2545"),
        pytest.param(facts(undone((*THRICE, (APRIL, 250)), APRIL, 1, 3), charged_back=BACK), APRIL,
            ((250, 250, 0, 250, 0, "2023-03-01"), (250, 250, 0, 250, 0, APRIL),
             (500, 0, 0, 0, 500)), id="C2546"),
        pytest.param(facts((*undone(THRICE, MARCH, 3), (APRIL, 270)), fees=[(MARCH, 20)],
            charged_back=[(2, APRIL, 250)]), APRIL, (*ON_TIME, (520, 270, 0, 0, 250)), id="C2547"),
        pytest.param(facts(FOURTH, charged_back=BACK_END), END, (*ON_TIME,
            (250, 250, 0, 0, 0, APRIL), (250, 250, 0, 0, 0, END)), id="C2609"),
        pytest.param(facts(undone(FOURTH, END, 1), charged_back=BACK_END), END,
            ((250, 250, 0, 250, 0, "2023-03-01"), (250, 250, 0, 250, 0, APRIL),
             (250, 250, 0, 250, 0, END), (250, 0, 0, 0, 250)), id="C2610"),
    ],
)  # fmt: skip
def test_a_chargeback_is_owed_again(happened, as_of, rows) -> None:
    assert rows_of(ask(QUARTER, happened, as_of)) == table(*rows)


MONTH = level("2022-01-31", 1000)
SPRING = level("2022-02-01 2022-03-01 2022-04-01", 250)
DUES = (("2022-02-01", 250), ("2022-03-01", 250), ("2022-04-01", 250))
FEB, LATER, MAY = "2022-02-25", "2022-04-25", "2022-05-01"
BOUNCED = (*undone(DUES, "2022-04-01", 3), ("2022-04-05", 260))
CREDITS = (("2022-02-01", 1000), ("2022-01-15", 1000), ("2022-01-17", 100), ("2022-01-18", 100),
           ("2022-01-19", 100))  # fmt: skip


@pytest.mark.parametrize(
    ("instalments", "happened", "as_of", "outstanding", "credit"),
    [
        pytest.param(MONTH, facts([("2022-02-01", 1000)], charged_back=[(1, FEB, 250)]), FEB,
            250, 0, id="C2441"),
        pytest.param(SPRING, facts(DUES, charged_back=[(3, LATER, 250)]), LATER,
            250, 0, id="C2443"),
        pytest.param(SPRING, facts((*DUES, (LATER, 250)), charged_back=[(3, LATER, 250)]), LATER,
            0, 0, id="C2444"),
        pytest.param(SPRING, facts((*DUES, (LATER, 250)),
            charged_back=[(3, LATER, 250), (4, MAY, 200)]), MAY, 200, 0, id="C2445"),
        pytest.param(SPRING, facts(BOUNCED, penalties=[("2022-04-01", 10)],
            charged_back=[(4, LATER, 250)]), LATER, 250, 0, id="C2446"),
        pytest.param(MONTH, facts([("2022-02-01", 1200)], charged_back=[(1, FEB, 250)]), FEB,
            50, 0, id="C2447"),
        pytest.param(MONTH, facts([("2022-02-01", 1300)], charged_back=[(1, FEB, 250)]), FEB,
            0, 50, id="C2448"),
        pytest.param(MONTH, facts([("2022-02-01", 1250)], charged_back=[(1, FEB, 250)]), FEB,
            0, 0, id="C2449"),
        pytest.param(MONTH, facts(CREDITS, charged_back=[(1, FEB, 1000)]), FEB, 0, 300, id="C2486"),
    ],
)  # fmt: skip
def test_what_is_left_after_a_chargeback(instalments, happened, as_of, outstanding, credit) -> None:
    answer = ask(instalments, happened, as_of)
    assert float(answer["outstanding"]["total"]) == outstanding
    assert float(answer["credit"]) == credit

"""What is odd in a question is answered, and said."""

from __future__ import annotations

from typing import Any

from recovery.documents.questions.evaluation import answer_evaluation


def question(principal: str = "200.00", paid_on: str = "2026-01-05") -> dict[str, Any]:
    rows = [
        {"number": number, "due_date": f"2026-0{number + 1}-01", "principal": "100.00"}
        for number in (1, 2)
    ]
    loan = {"currency": "EUR", "principal": principal, "disbursed_on": "2026-01-01"}
    return {
        "loan": {**loan, "id": "L-7", "instalments": rows},
        "payments": [{"id": "P-1", "value_date": paid_on, "amount": "10.00"}],
        "as_of": "2026-02-02",
    }


def test_a_payment_before_the_disbursement_is_odd() -> None:
    assert answer_evaluation(question(paid_on="2025-12-31"))["warnings"] == [
        {
            "field": "payments.0.value_date",
            "reason": "is before the loan was disbursed, on 2026-01-01",
        }
    ]


def test_a_principal_that_the_instalments_do_not_repay_is_odd() -> None:
    assert answer_evaluation(question(principal="210.00"))["warnings"] == [
        {"field": "loan.principal", "reason": "is not what the instalments repay, 200.00 EUR"}
    ]


def test_nothing_odd_is_not_said_and_the_id_of_the_loan_is_echoed() -> None:
    answer = answer_evaluation(question())
    assert "warnings" not in answer
    assert answer["id"] == "L-7"
    assert answer_evaluation({**question(), "id": 3})["id"] == 3


def test_each_loan_of_a_borrower_has_its_own() -> None:
    asked = {"loans": [_without_day(question(principal="210.00")), _without_day(question())]}
    first, second = answer_evaluation({**asked, "as_of": "2026-02-02"})["loans"]
    assert "warnings" in first and "warnings" not in second


def _without_day(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "as_of"}

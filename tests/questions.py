"""Questions about a loan for tests: give what is special, the rest is ordinary."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from recovery.documents.questions.evaluation import answer_evaluation
from recovery.documents.shared.problems import InvalidDocumentError

QUESTION: dict[str, Any] = {
    "id": "L-1",
    "loan": {
        "currency": "EUR",
        "principal": "200.00",
        "disbursed_on": "2026-01-01",
        "annual_rate_pct": "24",
        "instalments": [
            {
                "number": number,
                "due_date": f"2026-0{number + 1}-01",
                "principal": "100.00",
                "interest": "4.00",
                "fee": "1.00",
                "penalty": "0",
            }
            for number in (1, 2)
        ],
    },
    "payments": [{"id": "P-1", "value_date": "2026-01-20", "amount": "60.00"}],
    "pauses": [{"from": "2026-02-05", "to": "2026-02-15"}],
    "policy": {
        "grace_days": 3,
        "allocation": {"order": ["penalty", "fee", "interest", "principal"], "by": "instalment"},
        "buckets": [{"name": "1-30", "min_days": 1, "max_days": 30}],
    },
    "as_of": "2026-03-01",
}


def ask(**changes: Any) -> dict[str, Any]:
    return answer_evaluation({**copy.deepcopy(QUESTION), **changes})


def loan(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(QUESTION["loan"]), **changes}


def fields_of(**changes: Any) -> list[str]:
    with pytest.raises(InvalidDocumentError) as refused:
        ask(**changes)
    assert all(each.reason and each.remedy for each in refused.value.problems)
    return [each.field for each in refused.value.problems]

"""Build a schedule from a question's terms."""

from __future__ import annotations

import json
from typing import Any

from recovery.documents.questions.evaluation import echoed_id
from recovery.documents.questions.loan_question import LoanQuestion, ScheduleQuestion
from recovery.documents.questions.loan_reading import read_loan
from recovery.documents.shared.problems import validated
from recovery.domain.accounting.loan import Instalment, sum_components
from recovery.domain.shared.money import to_decimal_text, to_decimal_texts


def schedule_schema() -> str:
    """Return the question's JSON Schema."""
    return json.dumps(ScheduleQuestion.model_json_schema(by_alias=True), indent=2)


def answer_schedule(values: Any) -> dict[str, Any]:
    """Answer one question, given as JSON values. Raises InvalidDocumentError.

    ``loan`` repeats the question's, with the instalments beside the terms.
    """
    question: ScheduleQuestion = validated(ScheduleQuestion, values)
    account = read_loan(LoanQuestion(loan=question.loan))
    rows = [instalment_text(each, account.currency) for each in account.schedule]
    totals = sum_components(each.due for each in account.schedule)
    dues = [to_decimal_text(each.due.total, account.currency) for each in account.schedule]
    return {
        **echoed_id(question.id),
        "instalments": [{**row, "due": due} for row, due in zip(rows, dues, strict=True)],
        "total": to_decimal_texts(totals.with_total(), account.currency),
        "loan": {**values["loan"], "instalments": rows},
    }


def instalment_text(each: Instalment, currency: str) -> dict[str, Any]:
    """Format an instalment as a question accepts it."""
    parts = to_decimal_texts(each.due._asdict(), currency)
    return {"number": each.number, "due_date": each.due_date.isoformat(), **parts}

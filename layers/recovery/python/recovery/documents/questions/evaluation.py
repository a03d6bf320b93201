"""A question in, an answer out: evaluating loans without a system around them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from recovery.documents.questions.evaluation_policy import EvaluationPolicy, read_policy_body
from recovery.documents.questions.loan_question import BorrowerQuestion, EvaluationQuestion
from recovery.documents.questions.loan_reading import LoanCase, read_loan
from recovery.documents.shared.fields import InvalidDocumentError
from recovery.documents.shared.mistakes import validated
from recovery.domain.monitoring.contagion import pulled_to
from recovery.domain.monitoring.evaluation import Evaluation, evaluate
from recovery.domain.shared.errors import RefusedError
from recovery.domain.shared.money import texts, to_decimal_text


def evaluation_schema() -> str:
    """The JSON Schema of a question."""
    return json.dumps(EvaluationQuestion.model_json_schema(by_alias=True), indent=2)


def answer_evaluation(values: Any) -> dict[str, Any]:
    """The answer to one question, given as JSON values. Raises InvalidDocumentError.

    A question with ``loans`` is about all loans of a borrower: the answer has one for each.
    """
    if isinstance(values, Mapping) and "loans" in values:
        return _answer_borrower(validated(BorrowerQuestion, values))
    question: EvaluationQuestion = validated(EvaluationQuestion, values)
    case = read_loan(question)
    by = read_policy_body(question.policy, case.currency, case.first_year, question.as_of)
    return {**echoed(question.id), **evaluation_answer(_evaluation(case, by, question), case)}


def _evaluation(case: LoanCase, by: EvaluationPolicy, question: Any) -> Evaluation:
    try:
        return evaluate(
            case.schedule,
            case.history,
            by.policy,
            question.as_of,
            late_charges=by.late_charges,
            days_between=by.days_between,
        )
    except RefusedError as error:
        told = {"field": error.field, "reason": error.reason, "remedy": error.remedy}
        raise InvalidDocumentError([told]) from None


def _answer_borrower(question: BorrowerQuestion) -> dict[str, Any]:
    cases = [read_loan(each, f"loans.{at}.") for at, each in enumerate(question.loans)]
    currencies = {case.currency for case in cases}
    if len(currencies) > 1:
        reason = f"are in {' and '.join(sorted(currencies))}"
        raise InvalidDocumentError(
            [{"field": "loans", "reason": reason, "remedy": "Ask for each currency apart"}]
        )
    first_year = min(case.first_year for case in cases)
    by = read_policy_body(question.policy, cases[0].currency, first_year, question.as_of)
    evaluations = [_evaluation(case, by, question) for case in cases]
    pulled = by.contagion and pulled_to([each.standing for each in evaluations], by.contagion)
    answers = []
    for asked, case, evaluation in zip(question.loans, cases, evaluations, strict=True):
        answer = {**echoed(asked.id), **evaluation_answer(evaluation, case)}
        owes = evaluation.standing.outstanding.total > 0
        if pulled and owes and answer["bucket"] != pulled:
            answer |= {"bucket": pulled, "own_bucket": answer["bucket"]}
        answers.append(answer)
    return {**echoed(question.id), "loans": answers}


def evaluation_answer(evaluation: Evaluation, case: LoanCase) -> dict[str, Any]:
    """The evaluation as JSON values: amounts as decimal strings, dates as ISO strings.

    ``waived`` and ``restructured`` are there only when something was.
    """
    standing, ledger = evaluation.standing, evaluation.ledger

    def text(amount_minor: int) -> str:
        return to_decimal_text(amount_minor, case.currency)

    answer: dict[str, Any] = {
        "days_past_due": standing.days_past_due,
        "days_delinquent": standing.days_delinquent,
        "delinquent_since": standing.delinquent_since and standing.delinquent_since.isoformat(),
        "bucket": standing.bucket,
        "overdue": texts(standing.overdue.with_total(), case.currency),
        "outstanding": texts(standing.outstanding.with_total(), case.currency),
        "credit": text(standing.credit_minor),
        "instalments": [
            {
                "number": each.number,
                "due": text(each.due),
                "paid": text(each.paid),
                "paid_in_advance": text(each.paid_in_advance),
                "paid_late": text(each.paid_late),
                "outstanding": text(each.outstanding),
                "paid_off_on": each.paid_off_on and each.paid_off_on.isoformat(),
                "days_past_due": each.days_past_due,
                "bucket": each.bucket,
            }
            for each in evaluation.instalments
        ],
    }
    if any(ledger.waived):
        answer["waived"] = texts(ledger.waived.with_total(), case.currency)
    if version := evaluation.restructured:
        answer["restructured"] = {
            "version": version.version,
            "on": version.on.isoformat(),
            "kind": version.kind,
            "days_past_due": version.days_past_due,
        }
    return answer


def echoed(question_id: str | int | None) -> dict[str, Any]:
    """The caller's id, if there was one."""
    return {} if question_id is None else {"id": question_id}

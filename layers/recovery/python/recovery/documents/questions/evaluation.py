"""Answer questions about loans without a deployed system."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from recovery.documents.monitoring.standing import arrears_document
from recovery.documents.questions.evaluation_policy import QuestionPolicy, read_policy_body
from recovery.documents.questions.loan_question import (
    BorrowerQuestion,
    EvaluationQuestion,
    LoanQuestion,
)
from recovery.documents.questions.loan_reading import read_loan
from recovery.documents.questions.loan_warnings import loan_warnings
from recovery.documents.shared.problems import InvalidDocumentError, validated
from recovery.domain.monitoring.contagion import contagion_bucket
from recovery.domain.monitoring.evaluation import Evaluation, evaluate
from recovery.domain.schedules.contract import LoanAccount
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.domain.shared.iso_dates import iso
from recovery.domain.shared.money import to_decimal_text, to_decimal_texts


def evaluation_schema() -> str:
    """Return the question's JSON Schema."""
    return json.dumps(EvaluationQuestion.model_json_schema(by_alias=True), indent=2)


def answer_evaluation(values: Any) -> dict[str, Any]:
    """Answer one question, given as JSON values. Raises InvalidDocumentError.

    A question with ``loans`` covers all loans of a borrower: the answer has one entry for each.
    """
    if isinstance(values, Mapping) and "loans" in values:
        return _answer_borrower(validated(BorrowerQuestion, values))
    question: EvaluationQuestion = validated(EvaluationQuestion, values)
    account = read_loan(question)
    policy = read_policy_body(question.policy, account.currency, account.first_year, question.as_of)
    evaluation = _evaluation(account, policy, question.as_of)
    return _answered(question, account, evaluation)


def _answered(
    question: LoanQuestion, account: LoanAccount, evaluation: Evaluation
) -> dict[str, Any]:
    """Return the answer with the question's own id, else the loan's, and what is odd about it."""
    warnings = list(loan_warnings(question, account))
    return {
        **echoed_id(question.loan.id if question.id is None else question.id),
        **evaluation_answer(evaluation, account),
        **({"warnings": warnings} if warnings else {}),
    }


def _evaluation(account: LoanAccount, policy: QuestionPolicy, as_of: date) -> Evaluation:
    try:
        return evaluate(account.schedule, account.history, policy.rules, as_of)
    except RefusedError as error:
        raise InvalidDocumentError(*error.problems) from None


def _answer_borrower(question: BorrowerQuestion) -> dict[str, Any]:
    accounts = [read_loan(each, f"loans.{path}.") for path, each in enumerate(question.loans)]
    currencies = {account.currency for account in accounts}
    if len(currencies) > 1:
        reason = f"are in {' and '.join(sorted(currencies))}"
        raise InvalidDocumentError(Problem("loans", reason, "Ask about each currency separately"))
    first_year = min(account.first_year for account in accounts)
    policy = read_policy_body(question.policy, accounts[0].currency, first_year, question.as_of)
    evaluations = [_evaluation(account, policy, question.as_of) for account in accounts]
    contagion = policy.contagion
    pulled = contagion and contagion_bucket([each.standing for each in evaluations], contagion)
    answers = []
    for asked, account, evaluation in zip(question.loans, accounts, evaluations, strict=True):
        answer = _answered(asked, account, evaluation)
        owes = evaluation.standing.outstanding.total > 0
        if pulled and owes and answer["bucket"] != pulled:
            answer |= {"bucket": pulled, "own_bucket": answer["bucket"]}
        answers.append(answer)
    return {**echoed_id(question.id), "loans": answers}


def evaluation_answer(evaluation: Evaluation, account: LoanAccount) -> dict[str, Any]:
    """Convert the evaluation to JSON values: amounts as decimal strings, dates as ISO 8601.

    ``waived`` and ``restructured`` appear only when something was.
    """
    standing, ledger = evaluation.standing, evaluation.ledger

    def text(amount_minor: int) -> str:
        return to_decimal_text(amount_minor, account.currency)

    answer: dict[str, Any] = {
        **arrears_document(standing, account.currency),
        "instalments": [
            {
                "number": each.number,
                "due": text(each.due),
                "paid": text(each.paid),
                "paid_in_advance": text(each.paid_in_advance),
                "paid_late": text(each.paid_late),
                "outstanding": text(each.outstanding),
                "paid_off_on": iso(each.paid_off_on),
                "days_past_due": each.days_past_due,
                "bucket": each.bucket,
            }
            for each in evaluation.instalments
        ],
    }
    if any(ledger.waived):
        answer["waived"] = to_decimal_texts(ledger.waived.with_total(), account.currency)
    if version := evaluation.restructured:
        answer["restructured"] = {
            "version": version.version,
            "on": version.on.isoformat(),
            "kind": version.kind,
            "days_past_due": version.days_past_due,
        }
    return answer


def echoed_id(question_id: str | int | None) -> dict[str, Any]:
    """Return the caller's id, if there was one."""
    return {} if question_id is None else {"id": question_id}

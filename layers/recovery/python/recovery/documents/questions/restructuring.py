"""Restructure a loan from a question: the new schedule version, and what it changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from recovery.documents.agreements.restructuring_action import AnyAction, read_action
from recovery.documents.questions.evaluation import echoed_id, evaluation_answer
from recovery.documents.questions.evaluation_policy import read_policy_body
from recovery.documents.questions.loan_question import (
    LoanQuestion,
    PolicyBody,
    VersionBody,
)
from recovery.documents.questions.loan_reading import read_loan
from recovery.documents.questions.schedules import instalment_text
from recovery.documents.shared.fields import Day, Percent
from recovery.documents.shared.problems import InvalidDocumentError, ProblemList, validated
from recovery.domain.accounting.loan import Components, Instalment
from recovery.domain.agreements.present_value import DIMINISHED_OBLIGATION_PCT, PresentValueChange
from recovery.domain.agreements.restructuring import Restructuring, restructure
from recovery.domain.schedules.contract import LoanAccount
from recovery.domain.shared.errors import RefusedError
from recovery.domain.shared.iso_dates import iso
from recovery.domain.shared.money import to_decimal_text, to_decimal_texts

_HUNDREDTH = Decimal("0.01")


class RestructuringQuestion(LoanQuestion):
    """What would this loan's schedule be after this action, and what would change?"""

    action: Annotated[AnyAction, Field(discriminator="kind")]
    policy: PolicyBody | None = None
    discount_rate_pct: Percent | None = None
    as_of: Day


def restructuring_schema() -> str:
    """Return the question's JSON Schema."""
    return json.dumps(RestructuringQuestion.model_json_schema(by_alias=True), indent=2)


def answer_restructuring(values: Any) -> dict[str, Any]:
    """Answer one question, given as JSON values. Raises InvalidDocumentError."""
    question: RestructuringQuestion = validated(RestructuringQuestion, values)
    account = read_loan(question)
    on = question.action.on or question.as_of
    problems = ProblemList(account.currency)
    if on > question.as_of:
        problems.add("action.on", "is after as_of", "Use as_of or a day before it")
    if any(version.on > on for version in account.history.versions):
        problems.add("action.on", "is before a later version", "Use that version's day or later")
    action = read_action(question.action, problems)
    problems.raise_if_any()
    policy = read_policy_body(question.policy, account.currency, account.first_year, question.as_of)
    try:
        done = restructure(
            account,
            action,
            on,
            policy.rules,
            waive=tuple(question.action.waive),
            discount_rate_pct=question.discount_rate_pct,
        )
    except RefusedError as error:
        raise InvalidDocumentError(
            *(replace(each, field=_field(each.field, question.action)) for each in error.problems)
        ) from None
    kept = _kept(done, account)
    try:
        validated(VersionBody, kept)
    except InvalidDocumentError as error:
        first = error.problems[0]
        problems.add(
            "action",
            f"makes a schedule no question can have: {first.field} {first.reason}",
            "Use fewer instalments, or shorter steps",
        )
        problems.raise_if_any()
    return {**echoed_id(question.id), **_answer(done, account, values["loan"], kept)}


def _field(field: str, action: Any) -> str:
    """Return the question's field for a domain field: schedule terms belong to the action."""
    if field.startswith(("action", "loan", "policy")):
        return field
    if field == "annual_rate_pct":
        asked = getattr(action, "new_rate_pct", None)
        return "loan.annual_rate_pct" if asked is None else "action.new_rate_pct"
    return "action"


def _kept(done: Restructuring, account: LoanAccount) -> dict[str, Any]:
    """Format the version as the next question needs it."""
    currency, version, rate_pct = account.currency, done.version, done.version.annual_rate_pct
    return {
        "version": version.version,
        "on": version.on.isoformat(),
        "kind": version.kind,
        "days_past_due": version.days_past_due,
        "due_before": version.due_before
        and to_decimal_texts(version.due_before._asdict(), currency),
        "waived": to_decimal_texts(version.waived._asdict(), currency),
        "annual_rate_pct": None if rate_pct is None else f"{rate_pct:f}",
        "instalments": [instalment_text(each, currency) for each in version.instalments],
    }


def _answer(
    done: Restructuring, account: LoanAccount, loan: Mapping[str, Any], kept: Mapping[str, Any]
) -> dict[str, Any]:
    currency, version = account.currency, done.version
    position = done.after.ledger.position
    rows = zip(version.instalments, position.paid, position.paid_off_on, strict=True)
    return {
        "version": version.version,
        "on": version.on.isoformat(),
        "kind": version.kind,
        "instalments": [
            {
                **instalment_text(each, currency),
                "due": to_decimal_text(each.due.total, currency),
                "paid": to_decimal_text(paid.total, currency),
                "outstanding": to_decimal_text(each.due.total - paid.total, currency),
                "paid_off_on": iso(paid_off_on),
            }
            for each, paid, paid_off_on in rows
        ],
        "changed": _changed(done, account),
        "loan": {**loan, "versions": [*loan.get("versions", []), kept]},
    }


def _changed(done: Restructuring, account: LoanAccount) -> dict[str, Any]:
    before, after = done.before, done.after

    def both(of: Any) -> dict[str, Any]:
        return {"before": of(before), "after": of(after)}

    def answers(name: str) -> dict[str, Any]:
        return both(lambda evaluation: evaluation_answer(evaluation, account)[name])

    return {
        **{name: answers(name) for name in ("days_past_due", "bucket", "overdue", "outstanding")},
        "credit": answers("credit"),
        "open_instalments": both(lambda e: sum(each.outstanding > 0 for each in e.instalments)),
        "last_due_date": both(lambda e: _last_due_date(e.ledger.schedule).isoformat()),
        "waived": to_decimal_texts(done.version.waived.with_total(), account.currency),
        "net_present_value": _present_value(done.present_value, account.currency),
    }


def _last_due_date(schedule: tuple[Instalment, ...]) -> date:
    return max(each.due_date for each in schedule if each.due != Components())


def _present_value(change: PresentValueChange, currency: str) -> dict[str, Any]:
    return {
        "before": to_decimal_text(change.before_minor, currency),
        "after": to_decimal_text(change.after_minor, currency),
        "loss_pct": str(change.loss_pct.quantize(_HUNDREDTH)),
        "annual_rate_pct": str((change.annual_rate_fraction * 100).quantize(_HUNDREDTH)),
        "threshold_pct": str(DIMINISHED_OBLIGATION_PCT),
        "is_diminished_obligation": change.is_diminished_obligation,
    }

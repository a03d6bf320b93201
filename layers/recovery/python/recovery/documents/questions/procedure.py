"""Answer which procedure a claim may take, with the rule and source of every reason."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from recovery.documents.packs.holidays import public_holidays
from recovery.documents.packs.reading import (
    EU,
    careful_claim_pack,
    claim_pack,
    eu_members,
    judicial_pack,
)
from recovery.documents.questions.claim_reading import read_claim
from recovery.documents.questions.evaluation import echoed_id
from recovery.documents.questions.procedure_question import ProcedureQuestion
from recovery.documents.shared.problems import InvalidDocumentError, validated
from recovery.documents.shared.request_body import read_values
from recovery.domain.judicial.amicable import Checked, checklist
from recovery.domain.judicial.cross_border import decide_across_borders
from recovery.domain.judicial.decision import decide
from recovery.domain.judicial.facts import Facts
from recovery.domain.judicial.finding import Alternative, Decision, Finding
from recovery.domain.judicial.law import Law
from recovery.domain.judicial.listing import decide_listing
from recovery.domain.judicial.rules import JudicialRule
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.domain.shared.money import Money, to_decimal_text

_UNION = EU.upper()
_REMEDIES = {"": "Send one JSON object with jurisdiction, as_of and facts"}
_WARNINGS = {
    "M": "known only from what others write about it",
    "U": "unverified: it may warn and restrain, never permit",
}
_CONFIDENCES = "HMU"  # the later, the lower


def procedure_schema() -> str:
    """Return the question's JSON Schema."""
    return json.dumps(ProcedureQuestion.model_json_schema(by_alias=True), indent=2)


def answer_procedure_body(body: str | None) -> dict[str, Any]:
    """Answer the question in a request's body. Raises InvalidDocumentError."""
    return answer_procedure(read_values(body, _REMEDIES, digits_of="fractions"))


def answer_procedure(values: Any) -> dict[str, Any]:
    """Answer one question, given as JSON values. Raises InvalidDocumentError."""
    question: ProcedureQuestion = validated(ProcedureQuestion, values, remedies=_REMEDIES)
    facts, on = read_claim(question), question.as_of
    decision = _decided(question, facts, on)
    answer = {**echoed_id(question.id), **procedure_answer(decision, on)}
    if facts.amicable is not None:
        law = _law(_courts(question, facts), on)
        answer["checklist"] = [_item(each) for each in checklist(facts.amicable, law)]
    return answer


def read_procedure(values: Any) -> tuple[Facts, Law, Decision]:
    """Return what a question says, the law that answers it, and the decision.

    Raises InvalidDocumentError.
    """
    question: ProcedureQuestion = validated(ProcedureQuestion, values, remedies=_REMEDIES)
    facts, on = read_claim(question), question.as_of
    return facts, _law(_courts(question, facts), on), _decided(question, facts, on)


def _decided(question: ProcedureQuestion, facts: Facts, on: date) -> Decision:
    place = question.jurisdiction
    if question.facts.action == "credit_bureau_listing":
        return decide_listing(facts, _law(place, on))
    if place != _UNION and facts.cross_border is not True:
        return decide(facts, _law(place, on))
    courts = _courts(question, facts)
    national = _law(courts, on) if courts != _UNION else None
    return decide_across_borders(facts, _law(_UNION, on), national, eu_members())


def _courts(question: ProcedureQuestion, facts: Facts) -> str:
    """Return the country whose courts would hear the claim, EU if its law is not known."""
    place = question.jurisdiction
    courts = facts.debtor_country or place
    if place != _UNION and facts.cross_border is not True:
        return place
    known = courts in eu_members() and judicial_pack(courts).own is not None
    return courts if known else _UNION


def _law(place: str, on: date) -> Law:
    try:
        claims = careful_claim_pack() if place == _UNION else claim_pack(place)
        return Law(place, judicial_pack(place), on, claims, public_holidays(place))
    except RefusedError:
        remedy = "Use an ISO 3166 code in capitals, such as ES, or EU"
        problem = Problem("jurisdiction", f"{place} is no country", remedy, "not_found")
        raise InvalidDocumentError(problem) from None


def procedure_answer(decision: Decision, on: date) -> dict[str, Any]:
    """Convert the decision to JSON values: amounts as numbers of the major unit, days as ISO 8601.

    The numbers are exact: no amount has more digits than a JSON number keeps.
    """
    rests_on = ("permits",) if decision.status == "READY" else ("stops", "needs", "closes")
    used = [each.rule for each in decision.findings if each.effect in rests_on]
    opened = [each.procedure for each in decision.alternatives if each.rule is None]
    return {
        "procedure": decision.procedure,
        "status": decision.status,
        "missing": list(decision.missing),
        "blocking": list(decision.blocking),
        **{name: _plain(value) for name, value in decision.details.items()},
        **({"alternative": opened[0]} if opened else {}),
        "confidence": max((each.confidence for each in used), key=_CONFIDENCES.index, default="U"),
        "alternatives": [_alternative(each) for each in decision.alternatives],
        "ask": [{"fact": each.fact, "why": each.why} for each in decision.ask],
        "reasons": list(_reasons(decision, on)),
    }


def _reasons(decision: Decision, on: date) -> Iterator[dict[str, Any]]:
    """Yield each rule once for what it does; what only informs, if nothing else came of it."""
    does_more = {each.rule.id for each in decision.findings if each.effect != "informs"}
    seen: set[tuple[str, str, str]] = set()
    for each in decision.findings:
        key = (each.rule.id, each.effect, each.code)
        told = each.effect == "informs" and each.rule.id in does_more
        if key not in seen and not told:
            seen.add(key)
            yield _reason(each, on)


def _reason(finding: Finding, on: date) -> dict[str, Any]:
    return {
        **({"code": finding.code} if finding.code else {}),
        "effect": finding.effect,
        **({"closes": finding.closes} if finding.closes else {}),
        **rule_answer(finding.rule, on),
    }


def rule_answer(rule: JudicialRule, on: date) -> dict[str, Any]:
    """Return a rule with its source, how far it is to be trusted, and its age on this day."""
    answer: dict[str, Any] = {
        "says": rule.says,
        "rule": rule.id,
        "source": rule.source,
        "confidence": rule.confidence,
        "valid_from": rule.valid_from.isoformat(),
        **({"valid_to": rule.valid_to.isoformat()} if rule.valid_to else {}),
        "review_by": rule.review_by.isoformat(),
        "age_days": (on - rule.valid_from).days,
    }
    if on > rule.review_by:
        return answer | {"warning": "past its review: nobody vouches that it is still the law"}
    warning = _WARNINGS.get(rule.confidence)
    return answer | ({"warning": warning} if warning else {})


def _item(each: Checked) -> dict[str, Any]:
    return {
        "item": each.item,
        "met": each.met,
        "evidence": [{"on": e.on.isoformat(), "reference": e.reference} for e in each.counted],
        "not_counted": [
            {"on": e.on.isoformat(), "reference": e.reference, "why": why}
            for e, why in each.not_counted
        ],
    }


def _alternative(each: Alternative) -> dict[str, Any]:
    answer: dict[str, Any] = {"procedure": each.procedure, "open": each.rule is None}
    if each.rule is None:
        return answer
    code = {"code": each.code} if each.code else {}
    return (
        answer | code | {"says": each.rule.says, "rule": each.rule.id, "source": each.rule.source}
    )


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Money):
        return _number(Decimal(to_decimal_text(value.amount_minor, value.currency)))
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, tuple):
        return [dict(each) if isinstance(each, Mapping) else each for each in value]
    return value


def _number(value: Decimal) -> int | float:
    """Return a JSON number that prints as the decimal does."""
    return int(value) if value == value.to_integral_value() else float(value)

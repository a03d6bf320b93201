"""Answer what can be claimed: a statement line by line, with the rule behind each line."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from recovery.documents.packs.holidays import public_holidays
from recovery.documents.packs.reading import lending_pack
from recovery.documents.questions.claim_question import ClaimQuestion, raise_if_after, read_claim
from recovery.documents.questions.evaluation import echoed_id
from recovery.documents.questions.limitation import limitation_text
from recovery.documents.questions.limitation_question import pack_of, read_history
from recovery.documents.questions.rule_text import rule_texts
from recovery.documents.shared.problems import InvalidDocumentError, validated
from recovery.domain.accounting.lending import component_order
from recovery.domain.judicial.claim import Claim, NotClaimed, calculate_claim
from recovery.domain.judicial.claim_account import ClaimLine
from recovery.domain.judicial.claim_facts import ClaimFacts
from recovery.domain.judicial.claim_rules import ClaimPack
from recovery.domain.judicial.limitation import DuePart, limitation_clocks
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.iso_dates import iso
from recovery.domain.shared.money import to_decimal_text, to_decimal_texts

BECAUSE_TEXTS = {
    "late_rate_agreed": "the rate agreed for late payment, which is lawful",
    "late_rate_reduced": "the rate agreed for late payment, reduced to what the law allows",
    "surcharge_falls_away": "the rate agreed for late payment is over the limit and falls away:"
    " the ordinary rate goes on",
    "ordinary_rate_continues": "the ordinary rate that was agreed is above the legal one: it goes"
    " on",
    "ordinary_rate_agreed": "the ordinary rate that was agreed",
    "set_by_law": "the rate that the law sets",
}
NOT_CLAIMED_TEXTS = {
    "disputed": "it is disputed",
    "time_barred": "it is too old to be claimed",
    "not_claimed": "you left it out",
    "not_due": "it is not overdue yet",
    "letter_missing": "no letter gave a last term to pay without costs",
    "sent_before_default": "the letter was sent before anything was overdue",
    "term_too_short": "the term in the letter is too short, and waiting does not repair it",
    "term_not_from_the_day_after_receipt": "the term in the letter does not run from the day after"
    " receipt, and waiting does not repair it",
    "consequence_not_stated": "the letter does not say what follows if nothing is paid",
    "amount_not_stated": "the letter does not state the costs",
    "amount_too_high": "the letter states higher costs than the law allows",
    "term_running": "the term in the letter still runs",
    "no_scale": "no scale of the law says what collection may cost",
}
GAP_TEXTS = {
    "no_statutory_rate": ("a verified legal rate", "no verified rule gives the legal rate"),
    "no_rule_for_late_rate": ("law", "no verified rule says which rate for late payment is lawful"),
    "ordinary_rate_unknown": ("ordinary_rate_pct", "what is lawful depends on the ordinary rate"),
    "ordinary_rate_over_limit": ("a lawyer", "the ordinary rate itself is over the limit"),
    "no_procedural_rate": ("a verified legal rate", "no verified rule gives the rate"),
    "no_demand": ("demanded_on", "the legal rate runs from a demand, and none is known"),
}


def claim_schema() -> str:
    """Return the question's JSON Schema."""
    return json.dumps(ClaimQuestion.model_json_schema(), indent=2)


def answer_claim(values: Any) -> dict[str, Any]:
    """Answer one question, given as JSON values. Raises InvalidDocumentError.

    The lines' amounts add up to ``total``. ``may_be_filed`` is false while it rests on a rule that
    is past its review, on an order of payments that no law gives, or on a clock that is not sure.
    """
    question: ClaimQuestion = validated(ClaimQuestion, values)
    raise_if_after(question)
    facts, pack = read_claim(question), pack_of(question.law)
    limitation, facts = _limitation(question, facts, pack)
    order = None
    if question.law is not None:
        order = component_order(lending_pack(question.law), question.as_of)
    holidays = public_holidays(question.law) if question.law else frozenset()
    claim = calculate_claim(facts, pack, order, question.as_of, holidays)
    answer = {
        **echoed_id(question.id),
        "as_of": question.as_of.isoformat(),
        "law": question.law,
        **claim_text(claim, question.currency),
    }
    if question.law is None:
        why = "no law, no lawful rate: name the contract's country"
        answer["ask"] = [{"fact": "law", "why": why}, *answer["ask"]]
        answer["may_be_filed"] = False
    if question.capacity in ("mixed", "unknown"):
        why = "who may be a consumer is protected as one"
        answer["ask"] = [*answer["ask"], {"fact": "capacity", "why": why}]
    if limitation is not None:
        answer["limitation"] = limitation
        answer["may_be_filed"] = answer["may_be_filed"] and limitation["may_be_sued"]
    return answer


def claim_text(claim: Claim, currency: str) -> dict[str, Any]:
    """Show the claim: amounts as decimal strings, and each rule that it rests on once."""
    rules = [rule for each in claim.lines for rule in each.rules]
    rules += [rule for left in claim.not_claimed for rule in left.rules]
    amounts = {
        "total": claim.total_minor,
        "principal": claim.principal_minor,
        "interest": claim.interest_minor,
        "costs": claim.costs_minor,
        "credit": claim.credit_minor,
    }
    return {
        "currency": currency,
        **to_decimal_texts(amounts, currency),
        "may_be_filed": claim.may_be_filed,
        "lines": [_line_text(each, currency) for each in claim.lines],
        "not_claimed": [_left_text(each, currency) for each in claim.not_claimed],
        "without_interest": [
            {
                "part": each.part,
                "from": each.from_on.isoformat(),
                "to": each.to_on.isoformat(),
                "why": each.why,
                "meaning": GAP_TEXTS[each.why][1],
            }
            for each in claim.gaps
        ],
        "ask": [
            {"fact": GAP_TEXTS[why][0], "why": GAP_TEXTS[why][1]}
            for why in dict.fromkeys(each.why for each in claim.gaps)
        ],
        "expired_rules": [each.id for each in claim.expired],
        "order_of_payments_known": claim.order_known,
        "rules": rule_texts(rules, claim.as_of),
    }


def _line_text(line: ClaimLine, currency: str) -> dict[str, Any]:
    """Show what the line has, and nothing that it has not."""
    text: dict[str, Any] = {
        "kind": line.kind,
        "part": line.part,
        "payment": line.payment_id,
        "from": iso(line.from_on),
        "to": iso(line.to_on),
        "days": line.days,
        "base": None if line.base_minor is None else to_decimal_text(line.base_minor, currency),
        "annual_pct": None if line.annual_pct is None else str(line.annual_pct),
        "year_days": line.year_days,
        "because": BECAUSE_TEXTS.get(line.because, line.because) or None,
        "spread": None
        if line.spread is None
        else to_decimal_texts(line.spread._asdict(), currency),
    }
    return {
        **{name: value for name, value in text.items() if value is not None},
        "amount": to_decimal_text(line.amount_minor, currency),
        "rules": [each.id for each in line.rules],
    }


def _left_text(left: NotClaimed, currency: str) -> dict[str, Any]:
    return {
        **({} if left.part is None else {"part": left.part}),
        "amount": to_decimal_text(left.amount_minor, currency),
        "why": left.why,
        "meaning": NOT_CLAIMED_TEXTS[left.why],
        "rules": [each.id for each in left.rules],
    }


def _limitation(
    question: ClaimQuestion, facts: ClaimFacts, pack: ClaimPack
) -> tuple[dict[str, Any] | None, ClaimFacts]:
    """Return the clocks of whom the claim is against, and the facts less what is barred."""
    if question.history is None:
        if question.against is not None:
            remedy = "Give history.parties, or leave against out"
            raise InvalidDocumentError(Problem("against", "means nothing without history", remedy))
        return None, facts
    parts = tuple(DuePart(part=each.part, due_on=each.due_on) for each in facts.parts)
    reading = read_history(question.history, parts, "history")
    obligors = reading.facts.obligors
    first = next(each.person_id for each in obligors if each.role == "debtor")
    against = question.against or first
    if all(each.person_id != against for each in obligors):
        known = ", ".join(each.person_id for each in obligors)
        reason = f"{against[:40]!r} is not one of the parties"
        problem = Problem("against", reason, f"Use one of: {known}", "not_found")
        raise InvalidDocumentError(problem)
    clocks = limitation_clocks(reading.facts, pack, question.as_of)
    own = [each for each in clocks if each.person_id == against]
    barred = {part for each in own if each.is_barred for part in each.parts}
    left = tuple(
        replace(each, left_out="time_barred") if each.part in barred else each
        for each in facts.parts
    )
    claimed = {each.part for each in left if each.left_out is None and each.due_on < question.as_of}
    sure = all(each.may_be_sued for each in own if not claimed.isdisjoint(each.parts))
    text = limitation_text(own, reading, question.as_of)
    shown = {"against": against, "may_be_sued": sure and bool(claimed), **text}
    return shown, replace(facts, parts=left)

"""Answer until when a debt can be claimed, from whom, and which acts counted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from recovery.documents.questions.evaluation import echoed_id
from recovery.documents.questions.limitation_question import (
    LimitationQuestion,
    LimitationReading,
    pack_of,
    read_history,
)
from recovery.documents.questions.rule_text import rule_texts
from recovery.documents.shared.problems import InvalidDocumentError, validated
from recovery.domain.judicial.limitation import Clock, DuePart, limitation_clocks
from recovery.domain.judicial.limitation_acts import WHY_TEXTS, Weighed
from recovery.domain.judicial.limitation_dates import (
    LimitationDate,
    barred_from,
    conduct,
    limitation_dates,
)
from recovery.domain.shared.errors import Problem
from recovery.domain.shared.iso_dates import iso

STATUS_TEXTS = {
    "not_due": "It is not due yet.",
    "running": "It can be claimed until the last day.",
    "pending": "A court is deciding; time stands still.",
    "unsettled": "It is too old unless something counts that nobody verified. Ask a lawyer.",
    "unverified": "No verified rule says how long it can be claimed. Ask a lawyer.",
    "time_barred": "It is too old to be claimed.",
}
# Neutral on purpose: neither a threat nor an invitation to pay.
OLD_DEBT = (
    "This debt is old. You need not pay or sign anything. Paying or signing may have legal effect;"
    " you may ask for independent advice first."
)


def limitation_schema() -> str:
    """Return the question's JSON Schema."""
    return json.dumps(LimitationQuestion.model_json_schema(), indent=2)


def answer_limitation(values: Any) -> dict[str, Any]:
    """Answer one question, given as JSON values. Raises InvalidDocumentError."""
    question: LimitationQuestion = validated(LimitationQuestion, values)
    pack = pack_of(question.law)
    parts = tuple(DuePart(part=each.part, due_on=each.due_date) for each in question.parts)
    if len({each.part for each in parts}) < len(parts):
        problem = Problem("parts", "have a name twice", "Name each part once", "duplicate")
        raise InvalidDocumentError(problem)
    reading = read_history(question, parts)
    clocks = limitation_clocks(reading.facts, pack, question.as_of)
    asked = [] if question.law else [_fact("law", "no law, no period: name the contract's country")]
    return {
        **echoed_id(question.id),
        "as_of": question.as_of.isoformat(),
        "law": question.law,
        **limitation_text(clocks, reading, question.as_of, asked),
    }


def limitation_text(
    clocks: Sequence[Clock],
    reading: LimitationReading,
    as_of: date,
    asked: Sequence[dict[str, str]] = (),
) -> dict[str, Any]:
    """Show the clocks, the days that they ask for, how to behave, and what is not known."""
    rules = [rule for each in clocks for rule in (each.rule, *each.suspended)]
    rules += [
        rule
        for clock in clocks
        for each in (*clock.counted, *clock.not_counted)
        for rule in each.rules
    ]
    dates = limitation_dates(clocks, reading.alarm_days)
    return {
        "clocks": [_clock_text(each) for each in clocks],
        "next_dates": [_date_text(each) for each in dates if each.on > as_of],
        "past_dates": [_date_text(each) for each in dates if each.on <= as_of],
        "persons": [
            _person_text([each for each in clocks if each.person_id == person], person, as_of)
            for person in dict.fromkeys(each.person_id for each in clocks)
        ],
        "ask": [*asked, *_ask(clocks, reading)],
        "rules": rule_texts(rules, as_of),
    }


def _clock_text(clock: Clock) -> dict[str, Any]:
    return {
        "person": clock.person_id,
        "parts": list(clock.parts),
        "claim": clock.claim,
        "status": clock.status,
        "meaning": STATUS_TEXTS[clock.status],
        "started_on": clock.started_on.isoformat(),
        "prescribes_on": iso(clock.prescribes_on),
        "may_prescribe_on": iso(clock.may_prescribe_on),
        "may_be_sued": clock.may_be_sued,
        "court_applies_it_unasked": clock.rule.ex_officio,
        "rule": clock.rule.id,
        "counted": [_act_text(each) for each in clock.counted],
        "not_counted": [
            {
                **_act_text(each),
                "why": each.why,
                "meaning": WHY_TEXTS[each.why] if each.why else "",
                "may_count": each.may_count,
            }
            for each in clock.not_counted
        ],
        "suspended": [
            {"from": each.first_on.isoformat(), "to": each.last_on.isoformat(), "rule": each.id}
            for each in clock.suspended
        ],
    }


def _act_text(weighed: Weighed) -> dict[str, Any]:
    act = weighed.act
    return {
        "id": act.act_id,
        "act": act.act,
        "on": act.on.isoformat(),
        "proof": act.proof,
        "persons": list(act.persons),
        "stands_to_them_as": weighed.relation,
        "rules": [each.id for each in weighed.rules],
    }


def _date_text(each: LimitationDate) -> dict[str, Any]:
    return {
        "on": each.on.isoformat(),
        "kind": each.kind,
        "days_before": each.days_before,
        "person": each.person_id,
        "parts": list(each.parts),
    }


def _person_text(clocks: Sequence[Clock], person: str, as_of: date) -> dict[str, Any]:
    found = conduct(clocks)
    return {
        "person": person,
        "barred_parts": [part for each in clocks if each.is_barred for part in each.parts],
        "barred_from": iso(barred_from(clocks, person, as_of)),
        **asdict(found),
        "tell": OLD_DEBT if found.tell == "old_debt" else None,
    }


def _ask(clocks: Sequence[Clock], reading: LimitationReading) -> list[dict[str, str]]:
    """Name the facts that nobody said and that could change a last day."""
    facts = reading.facts
    unsaid = {
        each.act.act_id
        for clock in clocks
        for each in clock.not_counted
        if each.why == "form_unknown"
    }
    found = [
        _fact(f"acts.{index}.written", "this law counts it only in writing")
        for index, each in enumerate(facts.acts)
        if each.act_id in unsaid
    ]
    if facts.region is None and any(_depends_on_region(each) for each in clocks):
        found.append(_fact("region", "some days may not count, depending on the place"))
    return found


def _depends_on_region(clock: Clock) -> bool:
    """Whether the last day may move with the place, and it is not too late for that."""
    by_acts = any(each.may_count for each in clock.not_counted)
    moves = clock.may_prescribe_on != clock.prescribes_on and not by_acts
    return moves and clock.status != "time_barred"


def _fact(name: str, why: str) -> dict[str, str]:
    return {"fact": name, "why": why}

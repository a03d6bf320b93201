"""The draft of what is filed: a petition, a summons, or the content of a European form.

It is a draft for a lawyer and says so. What the record does not have is a blank in brackets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from recovery.domain.judicial.court_bundle import CourtBundle, CourtParty, CourtStep, named
from recovery.messages.court_voice import Voice, is_ours
from recovery.messages.writing import one_line

Answer = Mapping[str, Any]
_UNDECIDED = "undecided"


def draft(contents: Answer, bundle: CourtBundle, voice: Voice) -> Iterator[dict[str, Any]]:
    """Yield the draft for the procedure that was decided; for none, what a lawyer chooses from."""
    procedure = contents["decision"]["procedure"].lower()
    name = procedure if voice.knows("draft", procedure) else _UNDECIDED
    yield {"box": [voice.say("draft", "is_a_draft")]}
    yield from voice.long("draft", name, **_facts(contents, bundle, voice))


def _facts(contents: Answer, bundle: CourtBundle, voice: Voice) -> dict[str, Any]:
    decision, claim, terms = contents["decision"], contents["claim"], bundle.contract
    missing = voice.say("layout", "missing")
    debtors = [each for each in bundle.parties if each.role != "guarantor"]
    sureties = [each for each in bundle.parties if each.role == "guarantor"]
    permits = [
        each
        for each in decision["reasons"]
        if each["effect"] == "permits" and not is_ours(each["source"])
    ]
    return {
        "procedure": voice.code("procedure", decision["procedure"]),
        "loan": bundle.loan_id,
        "creditor": one_line(bundle.creditor),
        "debtors": [_person(each, voice) for each in debtors],
        "guarantors": [_person(each, voice) for each in sureties],
        "contract": one_line(terms.reference) if terms and terms.reference else missing,
        "granted_on": voice.long_day(bundle.disbursed_on),
        "granted": voice.money(sum(each.due.principal for each in bundle.first_schedule)),
        "instalments": len(bundle.first_schedule),
        "rate": f"{voice.number(bundle.annual_rate_pct)} %" if bundle.annual_rate_pct else missing,
        "called_in_on": voice.long_day(bundle.called_in_on) if bundle.called_in_on else "",
        "first_unpaid": _first_unpaid(bundle, voice),
        "total": voice.amount(claim["total"]),
        "principal": voice.amount(claim["principal"]),
        "interest": voice.amount(claim["interest"]),
        "costs": voice.amount(claim["costs"]),
        "has_costs": voice.minor(claim["costs"]) > 0,
        "calculated_on": voice.long_day(claim["as_of"]),
        "late_rates": _late_rates(claim, voice),
        "sources": list(dict.fromkeys(_article(each["source"]) for each in permits)),
        "attempts": [_attempt(each, bundle, voice) for each, _ in bundle.negotiations],
        "demands": [_demand(each, bundle, voice) for each in bundle.steps if _is_demand(each)],
        "left_out": bundle.left_out,
        "agreements": [
            voice.say(
                "draft_parts",
                "agreement",
                date=voice.long_day(each.on),
                became=voice.code("turn", each.turns[-1].status) if each.turns else "",
            )
            for each in bundle.agreements
        ],
        "defences": [_defence(each, voice) for each in bundle.disputes],
        "cross_border": bundle.country if bundle.country != bundle.law else "",
        "fee": voice.amount(decision["court_fee"]) if "court_fee" in decision else missing,
    }


def _is_demand(step: CourtStep) -> bool:
    return step.what.startswith("demand_")


def _article(source: str) -> str:
    """Return where the rule stands, without what the pack says of it in English."""
    return one_line(source.partition(": ")[0])


def _person(each: CourtParty, voice: Voice) -> dict[str, str]:
    return {
        "name": one_line(each.name),
        "role": voice.code("role", each.role),
        "amount": voice.money(each.asked_minor),
        "how": voice.code("liability", "whole" if each.whole else "share"),
    }


def _first_unpaid(bundle: CourtBundle, voice: Voice) -> str:
    """Return since when something is owed."""
    rows = zip(bundle.schedule, bundle.paid, strict=True)
    day = next((each.due_date for each, paid in rows if each.due.total > paid.total), None)
    return voice.long_day(day) if day and day < bundle.as_of else voice.say("layout", "missing")


def _late_rates(claim: Answer, voice: Voice) -> list[str]:
    found = dict.fromkeys(
        (each["annual_pct"], each["kind"]) for each in claim["lines"] if "annual_pct" in each
    )
    return [f"{voice.number(rate)} % ({voice.code('line', kind)})" for rate, kind in found]


def _attempt(each: CourtStep, bundle: CourtBundle, voice: Voice) -> str:
    return voice.say(
        "draft_parts",
        "attempt",
        to=one_line(named(each.persons, bundle.names)),
        form=voice.code("step", each.what),
        medium=voice.code("medium", each.medium),
        proof=voice.code("proof", each.proof),
        date=voice.long_day(each.on),
    )


def _demand(each: CourtStep, bundle: CourtBundle, voice: Voice) -> str:
    return voice.say(
        "draft_parts",
        "demand",
        what=voice.code("step", each.what),
        to=one_line(named(each.persons, bundle.names)),
        medium=voice.code("medium", each.medium),
        proof=voice.code("proof", each.proof),
        date=voice.long_day(each.on),
    )


def _defence(each: Any, voice: Voice) -> str:
    end = each.end
    return voice.say(
        "draft_parts",
        "defence",
        date=voice.long_day(each.dispute.on),
        about=voice.code("about", each.dispute.about),
        ended=voice.code("outcome", end.outcome) if end else "",
        answer=one_line(end.answer) if end else "",
    )

"""Convert a question about a claim to domain values; report what contradicts itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from recovery.documents.questions import claim_words
from recovery.documents.questions.act_words import read_act_words
from recovery.documents.questions.limitation_question import read_history
from recovery.documents.questions.procedure_question import (
    ActBody,
    FactsBody,
    NegotiationBody,
    ProcedureQuestion,
)
from recovery.documents.shared.problems import InvalidDocumentError, ProblemList
from recovery.domain.judicial.amicable import Evidence
from recovery.domain.judicial.collection_costs import EarlierCosts
from recovery.domain.judicial.facts import Act, Facts, Held, Letter, Negotiation
from recovery.domain.judicial.limitation import DuePart, LimitationFacts
from recovery.domain.judicial.limitation_findings import DEBTOR
from recovery.domain.shared.errors import Problem, RefusedError

CURRENCY = "EUR"  # of every amount in the packs so far
_AMOUNTS = {
    "principal_outstanding": "principal_outstanding_minor",
    "paid_in_time": "paid_in_time_minor",
    "credit_sum": "credit_sum_minor",
    "instalment": "instalment_minor",
}
_AS_THEY_ARE = (
    "title",
    "due",
    "address_known",
    "address_searched",
    "overdue_capital_ratio",
    "overdue_months",
    "overdue_days",
    "overdue_instalments",
    "notice_sent",
    "liquidation_clause",
    "balance_certificate",
    "notarised_liquidation",
    "cross_border",
    "civil_commercial",
    "certain_due",
    "informed",
)
_HOME = ("mortgage", "home")


def read_claim(question: ProcedureQuestion) -> Facts:
    """Return the facts. Raises InvalidDocumentError with every problem."""
    given, problems = question.facts, ProblemList(CURRENCY)
    values: dict[str, Any] = {name: getattr(given, name) for name in _AS_THEY_ARE}
    values |= _amounts(given, problems)
    values |= _parties(given, problems)
    values |= _steps(given, problems)
    values |= _loan(given, problems)
    values |= _protection(given)
    values["history"] = _history(given)
    for field, day in _past_days(given, values["on_stage"]):
        if day > question.as_of:
            remedy = "Leave out what had not happened by then, or ask at a later day"
            problems.add(f"facts.{field}", f"is after as_of, {question.as_of}", remedy)
    problems.raise_if_any()
    return Facts(**values)


def _amounts(given: FactsBody, problems: ProblemList) -> dict[str, int | None]:
    values: dict[str, int | None] = {}
    for name, field in _AMOUNTS.items():
        text = getattr(given, name)
        if text is not None:
            values[field] = problems.amount_minor(text, f"facts.{name}")
    principal_minor = None
    if given.claims is not None:
        principal_minor = sum(
            problems.amount_minor(each.principal, f"facts.claims.{index}")
            for index, each in enumerate(given.claims)
        )
    if given.principal is not None:
        stated_minor = problems.amount_minor(given.principal, "facts.principal")
        if principal_minor not in (None, stated_minor):
            problems.add("facts.principal", "is not the sum of claims", "Leave one of them out")
        principal_minor = stated_minor
    values["principal_minor"] = principal_minor
    values["interest_minor"] = sum(
        problems.amount_minor(text, f"facts.{name}")
        for name in ("accrued_interest_claimed", "interest")
        if (text := getattr(given, name)) is not None
    )
    paid_minor = values.get("paid_in_time_minor")
    if paid_minor and principal_minor is not None and paid_minor > principal_minor:
        reason = "is more than the principal"
        problems.add("facts.paid_in_time", reason, "Correct one of the two", "out_of_range")
    return values


def _parties(given: FactsBody, problems: ProblemList) -> dict[str, Any]:
    owes = claim_words.debtor_type(given.debtor_type, "facts.debtor_type", problems)
    described = claim_words.party_type(given.debtor)
    if owes and described and owes != described:
        problems.add("facts.debtor_type", "is not what debtor says", "Correct one of the two")
    creditor, debtor = claim_words.country(given.creditor), claim_words.country(given.debtor)
    if given.cross_border and creditor and creditor == debtor:
        problems.add(
            "facts.cross_border", f"is true, yet both parties are in {debtor}", "Correct one"
        )
    return {
        "debtor_type": owes or described,
        "creditor_is_person": given.creditor_type and given.creditor_type == "natural_person",
        "creditor_role": claim_words.creditor_role(
            given.creditor_role, "facts.creditor_role", problems
        ),
        "registered": given.wki_registered,
        "creditor_country": creditor,
        "debtor_country": debtor,
        "debtors": tuple(each.name for each in given.debtors or ()),
    }


def _steps(given: FactsBody, problems: ProblemList) -> dict[str, Any]:
    stage, on_stage = claim_words.stage(given.stage, problems)
    letter, acts, prior = given.letter14, given.interruptions, given.prior_agreement
    stated = letter.amount_stated if letter else None
    return {
        "stage": stage,
        "on_stage": on_stage,
        "dispute": claim_words.dispute(given.dispute, given="dispute" in given.model_fields_set),
        "liquid": given.liquid_due,
        "amicable": None
        if given.amicable is None
        else tuple(Evidence(**each.model_dump()) for each in given.amicable),
        "address_declared": given.responsible_declaration,
        "acts": None if acts is None else tuple(_act(each) for each in acts),
        "region": given.region,
        "parts_left_out": frozenset(given.parts_left_out),
        "costs_before": tuple(
            EarlierCosts(
                on=each.on,
                principal_minor=problems.amount_minor(
                    each.principal, f"facts.costs_before.{index}.principal"
                ),
                amount_minor=problems.amount_minor(
                    each.amount, f"facts.costs_before.{index}.amount"
                ),
            )
            for index, each in enumerate(given.costs_before)
        ),
        "vat_lost_pct": given.vat_lost,
        "negotiation": given.masc and _negotiation(given.masc, "masc", problems),
        "other_negotiations": tuple(
            _negotiation(each, f"masc_others.{index}", problems)
            for index, each in enumerate(given.masc_others)
        ),
        "letter": letter
        and Letter(
            sent=letter.sent,
            received=letter.received,
            wording=letter.wording,
            term_days=letter.term_days
            if letter.term_days is not None
            else claim_words.days_named(letter.wording),
            amount_stated_minor=None
            if stated is None
            else problems.amount_minor(stated, "facts.letter14.amount_stated"),
        ),
        "agreement": prior and claim_words.agreement(prior.form, prior.breached, problems),
        "debtor_told": given.debtor_notified,
        "guarantor": given.guarantor is not None if "guarantor" in given.model_fields_set else None,
        "guarantor_told": given.guarantor.notified if given.guarantor else None,
    }


def _act(body: ActBody) -> Act:
    """Return the act with what it means; words that nobody understands are kept as they are."""
    said = claim_words.act_in_words(body)
    try:
        return Act(
            on=body.date, kind=said, meaning=read_act_words(said, body.date, said, (DEBTOR,))
        )
    except RefusedError:
        return Act(on=body.date, kind=said)


def _history(given: FactsBody) -> LimitationFacts | None:
    """Return parts, parties and acts as they were said. Raises InvalidDocumentError."""
    body = given.history
    if body is None:
        return None
    parts = tuple(DuePart(part=each.part, due_on=each.due_date) for each in body.parts)
    if len({each.part for each in parts}) < len(parts):
        problem = Problem("facts.history.parts", "have a name twice", "Name each part once")
        raise InvalidDocumentError(problem)
    facts = read_history(body, parts, "facts.history").facts
    return replace(facts, region=body.region or given.region)


def _negotiation(body: NegotiationBody, path: str, problems: ProblemList) -> Negotiation:
    if body.received and body.closed and body.closed < body.received:
        problems.add(f"facts.{path}.closed", "is before received", "Correct one of the two")
    return Negotiation(
        kind=body.kind,
        received=body.received,
        closed=body.closed,
        proof=body.proof,
        to=None if body.to is None else tuple(body.to),
        reply=body.reply is not None or body.met is not None or body.proposal is not None,
        ended_in_writing=claim_words.ends_talks(body.reply),
        met=body.met,
        proposal=body.proposal,
    )


def _loan(given: FactsBody, problems: ProblemList) -> dict[str, Any]:
    secured = (given.secured or "").casefold()
    on_home = all(each in secured for each in _HOME)
    if secured and not on_home:
        remedy = 'Use "mortgage on habitual home", or leave it out where it is not enforced'
        problems.add("facts.secured", "is a security that is not known here", remedy)
    late, ordinary = given.late_rate, given.ordinary_rate
    if late is not None and ordinary is not None and 0 < ordinary < 1 and late < 1:
        reason = "is below 1 per cent a year, and so is ordinary_rate"
        problems.add("facts.late_rate", reason, "Give rates in per cent, such as 9.5")
    clause = claim_words.missed_to_call(given.acceleration_clause, problems)
    return {
        "home_mortgage": on_home,
        "half": claim_words.half(given.elapsed, problems),
        "consumer_credit": None if given.product is None else given.product == "consumer_credit",
        "accelerated": given.acceleration_requested,
        "accelerates_after": clause,
        "ordinary_rate_pct": ordinary,
        "late_rate_pct": late,
    }


def _protection(given: FactsBody) -> dict[str, Any]:
    values: dict[str, Any] = {"deceased": given.debtor_deceased}
    if given.debtor_insolvency:
        kind, since = claim_words.insolvency(given.debtor_insolvency)
        values |= {"insolvency": kind, "insolvent_since": since}
    if given.debt_help:
        values["help"] = claim_words.help_given(given.debt_help)
    values["held"] = tuple(
        Held(kind=each.kind, since=each.since, until=each.until, person=each.person)
        for each in given.restraints
    )
    return values


def _past_days(given: FactsBody, on_stage: date | None) -> Iterator[tuple[str, date]]:
    """Yield each day on which something is said to have been done."""
    found = {
        "stage": on_stage,
        "letter14.sent": given.letter14 and given.letter14.sent,
        "letter14.received": given.letter14 and given.letter14.received,
        "notice_sent": given.notice_sent,
        "debtor_notified": given.debtor_notified,
        "guarantor.notified": given.guarantor and given.guarantor.notified,
        "debtor_insolvency.declared": given.debtor_insolvency and given.debtor_insolvency.declared,
        "debtor_insolvency.filed": given.debtor_insolvency and given.debtor_insolvency.filed,
    }
    yield from ((name, day) for name, day in found.items() if day)
    for path, each in (
        *((("masc", given.masc),) if given.masc else ()),
        *((f"masc_others.{index}", each) for index, each in enumerate(given.masc_others)),
    ):
        for name in ("received", "closed", "met", "proposal"):
            if day := getattr(each, name):
                yield f"{path}.{name}", day
    for index, item in enumerate(given.amicable or ()):
        yield f"amicable.{index}.on", item.on
    for index, act in enumerate(given.interruptions or ()):
        yield f"interruptions.{index}.date", act.date

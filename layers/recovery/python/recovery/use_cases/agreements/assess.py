"""Judge what a person's household can repay, keep it on record, and let people decide on it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from recovery.documents.agreements.assessment_request import (
    AssessmentBody,
    AssessmentRequest,
    DecisionBody,
)
from recovery.documents.questions.assessment_question import pack_of, read_asked
from recovery.documents.questions.household_body import HouseholdBody, read_household
from recovery.documents.shared.places import known_countries
from recovery.documents.shared.problems import ProblemList
from recovery.domain.agreements.assessment import Assessment, assess
from recovery.domain.agreements.assessment_record import (
    AssessmentRecord,
    CapacityInForce,
    Decision,
    decision_problems,
)
from recovery.domain.agreements.capacity_rules import terms_of
from recovery.domain.agreements.household import Household, household_problems
from recovery.domain.agreements.people_rules import retention_days
from recovery.domain.agreements.would_be_yes import due_day
from recovery.domain.contact.borrower import Borrower
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.audit import Act, AuditEntry
from recovery.domain.shared.errors import IdTakenError, NotOnRecordError, Problem, RefusedError
from recovery.messages.writing import language_with_text
from recovery.ports.needs import (
    HasAssessments,
    HasAudit,
    HasBorrowers,
    HasInstitutions,
    HasLoans,
)
from recovery.use_cases.agreements.answer_capacity import assessment_in_words
from recovery.use_cases.agreements.own_books import OwnBooks, own_books
from recovery.use_cases.people.person import STAFF, allow, find_person, rules_for
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.retrying import retry_when_stale
from recovery.use_cases.shared.rules import Rules, rules_of

_FALLBACK = "en"  # for the people of the institution, where the person's language has no texts


class AssessmentPorts(HasAssessments, HasLoans, HasBorrowers, HasInstitutions, HasAudit, Protocol):
    """What assessments need."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """The assessment on record, and whether this call made it."""

    record: AssessmentRecord
    recorded: bool


@retry_when_stale
def record_assessment(
    institution_id: str,
    person_id: str,
    request: AssessmentRequest,
    by: Actor,
    now: datetime,
    ports: AssessmentPorts,
) -> Assessed:
    """Assess the person's household once; a repeat changes nothing.

    Raises NotAllowedError, NotOnRecordError, RefusedError, IdTakenError.
    """
    allow(by, *STAFF, to="assess what somebody can repay")
    person = find_person(person_id, ports)
    body, fingerprint = request.body, _fingerprint(request.said)
    known = ports.assessments.find(person_id, body.assessment_id)
    if known:
        if known.fingerprint != fingerprint:
            raise IdTakenError("assessment_id", f"assessment {body.assessment_id}")
        return Assessed(known, recorded=False)
    today = business_date(institution_id, now, ports.institutions)
    rules = rules_of(institution_id, today, ports.institutions)
    household = _household_body(body, person_id, today, ports)
    books = own_books(person_id, body.currency, rules, ports, without=[body.replaces])
    assessment, days = _assess(body, household, books, person, rules)
    language = body.language or language_with_text((person.language, person.second_language))
    said = assessment_in_words(assessment, language or _FALLBACK, _country(person))
    record = AssessmentRecord(
        assessment_id=body.assessment_id,
        person_id=person_id,
        assessed_on=today,
        valid_until=assessment.valid_until,
        by=by,
        verdict=assessment.verdict,
        policy_version=rules.policy.version,
        fingerprint=fingerprint,
        question={
            **request.said,
            "household": household.model_dump(mode="json", exclude_unset=True),
        },
        answer={**said, "own_loans": [each.loan_id for each in books.loans]},
    )
    in_force = CapacityInForce(
        assessment_id=record.assessment_id,
        person_id=person_id,
        assessed_on=today,
        valid_until=record.valid_until,
        policy_version=record.policy_version,
        capacity=assessment.careful,
        due_day=days,
    )
    ports.assessments.add(record, in_force, _expires_on(person, today))
    entry = AuditEntry(now, Act.CAPACITY_ASSESSED, by, record.assessment_id)
    ports.audit.add(person_id, entry)
    return Assessed(record, recorded=True)


def read_assessment(
    person_id: str, assessment_id: str, by: Actor, now: datetime, ports: AssessmentPorts
) -> AssessmentRecord:
    """Read one assessment, which goes on record. Raises NotAllowedError, NotOnRecordError."""
    allow(by, *STAFF, to="read assessments")
    find_person(person_id, ports)
    ports.audit.add(person_id, AuditEntry(now, Act.ASSESSMENTS_READ, by, assessment_id))
    return _find(person_id, assessment_id, ports)


def read_assessments(
    person_id: str, by: Actor, now: datetime, ports: AssessmentPorts
) -> list[AssessmentRecord]:
    """Read the person's assessments, which goes on record. Raises as ``read_assessment``."""
    allow(by, *STAFF, to="read assessments")
    find_person(person_id, ports)
    ports.audit.add(person_id, AuditEntry(now, Act.ASSESSMENTS_READ, by))
    return ports.assessments.of_person(person_id)


@retry_when_stale
def decide_assessment(
    institution_id: str,
    person_id: str,
    assessment_id: str,
    decided: DecisionBody,
    by: Actor,
    now: datetime,
    ports: AssessmentPorts,
) -> AssessmentRecord:
    """Record what a person decides; a second decision is a review by another person.

    Raises NotAllowedError, NotOnRecordError, RefusedError.
    """
    allow(by, *STAFF, to="decide on assessments")
    find_person(person_id, ports)
    record = _find(person_id, assessment_id, ports)
    today = business_date(institution_id, now, ports.institutions)
    decision = Decision(outcome=decided.outcome, why=decided.why, on=today, by=by)
    if record.decisions and _same(record.decisions[-1], decision):
        return record
    if problems := list(decision_problems(record, decision)):
        raise RefusedError(*problems)
    ports.assessments.save_decisions(replace(record, decisions=(*record.decisions, decision)))
    ports.audit.add(person_id, AuditEntry(now, Act.ASSESSMENT_DECIDED, by, assessment_id))
    return replace(record, decisions=(*record.decisions, decision))


def assessment_record_document(record: AssessmentRecord) -> dict[str, object]:
    """Show an assessment to whoever may read it: what was told, the answer, who decided."""
    return {
        "assessment_id": record.assessment_id,
        "person_id": record.person_id,
        "assessed_on": record.assessed_on.isoformat(),
        "assessed_by": record.by.in_words(),
        "policy_version": record.policy_version,
        "question": dict(record.question),
        **record.answer,
        "decisions": [
            {
                "outcome": each.outcome,
                "why": each.why,
                "on": each.on.isoformat(),
                "by": each.by.in_words(),
            }
            for each in record.decisions
        ],
    }


def _household_body(
    body: AssessmentBody, person_id: str, today: date, ports: HasAssessments
) -> HouseholdBody:
    """Return what was told, now or in an assessment that still holds."""
    if body.household is not None:
        return body.household
    for known in reversed(ports.assessments.of_person(person_id)):
        same = known.question.get("currency") == body.currency
        if same and known.assessed_on <= today <= known.valid_until:
            return HouseholdBody.model_validate(known.question["household"])
    reason = "is missing, and no assessment in this currency holds today"
    remedy = "Ask what the household earns, spends and owes"
    raise RefusedError(Problem("household", reason, remedy, "missing"))


def _assess(
    body: AssessmentBody,
    told: HouseholdBody,
    books: OwnBooks,
    person: Borrower,
    rules: Rules,
) -> tuple[Assessment, int | None]:
    """Return the judgement, and the due day that suits the income."""
    problems, on = ProblemList(body.currency), rules.as_of
    household = _with_books(read_household(told, [], problems, "household"), books)
    problems.raise_if_any()
    problems.problems += (each.within("household") for each in household_problems(household))
    asked = read_asked(body.asked, on, problems) if body.asked else None
    problems.raise_if_any()
    policy = rules.policy.agreements.capacity
    terms = terms_of(
        pack_of(_country(person)),
        policy,
        currency=body.currency,
        adults=household.adults,
        children=household.children,
        on=on,
    )
    assessment = assess(household, asked, terms, policy, on, books.facts)
    return assessment, due_day(household, terms.proven)


def _with_books(household: Household, books: OwnBooks) -> Household:
    guarantees = (*household.guarantees, *books.guarantees)
    return replace(household, own_loans=books.loans, guarantees=guarantees)


def _country(person: Borrower) -> str | None:
    return person.country if person.country in known_countries() else None


def _expires_on(person: Borrower, today: date) -> date | None:
    days = retention_days(rules_for(person), "assessment", today)
    assert days is not None, "the careful default has a rule for assessments"
    return None if person.legal_hold else today + timedelta(days=days)


def _find(person_id: str, assessment_id: str, ports: HasAssessments) -> AssessmentRecord:
    record = ports.assessments.find(person_id, assessment_id)
    if record is None:
        raise NotOnRecordError("assessment_id", f"assessment {assessment_id}")
    return record


def _same(one: Decision, other: Decision) -> bool:
    return (one.outcome, one.why, one.by.id) == (other.outcome, other.why, other.by.id)


def _fingerprint(said: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]

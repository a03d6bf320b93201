"""Find options for a loan on record, measured by the capacity of its borrower that is in force."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from recovery.documents.agreements.assessment_request import OptionsBody
from recovery.documents.packs.reading import capacity_pack, careful_capacity_pack
from recovery.documents.shared.problems import ProblemList
from recovery.domain.agreements.capacity_rules import duties_of
from recovery.domain.agreements.option_kinds import Difficulty
from recovery.domain.agreements.options import options_for
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.audit import Act, AuditEntry
from recovery.messages.writing import language_with_text
from recovery.ports.needs import (
    HasAudit,
    HasBorrowers,
    HasInstitutions,
    HasLoans,
    HasPeople,
)
from recovery.use_cases.agreements.answer_capacity import options_in_words
from recovery.use_cases.agreements.trouble import Wanted, capacity_of, trouble_of
from recovery.use_cases.people.person import STAFF, allow, find_person
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.rules import rules_of

_FALLBACK = "en"  # for the people of the institution, where the person's language has no texts


class OptionPorts(HasLoans, HasPeople, HasBorrowers, HasInstitutions, HasAudit, Protocol):
    """What options need."""


def offer_options(
    institution_id: str,
    loan_id: str,
    asked: OptionsBody,
    by: Actor,
    now: datetime,
    ports: OptionPorts,
) -> dict[str, Any]:
    """Return what can be done for the borrower, and why not the rest; that it was considered goes
    on record.

    Raises NotAllowedError, LoanNotFoundError, RefusedError without a capacity in force.
    """
    allow(by, *STAFF, to="look for options")
    stored = ports.loans.load(loan_id)
    today = business_date(institution_id, now, ports.institutions)
    loan, rules = stored.loan, rules_of(institution_id, today, ports.institutions)
    person = find_person(loan.borrower_id, ports)
    in_force = capacity_of(stored, rules, ports)
    problems = ProblemList(loan.currency)
    lump_sum_minor = problems.amount_minor(asked.lump_sum, "lump_sum")
    problems.raise_if_any()
    recorded = ports.loans.recorded(loan_id)
    wanted = Wanted(Difficulty(asked.reason), lump_sum_minor, asked.due_day, asked.starts_on)
    trouble = trouble_of(stored, recorded, rules, in_force, wanted, ports)
    law = loan.profile.law
    pack = capacity_pack(law) if law else careful_capacity_pack()
    language = asked.language or language_with_text((person.language, person.second_language))
    found = options_in_words(
        options_for(trouble),
        loan.currency,
        duties_of(pack, today),
        language or _FALLBACK,
        person.country,
    )
    ports.audit.add(loan.borrower_id, AuditEntry(now, Act.OPTIONS_CONSIDERED, by, loan_id))
    institution = ports.institutions.find(institution_id)
    return {
        "loan_id": loan_id,
        "as_of": today.isoformat(),
        "currency": loan.currency,
        "reason": asked.reason,
        "assessment_id": in_force.assessment_id,
        "policy_version": rules.policy.version,
        **found,
        "debt_advice": institution.debt_advice,
    }

"""Find options for a loan on record, measured by the capacity of its borrower that is in force."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from recovery.documents.agreements.assessment_request import OptionsBody
from recovery.documents.packs.reading import capacity_pack, careful_capacity_pack
from recovery.documents.shared.problems import ProblemList
from recovery.domain.agreements.assessment_record import CapacityInForce
from recovery.domain.agreements.capacity_rules import duties_of
from recovery.domain.agreements.household import month_by_month
from recovery.domain.agreements.option_kinds import Difficulty
from recovery.domain.agreements.option_search import Trouble
from recovery.domain.agreements.options import options_for
from recovery.domain.monitoring.evaluation import EvaluationRules
from recovery.domain.schedules.contract import LoanAccount, contract_of
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.audit import Act, AuditEntry
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.messages.writing import language_with_text
from recovery.ports.accounting import StoredLoan
from recovery.ports.needs import (
    HasAudit,
    HasBorrowers,
    HasInstitutions,
    HasLoans,
    HasPeople,
)
from recovery.use_cases.agreements.answer_capacity import options_in_words
from recovery.use_cases.agreements.own_books import own_books
from recovery.use_cases.people.person import STAFF, allow, find_person
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.rules import Rules, rules_of

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
    in_force = _capacity(stored, rules, ports)
    problems = ProblemList(loan.currency)
    lump_sum_minor = problems.amount_minor(asked.lump_sum, "lump_sum")
    problems.raise_if_any()
    others = own_books(loan.borrower_id, loan.currency, rules, ports, without=[loan_id])
    trouble = Trouble(
        account=_account(stored, ports),
        rules=EvaluationRules(
            allocation=rules.allocation,
            monitoring=rules.policy.monitoring,
            late_charges=rules.charges(loan, stored.state),
        ),
        on=today,
        reason=Difficulty(asked.reason),
        capacity=in_force.capacity,
        policy=rules.policy.agreements.options,
        own=month_by_month(each.by_month for each in others.loans),
        due_day=asked.due_day or in_force.due_day,
        lump_sum_minor=lump_sum_minor,
    )
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


def _capacity(stored: StoredLoan, rules: Rules, ports: HasPeople) -> CapacityInForce:
    loan, today = stored.loan, rules.as_of
    known = ports.people.capacity(loan.borrower_id)
    if known and known.holds(today) and known.capacity.currency == loan.currency:
        return known
    reason = f"of person {loan.borrower_id} is not known on {today}"
    remedy = "Assess the household first: POST /persons/{person_id}/assessments, `recovery assess`"
    raise RefusedError(Problem("capacity", reason, remedy, "missing"))


def _account(stored: StoredLoan, ports: HasLoans) -> LoanAccount:
    loan = stored.loan
    history = ports.loans.recorded(loan.loan_id).history()
    rate_pct = loan.annual_rate_pct or Decimal(0)
    contract = contract_of(loan.schedule_agreed, rate_pct, loan.disbursed_on)
    return LoanAccount(loan.currency, loan.schedule_agreed, history, contract)

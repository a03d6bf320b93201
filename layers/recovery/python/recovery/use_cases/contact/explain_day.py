"""Why a person heard something about a loan on a day, or nothing: recomputed from what was known.

What was said, and what was not though it was wished for, is on record. The rest is worked out anew
for that day: facts by the date on which they became known, the policy and the packs' rules then in
force, the details and restraints as they were, and what had been said before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from recovery.domain.agreements.person_facts import restraints_of
from recovery.domain.contact.borrower import Contact
from recovery.domain.loan_state import standings_of
from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.outbox import TimelineEntry
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.ports.accounting import StoredLoan
from recovery.use_cases.contact.day_reasons import Day, Reason, reasons_of
from recovery.use_cases.contact.kind_said import kind_said
from recovery.use_cases.contact.limits import limits_for
from recovery.use_cases.portfolio.conduct_records import ConductPorts, details_on
from recovery.use_cases.portfolio.past import known_on, loan_on
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.rules import Rules, rules_of


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was said on the day, what is on record of what was not, and the recomputed reasons.

    ``said`` is kind, channel and loan of each message to the person that day.
    """

    loan_id: str
    on: date
    policy_version: int
    standing: Standing
    said: tuple[tuple[str, str, str], ...]
    recorded: tuple[TimelineEntry, ...]
    reasons: tuple[Reason, ...]


def explain_day(loan_id: str, on: date, now: datetime, ports: ConductPorts) -> Explanation:
    """Explain what the borrower heard about the loan on this day.

    Raises LoanNotFoundError; RefusedError for a day to come, or one before the loan was granted.
    """
    stored = ports.loans.load(loan_id)
    institution_id = stored.loan.institution_id
    today = business_date(institution_id, now, ports.institutions)
    if not stored.loan.disbursed_on <= on <= today:
        reason = f"{on} is not between {stored.loan.disbursed_on}, when it was granted, and {today}"
        raise RefusedError(Problem("on", reason, "Use a day between the two", "out_of_range"))
    contacts = ports.borrowers.contacts(stored.loan.borrower_id)
    sent = {key: each for key, each in contacts.items() if each.may_have_been_sent}
    said = {key: each for key, each in sent.items() if each.contacted_on == on}
    day = _day(stored, on, {k: e for k, e in sent.items() if e.contacted_on < on}, ports)
    entries = ports.timeline.read(loan_id, on)
    return Explanation(
        loan_id,
        on,
        day.policy.version,
        day.standing,
        tuple(
            (kind_said(key, each), each.channel or "", key.split("/")[0])
            for key, each in said.items()
        ),
        tuple(each for each in entries if each.on == on and each.kind == "message"),
        tuple(reasons_of(day, said)),
    )


def _day(stored: StoredLoan, on: date, before: dict[str, Contact], ports: ConductPorts) -> Day:
    loan = stored.loan
    rules = rules_of(loan.institution_id, on, ports.institutions)
    is_replayed = ports.institutions.day(loan.institution_id).clock == "replay"
    known = known_on(ports.loans.recorded(loan.loan_id), on, is_replayed=is_replayed)
    facts = [e for e in ports.people.facts(loan.borrower_id) if e.known_on <= on]
    of_person = restraints_of(facts)
    own = tuple(each for each in stored.state.restraints if not each.of_person)
    without = replace(stored, state=replace(stored.state, restraints=own))
    then = loan_on(without, known, rules)
    restraints = (*(e for e in then.state.restraints if not e.of_person), *of_person)
    now_known = ports.borrowers.load(loan.borrower_id)
    person = details_on(now_known, ports.borrowers.contact_changes(loan.borrower_id), on)[0]
    contacted = tuple(sorted(each.contacted_on for each in before.values()))
    person = replace(person, recent_contacts=contacted, restraints=of_person)
    return Day(
        on,
        rules.policy,
        then,
        _standing(replace(then, state=replace(then.state, restraints=restraints)), rules),
        person,
        limits_for(person, rules.policy.contact),
        restraints,
        before,
    )


def _standing(stored: StoredLoan, rules: Rules) -> Standing:
    charges = rules.charges(stored.loan, stored.state)
    return standings_of(stored.loan, stored.state, rules.policy, rules.as_of, charges).collectible

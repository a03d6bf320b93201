"""Open the claims on credit-life insurance that a death or disability gives rise to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from recovery.domain.accounting.collateral import (
    CollateralRecord,
    LifeEvent,
    OpenedClaim,
    claims_opened_by,
)
from recovery.domain.outbox import DomainEvent, Outbox, TimelineEntry, outbox_id
from recovery.domain.shared.actor import Actor
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.domain.shared.money import Money, to_decimal_text
from recovery.ports.accounting import LoanChange
from recovery.use_cases.accounting.party_effects import Books
from recovery.use_cases.accounting.record_collateral import CollateralPorts
from recovery.use_cases.people.record_person_fact import PersonFactPorts
from recovery.use_cases.people.report_death import report_death
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.retrying import retry_when_stale
from recovery.use_cases.shared.rules import Rules, rules_of

REPORTED = "REPORTED"  # the restraint's code: somebody reported it here


class ClaimPorts(CollateralPorts, PersonFactPorts, Protocol):
    """What opening claims needs: a death also stops all pressure on the person."""


@dataclass(frozen=True, slots=True)
class ClaimsOpened:
    """The security with claims for the event, and whether this call opened any of them."""

    records: tuple[CollateralRecord, ...]
    opened: bool


@retry_when_stale
def open_claims(
    loan_id: str, event: LifeEvent, by: Actor, now: datetime, ports: ClaimPorts
) -> ClaimsOpened:
    """Open every claim that the event gives rise to, once; a death stops all pressure first.

    Raises LoanNotFoundError; RefusedError for a day to come, or a person who has nothing to do with
    the loan.
    """
    stored = ports.loans.load(loan_id)
    today = business_date(stored.loan.institution_id, now, ports.institutions)
    rules = rules_of(stored.loan.institution_id, today, ports.institutions)
    books = Books(stored.loan, stored.state, ports.loans.recorded(loan_id))
    security = ports.collateral.of_loan(loan_id)
    _check(event, books, security, rules)
    if event.kind == "death":
        # First the person: a restraint too early holds back, one too late lets through.
        report_death(
            *(stored.loan.institution_id, event.person_id, event.on, REPORTED), by, now, ports
        )
    opened = claimed(event, books, security, by, rules)
    if opened:
        outbox = Outbox(outbox_id(stored.state.version + 1), today)
        change = LoanChange(stored.loan, stored.loan, stored.state, outbox)
        ports.loans.commit(with_claims(change, opened))
    records = {each.collateral.collateral_id: each for each in (*security, *opened)}
    about = (e for e in records.values() if any(c.claim.event == event for c in e.claims))
    return ClaimsOpened(tuple(about), opened=bool(opened))


def claimed(
    event: LifeEvent,
    books: Books,
    security: Sequence[CollateralRecord],
    by: Actor,
    rules: Rules,
) -> tuple[CollateralRecord, ...]:
    """Return the security on which the event opens a claim that is not open yet, with the claim."""
    as_of = max(rules.as_of, event.on)
    debt_minor = books.account(rules, as_of).debt_minor()
    claims = claims_opened_by(event, (each.collateral for each in security), debt_minor)
    by_collateral = {each.collateral_id: each for each in claims}
    changed = []
    for record in security:
        claim = by_collateral.get(record.collateral.collateral_id)
        if claim and all(each.claim.claim_id != claim.claim_id for each in record.claims):
            opened = OpenedClaim(claim, rules.as_of, by.id)
            changed.append(replace(record, claims=(*record.claims, opened)))
    return tuple(changed)


def with_claims(change: LoanChange, opened: Sequence[CollateralRecord]) -> LoanChange:
    """Store these records with the change, and tell of the last claim on each.

    The news names neither the person nor what happened to her.
    """
    timeline, events = [], []
    today, currency = change.outbox.as_of, change.loan.currency
    for record in opened:
        claim = record.claims[-1].claim
        amount = Money(claim.amount_minor, currency)
        text = f"claim of {amount} to make on insurance {claim.collateral_id}"
        timeline.append(TimelineEntry(today, "collateral", text, key=claim.claim_id))
        detail = {
            "loan_id": change.loan.loan_id,
            "collateral_id": claim.collateral_id,
            "claim_id": claim.claim_id,
            "amount": to_decimal_text(claim.amount_minor, currency),
            "currency": currency,
        }
        events.append(DomainEvent("ClaimOpened", detail))
    outbox = replace(
        change.outbox,
        timeline=(*change.outbox.timeline, *timeline),
        events=(*change.outbox.events, *events),
    )
    return replace(change, outbox=outbox, collateral=(*change.collateral, *opened))


def _check(
    event: LifeEvent, books: Books, security: Sequence[CollateralRecord], rules: Rules
) -> None:
    problems = []
    if event.on > rules.as_of:
        reason = f"{event.on} is in the future; the business date is {rules.as_of}"
        problems.append(Problem("on", reason, "Give the day it happened", "out_of_range"))
    concerned = {
        books.loan.borrower_id,
        *(each.person_id for each in books.recorded.parties_said()),
        *(each.collateral.person_id for each in security),
    }
    if event.person_id not in concerned:
        reason = f"{event.person_id} is neither borrower nor party of the loan, nor insured"
        remedy = "Give the id of one of them"
        problems.append(Problem("person_id", reason, remedy, "not_found"))
    if problems:
        raise RefusedError(*problems)

"""The parts of an export: money and facts, decisions, talks, what was not sent, what came later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from recovery.documents.accounting.owner_document import owner_records_document
from recovery.documents.accounting.payments import payment_document
from recovery.domain.accounting.fact import date_of
from recovery.domain.accounting.ledger import build_ledger
from recovery.domain.accounting.payment import PaymentRecord
from recovery.domain.cases.approval import PendingDecision
from recovery.domain.shared.money import to_decimal_texts
from recovery.use_cases.accounting.fact_news import fact_document
from recovery.use_cases.accounting.read_parties import party_document
from recovery.use_cases.audit.as_known import Then, was_by
from recovery.use_cases.audit.masking import Mask


def money(then: Then) -> dict[str, Any]:
    """Return contract, schedule, payments and facts, as they were known."""
    loan, recorded, currency = then.stored.loan, then.recorded, then.stored.loan.currency
    history = recorded.history().until(then.day)
    ledger = build_ledger(loan.schedule_agreed, history, then.rules.allocation, as_of=then.day)
    undone = recorded.undone_ids
    rate_pct = loan.annual_rate_pct
    return {
        "contract": {
            "currency": currency,
            "disbursed_on": loan.disbursed_on.isoformat(),
            "annual_rate_pct": None if rate_pct is None else str(rate_pct),
            "law": loan.profile.law,
            "advisor": loan.advisor_name,
        },
        "schedule": [
            {
                "number": each.number,
                "due_date": each.due_date.isoformat(),
                "due": to_decimal_texts(each.due.with_total(), currency),
                "paid": to_decimal_texts(paid.with_total(), currency),
            }
            for each, paid in zip(ledger.schedule, ledger.position.paid, strict=True)
        ],
        "payments": [payment_of(each) for each in _in_order(recorded.payments)],
        "facts": [
            {**fact_document(each, currency), "undone": each.fact_id in undone}
            for each in sorted(recorded.facts, key=lambda e: (e.recorded_at, e.fact_id))
        ],
        "parties": [
            party_document(each, currency)
            for each in recorded.parties
            if was_by(each.recorded_at, then.day)
        ],
        "owners": owner_records_document(recorded.owners),
    }


def payment_of(record: PaymentRecord) -> dict[str, Any]:
    """Return a payment with the moment at which it became known."""
    posted_at = record.posted_at
    return {
        **payment_document(record, 0, None),
        "known_at": posted_at.isoformat() if posted_at else None,
    }


def decisions(then: Then) -> list[dict[str, Any]]:
    """Return who asked and who decided by name; what was decided later was open that day."""
    return [
        _decision(each, then.day)
        for each in sorted(
            then.ports.cases.decisions_of(then.loan_id), key=lambda e: (e.asked_at, e.decision_id)
        )
        if was_by(each.asked_at, then.day)
    ]


def _decision(each: PendingDecision, day: date) -> dict[str, Any]:
    document: dict[str, Any] = {
        "decision_id": each.decision_id,
        "kind": each.kind,
        "about": each.about,
        "asked_by": each.asked_by.in_words(),
        "asked_at": each.asked_at.isoformat(),
        "reason": each.reason,
        "outcome": "pending",
    }
    if each.decided_at and each.decided_at.date() <= day:
        by = each.decided_by
        document |= {
            "outcome": each.outcome,
            "decided_by": by.in_words() if by else None,
            "decided_at": each.decided_at.isoformat(),
            "because": each.decided_because,
        }
    return document


def case_path(then: Then) -> list[dict[str, str]]:
    """Return every step of the loan's cases until the day, with its reason."""
    return [
        {
            "case_id": case.case_id,
            "stage": each.stage,
            "on": each.on.isoformat(),
            "reason": each.reason,
        }
        for case in then.ports.cases.cases_of(then.loan_id)
        for each in case.path
        if each.on <= then.day
    ]


def not_sent(then: Then) -> list[dict[str, str]]:
    """Return each message that was wished for and not sent, with the reason on record."""
    return [
        {"on": each.on.isoformat(), "words": each.text}
        for each in then.ports.timeline.entries(then.loan_id)
        if each.kind == "message" and each.on <= then.day and each.text.startswith("not sent")
    ]


def talks(then: Then) -> list[dict[str, Any]]:
    """Return what people were asked to do about the loan, and what came of it."""
    person_id = then.stored.loan.borrower_id
    return [
        {
            "task_id": each.task_id,
            "kind": each.kind,
            "opened_on": each.opened_on.isoformat(),
            "reason": each.reason,
            "outcome": each.outcome,
            "ended_on": each.ended_on.isoformat() if each.ended_on else None,
            "by": each.ended_by.in_words() if each.ended_by else None,
        }
        for each in sorted(then.tasks.of_person(person_id), key=lambda e: (e.opened_on, e.task_id))
        if each.loan_id in (None, then.loan_id)
    ]


def learned_later(then: Then) -> dict[str, Any]:
    """Return what happened by the day and became known after it, and what was undone after it."""
    known, everything = then.recorded, then.all_recorded
    here = {each.payment.payment_id for each in known.payments}
    facts = {each.fact_id for each in known.facts}
    currency = then.stored.loan.currency
    return {
        "payments": [
            {**payment_of(each), "back_dated": True}
            for each in _in_order(everything.payments)
            if each.payment.payment_id not in here and each.payment.value_date <= then.day
        ],
        "reversed": [
            {
                "payment_id": each.payment.payment_id,
                "reversed_on": each.reversed_on.isoformat(),
                "reason": each.reversal_reason,
            }
            for each in everything.payments
            if each.payment.payment_id in here and each.reversed_on and each.reversed_on > then.day
        ],
        "facts": [
            {**fact_document(each, currency), "known_on": each.known_on.isoformat()}
            for each in everything.facts
            if each.fact_id not in facts and date_of(each.fact) <= then.day
        ],
        "delivery_news": [
            {"message_id": key, "delivery": each.fate, "on": each.fate_on.isoformat()}
            for key, each in then.ports.borrowers.contacts(then.stored.loan.borrower_id).items()
            if key.startswith(f"{then.loan_id}/")
            and each.contacted_on <= then.day
            and each.fate_on
            and each.fate_on > then.day
        ],
    }


def mask_of(then: Then) -> Mask:
    """Return the mask of everybody but the borrower: parties, payers, whoever a restraint names."""
    mask, borrower_id = Mask(), then.stored.loan.borrower_id
    parties = {e.party.person_id: e.party.role for e in then.all_recorded.parties}
    for person_id, role in parties.items():
        if person_id != borrower_id:
            mask.add(person_id, role, _told_of(person_id, then))
    for record in then.all_recorded.payments:
        payer = record.payment.payer_id
        if payer and payer != borrower_id:
            mask.add(payer, parties.get(payer, "another_payer"), _told_of(payer, then))
    return mask


def _told_of(person_id: str, then: Then) -> Iterator[str | None]:
    for person in then.ports.borrowers.load_many([person_id]):
        yield from (person.name, person.email, person.phone)


def _in_order(records: Iterable[PaymentRecord]) -> list[PaymentRecord]:
    def order(each: PaymentRecord) -> tuple[date, str]:
        return each.payment.value_date, each.payment.payment_id

    return sorted(records, key=order)

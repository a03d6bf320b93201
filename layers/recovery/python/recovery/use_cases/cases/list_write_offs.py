"""List the proposals to write loans off that wait for people, with what each is about now."""

from __future__ import annotations

from datetime import datetime

from recovery.domain.cases.approval import DecisionKind, PendingDecision
from recovery.domain.loan_state import standing_of
from recovery.domain.shared.iso_dates import iso
from recovery.domain.shared.money import to_decimal_text
from recovery.domain.shared.pages import pages
from recovery.ports.accounting import StoredLoan
from recovery.use_cases.cases.write_offs import WriteOffPorts
from recovery.use_cases.monitoring.review_loans import readable_loans
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.rules import Rules, rules_of

_PAGE = 50


def list_write_offs(
    institution_id: str, now: datetime, ports: WriteOffPorts
) -> list[dict[str, object]]:
    """Return the institution's proposals, oldest first, at its business date.

    ``amount`` is a decimal string; that of a whole loan is what is outstanding. A loan that cannot
    be read is listed without amount and days.
    """
    as_of = business_date(institution_id, now, ports.institutions)
    rules = rules_of(institution_id, as_of, ports.institutions)
    found = []
    for page in pages(ports.cases.pending_decisions(DecisionKind.WRITE_OFF), _PAGE):
        stored, _ = readable_loans([each.loan_id for each in page], ports.loans)
        by_id = {each.loan.loan_id: each for each in stored}
        found += [_document(each, by_id.get(each.loan_id), rules) for each in page]
    return found


def _document(
    decision: PendingDecision, stored: StoredLoan | None, rules: Rules
) -> dict[str, object]:
    document: dict[str, object] = {
        "decision_id": decision.decision_id,
        "loan_id": decision.loan_id,
        "whole": decision.amount_minor is None,
        "amount": None,
        "currency": None,
        "days_past_due": None,
        "since": None,
        "reason": decision.reason,
        "asked_by": decision.asked_by.in_words(),
        "asked_on": decision.asked_at.date().isoformat(),
    }
    if stored is None:
        return document
    loan, state = stored.loan, stored.state
    charges = rules.charges(loan, state)
    standing = standing_of(loan, state, rules.policy, rules.as_of, charges)
    amount_minor = decision.amount_minor or standing.outstanding.total
    return document | {
        "amount": to_decimal_text(amount_minor, loan.currency),
        "currency": loan.currency,
        "days_past_due": standing.days_past_due,
        "since": iso(standing.oldest_due_date),
    }

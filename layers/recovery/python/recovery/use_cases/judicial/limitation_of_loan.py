"""Look at a loan's limitation clocks for its review, and at the record only when it may matter."""

from __future__ import annotations

from datetime import date

from recovery.documents.packs.reading import (
    careful_claim_pack,
    careful_people_pack,
    claim_pack,
    people_pack,
)
from recovery.domain.accounting.loan import Loan
from recovery.domain.contact.who_hears import received_minor
from recovery.domain.judicial.limitation import DuePart, LimitationFacts, limitation_clocks
from recovery.domain.judicial.limitation_watch import Look, first_look, is_by_clocks, look
from recovery.domain.loan_state import LoanState
from recovery.ports.needs import LoansAndInstitutions
from recovery.use_cases.judicial.loan_record import LoanRecord, acts_of, obligors_of, read_record
from recovery.use_cases.shared.rules import Rules


def look_at(loan: Loan, state: LoanState, rules: Rules, ports: LoansAndInstitutions) -> Look | None:
    """Return what the clocks say; None where they say what they said at the last look.

    Of a loan that is closed, or that another handles, nothing is asked.
    """
    as_of, facts = rules.as_of, state.facts
    if state.closed or state.ownership.silence_on(as_of):
        return None
    since = _late_since(loan, state, as_of)
    if since is None:
        had_any = facts.clocks_on or any(map(is_by_clocks, state.restraints))
        return Look(again_on=None) if had_any else None
    law = loan.profile.law
    pack = claim_pack(law) if law else careful_claim_pack()
    alarm_days = rules.policy.judicial.alarm_days
    first = first_look(since, pack, alarm_days)
    if as_of < first:
        return Look(again_on=first)
    has_news = facts.has_news or received_minor(state.position) != state.received_minor
    if facts.clocks_on and as_of < facts.clocks_on and not has_news:
        return None
    record = read_record(loan.loan_id, as_of, ports)
    unpaid = unpaid_minor(record)
    clocks = limitation_clocks(_facts(record, unpaid), pack, as_of) if unpaid else ()
    people = people_pack(law) if law else careful_people_pack()
    return look(clocks, loan, unpaid, people, as_of, alarm_days)


def unpaid_minor(record: LoanRecord) -> dict[str, int]:
    """Return what each instalment lacks of principal and interest, by its number."""
    rows = zip(record.ledger.schedule, record.ledger.position.paid, strict=True)
    lacks = {str(each.number): each.due.less(paid) for each, paid in rows}
    return {
        part: minor for part, rest in lacks.items() if (minor := rest.principal + rest.interest)
    }


def _facts(record: LoanRecord, unpaid: dict[str, int]) -> LimitationFacts:
    return LimitationFacts(
        claim="contract",
        parts=tuple(
            DuePart(part=str(each.number), due_on=each.due_date)
            for each in record.ledger.schedule
            if str(each.number) in unpaid
        ),
        obligors=obligors_of(record),
        acts=tuple(acts_of(record)),
        called_in_on=record.called_in_on,
        region=record.region,
    )


def _late_since(loan: Loan, state: LoanState, as_of: date) -> date | None:
    """Return the due date of the oldest instalment that lacks principal or interest."""
    rows = zip(loan.schedule, state.position.paid, strict=True)
    for each, paid in rows:
        rest = each.due.less(paid)
        if each.due_date < as_of and rest.principal + rest.interest:
            return each.due_date
    return None

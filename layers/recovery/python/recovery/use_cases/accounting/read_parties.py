"""Read the parties of a loan: what each may be asked for, and who may reclaim what from whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from recovery.domain.accounting.guarantees import GuaranteeUse, Recourse, guarantee_use, recourses
from recovery.domain.accounting.parties import PartyDebt, owed_by
from recovery.domain.accounting.party import PartyRecord, parties_at, sureties
from recovery.domain.agreements.relief import guarantors_second
from recovery.domain.shared.iso_dates import iso
from recovery.domain.shared.money import to_decimal_text
from recovery.ports.needs import LoansAndInstitutions
from recovery.use_cases.accounting.party_effects import Books
from recovery.use_cases.shared.business_date import business_date
from recovery.use_cases.shared.rules import rules_of


def read_parties(loan_id: str, now: datetime, ports: LoansAndInstitutions) -> dict[str, object]:
    """Return the rows, ended ones too, with the debts at the business date.

    Raises LoanNotFoundError.
    """
    stored, recorded = ports.loans.load(loan_id), ports.loans.recorded(loan_id)
    loan, state = stored.loan, stored.state
    today = business_date(loan.institution_id, now, ports.institutions)
    rules = rules_of(loan.institution_id, today, ports.institutions)
    as_of = max(today, state.position.last_value_date or today)
    account = Books(loan, state, recorded).account(rules, as_of)
    rows = guarantors_second(recorded.parties_said(), recorded, as_of)
    current = parties_at(rows, loan.borrower_id, as_of)
    uses = {each.person_id: guarantee_use(each, account) for each in sureties(current)}
    return {
        "loan_id": loan_id,
        "as_of": as_of.isoformat(),
        "currency": loan.currency,
        "parties": [party_document(each, loan.currency) for each in recorded.parties],
        "owed_by": [
            _debt_document(each, uses, loan.currency) for each in owed_by(rows, account, as_of)
        ],
        "recourses": [
            _recourse_document(each, loan.currency) for each in recourses(rows, account, as_of)
        ],
    }


def party_document(record: PartyRecord, currency: str) -> dict[str, object]:
    """Return one row as recorded; None where the contract is silent."""
    party, limit_minor = record.party, record.party.limit_minor
    return {
        "person_id": party.person_id,
        "role": party.role,
        "from_on": party.from_on.isoformat(),
        "until": iso(party.until),
        "liability": party.liability,
        "share_pct": None if party.share_pct is None else str(party.share_pct),
        "limit": None if limit_minor is None else to_decimal_text(limit_minor, currency),
        "subsidiary": party.subsidiary,
        "recorded_by": record.recorded_by,
        "recorded_at": record.recorded_at.isoformat(),
        "ended_by": record.ended_by,
        "ended_because": record.ended_because,
    }


def _debt_document(
    debt: PartyDebt, uses: Mapping[str, GuaranteeUse], currency: str
) -> dict[str, object]:
    def text(minor: int) -> str:
        return to_decimal_text(minor, currency)

    document: dict[str, object] = {
        "person_id": debt.person_id,
        "role": debt.role,
        "overdue": text(debt.overdue_minor),
        "outstanding": text(debt.outstanding_minor),
        "paid": text(debt.paid_minor),
        "whole": debt.whole,
        "after_debtors": debt.after_debtors,
    }
    if use := uses.get(debt.person_id):
        left_minor = use.remaining_minor
        document["guarantee"] = {
            "used": text(use.used_minor),
            "remaining": None if left_minor is None else text(left_minor),
            "beyond": text(use.beyond_minor),
        }
    return document


def _recourse_document(recourse: Recourse, currency: str) -> dict[str, object]:
    return {
        "holder_id": recourse.holder_id,
        "against_id": recourse.against_id,
        "amount": to_decimal_text(recourse.amount_minor, currency),
        "basis": recourse.basis,
        "subrogated": recourse.subrogated,
        "after_institution": recourse.after_institution,
    }

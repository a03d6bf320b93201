"""A loan's contract, state and facts as items of the table, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.items import (
    FactItem,
    HeldItem,
    LoanItem,
    OwnerItem,
    PersonLoanItem,
    StateItem,
)
from recovery.documents.shared.plain import from_plain, to_plain
from recovery.domain.accounting.fact import FactRecord
from recovery.domain.accounting.loan import Loan
from recovery.domain.accounting.owner_facts import OwnerRecord
from recovery.domain.accounting.ownership import OwnerChange, TransferNotice
from recovery.domain.accounting.placement import PlacementReport
from recovery.domain.agreements.restraints import Kind, in_force
from recovery.ports.accounting import LoanChange, StoredLoan, UnreadableLoanError

_OWNER_FACTS: Mapping[str, type[OwnerChange | TransferNotice | PlacementReport]] = {
    "change": OwnerChange,
    "notice": TransferNotice,
    "report": PlacementReport,
}


def link_item(loan: Loan) -> PersonLoanItem:
    """Link the borrower to the loan."""
    person = keys.partition(keys.PERSON, loan.institution_id, loan.borrower_id)
    return PersonLoanItem(person, keys.key(keys.LOAN, loan.loan_id))


def loan_item(loan: Loan, listed_in: str) -> LoanItem:
    return LoanItem(
        keys.partition(keys.LOAN, loan.institution_id, loan.loan_id),
        keys.LOAN,
        listed_in=listed_in,
        listed_by=loan.loan_id,
        portfolio=loan.portfolio,
        borrower_id=loan.borrower_id,
        currency=loan.currency,
        disbursed_on=loan.disbursed_on.isoformat(),
        schedule=codec.schedule_to_json(loan.schedule),
        schedule_version=loan.schedule_version,
        advisor_name=loan.advisor_name,
        advisor_phone=loan.advisor_phone,
        first_schedule=codec.schedule_to_json(loan.first_schedule) if loan.first_schedule else None,
        annual_rate_pct=None if loan.annual_rate_pct is None else str(loan.annual_rate_pct),
        profile=codec.profile_to_json(loan.profile),
        core_terms=loan.core_terms,
    )


def fact_item(institution_id: str, record: FactRecord) -> FactItem:
    return FactItem(
        keys.partition(keys.LOAN, institution_id, record.loan_id),
        keys.key(keys.FACT, record.fact_id),
        kind=record.kind,
        fact=codec.fact_to_json(record.fact),
        known_on=record.known_on.isoformat(),
        fingerprint=record.fingerprint,
        reason=record.reason,
        recorded_by=record.recorded_by,
        recorded_at=record.recorded_at.isoformat(),
    )


def held_item(institution_id: str, change: LoanChange) -> HeldItem:
    """List the loan while something that the person disputes holds it back; else it is on no
    list."""
    loan_id, as_of = change.loan.loan_id, change.outbox.as_of
    item = HeldItem(keys.partition(keys.LOAN, institution_id, loan_id), keys.HELD)
    holding = (each for each in in_force(change.state.restraints, as_of) if not each.of_person)
    since = min((e.from_on for e in holding if e.kind != Kind.PROMISE), default=None)
    if since:
        item.listed_in = keys.list_key(keys.HELD, institution_id, 0)
        item.listed_by = f"{since}#{loan_id}"
    return item


def fact_record(item: FactItem) -> FactRecord:
    """Convert the item to a fact's record."""
    return FactRecord(
        fact_id=keys.identifier(item.sk),
        loan_id=keys.parts(item.pk)[1],
        fact=codec.fact_from_json(item.kind, item.fact),
        known_on=date.fromisoformat(item.known_on),
        fingerprint=item.fingerprint,
        reason=item.reason,
        recorded_by=item.recorded_by,
        recorded_at=datetime.fromisoformat(item.recorded_at),
    )


def owner_item(institution_id: str, record: OwnerRecord) -> OwnerItem:
    return OwnerItem(
        keys.partition(keys.LOAN, institution_id, record.loan_id),
        keys.owner_key(record.on, record.record_id),
        kind=next(name for name, kind in _OWNER_FACTS.items() if isinstance(record.fact, kind)),
        fact=codec.to_json(to_plain(record.fact)),
        known_on=record.known_on.isoformat(),
        recorded_by=record.recorded_by,
        recorded_at=record.recorded_at.isoformat(),
    )


def owner_record(item: OwnerItem) -> OwnerRecord:
    """Convert the item to a record of a change of owner, or of a notice."""
    return OwnerRecord(
        record_id=item.sk.split("#", 2)[2],
        loan_id=keys.parts(item.pk)[1],
        fact=from_plain(_OWNER_FACTS[item.kind], json.loads(item.fact)),
        known_on=date.fromisoformat(item.known_on),
        recorded_by=item.recorded_by,
        recorded_at=datetime.fromisoformat(item.recorded_at),
    )


def stored_loan(loan: LoanItem, state: StateItem) -> StoredLoan:
    """Read both items. Raises UnreadableLoanError naming the loan."""
    try:
        fields = codec.state_from_fields(state.attribute_values)
        return StoredLoan(_loan(loan), fields, unreviewed=bool(state.needs_review))
    except (ValueError, LookupError, TypeError) as error:
        raise UnreadableLoanError(keys.parts(loan.pk)[1]) from error


def _loan(item: LoanItem) -> Loan:
    institution_id, loan_id = keys.parts(item.pk)
    return Loan(
        loan_id=loan_id,
        institution_id=institution_id,
        portfolio=item.portfolio,
        borrower_id=item.borrower_id,
        currency=item.currency,
        disbursed_on=date.fromisoformat(item.disbursed_on),
        schedule=codec.schedule_from_json(item.schedule),
        advisor_name=item.advisor_name,
        advisor_phone=item.advisor_phone,
        schedule_version=int(item.schedule_version),
        first_schedule=(
            codec.schedule_from_json(item.first_schedule) if item.first_schedule else None
        ),
        annual_rate_pct=None if item.annual_rate_pct is None else Decimal(item.annual_rate_pct),
        profile=codec.profile_from_json(item.profile),
        core_terms=item.core_terms,
    )

"""The parties and the collateral of a loan as items of the table."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from recovery.adapters.dynamodb import codec, keys
from recovery.adapters.dynamodb.items import CollateralItem, Item, PartyItem, PersonLoanItem
from recovery.ports.accounting import LoanChange


def security_items(institution_id: str, change: LoanChange) -> Iterator[Item]:
    """Yield what the change puts: each person's rows with the link to the loan, and security."""
    loan_id, borrower_id = change.loan.loan_id, change.loan.borrower_id
    loan_pk = keys.partition(keys.LOAN, institution_id, loan_id)
    rows = sorted(change.parties, key=lambda each: (each.party.person_id, each.recorded_at))
    for person_id, of_person in groupby(rows, key=lambda each: each.party.person_id):
        records = list(of_person)
        rows_text = codec.parties_to_json(records)
        yield PartyItem(loan_pk, keys.key(keys.PARTY, person_id), rows=rows_text)
        if person_id != borrower_id:  # whose link says that the loan is her own
            person_pk = keys.partition(keys.PERSON, institution_id, person_id)
            link, role = keys.key(keys.LOAN, loan_id), records[-1].party.role
            yield PersonLoanItem(person_pk, link, role=role)
    for record in change.collateral:
        sk = keys.key(keys.COLLATERAL, record.collateral.collateral_id)
        yield CollateralItem(loan_pk, sk, document=codec.document_to_json(record))

"""Check parties and collateral: what a row cannot know alone, and what no contract may presume."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.documents.intake.join import amount_minor, not_money
from recovery.documents.intake.reading import Row
from recovery.documents.intake.rows import CollateralRow, PartyRow, Rejection
from recovery.domain.shared.errors import Problem


def party_problems(party: Row[PartyRow], borrower_id: str, currency: str) -> Iterator[Rejection]:
    """Yield why this party of a loan in ``currency`` cannot be accepted."""
    for problem in _party_problems(party.values, borrower_id, currency):
        yield Rejection("parties", party.number, problem, party.line, party.values.loan_id)


def collateral_problems(collateral: Row[CollateralRow]) -> Iterator[Rejection]:
    """Yield why this collateral cannot be accepted."""
    values, problem = collateral.values, None
    if values.value is not None and values.currency is None:
        problem = Problem("currency", "is missing", "State the currency of the value", "missing")
    elif values.value is not None and amount_minor(values.value, values.currency or "") is None:
        problem = Problem("value", *not_money(values.currency or ""))
    if problem:
        yield Rejection("collateral", collateral.number, problem, collateral.line, values.loan_id)


def _party_problems(party: PartyRow, borrower_id: str, currency: str) -> Iterator[Problem]:
    if party.role != "guarantor" and party.liability is None:
        reason = "is missing, and is never presumed"
        remedy = "Write joint_and_several or share, as the contract says"
        yield Problem("liability", reason, remedy, "missing")
    if party.person_id == borrower_id:
        reason = "is the loan's own borrower"
        yield Problem("person_id", reason, "Name the other person, or leave the row out")
    if party.limit and amount_minor(party.limit, currency) is None:
        yield Problem("limit", *not_money(currency))

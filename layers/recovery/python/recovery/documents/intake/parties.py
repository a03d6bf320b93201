"""Check parties and collateral: what a row cannot know alone, and what no contract may presume."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.documents.intake.join import amount_minor, not_money
from recovery.documents.intake.reading import Row
from recovery.documents.intake.rows import CollateralRow, LoanRow, PartyRow, Rejection
from recovery.domain.shared.errors import Problem


def party_problems(party: Row[PartyRow], loan: LoanRow | None) -> Iterator[Rejection]:
    """Yield why this party cannot be accepted; ``loan`` is None if it is not in the delivery."""
    for problem in _party_problems(party.values, loan):
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


def _party_problems(party: PartyRow, loan: LoanRow | None) -> Iterator[Problem]:
    if party.role != "guarantor" and party.liability is None:
        reason = "is missing, and is never presumed"
        remedy = "Write joint_and_several or share, as the contract says"
        yield Problem("liability", reason, remedy, "missing")
    if party.liability == "share" and party.share_pct is None:
        reason = "is missing, but the party is liable for a share"
        yield Problem("share_pct", reason, "Write the share in percent, such as 50", "missing")
    if party.liability != "share" and party.share_pct is not None:
        reason = "is given, but the party is not liable for a share"
        yield Problem("share_pct", reason, "Write share as liability, or leave the share out")
    if party.role != "guarantor" and party.subsidiary is not None:
        reason = "is given, but only a guarantor's liability can be subsidiary"
        yield Problem("subsidiary", reason, "Leave it out, or correct the role")
    if party.from_on and party.until and party.until < party.from_on:
        yield Problem("until", "is before from_on", "Correct one of the two dates")
    if loan and party.person_id == loan.borrower_id:
        reason = "is the loan's own borrower"
        yield Problem("person_id", reason, "Name the other person, or leave the row out")
    if loan and party.limit and amount_minor(party.limit, loan.currency) is None:
        yield Problem("limit", *not_money(loan.currency))

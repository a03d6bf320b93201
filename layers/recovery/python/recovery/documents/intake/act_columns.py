"""The columns of a file of facts that only acts about a debt, and steps in court, fill in.

What a column may hold depends on the kind of act: the API's models say so, in the words of a file.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator

from recovery.documents.intake.columns import Id, Number, PositiveAmount, Rate, YesOrNo, text
from recovery.documents.shared.fields import Day


def _split(value: object) -> object:
    """Return what stands between spaces: ids and numbers have none."""
    return tuple(value.split()) if isinstance(value, str) else value


Ids = Annotated[tuple[Id, ...], BeforeValidator(_split)]
Numbers = Annotated[tuple[Number, ...], BeforeValidator(_split)]
Codes = Annotated[tuple[Annotated[str, text(64)], ...], BeforeValidator(_split)]
Word = Annotated[str, text(64)]
Words = Annotated[str, text(300)]


class ActColumns(BaseModel):
    """``persons``, ``instalments`` and ``codes`` have spaces between them."""

    persons: Ids | None = None
    medium: Word | None = None
    proof: Word | None = None
    purpose: Word | None = None
    sent_on: Day | None = None
    received_on: Day | None = None
    reference: Words | None = None
    costs: PositiveAmount | None = None
    wording: Words | None = None
    term_days: Number | None = None
    instalments: Numbers | None = None
    form: Word | None = None
    negotiation_id: Id | None = None
    step: Word | None = None
    procedure: Word | None = None
    court: Words | None = None
    suit_id: Id | None = None
    outcome: Word | None = None
    demand_id: Id | None = None
    title: Word | None = None
    late_rate_pct: Rate | None = None
    called_in_after: Number | None = None
    liquidation_clause: YesOrNo | None = None
    names_bureau: YesOrNo | None = None
    secured_by_home: YesOrNo | None = None
    region: Word | None = None
    bureau: Words | None = None
    listing_id: Id | None = None
    told_by: Word | None = None
    by_on: Day | None = None
    answered_by: Word | None = None
    step_id: Id | None = None
    income: PositiveAmount | None = None
    final_on: Day | None = None
    codes: Codes | None = None

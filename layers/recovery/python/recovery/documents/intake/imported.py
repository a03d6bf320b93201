"""The result of a delivery."""

from __future__ import annotations

from dataclasses import dataclass, field

from recovery.documents.intake.rows import Rejection


@dataclass(slots=True)
class ImportResult:
    """What a delivery changed; ``rejections`` are those only the repository could find.

    ``borrowers_left`` and ``loans_left`` differ in a delivery older than what is on record.
    ``contacts_waiting`` are people whose new number or address waits for a person to decide.
    """

    delivery_id: str = ""
    borrowers_saved: int = 0
    borrowers_unchanged: int = 0
    borrowers_left: int = 0
    contacts_waiting: int = 0
    loans_added: int = 0
    loans_changed: int = 0
    loans_unchanged: int = 0
    loans_left: int = 0
    loans_missing: int = 0
    payments_added: int = 0
    payments_unchanged: int = 0
    payments_suspended: int = 0
    parties_recorded: int = 0
    parties_unchanged: int = 0
    collateral_recorded: int = 0
    collateral_unchanged: int = 0
    facts_recorded: int = 0
    facts_unchanged: int = 0
    rejections: list[Rejection] = field(default_factory=list)

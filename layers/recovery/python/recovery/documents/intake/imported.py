"""The result of a delivery."""

from __future__ import annotations

from dataclasses import dataclass, field

from recovery.documents.intake.rows import Rejection


@dataclass(slots=True)
class ImportResult:
    """What a delivery changed; ``rejections`` are those only the repository could find."""

    borrowers_saved: int = 0
    borrowers_unchanged: int = 0
    loans_added: int = 0
    loans_unchanged: int = 0
    payments_added: int = 0
    payments_unchanged: int = 0
    payments_suspended: int = 0
    rejections: list[Rejection] = field(default_factory=list)

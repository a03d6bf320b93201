"""What became of a debt that the institution gave up in its books: the loss, and what is recovered.

The borrower still owes it. Money that comes later reduces the remaining loss and never exceeds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from recovery.domain.accounting.loan import NOTHING, Components


class LossClass(StrEnum):
    """Why money is lost: the borrower did not pay, or the loan was never the borrower's."""

    CREDIT = "credit"
    FRAUD = "fraud"


@dataclass(frozen=True, slots=True)
class Loss:
    """What was written off and recovered, in minor units by component.

    ``on`` is the day since when the whole loan is written off; None if only a part is. All of it is
    a loss by fraud once a part was written off as one.
    """

    on: date | None
    written_off: Components
    recovered: Components = NOTHING
    loss_class: LossClass = LossClass.CREDIT

    @property
    def remaining(self) -> Components:
        """Return what is not recovered yet."""
        return self.written_off.less(self.recovered)


NO_LOSS = Loss(None, NOTHING)

"""The institution's view of an option: what it gives up, whether that is forbearance or default.

Sources: EBA/GL/2016/07 section 7, EBA/GL/2026/05 (net present value down by more than 1 %: a
diminished obligation; probation of a year); IFRS 9 5.5.11 (over 30 days past due) and CRR 178 (over
90). The stage is a hint for whoever books provisions, not an entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from recovery.domain.agreements.capacity import Payments
from recovery.domain.agreements.present_value import PresentValueChange, present_value
from recovery.domain.schedules.due_dates import Frequency, step

_PROBATION = Frequency(12, "months")
_DEFAULT_DAYS = 90

Stage = Literal["stage_2", "stage_3"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LenderView:
    """``days_past_due`` are those of the day, which go on beside a new schedule. Every option is a
    concession to somebody in difficulty, so all are marked as forbearance; ``stage`` hints at
    provisions."""

    value: PresentValueChange
    days_past_due: int
    probation_until: date

    @property
    def stage(self) -> Stage:
        """Credit-impaired if it is a default, or else at least a risk that rose."""
        in_default = self.days_past_due > _DEFAULT_DAYS or self.value.is_diminished_obligation
        return "stage_3" if in_default else "stage_2"


def lender_view(
    before_minor: int, after: Payments, on: date, rate_fraction: Decimal, days_past_due: int
) -> LenderView:
    """Value the payments of an option on ``on``; ``before_minor`` is the value as it is."""
    after_minor = round(present_value(after, on, rate_fraction))
    return LenderView(
        value=PresentValueChange(before_minor, after_minor, rate_fraction),
        days_past_due=days_past_due,
        probation_until=step(on, _PROBATION, 1),
    )

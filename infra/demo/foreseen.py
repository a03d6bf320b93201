"""Trouble that shows before it comes, and a flood: what the demo adds to its made-up portfolio.

Some who pay on the day begin to pay a little later each time. Once an early warning reached them,
before the due date, they pay on the day: that effect is built in, and the summary says so. In one
municipality a flood keeps most people from paying for three weeks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from infra.demo.relief import give_relief
from infra.demo.sample_portfolio import SamplePortfolio
from infra.deployment.target import Target
from recovery.documents.intake.rows import PaymentRow
from recovery.domain.contact.plan import WARNINGS
from recovery.domain.loan_state import LoanState
from recovery.domain.portfolio.shock import Group
from recovery.use_cases.portfolio.detect_shocks import detect_shocks, in_words

PLACES = ("Riverside", "Hilltop", "Lakeside", "Millbrook", "Oldtown")
FLOODED = PLACES[0]
_EVERY_DRIFTING, _MOST_DRIFT_DAYS = 4, 12
_STEADY = ("punctual", "early")
FLOOD_AFTER, _FLOOD_LASTS, _FLOOD_DELAYS = timedelta(70), timedelta(21), timedelta(30)
_LOOK_EVERY_DAYS, _WEIGHED_WITHIN = 7, timedelta(3)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The portfolio with its trouble; ``drifts`` maps a payment that comes late by drifting to the
    day on which it is due."""

    sample: SamplePortfolio
    drifts: Mapping[str, date]


def foresee(sample: SamplePortfolio, start: date, end: date) -> Foreseen:
    """Add the trouble; chosen by the loans' numbers, so that the rest stays as it was."""
    places = {each.loan_id: PLACES[_number(each.loan_id) % len(PLACES)] for each in sample.loans}
    steady = [i for i, payer in sorted(sample.payer_by_loan.items()) if payer in _STEADY]
    drifting = set(steady[::_EVERY_DRIFTING])
    due = {(each.loan_id, each.number): each.due_date for each in sample.instalments}
    drifts: dict[str, date] = {}
    rows = []
    for row in (*sample.past_payments, *sample.future_payments):
        number = int(row.payment_id.rpartition("P")[2])
        due_date = due.get((row.loan_id, number), row.value_date)
        if row.loan_id in drifting:
            late_on = due_date + timedelta(min(number // 2, _MOST_DRIFT_DAYS))
            if late_on > due_date:
                drifts[row.payment_id] = due_date
            row = row.model_copy(update={"value_date": late_on})
        row = _flooded(row, places[row.loan_id], start)
        rows.append(row)
    rows.sort(key=lambda row: (row.value_date, row.payment_id))
    loans = tuple(each.model_copy(update={"place": places[each.loan_id]}) for each in sample.loans)
    changed = replace(
        sample,
        loans=loans,
        past_payments=tuple(each for each in rows if each.value_date < start),
        future_payments=tuple(each for each in rows if start <= each.value_date <= end),
    )
    return Foreseen(changed, drifts)


def _flooded(row: PaymentRow, place: str, start: date) -> PaymentRow:
    began = start + FLOOD_AFTER
    spared = _number(row.loan_id) % 3 == 0
    if place != FLOODED or spared or not began <= row.value_date < began + _FLOOD_LASTS:
        return row
    return row.model_copy(update={"value_date": row.value_date + _FLOOD_DELAYS})


def _number(loan_id: str) -> int:
    return int("".join(each for each in loan_id if each.isdigit()))


@dataclass
class Helped:
    """Lets those who drift pay on the day, once a warning reached them; and looks for the flood."""

    target: Target
    start: date
    drifts: Mapping[str, date]
    payments: Sequence[PaymentRow]
    count: int = 0
    _paid: set[str] = field(default_factory=set)
    _looked_on: date | None = None
    _found: tuple[Group, date] | None = None
    _is_relieved: bool = False

    def rows(self, day: date, planned: Sequence[Sequence[PaymentRow]]) -> list[list[PaymentRow]]:
        """Return the day's payments: those planned and not made yet, and those made in time."""
        kept = [[row for row in rows if row.payment_id not in self._paid] for rows in planned]
        early = [
            [row.model_copy(update={"value_date": self.drifts[row.payment_id]})]
            for row in self.payments
            if self._is_due(row, day) and self._was_warned(row)
        ]
        self._paid |= {row.payment_id for rows in early for row in rows}
        self.count += len(early)
        return [rows for rows in (*kept, *early) if rows]

    def look(self, day: date) -> str | None:
        """Look for a shock once a week from the flood on, and give relief a few days after one was
        found; say what happened."""
        if self._found:
            group, found_on = self._found
            if self._is_relieved or day < found_on + _WEIGHED_WITHIN:
                return None
            self._is_relieved = True
            institution_id = self.target.institution()
            ports = self.target.of(institution_id)
            return f"{day}: {give_relief(group, day, institution_id, ports)}"
        if day < self.start + FLOOD_AFTER or not self.drifts:
            return None
        if self._looked_on and (day - self._looked_on).days < _LOOK_EVERY_DAYS:
            return None
        self._looked_on = day
        institution_id = self.target.institution()
        ports = self.target.of(institution_id)
        found = detect_shocks(institution_id, ports.now(), ports, shards=ports.settings.shards)
        if not found.new:
            return None
        self._found = found.new[0].group, day
        return f"{day}: a shock is found, {in_words(found.new[0])}: a task to weigh a relief"

    def _is_due(self, row: PaymentRow, day: date) -> bool:
        due_date = self.drifts.get(row.payment_id)
        if due_date is None or row.payment_id in self._paid:
            return False
        return due_date <= day < row.value_date

    def _was_warned(self, row: PaymentRow) -> bool:
        state = self.target.of(self.target.institution()).loans.load(row.loan_id).state
        return _heard(state, self.drifts[row.payment_id])


def _heard(state: LoanState, due_date: date) -> bool:
    asked = {on for key, on in state.asked.items() if key.startswith(WARNINGS)}
    return due_date in asked or state.called_for == due_date

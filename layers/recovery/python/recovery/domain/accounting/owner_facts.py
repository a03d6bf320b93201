"""Facts about a loan's owner as they are on record, and what the loan's state keeps of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from recovery.domain.accounting.ownership import (
    Owner,
    OwnerChange,
    OwnerHistory,
    Silence,
    SilentPeriod,
    TransferNotice,
    owner_among,
    owners,
    silent_periods,
)
from recovery.domain.accounting.pauses import Pause
from recovery.domain.accounting.placement import PlacementReport

_DAY = timedelta(days=1)
_IN_WORDS: dict[str, str] = {
    Silence.OUTSIDE: "another institution owns the loan",
    Silence.PLACED: "another institution handles the loan",
    Silence.NOT_TOLD: "notice of the new owner is not proven",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerRecord:
    """One change of owner or servicer, one notice of it, or one report of who handles the loan;
    ``record_id`` is unique in the loan.

    ``known_on`` is the business date on which it became known. ``recorded_by`` is an actor's id.
    """

    record_id: str
    loan_id: str
    fact: OwnerChange | TransferNotice | PlacementReport
    known_on: date
    recorded_by: str
    recorded_at: datetime

    @property
    def on(self) -> date:
        """The first day on which it has an effect."""
        if isinstance(self.fact, OwnerChange):
            return self.fact.from_on
        if isinstance(self.fact, PlacementReport):
            return self.fact.on
        return self.fact.sent_on + _DAY


@dataclass(frozen=True, slots=True)
class Ownership:
    """What reviews and payments need of a loan's owners, kept with its state.

    Empty as long as the loan never changed hands: then the institution owns it.
    """

    owners: tuple[Owner, ...] = ()
    silent: tuple[SilentPeriod, ...] = ()

    def silence_on(self, day: date) -> SilentPeriod | None:
        """Return the period in which the loan is silent here; None if it is not."""
        held = (each for each in self.silent if each.from_on <= day)
        return next((each for each in held if each.until is None or day <= each.until), None)

    def owner_on(self, day: date, institution_id: str) -> Owner:
        """Return who owns and who handles the loan on this day."""
        return owner_among(self.owners or (Owner(institution_id),), day)

    def is_outside(self, day: date) -> bool:
        """Whether another, outside this deployment, owns the loan on this day."""
        silent = self.silence_on(day)
        return silent is not None and silent.why == Silence.OUTSIDE

    @property
    def outside(self) -> tuple[Pause, ...]:
        """The days on which another owns the loan, as pauses: it is not charged for them here."""
        return tuple(
            Pause(each.from_on - _DAY, each.until)
            for each in self.silent
            if each.why == Silence.OUTSIDE
        )

    def next_dates(self, as_of: date) -> Iterator[date]:
        """Yield each date after ``as_of`` on which the loan falls silent, or is silent no more."""
        for each in self.silent:
            if each.from_on > as_of:
                yield each.from_on
            if each.until is not None and each.until >= as_of:
                yield each.until + _DAY


NEVER_CHANGED_HANDS = Ownership()


def history_of(institution_id: str, records: Sequence[OwnerRecord]) -> OwnerHistory:
    """Return the owners' history of a loan that the institution granted."""
    facts = [each.fact for each in records]
    return OwnerHistory(
        institution_id,
        tuple(each for each in facts if isinstance(each, OwnerChange)),
        tuple(each for each in facts if isinstance(each, TransferNotice)),
    )


def reports_of(records: Sequence[OwnerRecord]) -> tuple[PlacementReport, ...]:
    """Return what firms reported of the loan, oldest first; of one day, as it was recorded."""
    in_order = sorted(records, key=lambda each: (each.on, each.recorded_at))
    return tuple(each.fact for each in in_order if isinstance(each.fact, PlacementReport))


def ownership_of(history: OwnerHistory) -> Ownership:
    """Return what the state keeps."""
    if not history.changes:
        return NEVER_CHANGED_HANDS
    return Ownership(owners(history), silent_periods(history))


def in_words(silent: SilentPeriod) -> str:
    """Say why a loan is silent, without naming anybody."""
    return _IN_WORDS.get(silent.why, "the loan is silent here")

"""A recorded fact: what happened to a loan, as said, who said it and when it was known.

Payments have records of their own (``payment``). A fact is never edited: a wrong one is undone by
another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from recovery.domain.accounting.acts import ACT_KINDS, Act
from recovery.domain.accounting.agreed import Agreement, AgreementEnd, Booked, Offer
from recovery.domain.accounting.details import DetailsChange
from recovery.domain.accounting.history import (
    Charge,
    Chargeback,
    History,
    ScheduleVersion,
    Waiver,
    WriteOff,
)
from recovery.domain.accounting.notices import NoticeGiven
from recovery.domain.accounting.owner_facts import OwnerRecord
from recovery.domain.accounting.party import Party, PartyRecord
from recovery.domain.accounting.pauses import Pause
from recovery.domain.accounting.payment import PaymentRecord
from recovery.domain.accounting.said import Dispute, DisputeEnd, Promise, PromiseEnd


@dataclass(frozen=True, slots=True)
class Resume:
    """The pause recorded as ``pause_id`` ends on ``on``."""

    pause_id: str
    on: date


@dataclass(frozen=True, slots=True)
class Undo:
    """The fact ``fact_id`` was a mistake: from ``on``, it counts as never recorded."""

    fact_id: str
    on: date


RecordedFact = (
    Act
    | Agreement
    | AgreementEnd
    | Booked
    | Charge
    | Chargeback
    | DetailsChange
    | Dispute
    | DisputeEnd
    | NoticeGiven
    | Offer
    | Pause
    | Promise
    | PromiseEnd
    | Resume
    | ScheduleVersion
    | Undo
    | Waiver
    | WriteOff
)
KINDS: Mapping[str, type[RecordedFact]] = {
    "agreement": Agreement,
    "agreement_end": AgreementEnd,
    "booked": Booked,
    "charge": Charge,
    "chargeback": Chargeback,
    "details": DetailsChange,
    "dispute": Dispute,
    "dispute_end": DisputeEnd,
    "notice": NoticeGiven,
    "offer": Offer,
    "pause": Pause,
    "promise": Promise,
    "promise_end": PromiseEnd,
    "resume": Resume,
    "schedule_version": ScheduleVersion,
    "undo": Undo,
    "waiver": Waiver,
    "write_off": WriteOff,
    **ACT_KINDS,
}
_KIND_OF = {kind: name for name, kind in KINDS.items()}


def kind_of(fact: RecordedFact) -> str:
    """Return the kind's name, such as ``write_off``."""
    return _KIND_OF[type(fact)]


def date_of(fact: RecordedFact) -> date:
    """Return the day from which the fact counts."""
    return fact.from_date if isinstance(fact, Pause) else fact.on


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRecord:
    """One fact of one loan; ``fact_id`` is the client's, unique within the loan.

    ``known_on`` is the business date on which it became known, its own date may be earlier.
    ``fingerprint`` distinguishes a retry from another request with the same id. ``reason`` is what
    the person wrote, for people to read; ``recorded_by`` is the id of an actor.
    """

    fact_id: str
    loan_id: str
    fact: RecordedFact
    known_on: date
    fingerprint: str
    reason: str
    recorded_by: str
    recorded_at: datetime

    @property
    def kind(self) -> str:
        return kind_of(self.fact)


@dataclass(frozen=True, slots=True)
class Recorded:
    """Everything on record about one loan's money, owners and parties, in any order."""

    payments: tuple[PaymentRecord, ...] = ()
    facts: tuple[FactRecord, ...] = field(default=())
    owners: tuple[OwnerRecord, ...] = ()
    parties: tuple[PartyRecord, ...] = ()

    def with_fact(self, record: FactRecord) -> Recorded:
        return replace(self, facts=(*self.facts, record))

    def parties_said(self) -> tuple[Party, ...]:
        """Return the rows of all parties, ended ones too, as the contract says."""
        return tuple(each.party for each in self.parties)

    def with_payments(self, *records: PaymentRecord) -> Recorded:
        """Add these payments, in the place of those with the same id."""
        new = {each.payment.payment_id for each in records}
        kept = (each for each in self.payments if each.payment.payment_id not in new)
        return replace(self, payments=(*kept, *records))

    @property
    def undone_ids(self) -> frozenset[str]:
        """Return the ids of the facts that were undone."""
        return frozenset(each.fact.fact_id for each in self.facts if isinstance(each.fact, Undo))

    def counting(self) -> tuple[FactRecord, ...]:
        """Return the facts that still count, in the order in which they were recorded."""
        undone = self.undone_ids
        return tuple(
            each
            for each in sorted(self.facts, key=lambda each: (each.recorded_at, each.fact_id))
            if each.fact_id not in undone and not isinstance(each.fact, Undo)
        )

    def history(self) -> History:
        """Return what counts: no reversed payment, nothing undone, every pause with its end."""
        records = self.counting()
        counting = [each.payment for each in self.payments if each.reversed_on is None]
        counting_ids = {each.payment_id for each in counting}
        facts = [each.fact for each in records]
        return History(
            payments=tuple(counting),
            chargebacks=tuple(
                each
                for each in facts
                if isinstance(each, Chargeback) and each.payment_id in counting_ids
            ),
            charges=tuple(each for each in facts if isinstance(each, Charge)),
            waivers=tuple(each for each in facts if isinstance(each, Waiver)),
            pauses=tuple(pause for _, pause in _pauses(records)),
            versions=tuple(each for each in facts if isinstance(each, ScheduleVersion)),
            write_offs=tuple(each for each in facts if isinstance(each, WriteOff)),
        )

    def pauses(self) -> dict[str, Pause]:
        """Return the pauses that count by the id of their fact, each with its end."""
        return dict(_pauses(self.counting()))


def _pauses(records: Iterable[FactRecord]) -> list[tuple[str, Pause]]:
    records = list(records)
    resumed = {
        each.fact.pause_id: each.fact.on for each in records if isinstance(each.fact, Resume)
    }
    return [
        (each.fact_id, replace(each.fact, resumed_on=resumed.get(each.fact_id)))
        for each in records
        if isinstance(each.fact, Pause)
    ]

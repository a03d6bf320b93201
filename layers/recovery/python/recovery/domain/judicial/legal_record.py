"""What is on record of a debt's way to court on a day, and what of it may move a limitation clock.

Facts after the day, and those undone, are not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Generic, TypeVar

from recovery.domain.accounting.acts import (
    ENDS,
    Acknowledgement,
    Act,
    CalledIn,
    ContractTerms,
    Demand,
    Listing,
    ListingChange,
    NegotiationOpened,
    NegotiationStep,
    Suit,
    SuitEnd,
)
from recovery.domain.accounting.fact import Recorded
from recovery.domain.judicial.limitation_acts import LimitationAct

F = TypeVar("F", bound=Act)


@dataclass(frozen=True, slots=True)
class Said(Generic[F]):
    """A fact with its id."""

    fact_id: str
    fact: F


@dataclass(frozen=True, slots=True)
class NegotiationRecord:
    """A request to negotiate with what came of it, in order."""

    negotiation_id: str
    opened: NegotiationOpened
    steps: tuple[NegotiationStep, ...] = ()

    @property
    def end(self) -> NegotiationStep | None:
        return next((each for each in self.steps if each.step in ENDS), None)

    @property
    def answered(self) -> bool:
        """Whether the other side said anything: talks began."""
        return bool(self.steps)


@dataclass(frozen=True, slots=True)
class SuitRecord:
    """A suit and how it ended; ``end`` None: it is still pending."""

    suit_id: str
    suit: Suit
    end: SuitEnd | None = None


@dataclass(frozen=True, slots=True)
class ListingRecord:
    """A listing and what became of it, in order."""

    listing_id: str
    listing: Listing
    changes: tuple[ListingChange, ...] = ()

    @property
    def removed_on(self) -> date | None:
        return next((each.on for each in self.changes if each.step == "removed"), None)

    @property
    def disputed_on(self) -> date | None:
        return next((each.on for each in self.changes if each.step == "disputed"), None)

    @property
    def amount_minor(self) -> int:
        """The amount that the register shows now."""
        said = (each.amount_minor for each in reversed(self.changes))
        return next((each for each in said if each is not None), self.listing.amount_minor)


@dataclass(frozen=True, slots=True)
class LegalRecord:
    """Everything, each kind in order of its days.

    ``contract`` has each term as last read.
    """

    demands: tuple[Said[Demand], ...] = ()
    acknowledgements: tuple[Said[Acknowledgement], ...] = ()
    negotiations: tuple[NegotiationRecord, ...] = ()
    suits: tuple[SuitRecord, ...] = ()
    listings: tuple[ListingRecord, ...] = ()
    called_in: Said[CalledIn] | None = None
    contract: ContractTerms | None = None

    @property
    def pending_suit(self) -> SuitRecord | None:
        """The last suit that has not ended."""
        return next((each for each in reversed(self.suits) if each.end is None), None)

    def last_demand(self, purpose: str) -> Said[Demand] | None:
        """Return the last demand for this."""
        return next((e for e in reversed(self.demands) if e.fact.purpose == purpose), None)


def legal_record(recorded: Recorded, as_of: date) -> LegalRecord:
    """Return what was known of this day."""
    steps = _facts(recorded, NegotiationStep, as_of)
    changes = _facts(recorded, ListingChange, as_of)
    ends = {each.fact.suit_id: each.fact for each in _facts(recorded, SuitEnd, as_of)}
    terms = [each.fact for each in _facts(recorded, ContractTerms, as_of)]
    called_in = _facts(recorded, CalledIn, as_of)
    return LegalRecord(
        demands=_facts(recorded, Demand, as_of),
        acknowledgements=_facts(recorded, Acknowledgement, as_of),
        negotiations=tuple(
            NegotiationRecord(
                each.fact_id,
                each.fact,
                tuple(e.fact for e in steps if e.fact.negotiation_id == each.fact_id),
            )
            for each in _facts(recorded, NegotiationOpened, as_of)
        ),
        suits=tuple(
            SuitRecord(each.fact_id, each.fact, ends.get(each.fact_id))
            for each in _facts(recorded, Suit, as_of)
        ),
        listings=tuple(
            ListingRecord(
                each.fact_id,
                each.fact,
                tuple(e.fact for e in changes if e.fact.listing_id == each.fact_id),
            )
            for each in _facts(recorded, Listing, as_of)
        ),
        called_in=called_in[-1] if called_in else None,
        contract=_merged(terms),
    )


def limitation_acts(record: LegalRecord) -> Iterator[LimitationAct]:
    """Yield what may renew a period of limitation; payments are on record elsewhere.

    A suit that was withdrawn, settled or expired was not won. How it ended without a decision on
    the debt is for a lawyer to weigh, so it counts as one that failed: the shorter way.
    """
    for demand in record.demands:
        yield LimitationAct(
            act_id=demand.fact_id,
            act="demand",
            on=demand.fact.on,
            persons=demand.fact.persons,
            proof=demand.fact.proof,
            written=demand.fact.written,
            parts=_parts(demand.fact.instalments),
        )
    for said in record.acknowledgements:
        yield LimitationAct(
            act_id=said.fact_id,
            act="acknowledgement",
            on=said.fact.on,
            persons=said.fact.persons,
            proof=said.fact.proof,
            written=said.fact.written,
        )
    for each in record.negotiations:
        yield LimitationAct(
            act_id=each.negotiation_id,
            act="negotiation_request",
            on=each.opened.on,
            persons=each.opened.persons,
            proof=each.opened.proof,
            written=True,
            received_on=each.opened.received_on,
            answered=each.answered,
            ended_on=each.end.on if each.end else None,
        )
    for suit in record.suits:
        yield LimitationAct(
            act_id=suit.suit_id,
            act="claim_filed",
            on=suit.suit.on,
            persons=suit.suit.persons,
            proof="proven",
            written=True,
            ended_on=suit.end.on if suit.end else None,
            upheld=suit.end.outcome == "upheld" if suit.end else None,
            parts=_parts(suit.suit.instalments),
        )


def _parts(instalments: tuple[int, ...]) -> frozenset[str] | None:
    return frozenset(map(str, instalments)) or None


def _facts(recorded: Recorded, kind: type[F], as_of: date) -> tuple[Said[F], ...]:
    """Return the facts of a kind that count, by their day."""
    found: list[Said[F]] = []
    for each in recorded.counting():
        if isinstance(each.fact, kind) and each.fact.on <= as_of:
            found.append(Said(each.fact_id, each.fact))
    return tuple(sorted(found, key=lambda each: each.fact.on))


def _merged(terms: list[ContractTerms]) -> ContractTerms | None:
    """Return each term as last said."""
    merged: ContractTerms | None = None
    for each in terms:
        if merged is None:
            merged = each
            continue
        named = {name: getattr(each, name) for name in _TERMS}
        merged = replace(merged, **{k: v for k, v in named.items() if v not in (None, "")})
    return merged


_TERMS = tuple(each.name for each in fields(ContractTerms))

"""Whether an act may be recorded: everything wrong with it, given what is on record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from recovery.domain.accounting.acts import (
    ENDS,
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
from recovery.domain.accounting.fact import FactRecord, Recorded
from recovery.domain.accounting.loan import Loan
from recovery.domain.shared.errors import Problem


def act_problems(act: Act, loan: Loan, recorded: Recorded, today: date) -> Iterator[Problem]:
    """Yield every reason why the act cannot be recorded besides its own day."""
    yield from _person_problems(act, loan, recorded)
    yield from _instalment_problems(act, loan)
    counting = {each.fact_id: each for each in recorded.counting()}
    match act:
        case Demand():
            yield from _day_problems("sent_on", act.sent_on, loan.disbursed_on, act.on)
        case NegotiationOpened():
            yield from _day_problems("received_on", act.received_on, act.on, today)
        case NegotiationStep():
            yield from _of("negotiation_id", act.negotiation_id, NegotiationOpened, act, counting)
            ended = _ended(act.negotiation_id, counting.values())
            if ended is not None and (act.on > ended or act.step in ENDS):
                reason = f"{act.negotiation_id} ended on {ended}"
                remedy = "Record another request, or undo its end"
                yield Problem("negotiation_id", reason, remedy, "conflict")
        case SuitEnd():
            yield from _of("suit_id", act.suit_id, Suit, act, counting)
            ends = [e.fact for e in counting.values() if isinstance(e.fact, SuitEnd)]
            if any(each.suit_id == act.suit_id for each in ends):
                reason = f"{act.suit_id} has ended already"
                yield Problem("suit_id", reason, "Undo that end if it is wrong", "conflict")
        case ListingChange():
            yield from _of("listing_id", act.listing_id, Listing, act, counting)
            yield from _listing_problems(act, counting.values())
        case CalledIn():
            yield from _called_in_problems(act, counting)
        case ContractTerms():
            yield from _contract_problems(act)


def undo_problems(fact_id: str, undone: object, recorded: Recorded) -> Iterator[Problem]:
    """Yield why an act cannot be undone: others say what became of it."""
    if not isinstance(undone, Suit | NegotiationOpened | Listing | Demand):
        return
    later = [each.fact_id for each in recorded.counting() if _rests_on(each.fact) == fact_id]
    if later:
        reason = f"{fact_id} is what {', '.join(later)} is about"
        yield Problem("undoes", reason, "Undo these first", "conflict")


def _rests_on(fact: object) -> str | None:
    match fact:
        case SuitEnd():
            return fact.suit_id
        case NegotiationStep():
            return fact.negotiation_id
        case ListingChange():
            return fact.listing_id
        case CalledIn():
            return fact.demand_id
    return None


def _person_problems(act: Act, loan: Loan, recorded: Recorded) -> Iterator[Problem]:
    known = {loan.borrower_id, *(each.person_id for each in recorded.parties_said())}
    for unknown in sorted(set(getattr(act, "persons", ())) - known):
        reason = f"{unknown[:40]!r} is no party of the loan"
        remedy = f"Use ids among: {', '.join(sorted(known))}"
        yield Problem("persons", reason, remedy, "not_found")


def _instalment_problems(act: Act, loan: Loan) -> Iterator[Problem]:
    known = {each.number for each in loan.schedule}
    for number in sorted(set(getattr(act, "instalments", ())) - known):
        remedy = "Use the numbers of its schedule, or leave them out for the whole debt"
        yield Problem("instalments", f"the loan has no instalment {number}", remedy, "not_found")


def _day_problems(field: str, day: date | None, first: date, last: date) -> Iterator[Problem]:
    if day is not None and not first <= day <= last:
        reason = f"{day} is not between {first} and {last}"
        yield Problem(field, reason, "Give the day on which it happened", "out_of_range")


def _of(
    field: str,
    fact_id: str,
    kind: type[Suit] | type[NegotiationOpened] | type[Listing],
    act: NegotiationStep | SuitEnd | ListingChange,
    counting: dict[str, FactRecord],
) -> Iterator[Problem]:
    """Yield a problem if the fact that this one is about is not on record, or came later."""
    known = counting.get(fact_id)
    if known is None or not isinstance(known.fact, kind):
        what = {Suit: "suit", NegotiationOpened: "negotiation", Listing: "listing"}[kind]
        reason = f"{fact_id} is no {what} of this loan that counts"
        yield Problem(field, reason, "Name one that is on record", "not_found")
    elif act.on < known.fact.on:
        yield Problem("on", f"{act.on} is before it began, on {known.fact.on}", "Use a later day")


def _ended(negotiation_id: str, counting: Iterable[FactRecord]) -> date | None:
    steps = (each.fact for each in counting if isinstance(each.fact, NegotiationStep))
    ends = [e.on for e in steps if e.negotiation_id == negotiation_id and e.step in ENDS]
    return min(ends, default=None)


def _listing_problems(act: ListingChange, counting: Iterable[FactRecord]) -> Iterator[Problem]:
    changes = (each.fact for each in counting if isinstance(each.fact, ListingChange))
    removed = [e.on for e in changes if e.listing_id == act.listing_id and e.step == "removed"]
    if removed and (act.step == "removed" or act.on > removed[0]):
        reason = f"{act.listing_id} was removed on {removed[0]}"
        yield Problem("listing_id", reason, "Name a listing that is still there", "conflict")
    if (act.step == "corrected") != (act.amount_minor is not None):
        remedy = "Give the new amount with a correction, and with nothing else"
        yield Problem("amount", f"does not go with {act.step}", remedy)


def _called_in_problems(act: CalledIn, counting: dict[str, FactRecord]) -> Iterator[Problem]:
    before = [e.fact_id for e in counting.values() if isinstance(e.fact, CalledIn)]
    if before:
        reason = f"would call in what {before[0]} called in already"
        yield Problem("kind", reason, "Undo that one if it is wrong", "conflict")
    if act.demand_id is None:
        return
    known = counting.get(act.demand_id)
    if known is None or not isinstance(known.fact, Demand):
        reason = f"{act.demand_id} is no demand of this loan that counts"
        yield Problem("demand_id", reason, "Name one that is on record", "not_found")
    elif known.fact.on > act.on:
        reason = f"{act.demand_id} came after it, on {known.fact.on}"
        yield Problem("demand_id", reason, "Name the one that came before", "conflict")


def _contract_problems(act: ContractTerms) -> Iterator[Problem]:
    said = (
        *(act.title, act.late_rate_pct, act.called_in_after, act.liquidation_clause),
        *(act.names_bureau, act.secured_by_home, act.region),
    )
    if all(each is None for each in said):
        yield Problem("kind", "says nothing of the contract", "Give at least one of its terms")

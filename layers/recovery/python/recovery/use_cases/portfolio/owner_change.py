"""Record a change of a loan's owner, or the notice of it, with what follows, in one transaction."""

from __future__ import annotations

from dataclasses import replace

from recovery.domain.accounting.fact import Recorded
from recovery.domain.accounting.owner_facts import OwnerRecord, history_of, ownership_of
from recovery.domain.accounting.ownership import OwnerChange, OwnerChangeKind, TransferNotice
from recovery.domain.accounting.placement import PlacementReport
from recovery.domain.outbox import DomainEvent, Outbox, TimelineEntry, outbox_id
from recovery.domain.shared.actor import Actor, Role
from recovery.domain.shared.errors import Problem, RefusedError
from recovery.ports.accounting import LoanChange, StoredLoan
from recovery.use_cases.accounting.take_up import taken_up
from recovery.use_cases.portfolio.pass_on import with_passed_on
from recovery.use_cases.shared.rules import Rules

_DONE: dict[str, str] = {
    OwnerChangeKind.SALE: "sold to",
    OwnerChangeKind.TRANSFER: "transferred to",
    OwnerChangeKind.PLACEMENT: "placed with",
    OwnerChangeKind.RECALL: "recalled from who handled it",
    OwnerChangeKind.BUY_BACK: "bought back by",
}


def check_right(by: Actor) -> None:
    """Raise RefusedError for whoever may not let loans change hands."""
    if not (by.is_person and by.may(Role.SUPERVISOR)):
        reason = f"{by.in_words()} may not let loans change hands"
        raise RefusedError(Problem("by", reason, "Leave it to: supervisor"))


def change_by(
    record: OwnerRecord, stored: StoredLoan, recorded: Recorded, rules: Rules
) -> LoanChange:
    """Return the change that records the fact, with what is owed and passed on after it."""
    after = replace(recorded, owners=(*recorded.owners, record))
    ownership = ownership_of(history_of(stored.loan.institution_id, after.owners))
    owned = replace(stored.state, ownership=ownership)
    loan, state = taken_up(stored.loan, owned, after, rules)
    outbox = with_passed_on(_news(record, state.version, rules), stored, recorded, after, ownership)
    return LoanChange(stored.loan, loan, state, outbox, owners=(record,))


def _news(record: OwnerRecord, version: int, rules: Rules) -> Outbox:
    """Announce the fact on the timeline and the event bus."""
    entry = TimelineEntry(record.on, "owner", in_words(record.fact), key=f"#{record.record_id}")
    events = (_event(record),)
    return Outbox(outbox_id(version + 1), rules.as_of, timeline=(entry,), events=events)


def _event(record: OwnerRecord) -> DomainEvent:
    fact, detail = record.fact, {"loan_id": record.loan_id, "change_id": record.fact.change_id}
    if isinstance(fact, PlacementReport):
        reported = {"report_id": fact.report_id, "status": fact.status, "on": fact.on.isoformat()}
        return DomainEvent("PlacementReported", {**detail, **reported})
    if isinstance(fact, TransferNotice):
        told = {"medium": fact.medium, "sent_on": fact.sent_on.isoformat()}
        return DomainEvent("TransferNoticeProven", {**detail, **told})
    parties = {"creditor": fact.creditor, "servicer": fact.servicer}
    named = {name: party for name, party in parties.items() if party}
    change = {"kind": fact.kind, "from_on": fact.from_on.isoformat(), "outside": fact.outside}
    return DomainEvent("OwnerChanged", {**detail, **change, **named})


def in_words(fact: OwnerChange | TransferNotice | PlacementReport) -> str:
    """Describe the fact for the timeline, such as "sold to Fondo Norte, list list-7"."""
    if isinstance(fact, PlacementReport):
        named = f", reference {fact.reference}" if fact.reference else ""
        return f"reported of placement {fact.change_id}: {fact.status.replace('_', ' ')}{named}"
    if isinstance(fact, TransferNotice):
        medium = fact.medium.replace("_", " ")
        return f"notice of the new owner sent by {medium}, proof {fact.proof}"
    to = fact.servicer if fact.kind == OwnerChangeKind.PLACEMENT else fact.creditor
    words = " ".join(filter(None, (_DONE.get(fact.kind, fact.kind), to)))
    excepted = f", excepted by {fact.excepted_by}" if fact.excepted_by else ""
    return f"{words}, list {fact.change_id}{excepted}"

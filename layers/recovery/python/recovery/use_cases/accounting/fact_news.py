"""What is said of a recorded fact: on the timeline, on the event bus, and to who asks for it."""

from __future__ import annotations

from datetime import date

from recovery.documents.accounting.act_document import act_document
from recovery.documents.agreements.agreement_document import agreement_document, offer_document
from recovery.domain.accounting.acts import Act, act_in_words
from recovery.domain.accounting.agreed import Agreement, Offer
from recovery.domain.accounting.fact import FactRecord, Undo, date_of
from recovery.domain.accounting.history import ScheduleVersion
from recovery.domain.accounting.notices import NoticeGiven
from recovery.domain.outbox import DomainEvent, TimelineEntry
from recovery.domain.shared.money import Money, to_decimal_text

_TOLD = (
    *("component", "payment_id", "reason_code", "pause_id", "instalment", "pay_on", "channel"),
    *("promise_id", "dispute_id", "about", "answer_by", "outcome"),
    *("medium", "sent_on", "ended", "counts", "offer_id", "agreement_id", "option", "expires_on"),
    *("schedule_id", "reference"),
)


def fact_entry(record: FactRecord, currency: str) -> TimelineEntry:
    """Return the fact for people to read on the timeline."""
    text = in_words(record, currency)
    return TimelineEntry(date_of(record.fact), "fact", text, key=f"fact#{record.fact_id}")


def fact_event(record: FactRecord, currency: str) -> DomainEvent:
    """Return the fact for the event bus."""
    return DomainEvent("FactRecorded", fact_detail(record, currency))


def fact_detail(record: FactRecord, currency: str) -> dict[str, object]:
    """Return the fact for other systems: ids, dates and amounts, no words of a person."""
    fact = record.fact
    amount_minor = getattr(fact, "amount_minor", None)
    detail: dict[str, object] = {
        "loan_id": record.loan_id,
        "fact_id": record.fact_id,
        "kind": record.kind,
        "on": date_of(fact).isoformat(),
        "known_on": record.known_on.isoformat(),
    }
    if amount_minor is not None:
        detail |= {"amount": to_decimal_text(amount_minor, currency), "currency": currency}
    for name in _TOLD:
        value = getattr(fact, name, None)
        if value is not None and not (name == "offer_id" and not value):
            detail[name] = value.isoformat() if isinstance(value, date) else value
    if isinstance(fact, Undo):
        detail["undoes"] = fact.fact_id
    if isinstance(fact, ScheduleVersion):
        detail |= {"schedule": fact.kind, "schedule_version": fact.version}
    return detail


def fact_document(record: FactRecord, currency: str) -> dict[str, object]:
    """Return the fact for the API, with its reason."""
    shown: dict[str, object]
    match record.fact:
        case NoticeGiven():
            shown = {"proof": record.fact.proof}
        case Offer():
            shown = offer_document(record.fact, currency)
        case Agreement():
            shown = agreement_document(record.fact, currency)
        case _ if isinstance(record.fact, Act):
            shown = act_document(record.fact, currency)
        case _:
            shown = {}
    return {
        **fact_detail(record, currency),
        **shown,
        "reason": record.reason,
        "recorded_by": record.recorded_by,
        "recorded_at": record.recorded_at.isoformat(),
    }


def in_words(record: FactRecord, currency: str) -> str:
    """Describe the fact for the timeline, such as "waiver of 12.00 EUR of fee"."""
    fact, said = record.fact, record.kind.replace("_", " ")
    if isinstance(fact, ScheduleVersion):
        said = f"schedule version {fact.version}, {fact.kind.replace('_', ' ')}"
    if isinstance(fact, Undo):
        said = f"fact {fact.fact_id} undone"
    if isinstance(fact, NoticeGiven):
        counts = "" if fact.counts else ", which does not count"
        how = fact.medium.replace("_", " ")
        said = f"notice, {how}, {fact.ended.replace('_', ' ')}{counts}, proof {fact.proof}"
    if isinstance(fact, Act):
        said = act_in_words(fact, record.kind)
    amount_minor = getattr(fact, "amount_minor", None)
    if amount_minor is not None:
        said += f" of {Money(amount_minor, currency)}"
    if component := getattr(fact, "component", None):
        said += f" of {component}"
    if payment_id := getattr(fact, "payment_id", None):
        said += f", payment {payment_id}"
    return f"{said}: {record.reason}"

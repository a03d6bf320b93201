"""Conduct: who was contacted who should not have been, and who was left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from recovery.domain.accounting.fact import FactRecord, Recorded
from recovery.domain.accounting.said import Dispute, DisputeEnd, Promise, PromiseEnd
from recovery.domain.agreements.person_facts import (
    Complaint,
    ComplaintEnd,
    Hardship,
    Hold,
    HoldEnd,
    PersonFactRecord,
)
from recovery.domain.contact.borrower import Borrower
from recovery.domain.contact.contact_rules import BasisRule
from recovery.domain.portfolio.conduct import Details, Finding, Law, PersonConduct, Said
from recovery.domain.portfolio.conduct_kinds import NEUTRAL, PRESSING, purpose_of

_KNOWN_BLOCKS = frozenset(
    {
        *("messages.reminder", "messages.arrears", "messages.thanks", "messages.notice"),
        *("messages.education", "messages.answer", "calls", "late_charges", "escalation"),
        *("judicial", "bureau"),
    }
)
_STRICTNESS = ("contract", "consent", "none")


def whom_findings(record: PersonConduct, last: date) -> Iterator[Finding]:
    """Yield each message to somebody who must not get it, and who is left out on the last day."""
    for said in record.said:
        for rule in (*_address_rules(said), *_held_rules(said, record.facts)):
            yield Finding(rule, said.on, record.person_id, said.loan_id, said.message_id)
    if record.owes and (missing := _left_out(record.now, last)):
        yield Finding(missing, last, record.person_id)


def _address_rules(said: Said) -> Iterator[str]:
    """Yield each rule that is broken whichever details of that day were in force."""
    found = [set(_address_problems(each, said)) for each in said.details]
    yield from sorted(set.intersection(*found) if found else ())


def _address_problems(details: Details, said: Said) -> Iterator[str]:
    person, channel = details.person, said.contact.channel
    if channel not in ("email", "sms"):
        return
    consent = person.email_consent if channel == "email" else person.sms_consent
    only_by = person.instructions.only_by
    if consent is False or only_by not in (None, "email" if channel == "email" else "phone"):
        yield "opted_out"
    elif _needs_a_yes(details, channel, said.on) and consent is not True:
        yield "no_basis"
    if channel == "sms" and person.phone in person.barred_phones:
        yield "barred"
    said_of_it, filed = (
        (person.instructions.email_privacy, person.email_privacy)
        if channel == "email"
        else (person.instructions.phone_privacy, person.phone_privacy)
    )
    if (said_of_it or filed or "private") != "private" and said.kind != NEUTRAL:
        yield "seen_by_others"
    if said.kind != NEUTRAL and not _is_confirmed(person, channel, said):
        yield "unconfirmed"


def _is_confirmed(person: Borrower, channel: str, said: Said) -> bool:
    """Whether somebody knew the person to be at this address, so lately as the policy wants."""
    within_days = said.policy.confirmed_within_days
    own = person.email_confirmed_on if channel == "email" else person.phone_confirmed_on
    known = [on for on in (own, person.contact_confirmed_on) if on]
    return within_days is None or any((said.on - on).days <= within_days for on in known)


def _needs_a_yes(details: Details, channel: str, on: date) -> bool:
    return any(_basis(each, channel, on) != "contract" for each in details.places)


def _basis(place: Law, channel: str, on: date) -> str:
    """Return what a message about the person's own loan rests on, the strictest of all rules."""

    def rules(of: Iterable[BasisRule]) -> list[BasisRule]:
        return [
            each
            for each in of
            if channel in each.channels
            and "own_loan" in each.purposes
            and each.valid_from <= on
            and (each.valid_to is None or on <= each.valid_to)
        ]

    own = rules(place.own.basis if place.own else ())
    is_vouched_for = all(each.confidence in ("H", "M") and on <= each.review_by for each in own)
    found = own if own and is_vouched_for else [*own, *rules(place.careful.basis)]
    return max((each.basis for each in found), key=_STRICTNESS.index, default="none")


def _held_rules(said: Said, facts: Sequence[PersonFactRecord]) -> Iterator[str]:
    purpose = purpose_of(said.meant)
    if _holds_person(said, facts, purpose):
        yield "restrained"
    if said.loan is None:
        return
    recorded = said.loan.recorded
    open_ones = list(_open_disputes(recorded, said.on))
    if any(each.amount_minor is None and _blocks(each.blocks, purpose) for each in open_ones):
        yield "restrained"
    elif open_ones and _is_all_disputed(said, open_ones):
        yield "disputed_part"
    if purpose in PRESSING and any(_open_promises(recorded, said.on)):
        yield "during_a_promise"


def _holds_person(said: Said, facts: Sequence[PersonFactRecord], purpose: str) -> bool:
    """Whether what was on record of the person before the message blocks its purpose."""
    known = [each for each in facts if _was_known(each.recorded_at, each.known_on, said)]
    ended = {e.fact.fact_id: e.fact for e in known if isinstance(e.fact, HoldEnd)}
    answered = {e.fact.complaint_id: e.fact for e in known if isinstance(e.fact, ComplaintEnd)}
    for each in known:
        fact = each.fact
        if not isinstance(fact, Hold | Hardship | Complaint) or fact.on > said.on:
            continue
        until = fact.until if isinstance(fact, Hold) else None
        end = (answered if isinstance(fact, Complaint) else ended).get(each.fact_id)
        is_over = end is not None and (end.on <= said.on or getattr(end, "was_false", False))
        if not is_over and (until is None or said.on <= until) and _blocks(fact.blocks, purpose):
            return True
    return False


def _was_known(recorded_at: datetime, known_on: date, said: Said) -> bool:
    """Whether it was on record before the message; of old messages only the day is known."""
    if said.contact.taken_at:
        return recorded_at < said.contact.taken_at
    return known_on < said.on


def _blocks(blocked: Iterable[str], purpose: str) -> bool:
    """Whether these blocks hold the purpose; a block that is unknown holds everything."""
    names = frozenset(blocked)
    return purpose in names or not names <= _KNOWN_BLOCKS


def _counting(recorded: Recorded) -> list[FactRecord]:
    undone = recorded.undone_ids
    return [each for each in recorded.facts if each.fact_id not in undone]


def _open_disputes(recorded: Recorded, on: date) -> Iterator[Dispute]:
    facts = _counting(recorded)
    ends = {e.fact.dispute_id: e.fact for e in facts if isinstance(e.fact, DisputeEnd)}
    for each in facts:
        if isinstance(each.fact, Dispute) and each.fact.on <= on:
            end = ends.get(each.fact_id)
            if end is None or end.on > on or end.outcome == "fraud_proven":
                yield each.fact


def _is_all_disputed(said: Said, disputes: Sequence[Dispute]) -> bool:
    """Whether all that was unpaid up to what the message is about was disputed: the oldest first.

    Answers and thanks speak of something else.
    """
    assert said.loan is not None
    if purpose_of(said.meant) not in (*PRESSING, "messages.notice"):
        return False
    unpaid_minor = sum(
        instalment.due.total - paid.total
        for instalment, paid in zip(said.loan.schedule, said.loan.position.paid, strict=False)
        if instalment.due_date <= max(said.about, said.on)
    )
    return 0 < unpaid_minor <= sum(each.amount_minor or 0 for each in disputes)


def _open_promises(recorded: Recorded, on: date) -> Iterator[Promise]:
    """Yield the promises whose time was not over, and of which something was still to come.

    Promises are served in the order of their dates, each payment once.
    """
    facts = _counting(recorded)
    taken_back = {e.fact.promise_id: e.fact.on for e in facts if isinstance(e.fact, PromiseEnd)}
    left_minor = {
        each.payment.payment_id: each.payment.amount_minor
        for each in recorded.payments
        if each.reversed_on is None
    }
    made = [(each, each.fact) for each in facts if isinstance(each.fact, Promise)]
    for record, promise in sorted(made, key=lambda each: (each[1].pay_on, each[0].recorded_at)):
        ended_on = taken_back.get(record.fact_id, date.max)
        missing = promise.amount_minor
        for each in sorted(recorded.payments, key=lambda each: each.payment.value_date):
            paid_on = each.payment.value_date
            if promise.on <= paid_on <= min(promise.last_value_date, ended_on):
                part = min(missing, left_minor.get(each.payment.payment_id, 0))
                left_minor[each.payment.payment_id] = (
                    left_minor.get(each.payment.payment_id, 0) - part
                )
                missing -= part
        is_on = promise.on <= on < min(promise.judged_on, ended_on)
        if is_on and missing > promise.tolerance_minor:
            yield promise


def _left_out(now: Details, last: date) -> str | None:
    """Return why the person cannot be written to; None if they can, or said no."""
    if not now.readable:
        return "left_out_for_language"
    person = now.person
    if not now.places:
        return "left_out_for_data"
    if False in (person.email_consent, person.sms_consent):
        return None
    ways = (
        ("email", person.email, person.email_consent),
        ("sms", person.phone, person.sms_consent),
    )
    for channel, address, consent in ways:
        if address and (consent or not _needs_a_yes(now, channel, last)):
            return None
    return "left_out_for_data"

"""Encode domain values as compact JSON for storage and messages, and decode them.

Free of AWS imports, so stream functions can decode raw images without them. The state item, which
every review touches, must stay within 1 KB, so its values are encoded as rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from recovery.adapters.dynamodb.earlier import policy_in_sections, state_in_present_format
from recovery.adapters.dynamodb.held_rows import held_from_json, held_to_json
from recovery.documents.shared.plain import from_plain, from_row, to_plain, to_row
from recovery.domain.accounting.fact import KINDS, RecordedFact
from recovery.domain.accounting.loan import NOTHING, Components, Instalment, LoanProfile
from recovery.domain.accounting.loan_facts import LoanFacts
from recovery.domain.accounting.owner_facts import Ownership
from recovery.domain.accounting.party import PartyRecord
from recovery.domain.accounting.position import Position
from recovery.domain.agreements.learning import NOTHING_LEARNED, Learning
from recovery.domain.agreements.restraints import Restraint
from recovery.domain.cases.record import Step
from recovery.domain.cases.signals import Signal
from recovery.domain.cases.stage import CaseState
from recovery.domain.cases.write_offs import Proposal
from recovery.domain.contact.plan import Wish
from recovery.domain.loan_state import LoanState
from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.monitoring.pattern import NO_CONTACTS, Contacts
from recovery.domain.outbox import Outbox
from recovery.domain.policy import Policy
from recovery.domain.shared.iso_dates import from_iso, iso
from recovery.ports.contact import Wake

T = TypeVar("T")


def to_json(plain: Any) -> str:
    """Encode as compact JSON."""
    return json.dumps(plain, separators=(",", ":"), ensure_ascii=False)


def schedule_to_json(schedule: Iterable[Instalment]) -> str:
    """Encode as ``[[number, "2026-01-31", principal, interest, fee, penalty], ...]``."""
    return to_json([[number, on.isoformat(), *due] for number, on, due in schedule])


def schedule_from_json(text: str) -> tuple[Instalment, ...]:
    """Reverse ``schedule_to_json``."""
    return tuple(
        Instalment(number, date.fromisoformat(on), Components(*due))
        for number, on, *due in json.loads(text)
    )


def position_to_json(position: Position) -> str:
    """Encode as ``[instalments, credit, last value date, [row, ...]]``.

    A row is ``[principal, interest, fee, penalty, paid off on]``; rows end with the last instalment
    that anything was paid on. Dates are numbers such as 20260131, a third shorter, as there are
    many of them.
    """
    rows = [
        [*paid, _day_number(on)]
        for paid, on in zip(position.paid, position.paid_off_on, strict=True)
    ]
    while rows and not any(rows[-1]):
        rows.pop()
    last = _day_number(position.last_value_date)
    return to_json([len(position.paid), position.credit_minor, last, rows])


def position_from_json(text: str) -> Position:
    """Reverse ``position_to_json``."""
    instalments, credit_minor, last, rows = json.loads(text)
    untouched = instalments - len(rows)
    return Position(
        paid=(*(Components(*paid) for *paid, _ in rows), *(NOTHING,) * untouched),
        paid_off_on=(*(_day(on) for *_, on in rows), *(None,) * untouched),
        credit_minor=credit_minor,
        last_value_date=_day(last),
    )


def _day_number(on: date | None) -> int | None:
    return on.year * 10_000 + on.month * 100 + on.day if on else None


def _day(number: int | None) -> date | None:
    return date(number // 10_000, number // 100 % 100, number % 100) if number else None


_USUAL_STANDING = Standing(date.min, 0, 0, None, NOTHING, NOTHING, 0, None, None, None, NOTHING)
_STANDING_FIELDS = 11  # always written


def standing_to_json(standing: Standing) -> str:
    """Encode the field values in order; new fields may only be added at the end.

    Those of most loans, nothing written off or restructured, are left out.
    """
    row = to_row(standing)
    usual = to_row(_USUAL_STANDING)
    while len(row) > _STANDING_FIELDS and row[-1] == usual[len(row) - 1]:
        row.pop()
    return to_json(row)


def standing_from_json(text: str) -> Standing:
    """Reverse ``standing_to_json``."""
    return from_row(Standing, json.loads(text))


def cases_to_json(state: LoanState) -> str:
    """Encode as ``[cases so far, outcome that closed the loan, the open case's values]``, and after
    them the values of a proposal to write the loan off, if there is one."""
    case = to_row(state.case) if state.case else None
    while case and case[-1] is None:  # what has no value by default need not be written
        case.pop()
    values = [state.cases, state.closed, case]
    return to_json([*values, to_row(state.proposal)] if state.proposal else values)


def contact_to_json(state: LoanState) -> str | None:
    """Encode what contact needs to remember, as far as there is any."""
    contact = {
        "wish": to_row(state.wish) if state.wish else None,
        "asked": to_plain(state.asked),
        "retry_on": to_plain(state.retry_on),
        "first_contact": iso(state.first_contact),
        "demanded_on": iso(state.demanded_on),
        "received": state.received_minor,
        "called_for": iso(state.called_for),
        "contacts": to_row(state.contacts) if state.contacts != NO_CONTACTS else None,
    }
    kept = {name: value for name, value in contact.items() if value or value == 0}
    return to_json(kept) if kept else None


def restraints_to_json(restraints: Iterable[Restraint]) -> str | None:
    """Encode as a list of objects without default values; None if there are none."""
    rows = [{**to_plain(each), "blocks": sorted(each.blocks)} for each in restraints]
    return to_json(rows) if rows else None


def restraints_from_json(text: str | None) -> tuple[Restraint, ...]:
    """Reverse ``restraints_to_json``."""
    read = (from_plain(Restraint, each) for each in json.loads(text or "[]"))
    return tuple(replace(each, blocks=frozenset(each.blocks)) for each in read)


def facts_to_json(facts: LoanFacts) -> str | None:
    """Encode without default values; None if all are."""
    plain = to_plain(facts)
    return to_json(plain) if plain else None


def facts_from_json(text: str | None) -> LoanFacts:
    """Reverse ``facts_to_json``."""
    return from_plain(LoanFacts, json.loads(text or "{}"))


def fact_to_json(fact: RecordedFact) -> str:
    """Encode one fact without default values."""
    return to_json(to_plain(fact))


def fact_from_json(kind: str, text: str) -> RecordedFact:
    """Reverse ``fact_to_json``. Raises LookupError for an unknown kind."""
    fact: RecordedFact = from_plain(KINDS[kind], json.loads(text))
    return fact


def parties_to_json(records: Iterable[PartyRecord]) -> str:
    """Encode as a list of objects without default values."""
    return to_json([to_plain(each) for each in records])


def parties_from_json(text: str) -> list[PartyRecord]:
    """Reverse ``parties_to_json``."""
    return [from_plain(PartyRecord, each) for each in json.loads(text)]


def document_to_json(value: Any) -> str:
    """Encode a value as one object without default values."""
    return to_json(to_plain(value))


def document_from_json(kind: type[T], text: str) -> T:
    """Reverse ``document_to_json``."""
    return from_plain(kind, json.loads(text))


def learning_from_json(text: str | None) -> Learning:
    """Read a person's progress with lessons."""
    return document_from_json(Learning, text) if text else NOTHING_LEARNED


def ownership_to_json(ownership: Ownership) -> str | None:
    """Encode without default values; None if the loan never changed hands."""
    plain = to_plain(ownership)
    return to_json(plain) if plain else None


def ownership_from_json(text: str | None) -> Ownership:
    """Reverse ``ownership_to_json``."""
    return from_plain(Ownership, json.loads(text or "{}"))


def profile_to_json(profile: LoanProfile) -> str | None:
    """Encode what is known; None if nothing is."""
    plain = to_plain(profile)
    return to_json(plain) if plain else None


def profile_from_json(text: str | None) -> LoanProfile:
    """Reverse ``profile_to_json``."""
    return from_plain(LoanProfile, json.loads(text or "{}"))


STATE_FORMAT = 4


def state_to_fields(state: LoanState) -> dict[str, Any]:
    """Return the item's attributes, one per capability, None if absent."""
    return {
        "format": STATE_FORMAT,
        "version": state.version,
        "accounting": position_to_json(state.position),
        "monitoring": standing_to_json(state.standing) if state.standing else None,
        "cases": cases_to_json(state),
        "contact": contact_to_json(state),
        "agreements": held_to_json(state.restraints),
        "facts": facts_to_json(state.facts),
        "ownership": ownership_to_json(state.ownership),
        "pulled_to": state.pulled_to,
        "segment": state.segment,
        "late_elsewhere": dates_to_json(state.late_elsewhere) if state.late_elsewhere else None,
        "next_review_on": iso(state.next_review_on),
    }


def state_from_fields(fields: Mapping[str, Any]) -> LoanState:
    """Reverse ``state_to_fields``, ignoring other attributes. Reads earlier formats too.

    Raises ValueError for a later format, which this version could only spoil.
    """
    fields = state_in_present_format(fields)
    if int(fields["format"]) > STATE_FORMAT:
        raise ValueError(f"the state has format {fields['format']}, written by a later version")
    cases, closed, case, *proposed = json.loads(fields["cases"])
    standing, contact = fields.get("monitoring"), json.loads(fields.get("contact") or "{}")
    wish = contact.get("wish")
    return LoanState(
        version=int(fields["version"]),
        position=position_from_json(fields["accounting"]),
        standing=standing_from_json(standing) if standing else None,
        case=from_row(CaseState, case) if case else None,
        cases=cases,
        wish=from_row(Wish, wish) if wish else None,
        asked=_dates(contact.get("asked", {})),
        retry_on=_dates(contact.get("retry_on", {})),
        next_review_on=from_iso(fields.get("next_review_on")),
        closed=closed,
        restraints=held_from_json(fields.get("agreements")),
        facts=facts_from_json(fields.get("facts")),
        ownership=ownership_from_json(fields.get("ownership")),
        pulled_to=fields.get("pulled_to"),
        proposal=from_row(Proposal, proposed[0]) if proposed else None,
        first_contact=from_iso(contact.get("first_contact")),
        demanded_on=from_iso(contact.get("demanded_on")),
        received_minor=contact.get("received"),
        contacts=from_row(Contacts, contact["contacts"]) if "contacts" in contact else NO_CONTACTS,
        called_for=from_iso(contact.get("called_for")),
        segment=fields.get("segment"),
        late_elsewhere=dates_from_json(fields.get("late_elsewhere") or "[]"),
    )


def _dates(by_rule: Mapping[str, str]) -> dict[str, date]:
    return {rule_key: date.fromisoformat(on) for rule_key, on in by_rule.items()}


def outbox_to_json(outbox: Outbox) -> str:
    """Encode as an object without default values; the text starts with ``{``."""
    return to_json(to_plain(outbox))


def outbox_from_json(text: str) -> Outbox:
    """Reverse ``outbox_to_json``."""
    return from_plain(Outbox, json.loads(text))


def signals_to_json(signals: Iterable[Signal]) -> str:
    """Encode as a list of objects without default values."""
    return to_json([to_plain(signal) for signal in signals])


def signals_from_json(text: str) -> tuple[Signal, ...]:
    """Reverse ``signals_to_json``."""
    return tuple(from_plain(Signal, each) for each in json.loads(text))


def policy_to_json(policy: Policy) -> str:
    """Encode with default values, so changing a default later alters no stored version."""
    return to_json(to_plain(policy, whole=True))


def policy_from_json(text: str) -> Policy:
    """Reverse ``policy_to_json``."""
    return from_plain(Policy, policy_in_sections(json.loads(text)))


def path_to_json(path: Iterable[Step]) -> str:
    """Encode as ``[[stage, "2026-01-31", reason], ...]``, compact as the path keeps growing."""
    return to_json([to_row(step) for step in path])


def path_from_json(text: str) -> tuple[Step, ...]:
    """Reverse ``path_to_json``."""
    return tuple(from_row(Step, row) for row in json.loads(text))


def dates_to_json(dates: Iterable[date]) -> str:
    """Encode as ``["2026-01-31", ...]``."""
    return to_json([each.isoformat() for each in dates])


def dates_from_json(text: str) -> tuple[date, ...]:
    """Reverse ``dates_to_json``."""
    return tuple(map(date.fromisoformat, json.loads(text)))


def wake_to_json(wake: Wake) -> str:
    """Encode as the body of a queue message."""
    return to_json(to_plain(wake))


def wake_from_json(text: str) -> Wake:
    """Reverse ``wake_to_json``."""
    return from_plain(Wake, json.loads(text))

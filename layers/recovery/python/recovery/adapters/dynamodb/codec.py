"""Encode domain values as compact JSON for storage and messages, and decode them.

Free of AWS imports, so stream functions can decode raw images without them. The state item, which
every review touches, must stay within 1 KB, so its values are encoded as rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from recovery.adapters.dynamodb.earlier import message_renamed, policy_in_sections
from recovery.documents.shared.plain import from_plain, from_row, to_plain, to_row
from recovery.domain.accounting.loan import NOTHING, Components, Instalment
from recovery.domain.accounting.position import Position
from recovery.domain.cases.record import Step
from recovery.domain.cases.signals import Signal
from recovery.domain.cases.stage import CaseState
from recovery.domain.monitoring.delinquency import Standing
from recovery.domain.outbox import Outbox
from recovery.domain.policy import Policy
from recovery.domain.review import LoanState
from recovery.domain.shared.iso_dates import from_iso, iso
from recovery.ports.contact import QueuedMessage


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


def standing_to_json(standing: Standing) -> str:
    """Encode the field values in order; new fields may only be added at the end."""
    return to_json(to_row(standing))


def standing_from_json(text: str) -> Standing:
    """Reverse ``standing_to_json``."""
    return from_row(Standing, json.loads(text))


def case_state_to_json(case: CaseState) -> str:
    """Encode the field values in order; new fields may only be added at the end."""
    return to_json(to_row(case))


def case_state_from_json(text: str) -> CaseState:
    """Reverse ``case_state_to_json``."""
    return from_row(CaseState, json.loads(text))


def state_to_fields(state: LoanState) -> dict[str, Any]:
    """Return the item's attributes, None if absent. ``next_review_on`` is an ISO date."""
    return {
        "version": state.version,
        "position": position_to_json(state.position),
        "standing": standing_to_json(state.standing) if state.standing else None,
        "case": case_state_to_json(state.case) if state.case else None,
        "cases": state.cases,
        "asked": to_json(to_plain(state.asked)) if state.asked else None,
        "retry_on": to_json(to_plain(state.retry_on)) if state.retry_on else None,
        "next_review_on": iso(state.next_review_on),
        "closed": state.closed,
    }


def state_from_fields(fields: Mapping[str, Any]) -> LoanState:
    """Reverse ``state_to_fields``, ignoring other attributes."""
    standing, case = fields.get("standing"), fields.get("case")
    next_review_on = fields.get("next_review_on")
    return LoanState(
        version=int(fields["version"]),
        position=position_from_json(fields["position"]),
        standing=standing_from_json(standing) if standing else None,
        case=case_state_from_json(case) if case else None,
        cases=int(fields.get("cases") or 0),
        asked=_dates(fields.get("asked")),
        retry_on=_dates(fields.get("retry_on")),
        next_review_on=from_iso(next_review_on),
        closed=fields.get("closed"),
    )


def _dates(text: str | None) -> dict[str, date]:
    return {rule_key: date.fromisoformat(on) for rule_key, on in json.loads(text or "{}").items()}


def outbox_to_json(outbox: Outbox) -> str:
    """Encode as an object without default values; the text starts with ``{``."""
    return to_json(to_plain(outbox))


def outbox_from_json(text: str) -> Outbox:
    """Reverse ``outbox_to_json``."""
    outbox = json.loads(text)
    if messages := outbox.get("messages"):
        outbox["messages"] = [message_renamed(each) for each in messages]
    return from_plain(Outbox, outbox)


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


def queued_message_to_json(message: QueuedMessage) -> str:
    """Encode as the body of a queue message."""
    return to_json(to_plain(message))


def queued_message_from_json(text: str) -> QueuedMessage:
    """Reverse ``queued_message_to_json``."""
    return from_plain(QueuedMessage, message_renamed(json.loads(text)))

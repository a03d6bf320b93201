"""Check what tests publish: every event fits its schema and holds nothing about a person."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from recovery.documents.events.envelope import event_document
from recovery.documents.events.models import EVENTS
from recovery.domain.outbox import DomainEvent

PERSONAL = re.compile(r"name|mail|phone|address|birth|language|iban", re.I)
_ABOUT_A_FACT = re.compile(r"/[a-z_]+@")  # of a message id: loan/kind@fact/date
_ADDRESS = re.compile(r"[^\s@]@[a-z0-9-]+\.[a-z]|\+[0-9]{7,}", re.I)


def check_event(event: DomainEvent) -> None:
    """Fail unless the event may be published."""
    assert not event.detail.keys() & {"version", "institution_id"}, event
    text = json.dumps(event_document(event, "umoja"))
    EVENTS[event.name].model_validate_json(text, strict=True, extra="forbid")
    assert not [each for each in names_in(event.detail) if PERSONAL.search(each)], event
    assert not _ADDRESS.search(_ABOUT_A_FACT.sub("/", text)), event


def names_in(value: object) -> Iterator[str]:
    """Yield the names of all fields, nested ones too."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield str(name)
            yield from names_in(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from names_in(each)

"""An event as its subscribers receive it. Free of pydantic, which publishers do not load."""

from __future__ import annotations

from recovery.domain.outbox import DomainEvent


def event_document(event: DomainEvent, institution_id: str) -> dict[str, object]:
    """Return the detail to publish; see ``models`` for its fields."""
    return {"version": event.version, "institution_id": institution_id, **event.detail}

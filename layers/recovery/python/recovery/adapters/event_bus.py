"""Publish facts to other systems through EventBridge."""

from __future__ import annotations

from collections.abc import Sequence

from recovery.adapters import aws
from recovery.adapters.dynamodb.codec import to_json
from recovery.documents.events.envelope import event_document
from recovery.domain.outbox import DomainEvent
from recovery.domain.shared.pages import pages

SOURCE = "recovery"
_BATCH = 10


class EventBridgeBus:
    """EventBus of one institution, whose id each event carries."""

    def __init__(self, institution_id: str, bus_name: str) -> None:
        self._institution_id = institution_id
        self._bus_name = bus_name

    def publish(self, events: Sequence[DomainEvent]) -> None:
        """Publish; retries may duplicate events. Raises PartialFailureError if some are refused."""
        for batch in pages(events, _BATCH):
            response = aws.client("events").put_events(
                Entries=[
                    {
                        "EventBusName": self._bus_name,
                        "Source": SOURCE,
                        "DetailType": event.name,
                        "Detail": to_json(event_document(event, self._institution_id)),
                    }
                    for event in batch
                ]
            )
            failures = [
                (event.name, entry["ErrorCode"])
                for event, entry in zip(batch, response["Entries"], strict=True)
                if "ErrorCode" in entry
            ]
            if failures:
                raise aws.PartialFailureError("EventBridge", failures)
